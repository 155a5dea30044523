"""Models of transfers."""

from xinqiao.care.transfers.models.arrival import Arrival
from xinqiao.care.transfers.models.handover import Handover

__all__ = ["Arrival", "Handover"]
