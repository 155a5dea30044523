"""What the rules ask about an incident, read for bodies of commands and for pages that have already found it."""

from xinqiao.care.incidents import rules
from xinqiao.care.incidents.errors import demand
from xinqiao.care.incidents.models import Incident
from xinqiao.care.incidents.rows import (
    every_activation,
    every_draft,
    every_exposure,
    every_hotline,
    every_line,
    every_opinion,
    every_report,
)
from xinqiao.care.incidents.rules import EndFacts
from xinqiao.care.incidents.states import (
    DRAFT_OPEN,
    OPINION_OPEN,
    REPORT_OPEN,
    CareState,
    HotlineState,
    JointState,
    LineKind,
    LineState,
)
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.people.models import Student


def end_facts(incident: Incident) -> EndFacts:
    """Return what an end of an incident is held against."""
    lines = every_line().filter(incident=incident, state=LineState.WAITING)
    return EndFacts(
        lines=lines.exclude(kind=LineKind.REVIEW).count(),
        cares=every_exposure().filter(incident=incident, state=CareState.WAITING).count(),
        reports=every_report().filter(incident=incident, state__in=REPORT_OPEN).count(),
        is_reviewed=not lines.filter(kind=LineKind.REVIEW).exists(),
        opinions=every_opinion().filter(incident=incident, state__in=OPINION_OPEN).count(),
        drafts=every_draft().filter(incident=incident, state__in=DRAFT_OPEN).count(),
        hotlines=every_hotline().filter(incident=incident, state=HotlineState.OPEN).count(),
        activations=every_activation().filter(incident=incident, state=JointState.ACTIVE).count(),
    )


def names_of_exposed(incident: Incident) -> list[str]:
    """Return the names of the pupils of an incident, so that no report carries one."""
    rows = Student.objects.for_system(reason="no report of an incident may name one of its pupils")
    students = list(rows.filter(exposures__incident=incident))
    return [opened["name"] for opened in open_sealed(students, "name") if opened["name"]]


def demand_no_names(incident: Incident, *texts: str) -> None:
    """Refuse texts that name an exposed pupil; who was exposed may have been added since they were written. Raises
    CannotDo."""
    names = names_of_exposed(incident)
    demand(rules.NAMES_PUPIL if any(rules.named_in(text, names) for text in texts) else "")
