"""What each report has to say: place on the page → numbers, from the recount. Nothing of the product is asked.

`must` stand on the page; `may` stand there unless they are hidden; any other number is one that nobody can explain.
"""

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from tests.oracle.reports.reading import Names, Place
from tests.oracle.reports.recount import (
    FEW,
    GRADES,
    OUTCOMES,
    Count,
    Sheet,
    alpha_of,
    class_name,
    corrected,
    covariances,
    norm_sheets,
    runs_of,
    varying,
    wilson,
)
from tests.oracle.scoring_oracle import SCALES
from xinqiao.care.screening.tests import plain

LEAST, IN_GROUP = 100, 200  # SOURCE: packs/policy/national-default.yaml, figures
PREVALENCE = 0.05  # SOURCE: packs/policy/national-default.yaml, screening.capacity.prevalence_percent
PHQ_SENSITIVITY, PHQ_SPECIFICITY = 0.895, 0.775  # SOURCE: Richardson 2010
FALSE_ALARMS = round(
    100 * (1 - PREVALENCE * PHQ_SENSITIVITY / (PREVALENCE * PHQ_SENSITIVITY + (1 - PREVALENCE) * (1 - PHQ_SPECIFICITY)))
)
NORMED = "phq-9"  # the scale of which the region has a norm
OUTCOME_WORDS = dict(
    zip(
        OUTCOMES,
        ("Needs continued care", "Already in care", "Kept in view", "Nothing to it", "Talked to, not decided",
         "Waiting for a talk"),
        strict=True,
    )
)  # fmt: skip
MOST_COLUMNS = 16
# Words with digits in them that count nothing.
WORDS = (
    "PHQ-9", "GAD-7", "Richardson 2010", "Grade 7", "Grade 8", "Grade 9", "Total of 65 or more", "below 8",
    "A content scale of 8 or more", *(f"Grade {grade} class {n}" for grade in (7, 8, 9) for n in (1, 2, 3)),
    "学校1", "县1", "乡镇中学01", "乡镇中学02", "乡镇中学03", "S1-07c", "S2a-3.1a", "S2a-3.3h", "S0-T06.2",
    "S0-E-A5-B15-1", "S1-07a", "2026–2027",
    "S2a-3.1h", "S0-T07.1c",
)  # fmt: skip
NAMES = Names(WORDS)


@dataclass
class Expected:
    """Places and their numbers; rows of one name stand at one place, which then has several tellings."""

    must: dict[Place, list[list[str]]] = field(default_factory=dict)
    may: dict[Place, list[list[str]]] = field(default_factory=dict)

    def row(self, panel: str, caption: str, row: str, cells: Mapping[str, Any]) -> None:
        """A table row; a cell of None has no number."""
        for column, value in cells.items():
            if value is not None:
                self.add("cell", panel, caption, row, column, told=value)

    def add(self, *place: str, told: Any) -> None:
        """One place that must be there."""
        self.must.setdefault(place, []).append(_list(told))

    def maybe(self, *place: str, told: Any) -> None:
        """One place that may be hidden."""
        self.may.setdefault(place, []).append(_list(told))


def _list(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


@dataclass(frozen=True)
class Titles:
    """The names of a scale and of its scores and flags, from its file."""

    scale: str
    scores: Mapping[str, str]
    bands: Mapping[str, Sequence[str]]
    flags: Mapping[str, str]
    items: Mapping[int, str]

    def score(self, score: str) -> str:
        """The name of one score, as the page of figures says it."""
        return f"{self.scale} · {self.scores[score]}" if len(self.scores) > 1 else self.scale


def titles_of(code: str) -> Titles:
    """Read the names of a scale."""
    body = yaml.safe_load((Path(settings.XINQIAO_PACKS) / "scales" / f"{code}.yaml").read_text("utf-8"))
    parts = body["subscales"]
    return Titles(
        body["title"]["en"], {name: part["title"]["en"] for name, part in parts.items()},
        {name: [step["title"]["en"] for step in part["bands"][0]["steps"]] for name, part in parts.items()},
        {flag["id"]: flag["title"]["en"] for flag in body["flags"]},
        {n: text["en"] for n, text in body["items"].get("texts", {}).items()},
    )  # fmt: skip


CODES = ("gad-7", "mht", "phq-9")
TITLES: dict[str, Titles] = {}


def titles(code: str) -> Titles:
    """The names of a scale, read once."""
    if code not in TITLES:
        TITLES[code] = titles_of(code)
    return TITLES[code]


def rounded(number: float, places: int = 2) -> str:
    """A number as a page rounds it: halves up."""
    found = Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return str(found if found else abs(found))


def short(number: float) -> str:
    """At most two decimals, none where the number is whole."""
    text = rounded(number)
    return text[:-3] if text.endswith(".00") else text


def percent(part: int, whole: int) -> int:
    """A whole percentage, rounded down."""
    return part * 100 // whole if whole else 0


# ---------------------------------------------------------------------------------------------------------------------
# The page of figures


def items_of(sheets: Sequence[Sheet], scale: str, score: str) -> list[list[int | None]]:
    """The answers to a score's items, as the key reads them."""
    key = SCALES[scale]
    measure = next(each for each in (*key.subscales, key.total) if each is not None and each.name == score)
    return [[sheet.turned[item - 1] for item in measure.items] for sheet in sheets]


def figures(count: Count, before: Count | None, scale: str, score: str) -> Expected:
    """The page of figures with one score chosen."""
    page, total = Expected(), count.coverage()[""]
    page.add("stat", "", "Pupils", told=total["eligible"])
    page.add("stat", "", "Handed in", told=total["sat"])
    page.add("stat", "", "Coverage in percent", told=percent(total["sat"], total["eligible"]))
    for code in CODES:
        for name in titles(code).scores:
            _overview(page, count, code, name)
    _spread(page, count, scale, score)
    _reliability(page, count, scale, score)
    _bias(page, count, scale, score)
    if before is not None:
        _change(page, count, before, scale, score)
        if scale == NORMED:
            own, _out = norm_sheets(count.raw, [before, count], scale)
            page.add("text", "Local norm", "⟨⟩ · ⟨⟩ norm #, of # pupils", told=[1, len(own)])
    _flags(page, count)
    _care(page, count)
    return page


def _overview(page: Expected, count: Count, code: str, name: str) -> None:
    if (code, name) not in count.kept:
        count.kept[code, name] = _cells_of_score(count, code, name)
    page.row("All scores", "All scores", titles(code).score(name), count.kept[code, name])


def _cells_of_score(count: Count, code: str, name: str) -> dict[str, Any]:
    values = [float(sheet.scores[name]) for sheet in count.counted(code)]
    cells: dict[str, Any] = {"Sheets": len(values)}
    if len(values) >= FEW:
        cells |= {"Mean score": rounded(statistics.fmean(values)), "SD": rounded(statistics.stdev(values))}
    rows = items_of(count.counted(code), code, name)
    if _complete(rows) >= LEAST:
        table = covariances(varying(rows))
        alpha, omega = alpha_of(table), plain.omega_of(*plain.factor_of(plain.np.array(table)))
        sem = math.sqrt(sum(map(sum, table))) * math.sqrt(1 - alpha)
        cells |= {"Alpha": rounded(alpha), "Omega": rounded(omega), "Error (SEM)": rounded(sem)}
    return cells


def _complete(rows: Sequence[Sequence[int | None]]) -> int:
    return sum(None not in row for row in rows)


def _spread(page: Expected, count: Count, scale: str, score: str) -> None:
    panel = titles(scale).score(score)
    values = sorted(float(sheet.scores[score]) for sheet in count.counted(scale))
    own = count.of_scale(scale)
    page.add("fact", panel, "Sheets that count", told=len(values))
    page.add("fact", panel, "Mean score", told=rounded(statistics.fmean(values)))
    page.add("fact", panel, "SD", told=rounded(statistics.stdev(values)))
    page.add("fact", panel, "Lowest and highest", told=[short(values[0]), short(values[-1])])
    page.add("fact", panel, "Quartiles", told=[short(plain.quantile(values, share)) for share in (0.25, 0.5, 0.75)])
    void, faulty = sum(sheet.is_void for sheet in own), sum(sheet.is_faulty for sheet in own)
    if void or faulty:
        page.add("fact", panel, "Not counted", told=[void, faulty])
    for label, many in columns(values):
        page.add("bar", panel, label, told=many)
        page.add("cell", panel, "Sheets by score", label, "", told=many)


def columns(values: Sequence[float]) -> list[tuple[str, int]]:
    """Columns of whole scores: the narrowest of 1, 2, 5, 10 … of which no more than sixteen are needed."""
    low, high = int(min(values)), int(max(values))
    width = next(w for w in (1, 2, 5, 10, 20, 50) if high // w - low // w < MOST_COLUMNS)
    starts = [at * width for at in range(low // width, high // width + 1)]
    return [
        (str(at) if width == 1 else f"{at}–{at + width - 1}", sum(at <= value < at + width for value in values))
        for at in starts
    ]


def _reliability(page: Expected, count: Count, scale: str, score: str) -> None:
    panel = "How reliable it is here"
    rows = items_of(count.counted(scale), scale, score)
    complete = _complete(rows)
    if complete < LEAST:
        page.add(
            "text", panel, "Too few: # complete sheets, and a reliability is said from # on.", told=[complete, LEAST]
        )
        return
    kept = [row for row in varying(rows) if None not in row]
    table = covariances(kept)
    omega = plain.omega_of(*plain.factor_of(plain.np.array(table)))
    sem = math.sqrt(sum(map(sum, table))) * math.sqrt(1 - alpha_of(table))
    for name, value, ends in (
        ("Cronbach's alpha, interval of # percent", alpha_of(table), plain.alpha_interval(kept)),
        ("McDonald's omega, interval of # percent", omega, plain.omega_interval(kept)),
    ):
        label = name.replace("#", "95")
        page.add("fact", panel, label, told=[rounded(value), *(rounded(end) for end in ends)])
    page.add("fact", panel, "Standard error of measurement, in points", told=rounded(sem))
    page.add("fact", panel, "Complete sheets", told=complete)
    key = SCALES[scale]
    measure = next(each for each in (*key.subscales, key.total) if each is not None and each.name == score)
    for at, item in enumerate(measure.items):
        column = [row[at] for row in rows]
        page.row(panel, "Items", titles(scale).items.get(item, f"wording {item}"), {
            "Item": item, "Answers given": len(column), "Mean score": rounded(statistics.fmean(column)),
            "SD": rounded(statistics.stdev(column)), "With the rest": rounded(plain.rest_correlation(rows, at)),
            "Alpha without": rounded(plain.alpha(plain.without(rows, at))),
        })  # fmt: skip


def _bias(page: Expected, count: Count, scale: str, score: str) -> None:
    own = [sheet for sheet in count.counted(scale) if None not in items_of([sheet], scale, score)[0]]
    if len(own) < LEAST:
        return
    panel, sex = "Do the items mean the same to all?", {row["id"]: row["sex"] for row in count.raw.students}
    sexes = [sex[sheet.student_id] for sheet in own]
    told = [(word, sexes.count(code)) for word, code in (("Female", "female"), ("Male", "male")) if code in sexes]
    page.add("text", panel, " · ".join(f"{word} #" for word, _n in told), told=[n for _word, n in told])
    page.add("text", panel, "Junior secondary #", told=len(own))
    if len(told) > 1:
        words = "Too few: it is computed between groups of at least # complete sheets, and there are not two."
        page.add("text", panel, words, told=IN_GROUP)


def _change(page: Expected, count: Count, before: Count, scale: str, score: str) -> None:
    panel = "Since the wave before"
    then = {s.student_id: row for s in before.counted(scale) for row in items_of([s], scale, score) if None not in row}
    now = {s.student_id: row for s in count.counted(scale) for row in items_of([s], scale, score) if None not in row}
    if len(then) < LEAST:
        words = ("“第一轮” has # complete sheets, too few to know the error of measurement (# are needed). "
                 "So nobody's change is judged.")  # fmt: skip
        page.add("text", panel, words, told=[len(then), LEAST])
        return
    table = covariances(varying(list(then.values())))
    sem = math.sqrt(sum(map(sum, table))) * math.sqrt(1 - alpha_of(table))
    # A pupil who left took the sheet along; the error stays as it was.
    left = {row["id"] for row in count.raw.students if row["status"] != "active"}
    differences = [sum(now[pupil]) - sum(then[pupil]) for pupil in now if pupil in then]
    assert left
    error = 1.96 * math.sqrt(2) * sem
    page.add("text", panel, "# pupils answered both this screening and “第一轮” completely.", told=len(differences))
    page.add("fact", panel, "Worse, beyond error", told=sum(d >= error for d in differences))
    page.add("fact", panel, "Better, beyond error", told=sum(d <= -error for d in differences))
    page.add("fact", panel, "Within the error", told=sum(abs(d) < error for d in differences))
    page.add("fact", panel, "Mean change, in points", told=rounded(statistics.fmean(differences)))
    page.add("fact", panel, "Error of the wave before (SEM)", told=rounded(sem))


def _flags(page: Expected, count: Count) -> None:
    """Rows of one scale share their name, so a second flag stands at the same place: it is told by its numbers."""
    for code in CODES:
        own = count.counted(code)
        for flag in titles(code).flags:
            flagged = sum(flag in sheet.flags for sheet in own)
            cells: dict[str, Any] = {"Flagged": [flagged, len(own), rounded(100 * flagged / len(own), 1)]}
            if code == "phq-9":
                cells["Expected to be false alarms"] = [FALSE_ALARMS, 100]
            page.row("Flagged", "Flagged", titles(code).scale, cells)


def _care(page: Expected, count: Count) -> None:
    panel = "How carefully it was answered"
    for code in CODES:
        own = count.of_scale(code)
        fast = sum(sheet.is_fast for sheet in own)
        signs = [fast]
        if code == "mht":
            signs.append(sum(bool(sheet.is_inconsistent) for sheet in own))
        page.row(panel, panel, titles(code).scale, {
            "Sheets": len(own), "Sheets that show a sign": signs, "To answer again": fast,
            "Void by the scale's rule": sum(sheet.is_void for sheet in own),
        })  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------------
# Coverage, distribution, accuracy


def coverage(count: Count) -> Expected:
    """The coverage of one screening."""
    page, counted = Expected(), count.coverage()
    total = counted[""]
    for label, name in (("Pupils", "eligible"), ("Handed in", "sat"), ("Refused", "refused"),
                        ("Consent not answered", "unanswered"), ("Excused", "excused"),
                        ("Absent or not yet", "missing")):  # fmt: skip
        page.add("stat", "", label, told=total[name])
    grades = list(dict.fromkeys(GRADES[unit["entry_year"]] for unit in count.classes))
    groups = (("stage", ["Junior secondary"]), ("grade", grades),
              ("class", [class_name(unit) for unit in count.classes]))  # fmt: skip
    for kind, labels in groups:
        for label in labels:
            own = counted[label]
            page.row(f"By {kind}", f"Coverage by {kind}", label, {
                "Pupils": own["eligible"],
                "Handed in": [own["sat"], own["eligible"], percent(own["sat"], own["eligible"])],
                "Refused": own["refused"], "Consent not answered": own["unanswered"], "Excused": own["excused"],
                "Absent or not yet": own["missing"], "No sitting": own["unseated"],
            })  # fmt: skip
    return page


def distribution(count: Count, scale: str, score: str) -> Expected:
    """The bands of one score by grade and class."""
    page, names = Expected(), titles(scale)
    panel, counted = f"{names.scale} · {names.scores[score]}", count.band_counts(scale, score)
    own = count.of_scale(scale)
    outside = sum(sheet.is_faulty or (sheet.is_void and score != "lie") for sheet in own)
    if outside:
        page.add("text", panel, "Not in the bars: # void or incomplete sheets, # without a band.", told=[outside, 0])
    for label, counts in counted.items():
        where, caption = (panel, "Bands by grade") if " class " not in label else ("By class", "Bands by class")
        total = sum(counts)
        page.add("bar", where, label, told=total)
        cells: dict[str, Any] = {"All": total}
        for band, many in zip(names.bands[score], counts, strict=True):
            cells[band] = [many, rounded(100 * many / total, 0) if total else 0]
        page.row(where, caption, label, cells)
    return page


def accuracy(count: Count) -> Expected:
    """How good each flag was."""
    page = Expected()
    over_panel, over_caption = "Of those flagged, how many needed help", "Flags and what the talks found"
    for code in CODES:
        for flag, title in titles(code).flags.items():
            strata = count.strata(code, flag)
            flagged, talked, needed = strata[0]
            cells: dict[str, Any] = {"Flagged": flagged, "Talked to": talked}
            if talked >= FEW:
                shares = (needed / talked, *wilson(needed, talked))
                cells |= {"Needed help": needed, "Rightly flagged, with its interval": [round(100 * s) for s in shares]}
            else:
                cells["Rightly flagged, with its interval"] = FEW
            page.row(over_panel, over_caption, f"{titles(code).scale} {title}", cells)
            _missed(page, code, flag, strata)
    quiet = {sheet.student_id for sheet in count.sheets} - {row["student_id"] for row in count.signals}
    page.add(
        "text", "Also talk to these, drawn by lot", "# drawn of # on ⟨⟩, ⟨⟩.", told=[len(count.raw.draws), len(quiet)]
    )
    return page


def _missed(page: Expected, code: str, flag: str, strata: Sequence[tuple[int, int, int]]) -> None:
    cells: dict[str, Any] = {}
    if strata[0][1] >= FEW and strata[2][1] >= FEW:
        for name, is_of_need in (
            ("Of those who need help, flagged", True),
            ("Of those who need none, not flagged", False),
        ):
            found = corrected(strata, is_of_need=is_of_need)
            if found is not None:
                cells[name] = [round(100 * share) for share in found]
    page.row(
        "Whom it found and whom it missed", "Sensitivity and specificity of each line",
        f"{titles(code).scale} {titles(code).flags[flag]}", cells,
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------------
# The summary: page, spreadsheet and PDF say the same


def summary(count: Count, now: Any) -> Expected:
    """Every number of the summary; what may be hidden is in `may`."""
    page = Expected()
    _reached(page, count)
    _table_of_reached(page, count)
    for code in CODES:
        _scale(page, count, code)
    _talks(page, count, now)
    return page


def _reached(page: Expected, count: Count) -> None:
    total = count.coverage()[""]
    sat, eligible = total["sat"], total["eligible"]
    page.add("text", "In short", "# of # pupils answered, # %. ⟨⟩⟨⟩", told=[sat, eligible, percent(sat, eligible)])
    page.add("traced", "Pupils of the chosen grades", told=eligible)
    page.add("traced", "Handed in", told=sat)
    words = "Of the others, # said no, # had no answer from home, # were absent, # were excused, # had no seat. ⟨⟩"
    page.add("text", "In short", words, told=[total[name] for name in
             ("refused", "unanswered", "missing", "excused", "unseated")])  # fmt: skip
    page.add("traced", "Did not answer", told=eligible - sat)


def _table_of_reached(page: Expected, count: Count) -> None:
    counted = count.coverage()
    for label in (*dict.fromkeys(GRADES[u["entry_year"]] for u in count.classes), ""):
        own = counted[label]
        page.row("Who was reached", "Who was reached", label or "All", {
            "Pupils": own["eligible"], "Handed in": own["sat"], "Share": percent(own["sat"], own["eligible"]),
            "Refused": own["refused"], "Consent not answered": own["unanswered"], "Excused": own["excused"],
            "Absent or not yet": own["missing"] + own["unseated"],
        })  # fmt: skip


def _scale(page: Expected, count: Count, code: str) -> None:
    names, own = titles(code), count.of_scale(code)
    panel = names.scale
    page.add("text", panel, "# sheets. ⟨⟩", told=len(own))
    page.add("traced", f"Sheets of {NAMES.without(panel)}", told=len(own))
    doubtful = sum(sheet.is_void or sheet.is_faulty or sheet.is_fast for sheet in own)
    words = "# sheets were void, incomplete or answered without reading, and should be answered again."
    page.maybe("text", panel, words, told=doubtful)
    if code == "phq-9":
        page.add("text", panel, "Of # flags by this scale about # are false alarms (⟨⟩).", told=[100, FALSE_ALARMS])
    _bands(page, count, code)
    for score, title in names.scores.items():
        if len(names.scores) > 2 and score != "lie":
            above = sum(sum(counts[1:]) for counts in _by_grade(count, code, score).values())
            row = f"{panel} · {title}"
            page.maybe("cell", panel, panel, row, "Pupils", told=len(own))
            page.maybe("cell", panel, panel, row, "Above the lowest band", told=above)
            page.maybe("cell", panel, panel, row, "Share of pupils", told=percent(above, len(own)))


def _by_grade(count: Count, code: str, score: str) -> dict[str, list[int]]:
    return {label: counts for label, counts in count.band_counts(code, score).items() if " class " not in label}


def _bands(page: Expected, count: Count, code: str) -> None:
    """Rows may be joined with their neighbours, and cells hidden; sheets without a band are a column of their own."""
    names, counted = titles(code), _by_grade(count, code, "total")
    labels = [label for label in dict.fromkeys(GRADES[u["entry_year"]] for u in count.classes) if label in counted]
    sheets = Counter(GRADES[count.by_id[sheet.class_id]["entry_year"]] for sheet in count.of_scale(code))
    for run in runs_of(labels):
        counts = [sum(column) for column in zip(*(counted[label] for label in run), strict=True)]
        everybody = sum(sheets[label] for label in run)
        for row in (", ".join(run), *(["All"] if run == tuple(labels) else [])):
            page.maybe("cell", names.scale, names.scale, row, "Pupils", told=everybody)
            page.maybe("cell", names.scale, names.scale, row, "Without a band", told=everybody - sum(counts))
            for band, many in zip(names.bands["total"], counts, strict=True):
                page.maybe("cell", names.scale, names.scale, row, band, told=many)
        _bars(page, names, ", ".join(run), counts)


def _bars(page: Expected, names: Titles, row: str, counts: Sequence[int]) -> None:
    caption = f"{names.scale} · {names.scores['total']}"
    page.maybe("bar", names.scale, row, told=sum(counts))
    page.maybe("bars", names.scale, row, told=list(counts))
    page.maybe("cell", names.scale, caption, row, "All", told=sum(counts))
    for band, many in zip(names.bands["total"], counts, strict=True):
        share = rounded(100 * many / sum(counts), 0) if sum(counts) else 0
        page.maybe("cell", names.scale, caption, row, band, told=[many, share])


def _talks(page: Expected, count: Count, now: Any) -> None:
    outcomes, answered = count.outcomes(), len({sheet.student_id for sheet in count.sheets})
    flagged = outcomes.total()
    words = "The answers of # pupils ask for a talk, # % of those who answered. ⟨⟩"
    page.maybe("text", "In short", words, told=[flagged, percent(flagged, answered)])
    page.maybe("traced", "Pupils to talk to", told=flagged)
    waiting = outcomes["waiting"]
    page.maybe("text", "In short", "By ⟨⟩, still waiting for a talk: #. ⟨⟩", told=waiting)
    page.maybe("traced", "Waiting for a talk", told=waiting)
    for outcome, word in OUTCOME_WORDS.items():
        page.maybe("cell", "What came of it", "What came of it", word, "Pupils", told=outcomes[outcome])
    due, held = count.in_time(now)
    page.maybe("text", "What came of it", "# of # talks that were due were held in time. ⟨⟩", told=[held, due])
    page.maybe("traced", "Talks held in time", told=[held, due])
