"""Models of the counselling centre."""

from xinqiao.care.centre.models.booking import Booking, Slot
from xinqiao.care.centre.models.feed import CalendarFeed
from xinqiao.care.centre.models.room import CentreRoom, OpeningTime
from xinqiao.care.centre.models.roster import RosterHour
from xinqiao.care.centre.models.visit import Visit
from xinqiao.care.centre.models.waiting import Waiting

__all__ = ["Booking", "CalendarFeed", "CentreRoom", "OpeningTime", "RosterHour", "Slot", "Visit", "Waiting"]
