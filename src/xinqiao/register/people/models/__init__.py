"""People and what binds them to places and to each other."""

from xinqiao.register.people.models.consent import Consent, ConsentForm
from xinqiao.register.people.models.guardian import Guardian, Tie
from xinqiao.register.people.models.roster import RosterPart, RosterRefusal, RosterRun
from xinqiao.register.people.models.staff import Staff
from xinqiao.register.people.models.student import Enrolment, PupilPin, Student

__all__ = [
    "Consent", "ConsentForm", "Enrolment", "Guardian", "PupilPin", "RosterPart", "RosterRefusal", "RosterRun", "Staff",
    "Student", "Tie",
]  # fmt: skip
