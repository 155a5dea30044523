"""What people said of their own channels, read for those who send."""

from collections.abc import Collection, Sequence
from uuid import UUID

from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.models import OwnChannel


def own_rows(staff_ids: Collection[UUID]) -> list[OwnChannel]:
    """Return what these people said, in one query."""
    rows = OwnChannel.objects.for_system(reason="by which channels those who are told are reached")
    return list(rows.filter(staff_id__in=list(staff_ids)).order_by("channel"))


def opened_addresses(rows: Sequence[OwnChannel]) -> dict[UUID, str]:
    """Return the addresses that people gave themselves by row; empty where they gave none."""
    return {row.id: each["address"] or "" for row, each in zip(rows, open_sealed(rows, "address"), strict=True)}
