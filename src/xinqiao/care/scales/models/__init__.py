"""Scales and their item parameters."""

from xinqiao.care.scales.models.draft import ScaleDraft
from xinqiao.care.scales.models.parameters import ItemParameterSet
from xinqiao.care.scales.models.scale import ScaleVersion

__all__ = ["ItemParameterSet", "ScaleDraft", "ScaleVersion"]
