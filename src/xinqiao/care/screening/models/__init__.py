"""Campaigns."""

from xinqiao.care.screening.models.campaign import Campaign

__all__ = ["Campaign"]
