"""A design as plain numbers, for the pupil's page, which asks without a server (`asking.js`)."""

from typing import Any

from xinqiao.engines.adaptive.design import QUANTA
from xinqiao.engines.adaptive.model import CannotAdapt, Curves, Design


def table_of(design: Design) -> dict[str, Any]:
    """Return what asking needs, JSON all through: curves as whole quanta, the line in points, the rule. Raises
    CannotAdapt `rule` for a rule that ends by precision alone: no pupil is asked so."""
    rule = design.rule
    if rule.precision is not None and not rule.decides:
        raise CannotAdapt("rule", "precision")
    precise = {} if rule.precision is None else {"precision": rule.precision, "grid": design.grid.tolist()}
    return {
        "quanta": QUANTA, "prior": design.prior.tolist(), "items": [_item(each) for each in design.curves.values()],
        "always": list(design.always), "cut": design.cut, "low_side": design.low_side, "lead": rule.lead,
        "fewest": rule.fewest, "most": rule.most, "missed_at_most": rule.missed_at_most,
        "false_at_most": rule.false_at_most, **precise,
    }  # fmt: skip


def _item(curves: Curves) -> dict[str, Any]:
    order = sorted(curves.category_of, key=curves.category_of.__getitem__)
    return {
        "n": curves.number, "slope": curves.slope, "reached": [list(row) for row in curves.reached], "codes": order,
        "spans": list(curves.spans),
    }  # fmt: skip
