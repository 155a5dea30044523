"""Guardians who ask for a talk, and how many letters the schools have released."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.letters.states import WITH_GUARDIANS, LetterState
from xinqiao.care.screening.disclosure import Cell, answered_cell
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.selectors import name_on, units_by_id, units_by_path
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_by_place


@dataclass(frozen=True)
class Wish:
    """One pupil whose guardian asks for a talk, since when, and whether it should have been held by now."""

    letter_id: UUID
    student_id: UUID
    mailing_id: UUID
    campaign_id: UUID
    name: str
    class_name: str
    asked_at: dt.datetime
    call_by: dt.date
    is_late: bool


@dataclass(frozen=True)
class CountRow:
    """One screening of one school: its letters as an officer may see them; handfuls are blurred."""

    school: str
    campaign: str
    letters: Cell
    out: Cell
    arrived: Cell


def wishes(actor: Actor, now: dt.datetime) -> list[Wish]:
    """Return which guardians ask for a talk, who waited longest first. One event where there are any."""
    rows = Letter.objects.visible_to(actor, Permission.LETTER_WRITE).filter(
        state=LetterState.ANSWERED, student__status=StudentStatus.ACTIVE
    )
    letters = list(rows.select_related("student", "mailing").order_by("answered_at", "id"))
    if not letters:
        return []
    on = timezone.localtime(now).date()
    names = open_sealed([letter.student for letter in letters], "name")
    places = sorted({letter.student.place for letter in letters})
    units, rules = units_by_path(places), parameters_by_place(places, on)
    note_reading(
        actor, "letters.wishes.read", subject_kind="unit", place=letters[0].mailing.place,
        county_id=letters[0].county_id, facts={"pupils": len(letters)},
    )  # fmt: skip
    return [
        _wish(letter, said["name"] or "", name_on(units[letter.student.place], on) if letter.student.place in units
              else "", rules[letter.student.place].letters.talk_days, on)
        for letter, said in zip(letters, names, strict=True)
    ]  # fmt: skip


def _wish(letter: Letter, name: str, class_name: str, days: int, on: dt.date) -> Wish:
    assert letter.answered_at is not None
    call_by = timezone.localtime(letter.answered_at).date() + dt.timedelta(days=days)
    return Wish(
        letter_id=letter.id, student_id=letter.student_id, mailing_id=letter.mailing_id,
        campaign_id=letter.mailing.campaign_id, name=name, class_name=class_name, asked_at=letter.answered_at,
        call_by=call_by, is_late=on > call_by,
    )  # fmt: skip


def count_rows(actor: Actor) -> list[CountRow]:
    """Return the screenings whose letters were prepared, counted by school; whom guardians are never among it."""
    mailings = list(
        Mailing.objects.visible_to(actor, Permission.LETTER_COUNT).select_related("campaign").order_by("-written_at")
    )
    counts = _counts(actor)
    schools = units_by_id({mailing.campaign.school_id for mailing in mailings})
    return [_count_row(mailing, schools[mailing.campaign.school_id].name, counts[mailing.id]) for mailing in mailings]


def _counts(actor: Actor) -> dict[UUID, Counter[str]]:
    rows = Letter.objects.for_system(reason="counts below the places where the actor may see how many letters went out")
    living = rows.filter(within(actor.places(Permission.LETTER_COUNT))).exclude(state=LetterState.WITHDRAWN)
    counted = living.values("mailing_id").annotate(
        letters=Count("pk"), out=Count("pk", filter=Q(state__in=WITH_GUARDIANS)),
        arrived=Count("pk", filter=Q(delivered_at__isnull=False)),
    )  # fmt: skip
    found: dict[UUID, Counter[str]] = {row.pop("mailing_id"): Counter(row) for row in counted.order_by()}
    return _Counts(found)


class _Counts(dict[UUID, Counter[str]]):
    def __missing__(self, key: UUID) -> Counter[str]:
        return Counter()


def _count_row(mailing: Mailing, school: str, counts: Counter[str]) -> CountRow:
    letters, out, arrived = counts["letters"], counts["out"], counts["arrived"]
    return CountRow(school, mailing.campaign.name, *cells_of(letters, out, arrived))


def cells_of(letters: int, out: int, arrived: int) -> Sequence[Cell]:
    """Return how three nested counts may be shown side by side: none so that a difference tells of a handful."""
    shown_out, shown_arrived = answered_cell(out, letters), answered_cell(arrived, out)
    return answered_cell(letters, letters), shown_out, shown_arrived
