"""What a table of answers says about the items, the scale, and the sheets: reliability, error, change, carelessness.

Plain numbers in, frozen values out; a figure that cannot be had is None, never 0. Missing answers are NaN throughout.
"""

from xinqiao.engines.psychometrics.change import Change, reliable_changes
from xinqiao.engines.psychometrics.items import ItemFigures, item_figures
from xinqiao.engines.psychometrics.reliability import Interval, Reliability, reliability_of
from xinqiao.engines.psychometrics.sheets import SheetFigures, sheet_figures
from xinqiao.engines.psychometrics.table import ItemTable, RowFault, TableOptions, read_items

__all__ = [
    "Change",
    "Interval",
    "ItemFigures",
    "ItemTable",
    "Reliability",
    "RowFault",
    "SheetFigures",
    "TableOptions",
    "item_figures",
    "read_items",
    "reliability_of",
    "reliable_changes",
    "sheet_figures",
]
