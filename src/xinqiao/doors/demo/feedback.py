"""Feedback on flagged pupils, an analysis meeting that was held, and the next one ahead, in the demo city."""

import datetime as dt
import itertools
from collections.abc import Mapping
from uuid import UUID

from xinqiao.care.feedback.calling import call_next
from xinqiao.care.feedback.concerned import concerned_with
from xinqiao.care.feedback.jobs.calling import keep_meetings
from xinqiao.care.feedback.jobs.keeping import keep_owed
from xinqiao.care.feedback.models import AgendaItem, Decision, Feedback, TeacherWord
from xinqiao.care.feedback.owing import is_flagged
from xinqiao.care.feedback.services.ending import let_go
from xinqiao.care.feedback.services.meetings import (
    ClosingDraft,
    DecisionDraft,
    close_meeting,
    finish_decision,
    note_item,
    open_meeting,
    record_decision,
)
from xinqiao.care.feedback.services.telling import open_words, release_words
from xinqiao.care.feedback.services.trying import TryDraft, record_try
from xinqiao.care.feedback.states import Audience, FeedbackState, TryOutcome, TryWay
from xinqiao.doors.demo.cast import City, FeedbackSeed
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.actors import Actor, system_actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.accounts.models import User
from xinqiao.register.duty.selectors import staff_who_may

REASON = "the demo city is being built"
REACHED, NOBODY, WAITS = range(3)
IN_TURN = (REACHED, REACHED, NOBODY, REACHED, WAITS)
HELD_DAYS_AGO, CALLED_BEFORE = 26, 30
TASK_DAYS, OLD = 30, dt.timedelta(days=10)
TOLD_AFTER = dt.timedelta(days=1)


def add_feedback(built: Built, city: City) -> None:
    """Give most of what is owed; leave some missing, some overdue, and a meeting to be opened."""
    keep_owed(clock.now())
    users = {staff.id: built.users[login] for login, staff in built.staff.items() if login in built.users}
    seed = city.feedback
    _settle_old(users, seed)
    _open_words(users)
    _tell_guardians(users, seed)
    if seed.at in built.units and seed.psych in built.users:
        _meet(built, seed, actor_for(built.users[seed.psych], clock.today()))
    keep_meetings(clock.now())


def _settle_old(users: Mapping[UUID, User], seed: FeedbackSeed) -> None:
    """Where no class teacher has a sign-in, the others who teach the pupil get the words; what is over is let go."""
    rows = Feedback.objects.for_system(reason=REASON).filter(to=Audience.TEACHERS, state=FeedbackState.OWED)
    for row in list(rows.select_related("student").filter(flagged_at__lt=clock.now() - OLD).order_by("id")):
        givers = staff_who_may(Permission.FEEDBACK_EDIT, row.student.place, clock.today())
        user = next((users[each] for each in givers if each in users), None)
        teachers = [each for each in concerned_with(row.student, clock.today()) if each in users]
        if user is None:
            continue
        actor = actor_for(user, clock.today())
        if not is_flagged(row.student_id):
            let_go(row, actor=actor, reason=seed.over)
        elif teachers:
            with clock.frozen(row.flagged_at + TOLD_AFTER):
                release_words(row, actor=actor, words=seed.to_teachers, teachers=teachers[:1])


def _open_words(users: Mapping[UUID, User]) -> None:
    """Old words are opened, of new ones every second, a day later; nobody does a thing in the future."""
    rows = TeacherWord.objects.for_system(reason=REASON).filter(opened_at__isnull=True, ended_at__isnull=True)
    for number, word in enumerate(rows.select_related("feedback").order_by("released_at", "id")):
        is_old = word.released_at < clock.now() - OLD
        if word.staff_id in users and (is_old or number % 2 == 0):
            with clock.frozen(min(word.released_at + TOLD_AFTER, clock.now())):
                open_words(word, actor=actor_for(users[word.staff_id], clock.today()))


def _tell_guardians(users: Mapping[UUID, User], seed: FeedbackSeed) -> None:
    """As the psychology teacher of each school; one waits, and one was tried in vain."""
    rows = Feedback.objects.for_system(reason=REASON).filter(to=Audience.GUARDIAN, state=FeedbackState.OWED)
    found = list(rows.select_related("student", "signal__student").order_by("flagged_at", "id"))
    for row, how in zip(found, itertools.cycle(IN_TURN), strict=False):
        givers = staff_who_may(Permission.FEEDBACK_EDIT, row.student.place, clock.today())
        user = next((users[each] for each in givers if each in users), None)
        is_old = row.flagged_at < clock.now() - OLD
        if user is None or (how == WAITS and not is_old):
            continue
        with clock.frozen(min(row.flagged_at + TOLD_AFTER, clock.now())):
            is_reached = how != NOBODY or is_old
            draft = TryDraft(
                clock.now(), TryWay.PHONE, TryOutcome.REACHED if is_reached else TryOutcome.NOBODY,
                seed.reached if is_reached else seed.nobody,
            )  # fmt: skip
            record_try(row, actor=actor_for(user, clock.today()), draft=draft)


def _meet(built: Built, seed: FeedbackSeed, psych: Actor) -> None:
    """One meeting some weeks ago with its minutes and its tasks; the next one is due in a few days."""
    school = built.units[seed.at]
    people = tuple(built.staff[login].id for login in seed.present if login in built.staff)
    held_at = (clock.now() - dt.timedelta(days=HELD_DAYS_AGO)).replace(hour=7, minute=0)  # in the afternoon here
    with clock.frozen(held_at - dt.timedelta(days=CALLED_BEFORE)), recording(system_actor("demo.load")):
        meeting = call_next(school, after=clock.today(), at=clock.now(), led_by=people[0])
    assert meeting is not None
    with clock.frozen(held_at):
        open_meeting(meeting, actor=psych)
        meeting.refresh_from_db()
        items = list(AgendaItem.objects.for_system(reason=REASON).filter(meeting=meeting).select_related("student"))
        for item, words in zip(items, itertools.cycle(seed.looked_at), strict=False):
            note_item(item, actor=psych, words=words)
        about = [None, *([item.id for item in items[:1]] or [None]), None]
        due_on = clock.today() + dt.timedelta(days=TASK_DAYS)
        for what, owner, item_id in zip(seed.decided, (people[0], people[-1], people[-1]), about, strict=True):
            record_decision(meeting, actor=psych, draft=DecisionDraft(what, owner, due_on, item_id))
        close_meeting(meeting, actor=psych, draft=ClosingDraft(people, seed.words))
    tasks = list(Decision.objects.for_system(reason=REASON).filter(meeting=meeting).order_by("written_at", "id"))
    with clock.frozen(held_at + dt.timedelta(days=TASK_DAYS - 1)):
        for task in tasks[:-1]:
            finish_decision(task, actor=psych, words=seed.done)
