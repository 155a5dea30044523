"""Scales, their item parameters and their local norms."""

from xinqiao.care.scales.models.draft import ScaleDraft
from xinqiao.care.scales.models.norm import LocalNorm
from xinqiao.care.scales.models.parameters import ItemParameterSet
from xinqiao.care.scales.models.scale import ScaleVersion

__all__ = ["ItemParameterSet", "LocalNorm", "ScaleDraft", "ScaleVersion"]
