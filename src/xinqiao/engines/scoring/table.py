"""A table of answers in, a table of scores out, row by row: the core of `xinqiao scale score`.

In: columns `id`, `1` … `n` in any order, optional `sex`, `grade`, `age`; other columns are left aside.
A cell is an answer when, blanks around it removed, it is one of the item's codes written plainly ("2"); an empty cell
is a missing answer. Everything else ("1.0", "02", "+1", "２", "yes") is an illegal answer: it is refused, not guessed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xinqiao.engines.scoring.faults import TableFault
from xinqiao.engines.scoring.model import Scale
from xinqiao.engines.scoring.one import Result, answer_faults, critical_answers, score_one
from xinqiao.engines.scoring.packing import ILLEGAL, MISSING
from xinqiao.engines.scoring.plan import Plan, compile_scale

_SEXES = {
    "male": "male", "m": "male", "男": "male",
    "female": "female", "f": "female", "女": "female",
}  # fmt: skip
_FACTS = ("sex", "grade", "age")
_MOST_DIGITS = 9  # ours: nobody's age has more, and Python refuses to read thousands of them


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where each column stands in a row."""

    width: int
    id: int
    answers: tuple[int, ...]
    facts: dict[str, int]


def score_table(scale: Scale, rows: Iterable[Sequence[str]], *, informant: str | None = None) -> Iterator[list[str]]:
    """Score rows of text, the first of which names the columns; yields the header of the scores, then a row a sheet.

    A row's own trouble is written in its `error` (`illegal_answer:5;missing_answer:9`, `missing_id`, `wrong_length`,
    `illegal_sex`, `illegal_grade`, `illegal_age`) and leaves its scores empty, its critical answers still shown.
    Empty lines are passed over. Raises `TableFault` where the header cannot be used.
    """
    plan = compile_scale(scale, informant=informant)
    lines = iter(rows)
    layout = _layout(plan, next(lines, []))
    codes = [{str(code): code for code in item.codes} | {"": MISSING} for item in scale.items]
    yield ["id", *(name for i in plan.subscale_ids for name in (i, f"{i}_band")), "valid", "critical", "error"]
    for row in lines:
        if row:
            yield _scored_row(plan, layout, codes, row)


def number_text(value: float) -> str:
    """A score without superfluous zeros, four decimals at most."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def answer_columns(item_count: int, header: Sequence[str]) -> tuple[int, tuple[int, ...]]:
    """Where `id` and the items 1 … n stand in a table. Raises `TableFault` where the header cannot be used."""
    names = [cell.strip().lstrip("\ufeff").strip().lower() for cell in header]
    items = {str(number) for number in range(1, item_count + 1)}
    wanted = {"id", *items}
    if not any(names):
        raise TableFault("no_header")
    for name in names:
        if names.count(name) > 1 and (name in wanted or name in _FACTS):
            raise TableFault("duplicate_column", name)
        if name.isdigit() and name not in items:
            raise TableFault("unknown_item", name)
    for name in ("id", *sorted(items, key=int)):
        if name not in names:
            raise TableFault("missing_column", name)
    return names.index("id"), tuple(names.index(str(number)) for number in range(1, item_count + 1))


def _layout(plan: Plan, header: Sequence[str]) -> _Layout:
    named, answers = answer_columns(plan.item_count, header)
    names = [cell.strip().lstrip("\ufeff").strip().lower() for cell in header]
    facts = {name: names.index(name) for name in _FACTS if name in names}
    return _Layout(width=len(names), id=named, answers=answers, facts=facts)


def _scored_row(plan: Plan, layout: _Layout, codes: Sequence[dict[str, int]], row: Sequence[str]) -> list[str]:
    cells = [*row, *[""] * (layout.width - len(row))]
    raw = bytes([known.get(cells[at].strip(), ILLEGAL) for known, at in zip(codes, layout.answers, strict=True)])
    facts, errors = _facts(plan, layout, cells)
    if len(row) < layout.width or any(cell.strip() for cell in row[layout.width :]):
        errors.insert(0, "wrong_length")
    if not cells[layout.id].strip():
        errors.insert(0, "missing_id")
    if errors:
        faults = answer_faults(plan, raw)
        result = Result({}, {}, valid=False, critical=critical_answers(plan, raw), faults=faults)
    else:
        result = score_one(plan, raw, sex=facts.sex, grade=facts.grade, age=facts.age)
    out = [cells[layout.id].strip()]
    for subscale_id in plan.subscale_ids:
        value = result.scores.get(subscale_id)
        out += ["" if value is None else number_text(value), result.bands.get(subscale_id, "")]
    errors += [str(fault) for fault in result.faults]
    return [*out, "true" if result.valid else "false", ";".join(map(str, result.critical)), ";".join(errors)]


@dataclass(frozen=True, slots=True)
class _Facts:
    sex: str | None
    grade: int | None
    age: int | None


def _facts(plan: Plan, layout: _Layout, cells: Sequence[str]) -> tuple[_Facts, list[str]]:
    """What the row says of the person; an unreadable fact matters only where a norm of this scale asks for it."""
    text = {name: cells[at].strip().lower() if (at := layout.facts.get(name)) is not None else "" for name in _FACTS}
    sex = _SEXES.get(text["sex"])
    grade, age = _whole(text["grade"]), _whole(text["age"])
    read = {"sex": sex, "grade": grade, "age": age}
    errors = [f"illegal_{name}" for name in _facts_asked_for(plan) if text[name] and read[name] is None]
    return _Facts(sex, grade, age), errors


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _facts_asked_for(plan: Plan) -> list[str]:
    conditions = [norm.when for score in plan.scores for norm in score.norms if norm.when is not None]
    asked = {
        "sex": any(when.sex is not None for when in conditions),
        "grade": any(when.grades is not None for when in conditions),
        "age": any(when.ages is not None for when in conditions),
    }
    return [name for name in _FACTS if asked[name]]
