"""Scales."""

from xinqiao.care.scales.models.draft import ScaleDraft
from xinqiao.care.scales.models.scale import ScaleVersion

__all__ = ["ScaleDraft", "ScaleVersion"]
