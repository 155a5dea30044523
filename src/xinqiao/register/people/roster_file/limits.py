"""How much a roster file may ask of us. All numbers are ours: a school of 100,000 pupils fits, a bomb does not."""

from dataclasses import dataclass
from typing import Final

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file. Sizes in bytes, times in seconds; rows and cells count over the whole file.

    `cell_count` counts cells as they are kept, gaps in a row included; `element_count` counts what an .xlsx writes,
    empty styled cells and shared strings included.
    """

    file_bytes: int = 64 * _MIB
    part_count: int = 2_000
    inflated_bytes: int = 512 * _MIB
    inflate_ratio: int = 120
    ratio_free_bytes: int = 4 * _MIB
    sheet_count: int = 200
    row_count: int = 200_000
    column_count: int = 256
    element_count: int = 6_000_000
    cell_count: int = 2_500_000
    cell_chars: int = 8_000
    text_chars: int = 60_000_000
    merge_count: int = 50_000
    memory_bytes: int = 320 * _MIB
    cpu_seconds: int = 60
    wall_seconds: float = 90.0
