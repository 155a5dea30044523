"""What the people of a school do on one day for children in care: lists, conferences, follow-ups, referrals, leaves.

What comes next is read from the database, and how somebody decides is drawn from the seed and the thing decided on, so
that a day that was broken off by a kill can be lived again.
"""

import datetime as dt
import random
from contextlib import suppress
from typing import Any
from uuid import UUID

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.rows import every_attention
from xinqiao.care.alerts.services.acknowledging import acknowledge_signal
from xinqiao.care.alerts.services.interviewing import CannotRecord, Talk, record_interview
from xinqiao.care.alerts.services.levels import Basis, CannotSetLevel, set_attention
from xinqiao.care.crisis.errors import CannotCare
from xinqiao.care.crisis.leave.rules import Step
from xinqiao.care.crisis.leave_rows import every_leave
from xinqiao.care.crisis.models import Case, FollowUp, Judgement, Leave, Partner, Referral
from xinqiao.care.crisis.referral.rules import Answer
from xinqiao.care.crisis.referral_rows import every_referral
from xinqiao.care.crisis.rows import every_case, every_running_case
from xinqiao.care.crisis.selectors.referrals import preview_of
from xinqiao.care.crisis.services.answers import answer_referral
from xinqiao.care.crisis.services.closing import close_case
from xinqiao.care.crisis.services.following_up import FollowUpDraft, record_follow_up
from xinqiao.care.crisis.services.judging import JudgementDraft, judge_case
from xinqiao.care.crisis.services.leaves import CannotStep, decide_return, look_after_return, open_leave, take_step
from xinqiao.care.crisis.services.referrals import (
    CannotRefer,
    ReferralDraft,
    close_referral,
    hear_family,
    ready_referral,
    send_referral,
    withdraw_referral,
    write_referral,
)
from xinqiao.care.crisis.services.watches import LookDraft, end_watch, record_look
from xinqiao.care.crisis.watch_rows import every_running_watch, every_watch
from xinqiao.care.feedback.jobs.calling import keep_meetings
from xinqiao.care.feedback.jobs.keeping import keep_owed
from xinqiao.care.feedback.models import Feedback, Meeting
from xinqiao.care.feedback.rows import every_feedback, every_item, every_meeting, every_try, every_word
from xinqiao.care.feedback.rules import CannotDo
from xinqiao.care.feedback.services.meetings import ClosingDraft, close_meeting, note_item, open_meeting
from xinqiao.care.feedback.services.telling import open_words, release_words
from xinqiao.care.feedback.services.trying import TryDraft, give_up, record_try
from xinqiao.care.rounds.jobs.opening import keep_rounds
from xinqiao.care.rounds.models import RoundLine, RoundList
from xinqiao.care.rounds.pupils import pupils_at
from xinqiao.care.rounds.reasons import Told
from xinqiao.care.rounds.services.lists import note_nothing, note_worry, sign_list
from xinqiao.foundation.access.actors import Actor
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.accounts.models import User

REASON = "a simulated year"
DOWN = {"red": "orange", "orange": "yellow", "yellow": "green", "green": "green"}
LATE = ((0.75, (0, 1)), (0.2, (1, 5)), (0.05, (8, 20)))  # days after it is due, and how often
LAST_REFERRAL, LAST_LEAVE = dt.date(2027, 4, 30), dt.date(2027, 2, 28)
WORDS = "会诊研究：愿意求助，家里支持"
TEACHERS = ("teacher", "teacher_a")
LEAVE_WAY = ("assessed", "talked", "on_leave", "papers", "reviewed", "joint")


class CareDay:
    """One day at the school. `at` is its moment (aware); `seed` draws what people decide."""

    def __init__(self, seed: int, at: dt.datetime) -> None:
        self.seed, self.at, self.on = seed, at, at.date()
        self._actors: dict[str, Actor] = {}

    def live(self) -> None:
        """Live it."""
        keep_rounds(self.at)
        if self.is_weekend:
            return
        for step in (
            self._lists, self._signals, self._cases, self._watches, self._levels, self._referrals, self._leaves,
            self._feedback, self._meetings,
        ):  # fmt: skip
            step()

    @property
    def is_weekend(self) -> bool:
        return self.on.weekday() > 4

    def chance(self, *of: Any) -> float:
        """A number from 0 to 1 that is always the same for the same thing."""
        return random.Random(f"{self.seed}:{':'.join(map(str, of))}").random()

    def is_time(self, due: dt.date | None, *of: Any, is_red: bool = False) -> bool:
        """Does somebody get round to what is due by now? Most at once, some late, a few very late; of what is red only
        weekends make it late, as its clock climbs every half hour and weeks of that are no school's."""
        if due is None:
            return False
        rng = random.Random(f"{self.seed}:late:{':'.join(map(str, of))}")
        span = rng.choices([span for _, span in LATE], [chance for chance, _ in LATE])[0]
        if is_red:
            return due <= self.on
        return due + dt.timedelta(days=rng.randint(*span)) <= self.on

    def actor(self, login: str) -> Actor:
        if login not in self._actors:
            self._actors[login] = actor_for(User.objects.get(username=login), self.on)
        return self._actors[login]

    def _lists(self) -> None:
        """Class teachers go through their lists; a few never do."""
        waiting = RoundList.objects.for_system(reason=REASON).filter(state="waiting").select_related("round")
        for row in waiting.order_by("place", "pk"):
            if self.chance(row.id, "never") < 0.1 or not self.is_time(row.round.opened_at.date(), row.id):
                continue
            teacher = next(each for each in map(self.actor, TEACHERS) if has_role_at(each, row.place))
            pupils = list(pupils_at(row.place).order_by("pk"))
            known = set(RoundLine.objects.for_system(reason=REASON).filter(list=row).values_list("student", flat=True))
            for pupil in (each for each in pupils if each.id not in known and self.chance(row.id, each.id) < 0.004):
                told = Told(factors=("study",), seen=(), words="上课总走神，问了也不说")
                note_worry(row, actor=teacher, student=pupil, told=told)
            note_nothing(row, actor=teacher, student_ids=[pupil.id for pupil in pupils])
            sign_list(row, actor=teacher)

    def _signals(self) -> None:
        """What the plan of the year does not know of: worries of lists, acute danger found at a follow-up."""
        rows = Signal.objects.for_system(reason=REASON).exclude(state="closed").exclude(once__startswith="year:")
        for signal in rows.exclude(told_at=None).select_related("student").order_by("raised_at"):
            if signal.state == "open" and self.is_time(signal.raised_at.date(), signal.id, "take"):
                acknowledge_signal(signal, actor=self.actor("psych"))
            if not self.is_time(signal.raised_at.date(), signal.id, "talk"):
                continue
            talk = Talk(
                held_at=self.at, is_face_to_face=True, asked_about_suicide="yes", risk_found="none",
                note="在辅导室谈了很久", outcome="known" if self.in_care(signal.student_id) else "nothing",
            )  # fmt: skip
            with suppress(CannotRecord):
                record_interview(signal, actor=self.actor("psych"), talk=talk)

    def in_care(self, student_id: UUID) -> bool:
        return every_running_case().filter(student_id=student_id).exists()

    def _cases(self) -> None:
        for case in every_running_case().select_related("student").order_by("opened_at", "pk"):
            judged = Judgement.objects.for_system(reason=REASON).filter(case=case).count()
            if self.is_time(case.judge_by, case.id, "judge", judged):
                self._judge(case, judged)
            looks = FollowUp.objects.for_system(reason=REASON).filter(case=case).count()
            if self.is_time(case.follow_up_on, case.id, "follow", looks, is_red=case.level == "red"):
                self._follow_up(case, looks)
            case = every_case().select_related("student").get(pk=case.pk)
            is_calm = case.state == "judged" and case.level in ("yellow", "green") and looks >= 3
            if is_calm and self.chance(case.id, "close", self.on) < 0.2:  # somebody thinks of it about once a week
                with suppress(CannotCare):
                    close_case(case, actor=self.actor("psych"), reason="better", words="睡得好了，愿意上学，家长放心")
            elif case.level in ("red", "orange"):
                self._seek_help(case)

    def _judge(self, case: Case, judged: int) -> None:
        first = random.Random(f"{self.seed}:{case.id}").choices(("red", "orange", "yellow"), (0.1, 0.5, 0.4))[0]
        wish = DOWN[case.level] if judged else first
        for level in (wish, case.level or "orange", "orange"):
            draft = JudgementDraft(
                held_at=self.at, present=(self.staff("psych"), self.staff("teacher")), level=level, reasons=WORDS,
                advice="课间多问一句", after=judged,
            )  # fmt: skip
            with suppress(CannotCare):
                judge_case(case, actor=self.actor("psych"), draft=draft)
                return

    def staff(self, login: str) -> UUID:
        return self.actor(login).person_id

    def _follow_up(self, case: Case, looks: int) -> None:
        drawn = self.chance(case.id, "found", looks)
        finding = "acute" if drawn < 0.01 else "worse" if drawn < 0.05 else "same" if drawn < 0.2 else "none"
        draft = FollowUpDraft(held_at=self.at, way="in_person", whom="pupil", words="见了面，聊了近况", finding=finding)
        with suppress(CannotCare):
            record_follow_up(case, actor=self.actor("psych"), draft=draft)

    def _watches(self) -> None:
        """Whoever is kept in view is looked at when the day has come, and let go when calm long enough."""
        rows = every_running_watch().filter(state="watching").select_related("student")
        for watch in rows.order_by("opened_at", "pk"):
            if not self.is_time(watch.look_on, watch.id, "look", watch.looks):
                continue
            drawn = self.chance(watch.id, "found", watch.looks)
            finding = "acute" if drawn < 0.005 else "worse" if drawn < 0.03 else "same" if drawn < 0.2 else "none"
            draft = LookDraft(
                held_at=self.at, way="in_person", words="聊了十分钟，吃饭睡觉都正常", finding=finding, after=watch.looks
            )
            with suppress(CannotCare):
                record_look(watch, actor=self.actor("psych"), draft=draft)
            fresh = every_watch().select_related("student").get(pk=watch.pk)
            with suppress(CannotCare):
                end_watch(fresh, actor=self.actor("psych"), reason="calm", words="几次当面都平稳，家里也说好转")

    def _levels(self) -> None:
        """A level is looked at again on its day: ended, or kept for another month where a case or a watch keeps it."""
        rows = every_attention().filter(ended_at=None, review_on__lte=self.on).exclude(level="green")
        for row in rows.select_related("student").order_by("set_at", "pk"):
            if not self.is_time(row.review_on, row.id, "review"):
                continue
            later = self.on + dt.timedelta(days=30)
            for level, advice, review_on in (("green", "", None), (row.level, "课间多问一句", later)):
                with suppress(CannotSetLevel):
                    set_attention(
                        row.student, actor=self.actor("psych"), level=level, advice=advice, basis=Basis("review"),
                        review_on=review_on,
                    )  # fmt: skip
                    break

    def _feedback(self) -> None:
        """Teachers open what is released to them; guardians are called; some are never reached."""
        running = every_feedback().filter(state__in=("owed", "released")).select_related("student", "signal")
        for row in running.order_by("flagged_at", "pk"):
            if not self.is_time(row.flagged_at.date(), row.id):
                continue
            with suppress(CannotDo):
                self._tell_teachers(row) if row.to == "teachers" else self._call(row)

    def _tell_teachers(self, row: Feedback) -> None:
        teacher = next(each for each in map(self.actor, TEACHERS) if has_role_at(each, row.student.place))
        if row.state == "owed":
            words = "上课多给一点时间，不要当众点名批评"
            release_words(row, actor=self.actor("psych"), words=words, teachers=[teacher.person_id])
        for word in every_word().filter(feedback=row, opened_at=None, ended_at=None):
            reader = next(each for each in map(self.actor, TEACHERS) if each.staff_id == word.staff_id)
            open_words(word, actor=reader)

    def _call(self, row: Feedback) -> None:
        tries = every_try().filter(feedback=row).count()
        drawn = self.chance(row.id, "call", tries)
        if drawn < 0.1 and tries >= 3:
            give_up(row, actor=self.actor("psych"), reason="多次打电话、上门都没有人，已请居委会留意")
            return
        outcome = "nobody" if drawn < 0.3 else "refused" if drawn < 0.35 else "reached"
        draft = TryDraft(tried_at=self.at, way="phone", outcome=outcome, words="说了在校情况，商量了在家怎么陪")
        record_try(row, actor=self.actor("psych"), draft=draft)

    def _meetings(self) -> None:
        """Analysis meetings are called, opened when due, gone through and closed."""
        keep_owed(self.at)
        keep_meetings(self.at)
        for meeting in every_meeting().exclude(state="held").order_by("due_on", "pk"):
            holders = [each for each in map(self.actor, ("psych", "other_psych")) if has_role_at(each, meeting.place)]
            if holders and self.is_time(meeting.due_on - dt.timedelta(days=2), meeting.id):
                self._hold(meeting, holders[0])

    def _hold(self, meeting: Meeting, psych: Actor) -> None:
        if meeting.state == "called":
            open_meeting(meeting, actor=psych)
        for item in every_item().filter(meeting=meeting, looked_at=False):
            note_item(item, actor=psych, words="情况平稳，按原方案继续")
        words = "逐一看过，下次再看作业负担"
        close_meeting(meeting, actor=psych, draft=ClosingDraft(present=(psych.person_id,), words=words))

    def _seek_help(self, case: Case) -> None:
        """Some of those in red and orange are referred, a few go on leave."""
        is_new = not Referral.objects.for_system(reason=REASON).filter(student=case.student).exists()
        if is_new and self.on <= LAST_REFERRAL and self.chance(case.id, "refer") < 0.4:
            partner = Partner.objects.for_system(reason=REASON).get()
            draft = ReferralDraft(partner=partner, reason="近两周常常发呆，夜里睡不着", observed="课间一个人坐着",
                                  contact="林若溪 0571-0000", shared=("name", "observed"))  # fmt: skip
            write_referral(case.student, actor=self.actor("psych"), draft=draft)
        is_here = not Leave.objects.for_system(reason=REASON).filter(student=case.student).exists()
        if is_here and self.on <= LAST_LEAVE and self.chance(case.id, "leave") < 0.2:
            with suppress(CannotStep):
                open_leave(case.student, actor=self.actor("psych"), step=self.step("found"))

    def _referrals(self) -> None:
        open_now = every_referral().exclude(state__in=("closed", "withdrawn"))
        for referral in open_now.select_related("student", "partner").order_by("written_at", "pk"):
            since = (referral.answered_at or referral.sent_at or referral.written_at).date()
            if referral.state == "visit_dated":
                since = referral.visit_on
            if self.is_time(since, referral.id, referral.state):
                with suppress(CannotRefer):
                    getattr(self, f"_referral_{referral.state}")(referral)

    def _referral_draft(self, referral: Referral) -> None:
        is_agreed = self.chance(referral.id, "agreed") < 0.75
        hear_family(referral, actor=self.actor("psych"), is_agreed=is_agreed, given_by="guardian")
        if is_agreed:
            fresh = every_referral().select_related("student", "partner").get(pk=referral.pk)
            shown = bytes.fromhex(preview_of(fresh).digest)
            ready_referral(fresh, actor=self.actor("psych"), shown=shown)

    def _referral_ready(self, referral: Referral) -> None:
        send_referral(referral, actor=self.actor("psych"))

    def _referral_refused(self, referral: Referral) -> None:
        withdraw_referral(referral, actor=self.actor("psych"), reason="not_coming", words="谈了两次，家长暂不同意")

    def _referral_sent(self, referral: Referral) -> None:
        drawn = self.chance(referral.id, "answer")
        if drawn < 0.7:
            self._answer(referral, Answer("accepted"))
        elif drawn < 0.85:
            self._answer(referral, Answer("declined", reason="full"))
        elif (self.on - referral.sent_at.date()).days > 20:  # never answered: the school gives it to somebody else
            withdraw_referral(referral, actor=self.actor("psych"), reason="elsewhere", words="另找了一家")

    def _referral_accepted(self, referral: Referral) -> None:
        self._answer(referral, Answer("visit_dated", day=self.on + dt.timedelta(days=5)))

    def _referral_visit_dated(self, referral: Referral) -> None:
        if self.chance(referral.id, "comes") < 0.9:
            self._answer(referral, Answer("attended", day=referral.visit_on))
        else:
            withdraw_referral(referral, actor=self.actor("psych"), reason="not_coming", words="没有去，已再谈")

    def _referral_attended(self, referral: Referral) -> None:
        self._answer(referral, Answer("advice", words="两周内不要独处"))

    def _referral_advice(self, referral: Referral) -> None:
        close_referral(referral, actor=self.actor("psych"), reason="in_care", words="在医院随访")

    def _referral_declined(self, referral: Referral) -> None:
        close_referral(referral, actor=self.actor("psych"), reason="elsewhere", words="另找了一家")

    def _answer(self, referral: Referral, answer: Answer) -> None:
        answer_referral(referral, actor=self.actor("psych"), answer=answer)

    def step(self, target: str) -> Step:
        return Step(target, self.on, "心理教师、班主任、家长", "谈过了，按步骤走")

    def _leaves(self) -> None:
        for leave in every_leave().exclude(state__in=("ended", "dropped")).select_related("student").order_by("pk"):
            with suppress(CannotStep):
                self._lead(leave)

    def _lead(self, leave: Leave) -> None:
        if not self.chance(leave.id, self.on) < 0.15:  # a step about every seventh day
            return
        psych = self.actor("psych")
        if leave.state == "joint":
            target = "accepted" if self.chance(leave.id, "back") < 0.6 else "not_yet"
            decide_return(leave, actor=self.actor("head"), step=self.step(target))
        elif leave.state == "appealed":  # whoever said no does not decide on it again
            decide_return(leave, actor=self.actor("deputy"), step=self.step("accepted"))
        elif leave.state == "not_yet":
            take_step(leave, actor=psych, step=self.step("appealed"))
        elif leave.state == "accepted":
            take_step(leave, actor=psych, step=self.step("returned"))
        elif leave.state == "returned":
            if leave.look_on and leave.look_on <= self.on:
                look_after_return(leave, actor=psych, step=self.step(""))
        else:
            target = LEAVE_WAY[LEAVE_WAY.index(leave.state) + 1] if leave.state in LEAVE_WAY else LEAVE_WAY[0]
            take_step(leave, actor=psych, step=self.step(target))


def has_role_at(actor: Actor, place: str) -> bool:
    """Has somebody a role over just this place?"""
    return any(grant.place == place for grant in actor.grants)
