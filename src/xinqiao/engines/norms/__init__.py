"""Local norms: how the scores of a population lie, by group, and where one score stands among them.

Frozen values in, frozen values out. Nothing is smoothed. Percentile ranks are mid-ranks: the share below a score plus
half of the share with the same score (Crawford, Garthwaite & Slick 2009, Clin Neuropsychol 23:1173-1195).
"""

from xinqiao.engines.norms.groups import Band, Built, Cell, NormRules, NormSheet, build
from xinqiao.engines.norms.tables import Line, Standing, Table, standing_of, table_of, wilson

__all__ = [
    "Band",
    "Built",
    "Cell",
    "Line",
    "NormRules",
    "NormSheet",
    "Standing",
    "Table",
    "build",
    "standing_of",
    "table_of",
    "wilson",
]
