"""Kinds of units and stages of schooling."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What a unit is. Levels may be skipped; others hang at the level they serve."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County or district")
    SCHOOL = "school", _("School")
    CAMPUS = "campus", _("Campus")
    DEPARTMENT = "department", _("Department")
    GRADE = "grade", _("Grade")
    CLASS = "class", _("Class")
    DORMITORY = "dormitory", _("Dormitory")
    UNIVERSITY = "university", _("University")
    KINDERGARTEN = "kindergarten", _("Kindergarten")
    INSTITUTE = "institute", _("Research institute")
    TEACHER_COLLEGE = "teacher_college", _("Teacher college")
    STATION = "station", _("Counselling station")
    HOSPITAL = "hospital", _("Hospital")
    PARTNER = "partner", _("Partner")


class Stage(models.TextChoices):
    """Stages of schooling; a school may have several."""

    KINDERGARTEN = "kindergarten", _("Kindergarten stage")
    PRIMARY = "primary", _("Primary school stage")
    JUNIOR = "junior", _("Junior secondary")
    SENIOR = "senior", _("Senior secondary")
    VOCATIONAL = "vocational", _("Vocational secondary")
    UNIVERSITY = "university", _("University stage")


SCHOOL_KINDS = (UnitKind.SCHOOL, UnitKind.UNIVERSITY, UnitKind.KINDERGARTEN)
# Which grade of the national twelve a stage begins with (five-four schools: junior from 6) — order only, for naming.
STAGE_YEARS = {
    Stage.KINDERGARTEN: 3, Stage.PRIMARY: 6, Stage.JUNIOR: 3, Stage.SENIOR: 3, Stage.VOCATIONAL: 3, Stage.UNIVERSITY: 5,
}  # fmt: skip
