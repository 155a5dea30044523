"""Reports of an incident: composed from it, read by whoever leads and by the bureau it went to."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.care.incidents.models import Incident, IncidentReport
from xinqiao.care.incidents.rows import every_exposure, every_line
from xinqiao.care.incidents.selectors.hotline import hotline_words
from xinqiao.care.incidents.selectors.joint import joint_words
from xinqiao.care.incidents.states import CareState, How, LineKind, LineState, ReportState
from xinqiao.care.incidents.wording import name_in
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.ui.wording import moment_words
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.selectors import units_by_id
from xinqiao.register.policy.emergency_words import form_words


@dataclass(frozen=True)
class ReportPage:
    """One report; `may_check` and `may_send` say what this reader can do next, `text` is what stands written."""

    report: IncidentReport
    name: str
    school: str
    kind: str
    text: str
    reason: str
    state_label: str
    written_by: str
    checked_by: str
    sent_by: str
    received_by: str
    is_late: bool
    may_write: bool
    may_check: bool
    may_send: bool


def report_for(actor: Actor, report_id: UUID, permission: Permission) -> IncidentReport | None:
    """Return a report that the actor may reach, else None; a bureau reaches what was sent, and nothing before."""
    rows = IncidentReport.objects.visible_to(actor, permission).select_related("incident").filter(pk=report_id)
    if permission is not Permission.INCIDENT_LEAD:
        rows = rows.filter(state__in=(ReportState.SENT, ReportState.RECEIVED))
    found: IncidentReport | None = rows.first()
    return found


def report_page(actor: Actor, report: IncidentReport, at: dt.datetime) -> ReportPage:
    """Return a report that was fetched for the actor; reading it is an audit event."""
    note_reading(
        actor, "incidents.report.read", subject_kind="incident", subject_id=report.incident_id, place=report.place,
        county_id=report.county_id, facts={"form": report.form, "state": report.state},
    )  # fmt: skip
    incident = report.incident
    people = (report.written_by, report.checked_by, report.sent_by, report.received_by)
    names = staff_names([each for each in people if each])
    written, checked, sent, received = (names.get(each, "") if each else "" for each in people)
    said = open_sealed([report], "text", "reason")[0]
    is_written = report.state == ReportState.WRITTEN
    return ReportPage(
        report=report, name=form_words(report.form), school=_school(incident), kind=name_in(incident.names),
        text=said["text"] or "", reason=said["reason"] or "", state_label=str(ReportState(report.state).label),
        written_by=written, checked_by=checked, sent_by=sent, received_by=received,
        is_late=report.state in (ReportState.WAITING, ReportState.WRITTEN, ReportState.CHECKED) and report.due_at < at,
        may_write=report.state in (ReportState.WAITING, ReportState.WRITTEN, ReportState.CHECKED),
        may_check=is_written and report.written_by != actor.person_id,
        may_send=report.state == ReportState.CHECKED or (is_written and not report.is_checked),
    )  # fmt: skip


def _school(incident: Incident) -> str:
    return getattr(units_by_id([incident.school_id]).get(incident.school_id), "name", "")


def composed(report: IncidentReport) -> str:
    """Return a report as the incident's own rows give it: counts and moments, no name of a pupil and no words of a
    talk. The writer reads and mends it."""
    incident = report.incident
    said = open_sealed([incident], "where", "what")[0]
    parts = [
        _("{form}: {school}").format(form=form_words(report.form), school=_school(incident)),
        _("Kind: {kind}").format(kind=name_in(incident.names)),
        _("When and where: {at}, {where}").format(at=moment_words(incident.happened_at), where=said["where"] or ""),
        _("What is known: {what}").format(what=said["what"] or ""),
        _exposed(incident), hotline_words(incident), joint_words(incident), *_done(incident),
    ]  # fmt: skip
    waiting = [
        each.names for each in every_line().filter(incident=incident, kind=LineKind.STEP, state=LineState.WAITING)
    ]
    if waiting:
        parts.append(_("Still to be done: {lines}").format(lines=_("; ").join(name_in(each) for each in waiting)))
    return "\n".join(part for part in parts if part)


def _exposed(incident: Incident) -> str:
    rows = list(every_exposure().filter(incident=incident).values_list("how", "state"))
    if not rows:
        return ""
    by_how = [
        _("{how}: {count}").format(how=how.label, count=sum(each == how for each, _state in rows))
        for how in How
        if any(each == how for each, _state in rows)
    ]
    cared = sum(state != CareState.WAITING for _how, state in rows)
    words = ngettext(
        "{count} pupil exposed ({by_how}); {cared} looked after",
        "{count} pupils exposed ({by_how}); {cared} looked after", len(rows),
    )  # fmt: skip
    return words.format(count=len(rows), by_how=_(", ").join(by_how), cared=cared)


def _done(incident: Incident) -> list[str]:
    """Every step with its moment; departments and experts likewise. Words that people wrote are left out."""
    lines = every_line().filter(incident=incident, state=LineState.DONE).exclude(kind=LineKind.ACTION)
    found = []
    for line in lines.order_by("done_at", "id"):
        title = name_in(line.names) or str(LineKind(line.kind).label)
        at = line.done_at or line.settled_at
        assert at is not None
        found.append(_("{at}: {title}").format(at=moment_words(at), title=title))
    return found
