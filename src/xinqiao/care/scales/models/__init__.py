"""Scales."""

from xinqiao.care.scales.models.scale import ScaleVersion

__all__ = ["ScaleVersion"]
