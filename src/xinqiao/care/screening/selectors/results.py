"""Results: of one pupil in full, of a campaign as lists and tables. Every read leaves one event."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.selectors.attention import levels_of
from xinqiao.care.alerts.services.raising import reasons_of
from xinqiao.care.alerts.states import AT_GATE
from xinqiao.care.screening.faces import ClassTeacherFace, class_teacher_face, pupil_words
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.informants import forms_of
from xinqiao.care.screening.selectors.local_norms import with_local
from xinqiao.care.screening.selectors.second_papers import campaigns_of_origins
from xinqiao.care.screening.selectors.sheets import OpenSheet, SheetFace, faces_of, open_sheets
from xinqiao.care.screening.selectors.side_by_side import SideBySide, side_by_side
from xinqiao.care.screening.selectors.waves import PupilChange, pupil_changes
from xinqiao.care.sheets.models import AnswerSheet, Sitting
from xinqiao.care.sheets.states import Informant, SittingState
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for

URGENCY_ORDER = ("red", "orange", "yellow")
_REASON = "rows of pupils whom the actor was checked for"


@dataclass(frozen=True)
class PupilResult:
    """All of one pupil's screenings, newest first; `pupil_words` are codes of what the pupil may be told."""

    student_id: UUID
    name: str
    class_name: str
    sheets: tuple[SheetFace, ...]
    campaigns: Mapping[UUID, str]
    level: str
    advice: str
    pupil_words: tuple[str, ...]
    signal_id: UUID | None
    second_papers: Mapping[UUID, UUID]  # the origin of a second paper → the campaign that it belongs to
    changes: tuple[PupilChange, ...] = ()
    beside: tuple[SideBySide, ...] = ()  # what others told, campaign by campaign

    @property
    def latest(self) -> tuple[SheetFace, ...]:
        """The sheets handed in last; a second paper stands beside the sheets for which it was asked."""
        return tuple(sheet for sheet in self.sheets if sheet.sitting_id in self._latest_sittings())

    @property
    def earlier(self) -> tuple[SheetFace, ...]:
        """The sheets handed in before."""
        return tuple(sheet for sheet in self.sheets if sheet.sitting_id not in self._latest_sittings())

    def _latest_sittings(self) -> set[UUID]:
        found = {self.sheets[0].sitting_id} if self.sheets else set()
        campaign = self.second_papers.get(self.sheets[0].origin_id) if self.sheets else None
        return found | {sheet.sitting_id for sheet in self.sheets if sheet.origin_id == campaign}


@dataclass(frozen=True)
class FirstRow:
    """One pupil to talk to. `reasons` as the triage rule gave them."""

    signal_id: UUID
    student_id: UUID
    name: str
    class_name: str
    urgency: str
    evidence: int
    reasons: tuple[Reason, ...]
    raised_at: dt.datetime
    state: str
    outcome: str
    is_at_gate: bool = False


@dataclass(frozen=True)
class RepeatRow:
    """One pupil whose sheet should be answered again: void by the scale's own rule, not scorable, or careless."""

    student_id: UUID
    name: str
    class_name: str
    scale_codes: tuple[str, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class LevelRow:
    """One pupil as the class teacher sees them."""

    student_id: UUID
    name: str
    number: str
    face: ClassTeacherFace


def pupil_result(actor: Actor, student_id: UUID, on: dt.date) -> PupilResult | None:
    """Return all results of a pupil, or None if the actor may not read them."""
    student = Student.objects.visible_to(actor, Permission.RESULT_FULL).filter(pk=student_id).first()
    if student is None:
        return None
    sheets = AnswerSheet.objects.visible_to(actor, Permission.RESULT_FULL).filter(
        student=student, sitting__informant=Informant.SELF
    )
    rows = list(sheets.select_related("sitting").order_by("-submitted_at", "id"))
    faces = with_local(student, rows, faces_of(rows))
    (words,) = open_sealed([student], "name")
    name = words["name"] or ""
    note_reading(
        actor, "screening.result.read", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id, key_id=student.key_id, labels={"student": name}, facts={"sheets": len(faces)},
    )  # fmt: skip
    unit = units_by_path([student.place]).get(student.place)
    second = campaigns_of_origins({face.origin_id for face in faces})
    beside = side_by_side(actor, student.id, label=name, key_id=student.key_id)
    signal = _signal_of(actor, _sittings_of_latest(faces, second) | _others_of_latest(faces, second, beside))
    level, advice = levels_of([student.id]).get(student.id, ("", ""))
    return PupilResult(
        student_id=student.id, name=name, class_name=name_on(unit, on) if unit else "", sheets=tuple(faces),
        campaigns={
            **_campaign_names({face.origin_id for face in faces}),
            **{origin: name for origin, (_id, name) in second.items()},
        },
        level=level, advice=advice, second_papers={origin: campaign for origin, (campaign, _) in second.items()},
        pupil_words=pupil_words(signal.urgency if signal else None), signal_id=signal.id if signal else None,
        changes=tuple(pupil_changes(faces, least=parameters_for(student.place, on).reliability_sheets)),
        beside=tuple(beside),
    )  # fmt: skip


def _sittings_of_latest(faces: Sequence[SheetFace], second: Mapping[UUID, tuple[UUID, str]]) -> set[UUID]:
    """The sittings of the campaign answered last: its second paper does not make its first sheet forgotten."""
    if not faces:
        return set()
    campaigns = {face.origin_id: second.get(face.origin_id, (face.origin_id, ""))[0] for face in faces}
    return {face.sitting_id for face in faces if campaigns[face.origin_id] == campaigns[faces[0].origin_id]}


def _others_of_latest(
    faces: Sequence[SheetFace], second: Mapping[UUID, tuple[UUID, str]], beside: Sequence[SideBySide]
) -> set[UUID]:
    """What others were asked in the campaign answered last; where the pupil answered none, in the newest one."""
    if not faces:
        return set(beside[0].sitting_ids) if beside else set()
    campaign = second.get(faces[0].origin_id, (faces[0].origin_id, ""))[0]
    return {sitting_id for each in beside if each.campaign_id == campaign for sitting_id in each.sitting_ids}


def _signal_of(actor: Actor, sitting_ids: set[UUID]) -> Signal | None:
    """The most urgent signal of some sittings, one that is not settled before one that is."""
    signals = Signal.objects.visible_to(actor, Permission.QUEUE_VIEW).filter(origin_id__in=sitting_ids)
    order = lambda signal: (signal.state == "closed", URGENCY_ORDER.index(signal.urgency))  # noqa: E731
    return min(signals, key=order, default=None)


def _campaign_names(ids: set[UUID]) -> dict[UUID, str]:
    campaigns = Campaign.objects.for_system(reason=_REASON).filter(pk__in=ids)
    return dict(campaigns.values_list("pk", "name"))


def sheets_of_campaign(
    actor: Actor, campaign: Campaign, *, class_unit: Unit | None = None, event: str = "screening.results.read"
) -> list[OpenSheet]:
    """Open the sheets of a campaign that the actor may read; of each pupil and scale the latest round. One event."""
    sheets = AnswerSheet.objects.visible_to(actor, Permission.RESULT_FULL).filter(origin_id=campaign.id)
    if class_unit is not None:
        sheets = sheets.filter(sitting__class_id=class_unit.id)
    latest: dict[tuple[UUID, str], OpenSheet] = {}
    for sheet in open_sheets(list(sheets.select_related("sitting").order_by("sitting__round", "id"))):
        latest[sheet.student_id, sheet.scale_code] = sheet
    note_reading(
        actor, event, subject_kind="campaign", subject_id=campaign.id, place=campaign.place,
        county_id=campaign.county_id, facts={"pupils": len({student for student, _ in latest})},
    )  # fmt: skip
    return list(latest.values())


def first_to_talk_to(actor: Actor, campaign: Campaign, on: dt.date) -> list[FirstRow]:
    """Return the signals that came from a campaign, open ones first, by urgency, then evidence. Leaves an event.

    Also those that a guardian's or a class teacher's critical answer raised: they are about a child to be seen.
    """
    origins = [campaign.id, *(form.id for form in forms_of(campaign))]
    sittings = Sitting.objects.for_system(reason=_REASON).filter(origin_id__in=origins)
    signals = list(
        Signal.objects.visible_to(actor, Permission.QUEUE_VIEW)
        .filter(origin_kind="sitting", origin_id__in=sittings.values("pk"))
        .select_related("student")
    )
    signals.sort(key=lambda s: (s.state == "closed", URGENCY_ORDER.index(s.urgency), -s.evidence, s.raised_at))
    names = _names([signal.student for signal in signals], on)
    bases = open_sealed(signals, "basis")
    note_reading(
        actor, "screening.first.read", subject_kind="campaign", subject_id=campaign.id, place=campaign.place,
        county_id=campaign.county_id, facts={"pupils": len(names)},
    )  # fmt: skip
    return [
        FirstRow(
            signal_id=s.id, student_id=s.student_id, name=names[s.student_id][0], class_name=names[s.student_id][1],
            urgency=s.urgency, evidence=s.evidence, reasons=reasons_of(basis["basis"]), raised_at=s.raised_at,
            state=s.state, outcome=s.outcome, is_at_gate=s.gate_state in AT_GATE,
        )
        for s, basis in zip(signals, bases, strict=True)
    ]  # fmt: skip


def _names(students: Sequence[Student], on: dt.date) -> dict[UUID, tuple[str, str]]:
    units = units_by_path({student.place for student in students})
    opened = open_sealed(students, "name")
    return {
        s.id: (words["name"] or "", name_on(units[s.place], on) if s.place in units else "")
        for s, words in zip(students, opened, strict=True)
    }


def sheets_to_repeat(sheets: Sequence[OpenSheet], on: dt.date) -> list[RepeatRow]:
    """Return whose sheets should be answered again, from sheets that were opened for an actor."""
    doubtful: dict[UUID, list[OpenSheet]] = defaultdict(list)
    for sheet in sheets:
        if sheet.is_doubtful:
            doubtful[sheet.student_id].append(sheet)
    students = list(Student.objects.for_system(reason=_REASON).filter(pk__in=doubtful, status=StudentStatus.ACTIVE))
    names = _names(students, on)
    rows = [
        RepeatRow(
            student_id, *names[student_id], scale_codes=tuple(s.scale_code for s in of_one),
            signs=tuple(dict.fromkeys(sign for s in of_one for sign in signs_of(s))),
        )
        for student_id, of_one in doubtful.items()
        if student_id in names
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.class_name, row.name))


def signs_of(sheet: OpenSheet) -> list[str]:
    """Return why a sheet is doubtful, as codes: not_scored, void, or the signs of answering without reading."""
    result = sheet.result
    if result["faults"]:
        return ["not_scored"]
    return ([] if result["valid"] else ["void"]) + (list(result["care"]["because"]) if result["care"]["again"] else [])


def levels_of_class(actor: Actor, campaign: Campaign, unit: Unit) -> list[LevelRow]:
    """Return a class as its teacher may see it: who handed in, and the level and advice a person set. One event."""
    visible = Student.objects.visible_to(actor, Permission.RESULT_LEVEL)
    students = list(visible.filter(place=unit.path, status=StudentStatus.ACTIVE))
    ids = [student.id for student in students]
    handed_in = set(_submitted(campaign).filter(student_id__in=ids).values_list("student_id", flat=True))
    levels = levels_of(ids)
    note_reading(
        actor, "screening.levels.read", subject_kind="campaign", subject_id=campaign.id, place=unit.path,
        county_id=campaign.county_id, facts={"pupils": len(ids), "levels": len(levels)},
    )  # fmt: skip
    rows = [
        _level_row(student, words, levels.get(student.id, ("", "")), has_handed_in=student.id in handed_in)
        for student, words in zip(students, open_sealed(students, "name", "number"), strict=True)
    ]
    return sorted(rows, key=lambda row: (row.number == "", row.number, row.name))


def _level_row(student: Student, words: dict[str, str], level: tuple[str, str], *, has_handed_in: bool) -> LevelRow:
    face = class_teacher_face(has_handed_in=has_handed_in, level=level[0], advice=level[1])
    return LevelRow(student.id, words["name"] or "", words["number"] or "", face)


def _submitted(campaign: Campaign) -> "QuerySet[Sitting]":
    sittings = Sitting.objects.for_system(reason=_REASON)
    rows: QuerySet[Sitting] = sittings.filter(origin_id=campaign.id, state=SittingState.SUBMITTED)
    return rows
