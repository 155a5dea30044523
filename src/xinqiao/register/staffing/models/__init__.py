"""The list and its lines."""

from xinqiao.register.staffing.models.listed import StaffLine, StaffRun

__all__ = ["StaffLine", "StaffRun"]
