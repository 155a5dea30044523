"""Counting once more: scores from answers, standings from rows, in plain Python that shares nothing with the product.

Keys and thresholds are those of tests/oracle/scoring_oracle.py; what a flag is stands here with its source.
"""

import itertools
import json
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.oracle.reports.rawrows import Raw, Row
from tests.oracle.scoring_oracle import SCALES, measure_score, read_sheet

FEW = 5  # SOURCE: security paper, "statistics"
SECONDS_AN_ITEM = 2.0  # SOURCE: Huang et al. 2012, J Bus Psychol 27:99-114
LOWEST_CONSISTENCY = 0.30  # SOURCE: Jackson 1977, after Curran 2016, J Exp Soc Psychol 66:4-19
PHQ_ADOLESCENT = 11  # SOURCE: Richardson 2010, Pediatrics 126:1117-1123
GAD_POSITIVE = 10  # SOURCE: Spitzer 2006, Arch Intern Med 166:1092-1097
MHT_PLAN, MHT_GUIDANCE = 65, 8  # SOURCE: Zhou 1991, MHT
NEED = ("case", "watch", "known")  # SOURCE: packs/policy/national-default.yaml, accuracy.need_outcomes
GRADES = {2026: "Grade 7", 2025: "Grade 8", 2024: "Grade 9"}  # entry year → name in the school year 2026/27
OUTCOMES = ("case", "known", "watch", "nothing", "undecided", "waiting")
Z = 1.959963984540054


@dataclass
class Sheet:
    """One handed-in scale of one pupil, scored again. `bands` count from 0, the lowest threshold."""

    student_id: Any
    class_id: Any
    scale: str
    answers: list[int | None]
    turned: list[int | None]
    is_fast: bool
    scores: dict[str, Fraction] = field(default_factory=dict)
    bands: dict[str, int] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    is_faulty: bool = False
    is_void: bool = False
    is_inconsistent: bool | None = None

    @property
    def counts(self) -> bool:
        """Does its score say anything?"""
        return not self.is_faulty and not self.is_void


def scored(row: Row, class_id: Any) -> Sheet:
    """Score one sheet from its answers; GAD-7 of the region prorates one missing answer, the others refuse."""
    key = SCALES[row["scale"]]
    answers = row["answers"]
    given = [code for code in answers if code is not None]
    sheet = Sheet(
        row["student_id"], class_id, row["scale"], answers,
        [None if code is None else turned(key, at, code) for at, code in enumerate(answers, start=1)],
        is_fast=bool(row["seconds"] and given and row["seconds"] / len(given) < SECONDS_AN_ITEM),
    )  # fmt: skip
    missing = len(answers) - len(given)
    sheet.is_faulty = missing > (1 if row["scale"] == "gad-7" else 0)
    if not sheet.is_faulty:
        _score(sheet, key, missing)
    if row["scale"] == "mht":
        sheet.is_inconsistent = consistency(sheet, key)
    return sheet


def turned(key: Any, item: int, code: int) -> int:
    """An answer as the key reads it."""
    return key.highest + key.lowest - code if item in key.reversed_items else code


def _score(sheet: Sheet, key: Any, missing: int) -> None:
    filled = [str(code) if code is not None else "0" for code in sheet.answers]
    for measure in (*key.subscales, key.total):
        value = measure_score(key, measure, read_sheet(key, filled))
        if missing:
            value = value * len(measure.items) / (len(measure.items) - missing)
        sheet.scores[measure.name] = value
        sheet.bands[measure.name] = sum(value >= bound for bound in measure.thresholds)
    total = sheet.scores["total"]
    if sheet.scale == "phq-9" and total >= PHQ_ADOLESCENT:
        sheet.flags.add("adolescent_positive")
    if sheet.scale == "gad-7" and total >= GAD_POSITIVE:
        sheet.flags.add("positive")
    if sheet.scale == "mht":
        sheet.is_void = sheet.scores["lie"] >= 7
        content = [value for name, value in sheet.scores.items() if name not in ("lie", "total")]
        if total >= MHT_PLAN:
            sheet.flags.add("individual_plan")
        if max(content) >= MHT_GUIDANCE:
            sheet.flags.add("guidance")


def consistency(sheet: Sheet, key: Any) -> bool | None:
    """Do the halves of the subscales disagree? None where nothing can be correlated."""
    halves = []
    for measure in key.subscales:
        values = [sheet.turned[item - 1] for item in measure.items]
        odd, even = ([v for v in values[start::2] if v is not None] for start in (0, 1))
        if odd and even:
            halves.append((statistics.fmean(odd), statistics.fmean(even)))
    left, right = zip(*halves, strict=True)
    if len(set(left)) < 2 or len(set(right)) < 2:
        return None
    r = statistics.correlation(left, right)
    stepped = -1.0 if r <= -1 / 3 else 2 * r / (1 + r)
    return round(stepped, 4) < LOWEST_CONSISTENCY if abs(stepped - LOWEST_CONSISTENCY) > 1e-4 else stepped < 0.3


class Count:
    """What the rows of one screening come to."""

    def __init__(self, raw: Raw, name: str) -> None:
        self.raw = raw
        self.campaign = next(row for row in raw.campaigns if row["name"] == name)
        years = {year for _stage, year in _pairs(self.campaign["grades"])}
        below = [
            unit for unit in raw.units if unit["kind"] == "class" and unit["path"].startswith(self.campaign["place"])
        ]
        own = [unit for unit in below if unit["entry_year"] in years]
        self.classes = sorted(own, key=lambda unit: (-unit["entry_year"], unit["number"]))
        self.by_id = {unit["id"]: unit for unit in self.classes}
        self.by_path = {unit["path"]: unit for unit in self.classes}
        own = self.campaign["id"]
        self.sittings = [row for row in raw.sittings if row["origin_id"] == own]
        self.sitting = {row["id"]: row for row in self.sittings}
        self.sheets = self._latest()
        self.signals = [row for row in raw.signals if row["origin_id"] in self.sitting]
        self.kept: dict[tuple[str, str], dict[str, Any]] = {}  # figures that take long, by scale and score

    def _latest(self) -> list[Sheet]:
        found: dict[tuple[Any, str], Row] = {}
        rows = [row for row in self.raw.sheets if row["origin_id"] == self.campaign["id"]]
        for row in sorted(rows, key=lambda row: self.sitting[row["sitting_id"]]["round"]):
            found[row["student_id"], row["scale"]] = row
        return [scored(row, self.sitting[row["sitting_id"]]["class_id"]) for row in found.values()]

    # ---- who was reached

    def standings(self) -> dict[Any, tuple[Row, str]]:
        """Return each pupil at school with the class of today and what became of the pupil.

        A screening that has ended keeps those who were there on its last day, whoever left since.
        """
        seated = {row["student_id"] for row in self.sittings} if self.campaign["state"] == "closed" else set()
        refused = {
            row["student_id"] for row in self.raw.consents
            if row["form_id"] == self.campaign["form_id"] and row["decision"] in ("refused", "withdrawn")
        }  # fmt: skip
        found = {}
        for student in self.raw.students:
            unit = self.by_path.get(student["place"])
            if unit is not None and (student["status"] == "active" or student["id"] in seated):
                found[student["id"]] = unit, self._standing(student["id"], is_refused=student["id"] in refused)
        return found

    def _standing(self, student_id: Any, *, is_refused: bool) -> str:
        own = sorted((s for s in self.sittings if s["student_id"] == student_id), key=lambda row: row["round"])
        if not own:
            return "unseated"
        if any(row["state"] == "submitted" for row in own):
            return "sat"
        last = own[-1]
        if last["state"] != "excused" or last["excuse"] == "absent":
            return "missing"
        if last["excuse"] == "no_consent":
            return "refused" if is_refused else "unanswered"
        return "excused"  # also who did not want to: a count of its own, beside the names of a class, would name them

    def coverage(self) -> dict[str, Counter[str]]:
        """Return counts by class name, grade name, stage, and for all ("")."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for unit, standing in self.standings().values():
            for label in (class_name(unit), GRADES[unit["entry_year"]], "Junior secondary", ""):
                found[label].update(["eligible", standing])
        return found

    # ---- scores

    def of_scale(self, scale: str) -> list[Sheet]:
        """Return the latest sheets of a scale."""
        return [sheet for sheet in self.sheets if sheet.scale == scale]

    def counted(self, scale: str) -> list[Sheet]:
        """Return those whose score says anything."""
        return [sheet for sheet in self.of_scale(scale) if sheet.counts]

    def band_counts(self, scale: str, score: str) -> dict[str, list[int]]:
        """Return sheets by band, by class name and grade name; a void sheet counts where its own score voids it."""
        found: dict[str, list[int]] = {}
        bands = len(_thresholds(scale, score)) + 1
        for sheet in self.of_scale(scale):
            unit = self.by_id[sheet.class_id]
            for label in (class_name(unit), GRADES[unit["entry_year"]]):
                counts = found.setdefault(label, [0] * bands)
                if sheet.counts or (score == "lie" and not sheet.is_faulty):
                    counts[sheet.bands[score]] += 1
        return found

    # ---- talks

    def outcomes(self) -> Counter[str]:
        """Return flagged pupils by what became of them."""
        own: dict[Any, list[Row]] = defaultdict(list)
        for row in self.signals:
            own[row["student_id"]].append(row)
        ids = {row["id"] for row in self.signals}
        talked = {
            row["student_id"] for row in self.raw.interviews if row["signal_id"] in ids and row["kind"] != "paper"
        }
        found: Counter[str] = Counter()
        for student_id, rows in own.items():
            if any(row["state"] != "closed" for row in rows):
                found["undecided" if student_id in talked else "waiting"] += 1
            else:
                found[min((row["outcome"] for row in rows), key=OUTCOMES.index)] += 1
        return found

    def in_time(self, now: Any) -> tuple[int, int]:
        """Return the talks that had to be held by now, and those held in time."""
        ids = {row["id"] for row in self.signals}
        rows = [row for row in self.raw.deadlines if row["subject_id"] in ids and row["kind"] in ("seen", "gate")
                and row["cancelled_at"] is None and (row["met_at"] or row["due_at"] <= now)]  # fmt: skip
        return len(rows), sum(bool(row["met_at"] and row["met_at"] <= row["due_at"]) for row in rows)

    def strata(self, scale: str, flag: str) -> list[tuple[int, int, int]]:
        """Return (pupils, talked to, needed) of those over a line, with another signal, and without any."""
        papers = {row["signal_id"] for row in self.raw.interviews if row["kind"] == "paper"}
        said: dict[Any, list[bool | None]] = defaultdict(list)
        for row in self.signals:
            is_settled = row["state"] == "closed" and row["id"] not in papers
            said[row["student_id"]].append(row["outcome"] in NEED if is_settled else None)
        findings = {pupil: True if any(each) else None if None in each else False for pupil, each in said.items()}
        drawn = {row["student_id"]: row["outcome"] in NEED for row in self.raw.draws if row["outcome"]}
        usable = self.counted(scale)
        over = {sheet.student_id for sheet in usable if flag in sheet.flags}
        rest = {sheet.student_id for sheet in usable} - over
        groups = ((over, findings), (rest & set(findings), findings), (rest - set(findings), drawn))
        found = []
        for pupils, known in groups:
            told = [known[pupil] for pupil in pupils if known.get(pupil) is not None]
            found.append((len(pupils), len(told), sum(map(bool, told))))
        return found


def norm_sheets(raw: Raw, waves: Sequence[Count], scale: str) -> tuple[list[Sheet], Counter[str]]:
    """The sheets of a norm, each pupil's first that counts in a screening that is over, and why others are left out."""
    found: dict[Any, Sheet] = {}
    out: Counter[str] = Counter()
    for count in waves:
        form = count.campaign["form_id"]
        given = {row["student_id"] for row in raw.consents if row["form_id"] == form and row["decision"] == "given"}
        for sheet in count.of_scale(scale):
            why = ("no_consent" if sheet.student_id not in given else "not_scored" if sheet.is_faulty
                   else "void" if sheet.is_void else "too_fast" if sheet.is_fast
                   else "another_sheet" if sheet.student_id in found else "")  # fmt: skip
            if why:
                out[why] += 1
            else:
                found[sheet.student_id] = sheet
    return list(found.values()), out


def _pairs(text: str) -> list[tuple[str, int]]:
    return [(stage, year) for stage, year in json.loads(text)]


def _thresholds(scale: str, score: str) -> tuple[int, ...]:
    key = SCALES[scale]
    measure = next(each for each in (*key.subscales, key.total) if each is not None and each.name == score)
    return measure.thresholds or ()


def class_name(unit: Row) -> str:
    """Return what a class is called."""
    return f"{GRADES[unit['entry_year']]} class {unit['number']}"


# ---------------------------------------------------------------------------------------------------------------------
# Figures of tables of answers; missing answers are left out of the pairs that lack them


def covariances(rows: Sequence[Sequence[int | None]]) -> list[list[float]]:
    """Return the covariances of the columns over the rows that have both."""
    columns = list(zip(*rows, strict=True))
    return [[_covariance(a, b) for b in columns] for a in columns]


def _covariance(left: Iterable[int | None], right: Iterable[int | None]) -> float:
    pairs = [(a, b) for a, b in zip(left, right, strict=True) if a is not None and b is not None]
    if len(pairs) < 2:
        return math.nan
    a, b = statistics.fmean(p[0] for p in pairs), statistics.fmean(p[1] for p in pairs)
    return sum((x - a) * (y - b) for x, y in pairs) / (len(pairs) - 1)


def varying(rows: Sequence[Sequence[int | None]]) -> list[list[int | None]]:
    """Leave out the columns in which everybody answered alike."""
    keep = [at for at, column in enumerate(zip(*rows, strict=True)) if len(set(column) - {None}) > 1]
    return [[row[at] for at in keep] for row in rows]


def alpha_of(table: Sequence[Sequence[float]]) -> float:
    """Cronbach's alpha from covariances."""
    total = sum(map(sum, table))
    return len(table) / (len(table) - 1) * (1 - sum(table[at][at] for at in range(len(table))) / total)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The Wilson interval by its definition: where the share lies Z errors from a bound."""
    p, n = part / whole, whole
    middle, reach = p + Z * Z / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    low, high = (middle - reach) / (1 + Z * Z / n), (middle + reach) / (1 + Z * Z / n)
    return 0.0 if part == 0 else max(0.0, low), 1.0 if part == whole else min(1.0, high)


def corrected(strata: Sequence[tuple[int, int, int]], *, is_of_need: bool) -> tuple[float, float, float] | None:
    """Sensitivity or specificity from the three groups with its interval (Begg & Greenes 1983)."""
    filled = [(at == 0, n, v, k if is_of_need else v - k) for at, (n, v, k) in enumerate(strata) if n]
    if any(v == 0 for _over, _n, v, _k in filled):
        return None
    right = [each[1:] for each in filled if each[0] == is_of_need]
    wrong = [each[1:] for each in filled if each[0] != is_of_need]
    found, missed = (sum(n * k / v for n, v, k in side) for side in (right, wrong))
    if not found + missed:
        return None
    if not found or not missed:
        bounds = [[[n * w for w in wilson(k, v)] for n, v, k in side] for side in (right, wrong)]
        (low_r, high_r), (low_w, high_w) = ((sum(b[0] for b in side), sum(b[1] for b in side)) for side in bounds)
        return found / (found + missed), _part(low_r, high_w), _part(high_r, low_w)
    spread = math.sqrt(sum(_variance(side) / total**2 for side, total in ((right, found), (wrong, missed))))
    middle = math.log(found / missed)
    ends = [1 / (1 + math.exp(-(middle + side * Z * spread))) for side in (-1, 1)]
    return found / (found + missed), ends[0], ends[1]


def _variance(side: Sequence[tuple[int, int, int]]) -> float:
    return sum(n * (k / v) ** 2 + n * n * (k / v) * (1 - k / v) / v for n, v, k in side)


def _part(one: float, other: float) -> float:
    return one / (one + other) if one + other else 0.0


def runs_of(labels: Sequence[str]) -> list[tuple[str, ...]]:
    """Every run of neighbours: rows of a table may be joined."""
    return [tuple(labels[a:b]) for a, b in itertools.combinations(range(len(labels) + 1), 2)]
