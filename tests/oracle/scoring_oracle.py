"""Independent scoring oracle: scores answer sheets from the published keys, with nothing but the standard library.

It shares no code and no data with the product. The comparison tests run both on the same sheets.

Command line:  python tests/oracle/scoring_oracle.py SCALE --input answers.csv --output scores.csv
Function:      score_row("phq-9", ["0", "1", ...]) -> {"total": "7", "total_band": "5", "valid": "True", ...}

Conventions
- A blank cell is a missing answer. After stripping blanks only a plain integer among the item's codes is legal, written
  as that code is written: no sign, no leading zero, no decimals, ASCII digits only.
- A sheet with a missing or an illegal answer gets an error and no scores; its legally answered critical items are
  reported all the same.
- A band is the highest threshold reached, as text; "0" says that no threshold was reached. A measure for which the
  facts give no bands has an empty band. Bands are decided on the exact score, before it is rounded for printing.
- Scores print as plain integers, or with up to four decimals (rounded half up, trailing zeros removed).
- ASQ: `total` counts the yes answers of items 1-4 (band 1 = positive); `acuity` is item 5, scored only when the screen
  is positive (band 1 = acute). Item 5 may be blank while items 1-4 hold no yes, because it is then not asked; a yes in
  item 5 is always critical.
- WHO-5 runs the other way round: bands 0 (up to 28), 29 (up to 50), 51 (above 50).
- SDQ: "sdq" and "sdq-self" use the self-report bands, "sdq-parent" and "sdq-teacher" those informants' bands.
- SCL-90: a positive item is one answered 2 or more; "> 160" and "> 43" are the thresholds 161 and 44.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

# ---------------------------------------------------------------------------------------------------------------------
# How keyed answers become a score


def plain_sum(values: list[int]) -> Fraction:
    """Sum of the answers."""
    return Fraction(sum(values))


def doubled_sum(values: list[int]) -> Fraction:
    """Sum times two (DASS-21)."""
    return Fraction(2 * sum(values))


def fourfold_sum(values: list[int]) -> Fraction:
    """Sum times four (WHO-5)."""
    return Fraction(4 * sum(values))


def mean(values: list[int]) -> Fraction:
    """Exact mean of the answers."""
    return Fraction(sum(values), len(values))


def standard_score(values: list[int]) -> Fraction:
    """Sum times 1.25, truncated, in whole-number arithmetic (SDS, SAS)."""
    return Fraction(5 * sum(values) // 4)


def count_from_two(values: list[int]) -> Fraction:
    """How many answers are 2 or more (SCL-90 positive items)."""
    return Fraction(sum(1 for value in values if value >= 2))


# ---------------------------------------------------------------------------------------------------------------------
# The keys


@dataclass(frozen=True)
class Measure:
    """One printed score: which items, by which rule, and the thresholds (None: the facts give no bands)."""

    name: str
    items: tuple[int, ...]
    rule: Callable[[list[int]], Fraction]
    thresholds: tuple[int, ...] | None


@dataclass(frozen=True)
class Scale:
    """The key of one instrument."""

    item_count: int
    lowest: int
    highest: int
    subscales: tuple[Measure, ...] = ()
    total: Measure | None = None
    reversed_items: tuple[int, ...] = ()
    critical: dict[int, int] = field(default_factory=dict)
    void_from: tuple[str, int] | None = None
    follow_up_item: int | None = None


def numbers(text: str) -> tuple[int, ...]:
    """Item numbers from text such as "3 5 10-13"."""
    found: list[int] = []
    for part in text.split():
        first, _, last = part.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return tuple(found)


def sums(name: str, items: str, *thresholds: int) -> Measure:
    """A subscale scored as a sum; without thresholds it has no bands."""
    return Measure(name, numbers(items), plain_sum, thresholds or None)


def phq_9() -> Scale:
    """PHQ-9; item 9 is critical from 1 on."""
    return Scale(9, 0, 3, total=sums("total", "1-9", 5, 10, 15, 20), critical={9: 1})


def gad_7() -> Scale:
    """GAD-7."""
    return Scale(7, 0, 3, total=sums("total", "1-7", 5, 10, 15))


def ces_dc() -> Scale:
    """CES-DC; four items are reversed."""
    return Scale(20, 0, 3, total=sums("total", "1-20", 15), reversed_items=(4, 8, 12, 16))


def asq() -> Scale:
    """ASQ (NIMH): any yes among 1-4 is positive, item 5 then tells acute from non-acute; every yes is critical."""
    return Scale(
        5,
        0,
        1,
        subscales=(sums("acuity", "5", 1),),
        total=sums("total", "1-4", 1),
        critical=dict.fromkeys(range(1, 6), 1),
        follow_up_item=5,
    )


def who_5() -> Scale:
    """WHO-5: a high score is good; up to 28 likely depression, up to 50 low."""
    return Scale(5, 0, 5, total=Measure("total", numbers("1-5"), fourfold_sum, (29, 51)))


def dass_21() -> Scale:
    """DASS-21: three subscales, no total."""
    return Scale(
        21,
        0,
        3,
        subscales=(
            Measure("depression", numbers("3 5 10 13 16 17 21"), doubled_sum, (10, 14, 21, 28)),
            Measure("anxiety", numbers("2 4 7 9 15 19 20"), doubled_sum, (8, 10, 15, 20)),
            Measure("stress", numbers("1 6 8 11 12 14 18"), doubled_sum, (15, 19, 26, 34)),
        ),
    )


def scared_41() -> Scale:
    """SCARED, 41 items, the original cut-offs."""
    return Scale(
        41,
        0,
        2,
        subscales=(
            sums("panic_somatic", "1 6 9 12 15 18 19 22 24 27 30 34 38", 7),
            sums("generalised", "5 7 14 21 23 28 33 35 37", 9),
            sums("separation", "4 8 13 16 20 25 29 31", 5),
            sums("social", "3 10 26 32 39 40 41", 8),
            sums("school", "2 11 17 36", 3),
        ),
        total=sums("total", "1-41", 25),
    )


def sdq(*thresholds: int) -> Scale:
    """SDQ with the total-difficulties thresholds of one informant; the facts give no subscale bands."""
    return Scale(
        25,
        0,
        2,
        subscales=(
            sums("emotional", "3 8 13 16 24"),
            sums("conduct", "5 7 12 18 22"),
            sums("hyperactivity", "2 10 15 21 25"),
            sums("peer", "6 11 14 19 23"),
            sums("prosocial", "1 4 9 17 20"),
        ),
        total=sums("total", "3 8 13 16 24 5 7 12 18 22 2 10 15 21 25 6 11 14 19 23", *thresholds),
        reversed_items=(7, 11, 14, 21, 25),
    )


def mht() -> Scale:
    """MHT: eight content scales in the total, the even items 82-100 are the lie scale that voids from 7 on."""
    odd_81_to_99 = "81 83 85 87 89 91 93 95 97 99"
    even_82_to_100 = "82 84 86 88 90 92 94 96 98 100"
    return Scale(
        100,
        0,
        1,
        subscales=(
            sums("learning", "1-15", 8),
            sums("people", "16-25", 8),
            sums("loneliness", "26-35", 8),
            sums("self_blame", "36-45", 8),
            sums("sensitivity", "46-55", 8),
            sums("somatic", "56-70", 8),
            sums("fear", "71-80", 8),
            sums("impulsive", odd_81_to_99, 8),
            sums("lie", even_82_to_100, 7),
        ),
        total=sums("total", "1-80 " + odd_81_to_99, 56, 65),
        critical={85: 1, 97: 1},
        void_from=("lie", 7),
    )


def mssmhs() -> Scale:
    """MSSMHS (Wang Jisheng 1997): ten factor means and the mean of all sixty items."""
    factors = {
        "obsessive": "3 10 12 22 23 48",
        "paranoid": "11 20 24 26 47 49",
        "hostility": "19 21 25 50 52 58",
        "interpersonal": "4 17 18 45 51 59",
        "depression": "5 13 14 16 44 57",
        "anxiety": "6 15 34 43 46 56",
        "study_pressure": "31 33 36 38 40 55",
        "maladjustment": "1 8 9 29 39 41",
        "emotional_imbalance": "2 7 27 32 35 53",
        "psychological_imbalance": "28 30 37 42 54 60",
    }
    return Scale(
        60,
        1,
        5,
        subscales=tuple(Measure(name, numbers(items), mean, (2, 3, 4, 5)) for name, items in factors.items()),
        total=Measure("total", numbers("1-60"), mean, (2, 3, 4, 5)),
        critical={52: 2, 57: 2},
    )


def scl_90() -> Scale:
    """SCL-90: ten factor means, the number of positive items, and the total sum."""
    factors = {
        "som": "1 4 12 27 40 42 48 49 52 53 56 58",
        "oc": "3 9 10 28 38 45 46 51 55 65",
        "int": "6 21 34 36 37 41 61 69 73",
        "dep": "5 14 15 20 22 26 29 30 31 32 54 71 79",
        "anx": "2 17 23 33 39 57 72 78 80 86",
        "hos": "11 24 63 67 74 81",
        "phob": "13 25 47 50 70 75 82",
        "par": "8 18 43 68 76 83",
        "psy": "7 16 35 62 77 84 85 87 88 90",
        "other": "19 44 59 60 64 66 89",
    }
    means = tuple(Measure(name, numbers(items), mean, (2,)) for name, items in factors.items())
    positive = Measure("positive_items", numbers("1-90"), count_from_two, (44,))
    return Scale(90, 1, 5, subscales=(*means, positive), total=sums("total", "1-90", 161), critical={15: 2})


def zung(threshold: int, reversed_items: str) -> Scale:
    """SDS or SAS: the total is the standard score."""
    total = Measure("total", numbers("1-20"), standard_score, (threshold,))
    return Scale(20, 1, 4, total=total, reversed_items=numbers(reversed_items))


SCALES: dict[str, Scale] = {
    "phq-9": phq_9(),
    "gad-7": gad_7(),
    "ces-dc": ces_dc(),
    "mht": mht(),
    "asq": asq(),
    "who-5": who_5(),
    "dass-21": dass_21(),
    "scared-41": scared_41(),
    "mssmhs": mssmhs(),
    "scl-90": scl_90(),
    "sds": zung(53, "2 5 6 11 12 14 16 17 18 20"),
    "sas": zung(50, "5 9 13 17 19"),
    "sdq": sdq(15, 18, 20),
    "sdq-self": sdq(15, 18, 20),
    "sdq-parent": sdq(14, 17, 20),
    "sdq-teacher": sdq(12, 16, 19),
}


# ---------------------------------------------------------------------------------------------------------------------
# Scoring one sheet


@dataclass
class Sheet:
    """The cells of one sheet, sorted into legal codes by item number, missing items and illegal items."""

    codes: dict[int, int]
    missing: list[int]
    illegal: list[int]


def find_scale(name: str) -> Scale:
    """The key of a scale; an unknown name is a ValueError."""
    if name not in SCALES:
        raise ValueError(f"unknown scale {name!r}; known: {', '.join(SCALES)}")
    return SCALES[name]


def read_sheet(scale: Scale, answers: list[str]) -> Sheet:
    """Sort the cells; the only legal texts are the item's codes themselves."""
    legal = {str(code): code for code in range(scale.lowest, scale.highest + 1)}
    sheet = Sheet({}, [], [])
    for item, cell in enumerate(answers, start=1):
        text = cell.strip()
        if text == "":
            sheet.missing.append(item)
        elif text in legal:
            sheet.codes[item] = legal[text]
        else:
            sheet.illegal.append(item)
    if scale.follow_up_item in sheet.missing and not is_positive_screen(scale, sheet):
        sheet.missing.remove(scale.follow_up_item)
    return sheet


def is_positive_screen(scale: Scale, sheet: Sheet) -> bool:
    """Whether any item before the follow-up question was answered yes (ASQ)."""
    return any(code >= 1 for item, code in sheet.codes.items() if item != scale.follow_up_item)


def keyed(scale: Scale, item: int, code: int) -> int:
    """The scored value of a raw code: reversed items count highest + lowest - raw."""
    if item in scale.reversed_items:
        return scale.highest + scale.lowest - code
    return code


def measure_score(scale: Scale, measure: Measure, sheet: Sheet) -> Fraction:
    """The exact score of one measure on a complete sheet."""
    return measure.rule([keyed(scale, item, sheet.codes[item]) for item in measure.items])


def band_text(measure: Measure, score: Fraction) -> str:
    """The highest threshold reached, "0" when none is, empty when the measure has no bands."""
    if measure.thresholds is None:
        return ""
    return str(max((bound for bound in measure.thresholds if score >= bound), default=0))


def number_text(score: Fraction) -> str:
    """A non-negative score as text: an integer, or up to four decimals rounded half up."""
    ten_thousandths = (score * 10000 + Fraction(1, 2)).__floor__()
    whole, rest = divmod(ten_thousandths, 10000)
    decimals = f"{rest:04d}".rstrip("0")
    return f"{whole}.{decimals}" if decimals else str(whole)


def critical_text(scale: Scale, sheet: Sheet) -> str:
    """The critical items legally answered at or above their threshold, ascending."""
    hits = [item for item, threshold in scale.critical.items() if sheet.codes.get(item, threshold - 1) >= threshold]
    return ";".join(str(item) for item in sorted(hits))


def error_text(sheet: Sheet) -> str:
    """What stops this sheet from being scored, for example "missing 3;7, illegal 9"; empty when nothing does."""
    parts = []
    if sheet.missing:
        parts.append("missing " + ";".join(map(str, sheet.missing)))
    if sheet.illegal:
        parts.append("illegal " + ";".join(map(str, sheet.illegal)))
    return ", ".join(parts)


def score_columns(name: str) -> list[str]:
    """The output columns of a scale, without the id."""
    columns = []
    for measure in find_scale(name).subscales:
        columns += [measure.name, f"{measure.name}_band"]
    return [*columns, "total", "total_band", "valid", "critical", "error"]


def applicable_measures(scale: Scale, sheet: Sheet) -> list[Measure]:
    """The measures to score on this sheet: ASQ acuity only after a positive screen."""
    measures = [*scale.subscales, *([scale.total] if scale.total else [])]
    if scale.follow_up_item is not None and not is_positive_screen(scale, sheet):
        measures = [measure for measure in measures if scale.follow_up_item not in measure.items]
    return measures


def fill_scores(scale: Scale, sheet: Sheet, row: dict[str, str]) -> None:
    """Write the scores, the bands and the validity of a complete sheet into its output row."""
    row["valid"] = "True"
    for measure in applicable_measures(scale, sheet):
        score = measure_score(scale, measure, sheet)
        row[measure.name] = number_text(score)
        row[f"{measure.name}_band"] = band_text(measure, score)
        if scale.void_from and scale.void_from[0] == measure.name and score >= scale.void_from[1]:
            row["valid"] = "False"


def score_row(scale: str, answers: list[str]) -> dict[str, str]:
    """Score one sheet: `answers` are the cells of items 1 to n in order. A wrong number of cells is a ValueError."""
    key = find_scale(scale)
    if len(answers) != key.item_count:
        raise ValueError(f"{scale} takes {key.item_count} answers, got {len(answers)}")
    sheet = read_sheet(key, answers)
    row = dict.fromkeys(score_columns(scale), "")
    row["valid"] = "False"
    row["critical"] = critical_text(key, sheet)
    row["error"] = error_text(sheet)
    if not row["error"]:
        fill_scores(key, sheet, row)
    return row


# ---------------------------------------------------------------------------------------------------------------------
# Files


def check_header(scale: str, header: list[str]) -> None:
    """Refuse a file in which the id or an item column is absent or stands twice, or that has an item too many."""
    count = find_scale(scale).item_count
    for column in ["id", *(str(item) for item in range(1, count + 1))]:
        if header.count(column) != 1:
            raise ValueError(f"column {column!r} must stand exactly once in the header")
    extra = [column for column in header if column.isdecimal() and not 1 <= int(column) <= count]
    if extra:
        raise ValueError(f"{scale} has {count} items, unexpected columns: {', '.join(extra)}")


def score_file(scale: str, input_path: str, output_path: str) -> int:
    """Score every sheet of a CSV file, in order; returns how many. A short line counts as missing answers."""
    items = [str(item) for item in range(1, find_scale(scale).item_count + 1)]
    with open(input_path, encoding="utf-8-sig", newline="") as source:
        reader = csv.DictReader(source, restkey="surplus", restval="")
        check_header(scale, list(reader.fieldnames or []))
        scored = []
        for record in reader:
            row = {"id": record["id"], **score_row(scale, [record[item] for item in items])}
            if "surplus" in record:
                row = {"id": record["id"], **surplus_row(row)}
            scored.append(row)
    with open(output_path, "w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, ["id", *score_columns(scale)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(scored)
    return len(scored)


def surplus_row(row: dict[str, str]) -> dict[str, str]:
    """The row of a line with more cells than the header: no scores, the critical items stay."""
    message = ", ".join(part for part in (row["error"], "surplus cells") if part)
    emptied = {column: "" for column in row if column != "id"}
    return {**emptied, "valid": "False", "critical": row["critical"], "error": message}


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Score answer sheets independently of the product.")
    parser.add_argument("scale", choices=list(SCALES), metavar="SCALE", help=", ".join(SCALES))
    parser.add_argument("--input", required=True, help="CSV: id,1,2,...,n and optionally sex,grade,age")
    parser.add_argument("--output", required=True, help="CSV to write")
    options = parser.parse_args(arguments)
    try:
        score_file(options.scale, options.input, options.output)
    except (OSError, ValueError, csv.Error) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
