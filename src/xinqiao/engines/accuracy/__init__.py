"""How good a flag was, from talks: predictive value; sensitivity and specificity corrected for who was not talked to.

Counts in, frozen values out; a figure that cannot be had is None, never 0.
"""

from xinqiao.engines.accuracy.figures import (
    Figure,
    Stratum,
    predictive_value,
    sensitivity,
    specificity,
    wilson,
)
from xinqiao.engines.accuracy.lot import drawn_by_lot, size_of_lot

__all__ = [
    "Figure",
    "Stratum",
    "drawn_by_lot",
    "predictive_value",
    "sensitivity",
    "size_of_lot",
    "specificity",
    "wilson",
]
