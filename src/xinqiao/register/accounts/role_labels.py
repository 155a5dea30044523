"""What each role is called on screen."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.permissions import Role

ROLE_LABELS: dict[Role, str | Promise] = {
    Role.STUDENT: _("Student"),
    Role.GUARDIAN: _("Guardian"),
    Role.COMMITTEE_MEMBER: _("Class psychology committee member"),
    Role.CLASS_TEACHER: _("Class teacher"),
    Role.SUBJECT_TEACHER: _("Subject teacher"),
    Role.MENTOR: _("Mentor"),
    Role.DORM_KEEPER: _("Dorm keeper"),
    Role.GRADE_HEAD: _("Grade head"),
    Role.PSYCH_TEACHER: _("Psychology teacher"),
    Role.PAPER_TYPIST: _("Paper typist"),
    Role.PRINCIPAL: _("Principal"),
    Role.LEADING_GROUP: _("Leading group member"),
    Role.COUNTY_OFFICER: _("County officer"),
    Role.CITY_OFFICER: _("City officer"),
    Role.PROVINCE_OFFICER: _("Province officer"),
    Role.RESEARCHER: _("Researcher"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.STATION_COUNSELLOR: _("Station counsellor"),
    Role.HOSPITAL_LIAISON: _("Hospital liaison"),
    Role.SECURITY_OFFICER: _("Security officer"),
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.AUDITOR: _("Auditor"),
}
