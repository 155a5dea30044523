"""Random answer sheets for comparing the product with the oracle: ordinary, band-edge, all-lowest, all-highest, broken.

Function:      random_sheets("phq-9", 500, seed=1) -> [{"id": "S00001", "1": "0", "2": "3", ...}, ...]
Command line:  python tests/oracle/random_sheets.py SCALE COUNT SEED --output answers.csv

The same scale, count and seed always give the same sheets. The first sheet is all-lowest, the second all-highest. About
half of the others walk in turn through every threshold of every measure: the last sheet below it, the first that
reaches it, and one step above. About 5 % of the sheets then lose answers, about 3 % get an illegal answer; every other
broken sheet (on a scale with critical items) carries a critical answer. About 3 % have blanks around a legal answer.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scoring_oracle import SCALES, Measure, Scale, find_scale, keyed

MISSING_SHARE = 0.05
ILLEGAL_SHARE = 0.03
PADDED_SHARE = 0.03
EDGE_SHARE = 0.5
EXTREME_SHARE = 0.02

Edge = tuple[Measure, int, str]


def uniform_codes(key: Scale, rng: random.Random) -> dict[int, int]:
    """Every code equally likely."""
    return {item: rng.randint(key.lowest, key.highest) for item in range(1, key.item_count + 1)}


def severity_codes(key: Scale, rng: random.Random) -> dict[int, int]:
    """One latent severity for the whole sheet, so that low, middling and high totals all occur."""
    severity = rng.random()
    steps = key.highest - key.lowest
    keyed_values = {
        item: key.lowest + sum(rng.random() < severity for _ in range(steps)) for item in range(1, key.item_count + 1)
    }
    return {item: keyed(key, item, value) for item, value in keyed_values.items()}


def constant_codes(key: Scale, code: int) -> dict[int, int]:
    """The same raw code everywhere."""
    return dict.fromkeys(range(1, key.item_count + 1), code)


def edges(key: Scale) -> list[Edge]:
    """Every threshold of every measure, from its three sides."""
    measures = [*key.subscales, *([key.total] if key.total else [])]
    return [
        (measure, bound, side)
        for measure in measures
        for bound in measure.thresholds or ()
        for side in ("below", "at", "above")
    ]


def raise_one(values: list[int], highest: int, rng: random.Random) -> bool:
    """Raise one random value by one; False when all are at the top."""
    open_places = [place for place, value in enumerate(values) if value < highest]
    if not open_places:
        return False
    values[rng.choice(open_places)] += 1
    return True


def edge_values(key: Scale, edge: Edge, rng: random.Random) -> list[int]:
    """Climb one step at a time from the lowest score to the wanted side of the threshold."""
    measure, bound, side = edge
    values = [key.lowest] * len(measure.items)
    while True:
        before = list(values)
        if not raise_one(values, key.highest, rng):
            return before
        if measure.rule(values) >= bound:
            break
    if side == "below":
        return before
    if side == "above":
        raise_one(values, key.highest, rng)
    return values


def edge_codes(key: Scale, edge: Edge, rng: random.Random) -> dict[int, int]:
    """A sheet whose one measure sits at an edge, the other items at random."""
    codes = severity_codes(key, rng)
    for item, value in zip(edge[0].items, edge_values(key, edge, rng), strict=True):
        codes[item] = keyed(key, item, value)
    return codes


def as_cells(key: Scale, codes: dict[int, int], rng: random.Random) -> dict[int, str]:
    """Codes as text; a follow-up question that need not be asked is left blank half of the time (ASQ)."""
    cells = {item: str(code) for item, code in codes.items()}
    follow_up = key.follow_up_item
    if follow_up is not None and not any(code for item, code in codes.items() if item != follow_up):
        cells[follow_up] = rng.choice(["", cells[follow_up]])
    return cells


def illegal_texts(key: Scale) -> list[str]:
    """Texts that are no legal answer: out of range, negative, decimals, letters, digits of other scripts."""
    code = key.highest
    full_width = chr(ord("\uff10") + code)
    arabic = chr(ord("\u0660") + code)
    out_of_range = [str(code + 1), "99", "-1", f"-{code}", str(key.lowest - 1)]
    not_plain = [f"{code}.0", f"{code}.5", f"{code},0", f"{code}e0", f"0_{code}", full_width, arabic, "\u00b2"]
    return [*out_of_range, *not_plain, "a", "A", "x", "yes", "True", "None", "nan", "\u662f", "\u4e00", "?", "-"]


def pick_items(key: Scale, count: int, rng: random.Random) -> list[int]:
    """Items to break: often a critical one, otherwise any."""
    if key.critical and count == 1 and rng.random() < 0.3:
        return [rng.choice(sorted(key.critical))]
    return rng.sample(range(1, key.item_count + 1), min(count, key.item_count))


def plant_critical(key: Scale, cells: dict[int, str], rng: random.Random) -> None:
    """Give half of the broken sheets a critical answer, to see that the error does not silence it."""
    if key.critical and rng.random() < 0.5:
        item = rng.choice(sorted(key.critical))
        cells[item] = str(rng.randint(key.critical[item], key.highest))


def drop_answers(key: Scale, cells: dict[int, str], rng: random.Random) -> None:
    """Blank one to three answers, now and then all of them."""
    plant_critical(key, cells, rng)
    count = rng.choice([1, 1, 1, 1, 2, 3, key.item_count])
    for item in pick_items(key, count, rng):
        cells[item] = rng.choice(["", "", " ", "   "])


def spoil_answers(key: Scale, cells: dict[int, str], rng: random.Random) -> None:
    """Make one or two answers illegal."""
    plant_critical(key, cells, rng)
    for item in pick_items(key, rng.choice([1, 1, 1, 2]), rng):
        cells[item] = rng.choice(illegal_texts(key))


def pad_answer(cells: dict[int, str], rng: random.Random) -> None:
    """Put blanks around one answer; it stays what it was."""
    item = rng.choice(sorted(cells))
    cells[item] = rng.choice([" {}", "{} ", "  {}  "]).format(cells[item])


def base_codes(key: Scale, index: int, walk: list[Edge], rng: random.Random) -> dict[int, int]:
    """The unbroken codes of one sheet; `walk` is the rotating list of edges."""
    if index < 2:
        return constant_codes(key, (key.lowest, key.highest)[index])
    if rng.random() < EXTREME_SHARE:
        return constant_codes(key, rng.randint(key.lowest, key.highest))
    if walk and rng.random() < EDGE_SHARE:
        edge = walk.pop(0)
        walk.append(edge)
        return edge_codes(key, edge, rng)
    return rng.choice([uniform_codes, severity_codes])(key, rng)


def break_some(key: Scale, cells: dict[int, str], rng: random.Random) -> None:
    """Blank, spoil or pad a few sheets."""
    if rng.random() < MISSING_SHARE:
        drop_answers(key, cells, rng)
    if rng.random() < ILLEGAL_SHARE:
        spoil_answers(key, cells, rng)
    if rng.random() < PADDED_SHARE:
        pad_answer(cells, rng)


def random_sheets(scale: str, count: int, seed: int) -> list[dict[str, str]]:
    """`count` sheets with the keys id, 1, 2, ..., n, all values text."""
    key = find_scale(scale)
    rng = random.Random(f"{scale}:{seed}")
    walk = edges(key)
    sheets = []
    for index in range(count):
        cells = as_cells(key, base_codes(key, index, walk, rng), rng)
        if index >= 2:
            break_some(key, cells, rng)
        sheets.append({"id": f"S{index + 1:05d}", **{str(item): cells[item] for item in sorted(cells)}})
    return sheets


def write_sheets(scale: str, sheets: list[dict[str, str]], path: str) -> None:
    """Write sheets as the CSV file that the oracle reads."""
    columns = ["id", *(str(item) for item in range(1, find_scale(scale).item_count + 1))]
    with open(path, "w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sheets)


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Write random answer sheets.")
    parser.add_argument("scale", choices=list(SCALES), metavar="SCALE", help=", ".join(SCALES))
    parser.add_argument("count", type=int, metavar="COUNT")
    parser.add_argument("seed", type=int, metavar="SEED")
    parser.add_argument("--output", required=True, help="CSV to write")
    options = parser.parse_args(arguments)
    write_sheets(options.scale, random_sheets(options.scale, options.count, options.seed), options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
