"""What the pupil, the guardian and the class teacher told, side by side: for whoever may read answers."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.screening.agreeing import Agreement, Seen, agreement_of
from xinqiao.care.screening.models import InformantForm
from xinqiao.care.screening.selectors.informants import standing_of_form
from xinqiao.care.screening.selectors.sheets import ScoreLine, SheetFace, faces_of
from xinqiao.care.sheets.models import AnswerSheet, Sitting
from xinqiao.care.sheets.states import Informant
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed

ORDER = (Informant.SELF, Informant.PARENT, Informant.TEACHER)
_REASON = "the forms behind sittings of a pupil whose answers the actor may read"


@dataclass(frozen=True)
class Told:
    """What one informant told in one campaign. `standing` is handed_in, open, unanswered, refused, left_out or
    not_asked."""

    informant: str
    label: str
    standing: str
    submitted_at: dt.datetime | None = None
    sheets: tuple[SheetFace, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class ComparedRow:
    """One score that at least two informants gave; `cells` name each informant in the order of ORDER, with None for who
    gave none."""

    title: str
    cells: tuple[tuple[str, ScoreLine | None], ...]
    agreement: Agreement
    most: tuple[str, ...]


@dataclass(frozen=True)
class SideBySide:
    """One campaign in which others were asked about the pupil."""

    campaign_id: UUID
    campaign_name: str
    informants: tuple[Told, ...]
    rows: tuple[ComparedRow, ...]
    sitting_ids: frozenset[UUID] = frozenset()  # of the others' forms: their signals are the pupil's to be talked about

    @property
    def others(self) -> tuple[Told, ...]:
        """What others than the pupil handed in."""
        every = (each for each in self.informants if each.informant != Informant.SELF)
        return tuple(each for each in every if each.standing == "handed_in")


def side_by_side(actor: Actor, student_id: UUID, *, label: str, key_id: UUID) -> list[SideBySide]:
    """Return every campaign in which others were asked about a pupil, the newest first; leaves an event."""
    sittings = list(
        Sitting.objects.visible_to(actor, Permission.RESULT_FULL).filter(student_id=student_id).order_by("round")
    )
    forms = {
        form.id: form
        for form in InformantForm.objects.for_system(reason=_REASON)
        .filter(pk__in={s.origin_id for s in sittings if s.informant != Informant.SELF})
        .select_related("campaign")
    }
    if not forms:
        return []
    campaigns = {form.campaign_id: form.campaign for form in forms.values()}
    newest = sorted(campaigns.values(), key=lambda campaign: campaign.opens_at, reverse=True)
    faces = _faces_by_sitting(actor, student_id)
    first = sittings[0]
    note_reading(
        actor, "screening.informants.read", subject_kind="student", subject_id=student_id, place=first.place,
        county_id=first.county_id, key_id=key_id, labels={"student": label}, facts={"forms": len(forms)},
    )  # fmt: skip
    found = []
    for campaign in newest:
        told = [_told(who, _sitting_of(who, campaign.id, sittings, forms), faces) for who in ORDER]
        own = frozenset(
            s.id for s in sittings if s.origin_id in forms and forms[s.origin_id].campaign_id == campaign.id
        )
        found.append(SideBySide(campaign.id, campaign.name, tuple(told), tuple(_compared(told)), own))
    return found


def _faces_by_sitting(actor: Actor, student_id: UUID) -> dict[UUID, list[SheetFace]]:
    rows = AnswerSheet.objects.visible_to(actor, Permission.RESULT_FULL).filter(student_id=student_id)
    found: dict[UUID, list[SheetFace]] = {}
    for face in faces_of(list(rows.select_related("sitting").order_by("id"))):
        found.setdefault(face.sitting_id, []).append(face)
    return found


def _sitting_of(
    who: str, campaign_id: UUID, sittings: Sequence[Sitting], forms: Mapping[UUID, InformantForm]
) -> Sitting | None:
    """The informant's sitting in a campaign; of the pupil's rounds the last that was handed in, else the last."""
    own = [
        sitting for sitting in sittings
        if sitting.informant == who and campaign_id == (
            sitting.origin_id if who == Informant.SELF
            else forms[sitting.origin_id].campaign_id if sitting.origin_id in forms else None
        )
    ]  # fmt: skip
    return max(own, key=lambda sitting: (sitting.submitted_at is not None, sitting.round), default=None)


def _told(who: Informant, sitting: Sitting | None, faces: Mapping[UUID, Sequence[SheetFace]]) -> Told:
    label = str(who.label)
    if sitting is None:
        return Told(who, label, "not_asked")
    (opened,) = open_sealed([sitting], "note")
    return Told(
        who, label, standing_of_form(sitting.state, sitting.excuse), sitting.submitted_at,
        tuple(faces.get(sitting.id, ())), opened["note"] or "",
    )  # fmt: skip


def _compared(told: Sequence[Told]) -> list[ComparedRow]:
    """A score is compared where at least two valid sheets of the same scale give it."""
    lines: dict[tuple[str, str], dict[str, ScoreLine]] = {}
    titles: dict[tuple[str, str], str] = {}
    for each in told:
        for sheet in each.sheets:
            for line in sheet.scores if sheet.is_valid and not sheet.faults else ():
                lines.setdefault((sheet.scale_code, line.id), {})[each.informant] = line
                titles[sheet.scale_code, line.id] = f"{sheet.title} · {line.title}"
    rows = []
    for key, given in lines.items():
        agreement = agreement_of({who: Seen(line.step, line.steps) for who, line in given.items()})
        if agreement is not None:
            most = tuple(str(Informant(who).label) for who in agreement.most)
            rows.append(
                ComparedRow(titles[key], tuple((str(who.label), given.get(who)) for who in ORDER), agreement, most)
            )
    return rows
