"""Units, school years, terms, calendar days."""

from xinqiao.register.orgs.models.calendar import CalendarDay, SchoolYear, Term
from xinqiao.register.orgs.models.unit import Unit

__all__ = ["CalendarDay", "SchoolYear", "Term", "Unit"]
