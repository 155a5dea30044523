"""Guardians who ask for a talk, and how many letters the schools have released."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.letters.rows import every_letter
from xinqiao.care.letters.states import WITH_GUARDIANS, LetterState
from xinqiao.care.screening.disclosure import Cell, beside_year, nested_cells
from xinqiao.care.screening.selectors.coverage import pupils_on_last_day, year_of_schools
from xinqiao.care.screening.selectors.orders import pupils_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.naming import school_year_of
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


def count_rows(actor: Actor, on: dt.date) -> list[CountRow]:
    """Return the screenings whose letters were prepared, counted by school; whom guardians are never among it.

    A letter was prepared for whoever handed in: counts are shown so that neither they nor what the page of coverage
    says of the same school tells of a handful.
    """
    mailings = list(
        Mailing.objects.visible_to(actor, Permission.LETTER_COUNT).select_related("campaign").order_by("-written_at")
    )
    if not mailings:
        return []
    places, this_year = list(actor.places(Permission.LETTER_COUNT)), school_year_of(on)
    campaigns, counts = [mailing.campaign for mailing in mailings], _counts(places, this_year)
    schools = units_by_id({campaign.school_id for campaign in campaigns})
    before, asked = pupils_on_last_day(campaigns), pupils_of(campaigns, places)
    year = year_of_schools(places, on)
    rows = []
    for mailing, campaign in zip(mailings, campaigns, strict=True):
        is_of_year = campaign.school_year == this_year
        cells = cells_of(
            counts[mailing.id], (asked if is_of_year else before)[campaign.id],
            year.get(campaign.place) if is_of_year else None,
        )  # fmt: skip
        rows.append(CountRow(schools[campaign.school_id].name, campaign.name, *cells))
    return rows


def _counts(places: Collection[str], this_year: int) -> dict[UUID, Counter[str]]:
    """Count the letters that were not withdrawn; of this school year those of pupils who are still there, as the page
    of coverage counts."""
    here = Q(student__status=StudentStatus.ACTIVE) | ~Q(mailing__campaign__school_year=this_year)
    rows = every_letter().filter(here, within(places)).exclude(state=LetterState.WITHDRAWN)
    counted = rows.values("mailing_id").annotate(
        letters=Count("pk"), out=Count("pk", filter=Q(state__in=WITH_GUARDIANS)),
        arrived=Count("pk", filter=Q(delivered_at__isnull=False)),
    )  # fmt: skip
    names = ("letters", "out", "arrived")
    return defaultdict(Counter, {
        mailing_id: Counter(dict(zip(names, found, strict=True)))
        for mailing_id, *found in counted.order_by().values_list("mailing_id", *names)
    })  # fmt: skip


def cells_of(counts: Counter[str], asked: int, year: tuple[Cell, int] | None) -> Sequence[Cell]:
    """Return how the letters of a screening that asked so many pupils may be shown: all, those out, those arrived.

    `year` is what is told of the school's year, how many handed in of how many; None where nothing is.
    """
    found = (counts["letters"], counts["out"], counts["arrived"])
    told = [year[0].value] if year and year[0].code == "exact" else []
    if year is not None and beside_year(found[0], asked, *year).code == "hidden":
        return (Cell("hidden"),) * len(found)
    return nested_cells((asked, *told), found)
