"""The everyday of a pupil: hours at the centre, counselling, signed letters, the mentor's talks, contact at home."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.care.archives.sections.moments import joined, latest_of, midday, newest_of
from xinqiao.care.centre.models import Booking, Visit, Waiting
from xinqiao.care.centre.selectors.visits import topics_of
from xinqiao.care.centre.states import BookingState, WaitingState
from xinqiao.care.counselling.models import Course, Session
from xinqiao.care.counselling.selectors.courses import courses_of_pupil
from xinqiao.care.counselling.states import CourseState, Effect, EndReason, Form, Signed
from xinqiao.care.mailbox.models import PupilLetter
from xinqiao.care.mailbox.states import Channel as LetterChannel
from xinqiao.care.mailbox.states import LetterState
from xinqiao.care.support.models import FamilyContact, MentorTalk
from xinqiao.care.support.selectors.contacts import rows_of_contacts
from xinqiao.care.support.states import TalkForm, TalkKind
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.people.models import Student
from xinqiao.register.people.sections import Entry, Section


def hours(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return hours booked at the counselling centre and what became of them, visits without one, and waiting for
    one."""
    rows = list(
        Booking.objects.visible_to(actor, Permission.BOOKING_HOLD).filter(student=student).select_related("slot__hour")
    )
    visits = list(Visit.objects.visible_to(actor, Permission.BOOKING_HOLD).filter(student=student))
    names = staff_names([*(row.slot.hour.staff_id for row in rows), *(visit.noted_by for visit in visits)])
    at, found = now(), []
    for row, words in zip(rows, open_sealed(rows, "reason", "followed"), strict=True):
        is_ahead = row.state == BookingState.OPEN and row.slot.start_at > at
        title = _("Hour at the centre: {state}").format(state=BookingState(row.state).label)
        found.append(
            Entry(
                row.slot.start_at, title, joined(words["reason"], words["followed"]),
                names.get(row.slot.hour.staff_id, ""), "orange" if row.state == BookingState.MISSED else "",
                next_on=timezone.localtime(row.slot.start_at).date() if is_ahead else None,
                next_what=_("Hour at the counselling centre") if is_ahead else "",
            )
        )  # fmt: skip
    for visit, topics in zip(visits, topics_of(visits, today()), strict=True):
        title = _("Came to the door, {minutes} min").format(minutes=visit.minutes)
        found.append(Entry(visit.came_at, title, topics, names.get(visit.noted_by, "")))
    return found + _waited(actor, student)


def _waited(actor: Actor, student: Student) -> list[Entry]:
    rows = list(Waiting.objects.visible_to(actor, Permission.BOOKING_HOLD).filter(student=student))
    return [
        Entry(
            row.since, _("Waiting list of the centre: {state}").format(state=WaitingState(row.state).label),
            words["words"] or "", tone="orange" if row.state == WaitingState.WAITING else "",
        )
        for row, words in zip(rows, open_sealed(rows, "words"), strict=True)
    ]  # fmt: skip


def counselling(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return the courses on which the reader is, and that sessions were held; what was said stays in sealed notes."""
    found, rows = [], courses_of_pupil(actor, student)
    names = staff_names([row.counsellor for row in rows if row.counsellor])
    for row in rows:
        who = names.get(row.counsellor, "") if row.counsellor else ""
        agreed = _("agreed by: {who}").format(who=Signed(row.signed).label)
        found.append(Entry(row.opened_at, _("Counselling began"), agreed, who))
        if row.state == CourseState.WAITING and row.orphaned_at:
            found.append(Entry(row.orphaned_at, _("Counselling waits for a counsellor"), tone="orange"))
        if row.ended_on:
            effect = str(Effect(row.effect).label) if row.effect else ""
            title = _("Counselling ended: {reason}").format(reason=EndReason(row.end_reason).label)
            found.append(Entry(midday(row.ended_on), title, effect, who))
    sessions = Session.objects.visible_to(actor, Permission.COUNSEL_WRITE).filter(course__in=[row.id for row in rows])
    for held in sessions.order_by("held_on", "written_at"):
        title = _("Session, {form}, {minutes} min").format(form=Form(held.form).label, minutes=held.minutes)
        found.append(Entry(midday(held.held_on), title))
    return found


def letters_written(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return the letters that the pupil signed; one whose name is sealed is nobody's, also once it was opened."""
    rows = list(PupilLetter.objects.visible_to(actor, Permission.MAIL_ANSWER).filter(student=student))
    names = staff_names([row.holder for row in rows if row.holder])
    return [
        Entry(
            row.written_at,
            _("Letter, {channel}: {state}").format(
                channel=LetterChannel(row.channel).label, state=LetterState(row.state).label
            ),
            who=names.get(row.holder, "") if row.holder else "",
            tone="orange" if row.state == LetterState.WAITING else "",
            url=reverse("mailbox:letter", args=[row.id]),
        )
        for row in rows
    ]  # fmt: skip


def mentor_talks(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return every mentor's talks with the pupil, in the few words that were written."""
    rows = list(MentorTalk.objects.visible_to(actor, Permission.REGISTER_VIEW).filter(student=student))
    names = staff_names([row.mentor for row in rows])
    return [
        Entry(
            midday(row.held_on),
            _("Talk with the mentor, {kind}").format(kind=TalkKind(row.kind).label),
            joined(str(TalkForm(row.form).label), words["words"]), names.get(row.mentor, ""),
        )
        for row, words in zip(rows, open_sealed(rows, "words"), strict=True)
    ]  # fmt: skip


def families(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return contact with the family: how, with whom, what of, and whether somebody answered."""
    return [
        Entry(
            midday(row.reached_on),
            (_("{channel}, {whom}") if row.is_answered else _("{channel}, {whom}: nobody answered")).format(
                channel=row.channel, whom=row.whom
            ),
            joined(row.topics, row.words), row.noted_by,
        )
        for row in rows_of_contacts(actor, student, Permission.CONTACT_WRITE, today())
    ]  # fmt: skip


EVERYDAY = (
    Section(
        code="contacts", title=gettext_lazy("Contact with the family"), order=24, permission=Permission.CONTACT_WRITE,
        entries=families, empty=gettext_lazy("Nobody has spoken to the family yet: call, and note it in a minute."),
        link="family-contacts", latest=latest_of(FamilyContact, "noted_at"),
    ),
    Section(
        code="mentor-talks", title=gettext_lazy("Talks with the mentor"), order=26,
        permission=Permission.REGISTER_VIEW, entries=mentor_talks,
        empty=gettext_lazy("No mentor has noted a talk yet."), latest=latest_of(MentorTalk, "noted_at"),
    ),
    Section(
        code="hours", title=gettext_lazy("Counselling centre"), order=52, permission=Permission.BOOKING_HOLD,
        entries=hours, empty=gettext_lazy("No hour was booked yet, and the pupil has not come to the door."),
        link="book-hour", latest=newest_of(latest_of(Booking, "booked_at"), latest_of(Visit, "came_at")),
    ),
    Section(
        code="counselling", title=gettext_lazy("Counselling"), order=54, permission=Permission.COUNSEL_WRITE,
        entries=counselling, empty=gettext_lazy("No counselling in which you take part."), link="counselling-pupil",
        latest=newest_of(latest_of(Course, "opened_at"), latest_of(Session, "written_at", "course__student")),
    ),
    Section(
        code="letters-written", title=gettext_lazy("Letters the pupil signed"), order=56,
        permission=Permission.MAIL_ANSWER, entries=letters_written,
        empty=gettext_lazy("The pupil has signed no letter."), latest=latest_of(PupilLetter, "written_at"),
    ),
)  # fmt: skip
