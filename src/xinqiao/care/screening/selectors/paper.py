"""Printed sheets of a class: the pile to be typed, how each sheet stands, what is printed."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.care.sheets.models import PaperTyping, Sitting
from xinqiao.care.sheets.selectors import paper_by_id
from xinqiao.care.sheets.services.typing import DEVICE
from xinqiao.care.sheets.states import Excuse, SittingState
from xinqiao.care.sheets.typed import CHARACTERS, differences, questions_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

NOT_SEATED = "not_seated"
_REASON = "paper sheets of a class the actor was checked for"
COLUMNS_FROM_ITEMS = 30  # ours: a part longer than this, with short answers, is printed in two columns
SHORT_OPTIONS, SHORT_LABEL = 3, 5
TABLE_ROWS = 10


@dataclass(frozen=True)
class PileRow:
    """One pupil's printed sheet. `standing`: that of the sitting, or once, differs, checked; `may_be_typed` says
    whether a typing is still wanted, `is_own` whether the reader typed it the first time."""

    student_id: UUID
    sitting_id: UUID | None
    name: str
    number: str
    standing: str
    excuse: str
    is_own: bool

    @property
    def may_be_typed(self) -> bool:
        return self.standing in (SittingState.WAITING, SittingState.STARTED, "once")


@dataclass(frozen=True)
class Difference:
    """A question whose two typings disagree; `place` counts from 0, `number` as it is printed."""

    place: int
    number: int
    text: str
    characters: str
    first: str
    second: str


@dataclass(frozen=True)
class PrintedItem:
    """A question as it is printed; `options` are (character, label); `only_if` names the questions that open it."""

    number: int
    text: str
    options: tuple[tuple[str, str], ...]
    only_if: tuple[tuple[int, ...], str] | None = None


@dataclass(frozen=True)
class PrintedPart:
    """One scale as it is printed: a table with the answers as columns where all questions share them."""

    title: str
    instruction: str
    columns: tuple[tuple[str, str], ...]
    items: tuple[PrintedItem, ...]

    @property
    def is_in_two_columns(self) -> bool:
        """Are there so many questions with so few answers that half a line is enough for each?"""
        is_short = len(self.columns) <= SHORT_OPTIONS and all(len(label) <= SHORT_LABEL for _c, label in self.columns)
        return bool(self.columns) and is_short and len(self.items) > COLUMNS_FROM_ITEMS

    @property
    def blocks(self) -> tuple[tuple[PrintedItem, ...], ...]:
        """The questions in tables: one, or one of each ten where they stand in two columns, so that none is torn."""
        size = TABLE_ROWS if self.is_in_two_columns else len(self.items)
        return tuple(self.items[start : start + size] for start in range(0, len(self.items), size))


@dataclass(frozen=True)
class PrintedPaper:
    """The words of a printed sheet in the reader's language, the same for every pupil."""

    title: str
    intro: str
    purpose: str
    who_sees: str
    parts: tuple[PrintedPart, ...]
    hotlines: tuple[tuple[str, str], ...]
    talk_number: int


def pile_of_class(actor: Actor, campaign: Campaign, unit: Unit) -> list[PileRow]:
    """Return the pupils of a class in order of their numbers, with how the sheet of each stands. PAPER_TYPE."""
    students = _students(actor, unit, Permission.PAPER_TYPE)
    words = open_sealed(students, "name", "number")
    sittings = _latest_sittings(campaign, students)
    typings: dict[UUID, list[PaperTyping]] = defaultdict(list)
    for typing in PaperTyping.objects.for_system(reason=_REASON).filter(sitting__in=sittings.values()).order_by("turn"):
        typings[typing.sitting_id].append(typing)
    rows = [
        _pile_row(actor, student, opened, sittings.get(student.id), typings)
        for student, opened in zip(students, words, strict=True)
    ]
    return sorted(rows, key=lambda row: (row.number == "", row.number, row.name))


def _students(actor: Actor, unit: Unit, permission: Permission) -> list[Student]:
    visible = Student.objects.visible_to(actor, permission)
    return list(visible.filter(place=unit.path, status=StudentStatus.ACTIVE))


def _latest_sittings(campaign: Campaign, students: Sequence[Student]) -> dict[UUID, Sitting]:
    found = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id, student__in=students)
    return {sitting.student_id: sitting for sitting in found.order_by("round")}


def _pile_row(
    actor: Actor, student: Student, words: Mapping[str, Any], sitting: Sitting | None,
    typings: Mapping[UUID, Sequence[PaperTyping]],
) -> PileRow:  # fmt: skip
    typed = typings.get(sitting.pk, ()) if sitting else ()
    return PileRow(
        student_id=student.id, sitting_id=sitting.pk if sitting else None, name=words["name"] or "",
        number=words["number"] or "", standing=standing_of(sitting, len(typed)),
        excuse=told_excuse(sitting.excuse, knows_refusals=actor.can(Permission.RESULT_FULL, student.place))
        if sitting
        else "", is_own=bool(typed) and typed[0].typed_by == actor.id,
    )  # fmt: skip


def told_excuse(excuse: str, *, knows_refusals: bool) -> str:
    """Return an excuse as a reader may know it: who did not want to answer is named to psychology teachers alone."""
    return str(Excuse.OTHER) if excuse == Excuse.REFUSED and not knows_refusals else excuse


def standing_of(sitting: Sitting | None, typings: int) -> str:
    """Return how a sitting stands, seen from the pile of printed sheets."""
    if sitting is None:
        return NOT_SEATED
    if sitting.state == SittingState.SUBMITTED:
        return "checked" if sitting.device == DEVICE else str(sitting.state)
    if sitting.state == SittingState.EXCUSED or not typings:
        return str(sitting.state)
    return "once" if typings == 1 else "differs"


def sheets_waiting(campaign: Campaign) -> int:
    """Return how many printed sheets are typed and not handed in yet; those of pupils who are in no class of the
    campaign any more can be typed by nobody and keep nothing open."""
    rows = PaperTyping.objects.for_system(reason=_REASON).filter(
        sitting__origin_id=campaign.id, turn=1, student__status=StudentStatus.ACTIVE,
        student__place__in=[unit.path for unit in classes_of(campaign)],
    )  # fmt: skip
    return int(rows.exclude(sitting__state__in=(SittingState.SUBMITTED, SittingState.EXCUSED)).count())


def sitting_on_paper(actor: Actor, campaign: Campaign, unit: Unit, student_id: UUID) -> Sitting | None:
    """Return a pupil's latest sitting in a class, for whoever may type its printed sheet."""
    sittings = Sitting.objects.visible_to(actor, Permission.PAPER_TYPE).filter(
        origin_id=campaign.id, student_id=student_id, student__place=unit.path
    )
    found: Sitting | None = sittings.order_by("-round").first()
    return found


def differences_of(actor: Actor, sitting: Sitting) -> list[Difference]:
    """Return where two typings of a sheet disagree, none where there are not two; leaves an event."""
    typings = list(
        PaperTyping.objects.visible_to(actor, Permission.PAPER_TYPE).filter(sitting=sitting).order_by("turn")
    )
    note_reading(
        actor, "sheets.paper.read", subject_kind="student", subject_id=sitting.student_id, place=sitting.place,
        county_id=sitting.county_id, facts={"sitting_id": sitting.pk},
    )  # fmt: skip
    if len(typings) < 2:
        return []
    first, second = (opened["answers"] or "" for opened in open_sealed(typings, "answers"))
    content = json.loads(paper_by_id(sitting.paper_id).content)
    texts = [_in_language(item["text"]) for scale in content["scales"] for item in scale["items"]] + [""]
    questions = questions_of(content)
    return [
        Difference(place, place + 1, texts[place], questions[place].characters, first[place], second[place])
        for place in differences(first, second)
    ]


@dataclass(frozen=True)
class PrintedSheet:
    """Whose sheet it is."""

    name: str
    number: str


def printed_sheets(actor: Actor, campaign: Campaign, unit: Unit) -> list[PrintedSheet]:
    """Return the pupils of a class who are still to answer, for whom a sheet is printed; leaves an event. SEAT_LIST."""
    students = _students(actor, unit, Permission.SEAT_LIST)
    sittings = _latest_sittings(campaign, students)
    open_states = (SittingState.WAITING, SittingState.STARTED)
    asked = [s for s in students if s.id in sittings and sittings[s.id].state in open_states]
    words = open_sealed(asked, "name", "number")
    note_reading(
        actor, "screening.papers.read", subject_kind="campaign", subject_id=campaign.id, place=unit.path,
        county_id=campaign.county_id, facts={"pupils": len(asked)},
    )  # fmt: skip
    sheets = [PrintedSheet(opened["name"] or "", opened["number"] or "") for opened in words]
    return sorted(sheets, key=lambda sheet: (sheet.number, sheet.name))


def printed_paper(campaign: Campaign) -> PrintedPaper:
    """Return the words of a campaign's printed sheet."""
    assert campaign.paper_id is not None
    content = json.loads(paper_by_id(campaign.paper_id).content)
    parts, number = [], 1
    for scale in content["scales"]:
        parts.append(_part(scale, number))
        number += len(scale["items"])
    return PrintedPaper(
        title=_in_language(content["title"]), intro=_in_language(content.get("intro")),
        purpose=_in_language(content.get("purpose")), who_sees=_in_language(content.get("who_sees")),
        parts=tuple(parts), talk_number=number,
        hotlines=tuple((line["number"], _in_language(line["name"])) for line in content["hotlines"]),
    )  # fmt: skip


def _part(scale: Mapping[str, Any], first_number: int) -> PrintedPart:
    offset = first_number - scale["items"][0]["n"]
    items = tuple(_item(item, scale["items"], offset) for item in scale["items"])
    shared = items[0].options if all(item.options == items[0].options for item in items) else ()
    return PrintedPart(
        _in_language(scale["title"]), _in_language(scale.get("instructions")), shared, items
    )  # fmt: skip


def _item(item: Mapping[str, Any], others: Sequence[Mapping[str, Any]], offset: int) -> PrintedItem:
    options = tuple((CHARACTERS[option["code"]], _in_language(option["label"])) for option in item["options"])
    only_if = None
    if rule := item.get("show_if"):
        gate = next(other for other in others if other["n"] == rule["any_of"][0])
        label = next(_in_language(o["label"]) for o in gate["options"] if o["code"] == rule["code"])
        only_if = (tuple(n + offset for n in rule["any_of"]), label)
    return PrintedItem(item["n"] + offset, _in_language(item["text"]), options, only_if)


def _in_language(text: Mapping[str, str] | None) -> str:
    language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    return (text or {}).get(language) or (text or {}).get("zh-hans", "")


def typed_counts(campaign: Campaign, classes: Sequence[Unit]) -> dict[UUID, tuple[int, int]]:
    """Return (typed and not settled, handed in on paper) for each class that has either."""
    ids = [unit.id for unit in classes]
    counts: dict[UUID, list[int]] = defaultdict(lambda: [0, 0])
    waiting = PaperTyping.objects.for_system(reason=_REASON).filter(
        sitting__origin_id=campaign.id, sitting__class_id__in=ids, turn=1,
        sitting__state__in=(SittingState.WAITING, SittingState.STARTED),
    )  # fmt: skip
    for class_id in waiting.values_list("sitting__class_id", flat=True):
        counts[class_id][0] += 1
    checked = Sitting.objects.for_system(reason=_REASON).filter(
        origin_id=campaign.id, class_id__in=ids, state=SittingState.SUBMITTED, device=DEVICE
    )
    for class_id in checked.values_list("class_id", flat=True):
        counts[class_id][1] += 1
    return {class_id: (typed, done) for class_id, (typed, done) in counts.items()}
