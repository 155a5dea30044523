"""Reports of an incident: written, looked at by a second person, sent, received by the bureau."""

import datetime as dt
from uuid import UUID

from xinqiao.care.incidents import rules
from xinqiao.care.incidents.clocks import INCIDENT_REPORT
from xinqiao.care.incidents.errors import CannotDo, demand
from xinqiao.care.incidents.facts import demand_no_names
from xinqiao.care.incidents.lines import record_incident
from xinqiao.care.incidents.models import IncidentReport
from xinqiao.care.incidents.rows import every_report
from xinqiao.care.incidents.states import REPORT_OPEN, ReportState, report_sources
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline

LONGEST_TO = 120


@command(Permission.INCIDENT_LEAD)
def write_report(report: IncidentReport, *, actor: Actor, text: str, after: int) -> IncidentReport | Unchanged:
    """Keep the text of a report; what a second person looked at before must be looked at again. `after` is the version
    that the writer saw: of two at once the second is refused. Raises CannotDo."""
    fresh = _locked(report)
    if open_sealed([fresh], "text")[0]["text"] == text.strip():
        return Unchanged("written_already")
    if fresh.state not in report_sources(ReportState.WRITTEN):
        raise CannotDo(rules.NOT_NOW)
    if fresh.version != after:
        raise CannotDo(rules.CHANGED)
    demand(rules.refusal_of_words(text))
    demand_no_names(fresh.incident, text)
    fresh.state, fresh.text, fresh.version = ReportState.WRITTEN, text.strip(), after + 1
    fresh.written_by, fresh.written_at, fresh.checked_by, fresh.checked_at = actor.person_id, now(), None, None
    fresh.save()
    _record(fresh, "incidents.report.written")
    return fresh


@command(Permission.INCIDENT_LEAD)
def check_report(report: IncidentReport, *, actor: Actor, after: int) -> IncidentReport | Unchanged:
    """Note that a second person has looked at the version `after` of a report. Raises CannotDo."""
    fresh = _locked(report)
    if fresh.state == ReportState.CHECKED and fresh.version == after:
        return Unchanged("checked_already")
    demand(rules.refusal_to_check(fresh.state, written_by=fresh.written_by, by=actor.person_id))
    demand("" if fresh.version == after else rules.CHANGED)
    fresh.state, fresh.checked_by, fresh.checked_at = ReportState.CHECKED, actor.person_id, now()
    fresh.save(update_fields=["state", "checked_by", "checked_at"])
    _record(fresh, "incidents.report.checked")
    return fresh


@command(Permission.INCIDENT_LEAD)
def send_report(report: IncidentReport, *, actor: Actor, to: str, at: dt.datetime) -> IncidentReport | Unchanged:
    """Note that a report was sent: to whom, when. The bureau reads it from then on. Raises CannotDo."""
    fresh = _locked(report)
    if fresh.state in (ReportState.SENT, ReportState.RECEIVED):
        return Unchanged("sent_already")
    demand(rules.refusal_to_send(fresh.state, is_checked=fresh.is_checked))
    demand(rules.refusal_of_words(to[:LONGEST_TO]))
    demand(rules.refusal_of_moment(at, now=now(), since=fresh.incident.happened_at))
    demand_no_names(fresh.incident, open_sealed([fresh], "text")[0]["text"] or "")
    fresh.state, fresh.sent_by, fresh.sent_at, fresh.sent_to = ReportState.SENT, actor.person_id, at, to.strip()
    fresh.save(update_fields=["state", "sent_by", "sent_at", "sent_to"])
    meet_deadline(INCIDENT_REPORT, fresh.id, at=now(), by=actor.person_id)
    _record(fresh, "incidents.report.sent")
    return fresh


@command(Permission.INCIDENT_LEAD)
def waive_report(
    report: IncidentReport,
    *,
    actor: Actor,  # noqa: ARG001 - asked by @command
    words: str,
) -> IncidentReport | Unchanged:
    """Say why a report is not sent. Raises CannotDo."""
    fresh = _locked(report)
    if fresh.state == ReportState.WAIVED:
        return Unchanged("waived_already")
    demand("" if fresh.state in REPORT_OPEN else rules.NOT_NOW)
    demand(rules.refusal_of_words(words))
    fresh.state, fresh.reason = ReportState.WAIVED, words.strip()
    fresh.save(update_fields=["state", "reason"])
    cancel_deadlines(fresh.id, at=now(), reason="waived", kind=INCIDENT_REPORT)
    _record(fresh, "incidents.report.waived")
    return fresh


@command(Permission.INCIDENT_RECEIVE)
def receive_report(report: IncidentReport, *, actor: Actor) -> IncidentReport | Unchanged:
    """Note that the bureau has a report. Raises CannotDo."""
    fresh = _locked(report)
    if fresh.state == ReportState.RECEIVED:
        return Unchanged("received_already")
    demand("" if fresh.state == ReportState.SENT else rules.NOT_NOW)
    fresh.state, fresh.received_by, fresh.received_at = ReportState.RECEIVED, actor.person_id, now()
    fresh.save(update_fields=["state", "received_by", "received_at"])
    _record(fresh, "incidents.report.received")
    return fresh


def _locked(report: IncidentReport) -> IncidentReport:
    known: UUID = report.pk
    found: IncidentReport = every_report().select_related("incident").select_for_update(of=("self",)).get(pk=known)
    return found


def _record(report: IncidentReport, event: str) -> None:
    record_incident(report.incident, event, form=report.form, version=report.version)
