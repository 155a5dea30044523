"""Campaigns, and requests to take their results out."""

from xinqiao.care.screening.models.campaign import Campaign
from xinqiao.care.screening.models.export import ExportRequest

__all__ = ["Campaign", "ExportRequest"]
