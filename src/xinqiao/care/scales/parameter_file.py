"""A file of item parameters: JSON, as `xinqiao scale calibrate` writes it, or typed from a paper by hand."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from xinqiao.engines.adaptive import ItemParameters

MAX_FILE_BYTES = 1_000_000
FORMAT: Final = "xinqiao.item-parameters/1"


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Frozen, and a key that nobody knows is a fault."""


class ItemEntry(Struct, frozen=True):
    """One item, in the direction of the score: reversed items are turned first."""

    item: Annotated[int, Meta(ge=1)]
    slope: float
    thresholds: Annotated[list[float], Meta(min_length=1)]
    slope_se: float | None = None
    threshold_ses: list[float] | None = None
    misfit: float | None = None  # root mean squared distance of the observed from the expected curve


class Twins(Struct, frozen=True):
    """Two items that go together more than the trait explains."""

    items: tuple[int, int]
    excess: float


class Fitted(Struct, frozen=True):
    """How the search ended, and whether the model may be believed of the table."""

    converged: bool
    cycles: int
    log_likelihood: float
    reliability: float
    first_to_second: float | None
    twins: list[Twins]


class ParameterFile(Struct, frozen=True):
    """Everything that is known of a calibration. The population has mean 0 and standard deviation 1."""

    format: Literal["xinqiao.item-parameters/1"]
    scale: Annotated[str, Meta(min_length=1, max_length=24)]
    subscale: Annotated[str, Meta(min_length=1, max_length=40)]
    model: Literal["graded-response"]
    sheets: Annotated[int, Meta(ge=1)]
    source: Annotated[str, Meta(min_length=1, max_length=300)]
    items: Annotated[list[ItemEntry], Meta(min_length=2)]
    calibrated_on: dt.date | None = None
    language: Literal["zh-hans", "en"] = "zh-hans"  # of the wording that was answered
    fit: Fitted | None = None

    def parameters(self) -> list[ItemParameters]:
        """The items as the engine takes them."""
        return [ItemParameters(each.item, each.slope, tuple(each.thresholds)) for each in self.items]

    def text(self) -> str:
        """The file as it is stored and digested."""
        return msgspec.json.encode(self).decode()


class UnreadableParameters(ValueError):
    """A file that holds no item parameters. `detail` names the place of the fault."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


def read_parameters(path: Path) -> ParameterFile:
    """Read a file. Raises UnreadableParameters: `missing`, `malformed` (with the place)."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UnreadableParameters("malformed", path.name)
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableParameters("missing", str(path)) from error
    return parameters_of_text(content)


def parameters_of_text(content: bytes | str) -> ParameterFile:
    """Read what was stored or uploaded. Raises UnreadableParameters `malformed`."""
    try:
        found = msgspec.json.decode(content, type=ParameterFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableParameters("malformed", str(error)) from error
    if not found.source.strip():
        raise UnreadableParameters("malformed", "`$.source`")
    return found
