"""Models of counselling."""

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

__all__ = ["GivenHalf", "Group", "GroupVersion", "Half", "Holder", "Member", "OwnKey", "Recovery", "Share"]
