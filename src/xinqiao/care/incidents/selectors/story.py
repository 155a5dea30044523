"""The course of an incident in order of time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.care.incidents.models import Incident, IncidentLine, IncidentReport
from xinqiao.care.incidents.rows import every_exposure, every_note
from xinqiao.care.incidents.states import CareState, LineKind, LineState
from xinqiao.care.incidents.wording import name_in
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.policy.emergency_words import form_words


@dataclass(frozen=True)
class Told:
    """One thing that happened, as the timeline shows it."""

    at: dt.datetime
    title: str
    text: str = ""
    who: str = ""
    tone: str = ""


def story_of(
    incident: Incident, lines: Sequence[IncidentLine], reports: Sequence[IncidentReport], exposed: int,
    more: Sequence[Told] = (),
) -> list[Told]:  # fmt: skip
    """Return what happened, the earliest first, with `more` that others tell. Names no pupil but in the words
    that somebody wrote."""
    notes = list(every_note().filter(incident=incident))
    ids = [*(note.noted_by for note in notes), *(line.settled_by for line in lines if line.settled_by),
           *(report.sent_by for report in reports if report.sent_by), incident.opened_by]  # fmt: skip
    names = staff_names([*ids, *([incident.closed_by] if incident.closed_by else [])])
    told = [
        Told(incident.happened_at, _("It happened"), name_in(incident.names)),
        Told(incident.opened_at, _("Opened here"), who=names.get(incident.opened_by, "")),
    ]
    for note, said in zip(notes, open_sealed(notes, "words"), strict=True):
        told.append(Told(note.at, said["words"] or "", who=names.get(note.noted_by, "")))
    for line, said in zip(lines, open_sealed(list(lines), "asked", "people", "words"), strict=True):
        told += _of_line(line, said, names.get(line.settled_by, "") if line.settled_by else "")
    for report in reports:
        told += _of_report(report, names.get(report.sent_by, "") if report.sent_by else "")
    told += [*_of_care(incident, exposed), *more]
    if incident.closed_at:
        told.append(Told(incident.closed_at, _("Over and closed"), who=names.get(incident.closed_by, ""), tone="green"))  # type: ignore[arg-type]  # closed by somebody
    return sorted(told, key=lambda each: each.at)


def _of_line(line: IncidentLine, said: dict[str, str | None], who: str) -> list[Told]:
    title = name_in(line.names) or str(LineKind(line.kind).label)
    found = []
    if line.kind in (LineKind.ASK, LineKind.CALL, LineKind.ACTION):
        begun = {
            LineKind.ASK: _("{name}: asked"), LineKind.CALL: _("The expert team was called out"),
            LineKind.ACTION: _("Action written down"),
        }[LineKind(line.kind)]  # fmt: skip
        found.append(Told(line.began_at, begun.format(name=title), said["asked"] or ""))
    if line.state == LineState.WAITING or line.settled_at is None:
        return found
    text = " · ".join(part for part in (said["people"], said["words"]) if part)
    if line.state == LineState.WAIVED:
        return [*found, Told(line.settled_at, _("{name}: not done").format(name=title), text, who, "yellow")]
    ended = {
        LineKind.STEP: "{name}", LineKind.ASK: _("{name}: answered"), LineKind.CALL: _("The expert team arrived"),
        LineKind.REVIEW: _("Review held"), LineKind.ACTION: _("Action done"),
    }[LineKind(line.kind)]  # fmt: skip
    return [*found, Told(line.done_at or line.settled_at, ended.format(name=title), text, who)]


def _of_report(report: IncidentReport, who: str) -> list[Told]:
    name, found = form_words(report.form), []
    if report.sent_at:
        found.append(Told(report.sent_at, _("{name} sent").format(name=name), report.sent_to, who))
    if report.received_at:
        found.append(Told(report.received_at, _("{name} received by the bureau").format(name=name)))
    return found


def _of_care(incident: Incident, exposed: int) -> list[Told]:
    rows = every_exposure().filter(incident=incident)
    first = rows.order_by("added_at").values_list("added_at", flat=True).first()
    last = rows.exclude(state=CareState.WAITING).order_by("-settled_at").values_list("settled_at", flat=True).first()
    if first is None:
        return []
    words = ngettext("{count} pupil noted as exposed", "{count} pupils noted as exposed", exposed)
    found = [Told(first, words.format(count=exposed))]
    if last is not None and not rows.filter(state=CareState.WAITING).exists():
        found.append(Told(last, _("All exposed pupils were looked after"), tone="green"))
    return found
