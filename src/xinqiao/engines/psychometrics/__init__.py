"""What a table of answers says about items, scale and sheets: reliability, error, change, bias, carelessness.

Plain numbers in, frozen values out; a figure that cannot be had is None, never 0. Missing answers are NaN throughout.
"""

from xinqiao.engines.psychometrics.bias import Bias, ItemBias, bias_of
from xinqiao.engines.psychometrics.change import Change, reliable_changes
from xinqiao.engines.psychometrics.items import ItemFigures, item_figures
from xinqiao.engines.psychometrics.reliability import Interval, Reliability, reliability_of
from xinqiao.engines.psychometrics.sheets import SheetFigures, sheet_figures
from xinqiao.engines.psychometrics.spread import Column, Spread, columns_of, spread_of
from xinqiao.engines.psychometrics.table import ItemTable, RowFault, TableOptions, read_items, table_of

__all__ = [
    "Bias",
    "Change",
    "Column",
    "Interval",
    "ItemBias",
    "ItemFigures",
    "ItemTable",
    "Reliability",
    "RowFault",
    "SheetFigures",
    "Spread",
    "TableOptions",
    "bias_of",
    "columns_of",
    "item_figures",
    "read_items",
    "reliability_of",
    "reliable_changes",
    "sheet_figures",
    "spread_of",
    "table_of",
]
