"""Models of the counselling centre."""

from xinqiao.care.centre.models.room import CentreRoom, OpeningTime
from xinqiao.care.centre.models.roster import RosterHour

__all__ = ["CentreRoom", "OpeningTime", "RosterHour"]
