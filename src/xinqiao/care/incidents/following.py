"""What incidents follow by themselves: clocks that nobody met, pupils who move, staff who leave."""

from collections.abc import Sequence

from django.utils import timezone

from xinqiao.care.alerts.recipients import addresses_of, people_to_tell
from xinqiao.care.incidents.clocks import ACTIVATION, CALL, CARE, LINE, OPINION, PART, REPORT
from xinqiao.care.incidents.lines import record_incident, record_leader
from xinqiao.care.incidents.models import Incident
from xinqiao.care.incidents.rows import every_activation, every_exposure, every_incident, every_line, every_opinion
from xinqiao.care.incidents.states import OPINION_OPEN, CareState, IncidentState, JointState, LineState
from xinqiao.foundation.notifications.outbox import every_message, post_messages
from xinqiao.register.accounts.hooks import Left
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.people.hooks import Moved
from xinqiao.register.policy.selectors import parameters_for

ABOUT = "incident"
BY_KIND = {
    LINE: "lines", CARE: "exposures", REPORT: "reports", OPINION: "opinions", CALL: "hotlines__calls",
    ACTIVATION: "activations", PART: "activations__parts",
}  # fmt: skip


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Receive ClockClimbed: what is overdue in an incident is told on the rung it climbed to, in neutral words."""
    for climb in climbs:
        incident = _incident_of(climb)
        if incident is not None:
            _tell(incident, climb)


def _incident_of(climb: Climb) -> Incident | None:
    lookup = BY_KIND.get(climb.subject_kind)
    return every_incident().filter(**{lookup: climb.subject_id}).first() if lookup else None


def _tell(incident: Incident, climb: Climb) -> None:
    """A class of forty-five that is overdue in one second is one message a person, not forty-five; whoever stands on
    another rung hears as well."""
    instead = parameters_for(incident.place, timezone.localtime(climb.at).date()).nobody_on_duty
    people = people_to_tell(climb.recipients, instead, incident.place, climb.at).people
    heard = every_message().filter(about_kind=ABOUT, about_id=incident.id, created_at=climb.at)
    known, is_urgent = set(heard.values_list("key_id", flat=True)), climb.urgency == "red"
    found = addresses_of(people, incident.place, is_urgent=is_urgent)
    fresh = [each for each in found if each.key_id not in known]
    sent = post_messages(fresh, about_kind=ABOUT, about_id=incident.id, at=climb.at, is_urgent=is_urgent)
    record_incident(
        incident, "incidents.overdue.told", clock=climb.kind, rung=climb.rung, told=len(people), sent=sent
    )  # fmt: skip


def follow_pupils(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: looking after a pupil follows into another class, and to whoever has that class."""
    for move in moves:
        every_exposure().filter(student_id=move.student_id, state=CareState.WAITING).update(place=move.place)


def hand_over(left: Sequence[Left]) -> None:
    """Receive StaffLeft: what the person led or had to do goes to the named heir; without one it shows as nobody's."""
    for each in left:
        if each.heir_staff_id is None:
            continue
        for incident in every_incident().filter(leader=each.staff_id, state=IncidentState.OPEN):
            every_incident().filter(pk=incident.pk).update(leader=each.heir_staff_id)
            record_leader(incident, each.heir_staff_id)
        for joint in every_activation().filter(lead_education=each.staff_id, state=JointState.ACTIVE):
            every_activation().filter(pk=joint.pk).update(lead_education=each.heir_staff_id)
            record_incident(every_incident().get(pk=joint.incident_id), "incidents.joint.handed_over")
        for line in every_line().filter(owner=each.staff_id, state=LineState.WAITING).select_related("incident"):
            every_line().filter(pk=line.pk).update(owner=each.heir_staff_id)
            record_incident(line.incident, "incidents.action.handed_over", line=str(line.id))
        for item in every_opinion().filter(answerer=each.staff_id, state__in=OPINION_OPEN).select_related("incident"):
            every_opinion().filter(pk=item.pk).update(answerer=each.heir_staff_id)
            record_incident(item.incident, "incidents.opinion.handed_over", item=str(item.id))
