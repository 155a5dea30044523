"""Data classes D0 to D6: what each stored field may reveal, declared on every model.

A model of ours writes `DATA = {"field": D2, …}`; tables of third parties are declared with `declare_foreign_table`.
A test walks every model and refuses a field without a class, and a D2 identifier or D4–D6 field that is not sealed.
"""

from collections.abc import Mapping
from enum import StrEnum


class DataClass(StrEnum):
    """How far a field may travel; the letters are those of the domain paper."""

    PUBLIC = "D0"
    ORGANISATIONAL = "D1"
    IDENTITY = "D2"
    ATTENTION = "D3"
    ASSESSMENT = "D4"
    CARE = "D5"
    SEALED = "D6"


D0, D1, D2, D3, D4, D5, D6 = DataClass

_foreign_tables: dict[str, Mapping[str, DataClass]] = {}


def declare_foreign_table(label: str, fields: Mapping[str, DataClass]) -> None:
    """Declare the classes of a third party's model, named `app_label.Model`."""
    _foreign_tables[label] = dict(fields)


def foreign_tables() -> Mapping[str, Mapping[str, DataClass]]:
    """Return every declared third-party table."""
    return dict(_foreign_tables)
