"""Cases and what belongs to them."""

from xinqiao.care.crisis.models.case import Case

__all__ = ["Case"]
