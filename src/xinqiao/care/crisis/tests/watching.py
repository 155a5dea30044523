"""A pupil kept in view, for tests: signals, talks and looks as the psychology teacher has them."""

import datetime as dt

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.services.interviewing import Talk, record_interview
from xinqiao.care.alerts.services.raising import prepare_signal, raise_signal
from xinqiao.care.crisis.models import Watch
from xinqiao.care.crisis.services.watches import LookDraft, record_look
from xinqiao.care.crisis.watch_rows import every_running_watch, every_watch
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core import clock, ids
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.duty.tests.world import World

SEEN = "课间聊了十分钟，吃饭睡觉都正常"
WHY = "两次当面都平稳，家里也说好转"
A_DAY = dt.timedelta(days=1)


def fresh(watch: Watch) -> Watch:
    """Return the watch as the database has it now."""
    return every_watch().select_related("student").get(pk=watch.pk)


def clock_of(watch: Watch):
    """Return the running clock of a watch, or None."""
    return open_clocks().filter(subject_id=watch.id).first()


class Watching:
    """What tests do with a pupil kept in view."""

    def __init__(self, world: World) -> None:
        self.world = world

    def signal(self, student=None, urgency="yellow", source="class_teacher") -> Signal:
        """Raise a signal of which people are told at once."""
        student = student or self.world.students[0]
        with recording(system_actor("test")):
            found, _is_new = raise_signal(
                student, source=source, urgency=urgency, evidence=10, basis=[Reason("asked_to_talk")],
                origin_kind="test", origin_id=ids.new_id(), once=str(ids.new_id()), at=clock.now(),
            )  # fmt: skip
        return Signal.objects.for_system(reason="test").select_related("student").get(pk=found.pk)

    def unheard(self, student) -> Signal:
        """Write a signal as the intake does: nobody was told yet."""
        signal = prepare_signal(
            student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id,
            source="screening", urgency="yellow", evidence=10, basis=[], origin_kind="sitting", origin_id=ids.new_id(),
            once=str(ids.new_id()), at=clock.now(),
        )  # fmt: skip
        signal.save(force_insert=True)
        return signal

    def talk(self, signal, outcome="watch", level="yellow", also=()):
        """Hold the talk about a signal."""
        draft = Talk(
            held_at=clock.now(), is_face_to_face=True, asked_about_suicide="yes", risk_found="none",
            note="当面谈过，情况说清楚了", outcome=outcome, level=level, advice="多留意" if level else "",
            review_on=clock.today() + 30 * A_DAY if level else None,
        )  # fmt: skip
        return record_interview(signal, actor=self.world.actor("psych"), talk=draft, also=also)

    def begin(self, student=None) -> Watch:
        """Let a talk leave a pupil in view."""
        student = student or self.world.students[0]
        self.talk(self.signal(student))
        return every_running_watch().select_related("student").get(student=student)

    def look(self, watch, finding="none", **more) -> Watch:
        """Hold a look now."""
        watch = fresh(watch)
        fields = {"held_at": clock.now(), "way": "in_person", "words": SEEN, "finding": finding, "after": watch.looks}
        record_look(watch, actor=self.world.actor("psych"), draft=LookDraft(**{**fields, **more}))
        return fresh(watch)
