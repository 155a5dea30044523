"""School years, terms, and the days on which the published calendar is changed."""

from django.db import models
from django.db.models import F, Q

from xinqiao.foundation.core.data_classes import D0, D1
from xinqiao.foundation.core.models import BaseModel
from xinqiao.register.orgs.models.unit import Unit


class SchoolYear(BaseModel):
    """A school year of a unit (usually a city or county); `starts_in` is the year in which it begins."""

    DATA = {"id": D1, "unit": D1, "starts_in": D0, "start_on": D0, "end_on": D0}

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="school_years")
    starts_in = models.PositiveSmallIntegerField()
    start_on = models.DateField()
    end_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="schoolyear_once", fields=["unit", "starts_in"]),
            models.CheckConstraint(name="schoolyear_interval", condition=Q(end_on__gt=F("start_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.starts_in}–{self.starts_in + 1}"


class Term(BaseModel):
    """A term of a school year: [start_on, end_on)."""

    DATA = {"id": D1, "year": D1, "number": D0, "start_on": D0, "end_on": D0}

    year = models.ForeignKey(SchoolYear, on_delete=models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField()
    start_on = models.DateField()
    end_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="term_once", fields=["year", "number"]),
            models.CheckConstraint(name="term_interval", condition=Q(end_on__gt=F("start_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.number}"


class CalendarDay(BaseModel):
    """A day that differs from the published calendar below this unit: worked though a holiday, or the reverse."""

    DATA = {"id": D1, "unit": D1, "day": D0, "is_school_day": D0, "reason": D1}

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="calendar_days")
    day = models.DateField()
    is_school_day = models.BooleanField()
    reason = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(name="calendarday_once", fields=["unit", "day"])]

    def __str__(self) -> str:
        return f"{self.day}"
