"""Scoring a file of answers into a file of scores, row by row, however long it is."""

import csv
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from xinqiao.engines.scoring import Scale, TableFault, score_table

STANDARD = "-"


@dataclass(frozen=True)
class Scored:
    """How many rows were read, and how many of them bear an error."""

    rows: int
    errors: int


def score_file(scale: Scale, source: str, target: str, *, informant: str | None = None) -> Scored:
    """Score a CSV file (UTF-8, with or without BOM; "-" is standard input) into another ("-": standard output).

    The output is written beside its place and moved there when it is whole. Raises TableFault where nothing can be
    read (its code `unreadable` where the file itself cannot be).
    """
    rows = errors = 0
    try:
        with _reading(source) as incoming, _writing(target) as outgoing:
            writer = csv.writer(outgoing, lineterminator="\n")
            scored = score_table(scale, csv.reader(incoming, strict=True), informant=informant)
            writer.writerow(next(scored))
            for row in scored:
                rows += 1
                errors += bool(row[-1])
                writer.writerow(row)
    except (OSError, UnicodeError, csv.Error) as error:
        raise TableFault("unreadable", type(error).__name__) from error
    return Scored(rows, errors)


@contextmanager
def _reading(source: str) -> Iterator[TextIO]:
    if source == STANDARD:
        yield sys.stdin
    else:
        with Path(source).open(encoding="utf-8-sig", newline="") as file:
            yield file


@contextmanager
def _writing(target: str) -> Iterator[TextIO]:
    if target == STANDARD:
        yield sys.stdout
        return
    path = Path(target)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
