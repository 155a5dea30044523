"""Models of the register."""

from xinqiao.care.support.models.entry import RegisterEntry

__all__ = ["RegisterEntry"]
