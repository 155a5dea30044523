"""Models of counselling."""

from xinqiao.care.counselling.models.course import Course, Draft, Goal, Progress, SealedNote, Session
from xinqiao.care.counselling.models.keys import (
    GivenHalf,
    Group,
    GroupVersion,
    Half,
    Holder,
    Member,
    OwnKey,
    Recovery,
    Share,
)

__all__ = [
    "Course", "Draft", "GivenHalf", "Goal", "Group", "GroupVersion", "Half", "Holder", "Member", "OwnKey", "Progress",
    "Recovery", "SealedNote", "Session", "Share",
]  # fmt: skip
