"""Counts of people that may be shown without speaking of a handful of them, also not by taking sums apart.

Frozen values in, frozen values out; the smallest cell is the caller's, from the security paper or a policy pack.
"""

from xinqiao.engines.disclosure.flows import Range, ranges_of
from xinqiao.engines.disclosure.tables import Group, Protected, hidden_cells, merged, protected

__all__ = ["Group", "Protected", "Range", "hidden_cells", "merged", "protected", "ranges_of"]
