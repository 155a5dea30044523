"""Signs that a sheet was filled in without reading, judged so that the most distressed pupils are not discarded.

Nothing here changes a score, a validity or a critical answer: the most it says is "give it again", and why.
"""

from xinqiao.engines.carelessness.indices import Indices, measure
from xinqiao.engines.carelessness.judgement import Limits, Suggestion, irv_floor, suggest

__all__ = ["Indices", "Limits", "Suggestion", "irv_floor", "measure", "suggest"]
