"""What a flag is worth: accuracies as published (packs/accuracy), and the false alarms to expect of them."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

import msgspec
from django.conf import settings
from msgspec import Meta

from xinqiao.engines.capacity import flag_share
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.core.safe_yaml import read_yaml
from xinqiao.register.policy.selectors import parameters_for

Share = Annotated[float, Meta(gt=0, lt=1)]
Text = Annotated[str, Meta(min_length=1)]


class Accuracy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How well one flag of a scale finds what it looks for, as published; `citation` is the whole reference."""

    scale: Text
    flag: Text
    sensitivity: Share
    specificity: Share
    source: Text
    citation: Text


class Construct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What several scales ask about alike; `flags` are written `scale/flag`, `source` says who grouped them."""

    code: Text
    name: dict[str, str]
    flags: list[Text]
    source: Text


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    accuracies: list[Accuracy]
    constructs: list[Construct] = []


def accuracies() -> tuple[Accuracy, ...]:
    """Return every published accuracy; msgspec.ValidationError names the place of a fault."""
    return tuple(entry for file in sorted(accuracy_folder().glob("*.yaml")) for entry in read_accuracies(file))


def accuracy_folder() -> Path:
    """Where the files lie."""
    return Path(settings.XINQIAO_PACKS) / "accuracy"


def constructs() -> tuple[Construct, ...]:
    """Return every construct; msgspec.ValidationError names the place of a fault."""
    return tuple(entry for file in sorted(accuracy_folder().glob("*.yaml")) for entry in _read(file).constructs)


def read_accuracies(file: Path) -> tuple[Accuracy, ...]:
    """Read the figures of one file."""
    return tuple(_read(file).accuracies)


@lru_cache(maxsize=16)
def _read(file: Path) -> _File:
    """Read one file, once: the figures change with the product only."""
    return msgspec.convert(read_yaml(file.read_text("utf-8")), _File)


def accuracy_of(scale: str, flag: str = "") -> Accuracy | None:
    """Return what is published about a flag (or any flag) of a scale, None where nothing is."""
    return next((a for a in accuracies() if a.scale == scale and flag in ("", a.flag)), None)


def false_alarms_in_100(accuracy: Accuracy, prevalence: float | None = None) -> int:
    """Return how many of a hundred flags are expected to be false alarms.

    Without a prevalence the one of the policy for the whole installation is taken.
    """
    share = parameters_for("", today()).capacity.prevalence if prevalence is None else prevalence
    true = share * accuracy.sensitivity
    return round(100 * (1 - true / flag_share(accuracy.sensitivity, accuracy.specificity, share)))
