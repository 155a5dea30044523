"""What running screenings have to say: progress, queue, outlook, whom to talk to."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tests.oracle.reports.expected import (
    FALSE_ALARMS,
    PHQ_SENSITIVITY,
    PHQ_SPECIFICITY,
    PREVALENCE,
    Expected,
    percent,
    rounded,
)
from tests.oracle.reports.recount import FEW, GRADES, Count, class_name

# SOURCE: packs/policy/national-default.yaml, screening.capacity
TALK_MINUTES, TALK_HOURS_A_DAY, FEWEST_PUPILS = 40, 4, 30
COUNSELLORS = 2  # of the school of the tests
TALKS_A_DAY = COUNSELLORS * (TALK_HOURS_A_DAY * 60 // TALK_MINUTES)


def answered_and_flagged(count: Count, classes: Sequence[Any]) -> tuple[int, int]:
    """Return the pupils of some classes who handed in, and those of them who were flagged."""
    own = [row for row in count.sittings if row["state"] == "submitted" and row["class_id"] in classes]
    flagged = {row["origin_id"] for row in count.signals}
    return len({row["student_id"] for row in own}), len({row["student_id"] for row in own if row["id"] in flagged})


def share_of(waves: Sequence[Count], classes: Sequence[Any]) -> float:
    """The share flagged in the last wave with enough pupils of the same grade, else what is published of PHQ-9."""
    for wave in waves:
        answered, flagged = answered_and_flagged(wave, classes)
        if answered >= FEWEST_PUPILS:
            return min(1.0, max(flagged, FEW) / answered)
    return PREVALENCE * PHQ_SENSITIVITY + (1 - PREVALENCE) * (1 - PHQ_SPECIFICITY)


def flags_by_class(count: Count, waves: Sequence[Count], pupils: dict[Any, int]) -> dict[Any, float]:
    """Return the flags to expect of each class."""
    grades: dict[int, list[Any]] = {}
    for unit in count.classes:
        grades.setdefault(unit["entry_year"], []).append(unit["id"])
    return {unit["id"]: pupils[unit["id"]] * share_of(waves, grades[unit["entry_year"]]) for unit in count.classes}


# ---------------------------------------------------------------------------------------------------------------------
# A running screening


def running(count: Count, waves: Sequence[Count]) -> Expected:
    """Its page: the progress, and the queue of talks."""
    page = Expected()
    columns = {unit["id"]: columns_of_class(count, unit["id"]) for unit in count.classes}
    total = sum(columns.values(), Counter())
    words = (("Answering", "started"), ("Not begun", "waiting"), ("No consent", "no_consent"), ("Excused", "excused"))
    for label, name in (("Handed in", "submitted"), *words):
        page.add("stat", "", label, told=total[name])
    for unit in count.classes:
        own = columns[unit["id"]]
        invited = own["submitted"] + own["started"] + own["waiting"]
        handed_in = [own["submitted"], invited, percent(own["submitted"], invited)]
        if own["paper"]:
            handed_in += [0, own["paper"]]
        page.row("By class", "Progress by class", class_name(unit), {
            "Handed in": handed_in, "To answer again": own["again"], **{label: own[name] for label, name in words},
        })  # fmt: skip
    _queue(page, count, waves, columns)
    return page


def columns_of_class(count: Count, class_id: Any) -> Counter[str]:
    """Sittings of a class by column; a further one counts only while it is open."""
    found: Counter[str] = Counter()
    for row in count.sittings:
        if row["class_id"] != class_id:
            continue
        is_further = any(
            other["student_id"] == row["student_id"] and other["round"] < row["round"] and other["state"] == "submitted"
            for other in count.sittings
        )
        is_open = row["state"] in ("waiting", "started")
        if is_further:
            found["again"] += is_open
        elif row["state"] == "excused":
            found["no_consent" if row["excuse"] == "no_consent" else "excused"] += 1
        else:
            found[row["state"]] += 1
        if row["device"] == "paper" and row["state"] == "submitted":
            found["paper"] += 1
    return found


def _queue(page: Expected, count: Count, waves: Sequence[Count], columns: dict[Any, Counter[str]]) -> None:
    panel, caption = "Queue of talks", "Queue of talks by class"
    invited = {key: own["submitted"] + own["started"] + own["waiting"] for key, own in columns.items()}
    flags = flags_by_class(count, waves, invited)
    flagged, waiting = Counter[Any](), Counter[Any]()
    for key, pupils in _by_class(count, is_open=False).items():
        flagged[key] = len(pupils)
    for key, pupils in _by_class(count, is_open=True).items():
        waiting[key] = len(pupils)
    here = {pupil for pupils in _by_class(count, is_open=True).values() for pupil in pupils}
    place = {row["id"]: row["place"] for row in count.raw.students}
    elsewhere = {row["student_id"] for row in count.raw.signals if row["state"] != "closed"
                 and place[row["student_id"]].startswith(count.campaign["place"])} - here  # fmt: skip
    so_far = sum(flags[key] * columns[key]["submitted"] / invited[key] for key in flags if invited[key])
    page.add("stat", panel, "Flagged so far", told=flagged.total())
    page.add("note", panel, "Flagged so far", told=rounded(so_far, 0))
    page.add("stat", panel, "Talked to", told=flagged.total() - waiting.total())
    page.add("stat", panel, "Still waiting", told=waiting.total())
    page.add("stat", panel, "Waiting for another reason", told=len(elsewhere))
    days = math.ceil((waiting.total() + len(elsewhere)) / TALKS_A_DAY)
    page.add("stat", panel, "School days until nobody waits", told=days)
    page.add("note", panel, "School days until nobody waits", told=TALKS_A_DAY)
    for unit in count.classes:
        key = unit["id"]
        page.row(panel, caption, class_name(unit), {
            "Handed in": [columns[key]["submitted"], invited[key]], "Flags to expect": rounded(flags[key], 1),
            "Flagged so far": flagged[key], "Talked to": flagged[key] - waiting[key], "Still waiting": waiting[key],
        })  # fmt: skip


def _by_class(count: Count, *, is_open: bool) -> dict[Any, set[Any]]:
    found: dict[Any, set[Any]] = {}
    for row in count.signals:
        if not is_open or row["state"] != "closed":
            found.setdefault(count.sitting[row["origin_id"]]["class_id"], set()).add(row["student_id"])
    return found


# ---------------------------------------------------------------------------------------------------------------------
# A plan


def plan(count: Count, waves: Sequence[Count]) -> Expected:
    """The page of a draft: whom it reaches, what it will bring, and the pace by class."""
    page = Expected()
    consents = {row["student_id"]: row["decision"] for row in count.raw.consents
                if row["form_id"] == count.campaign["form_id"]}  # fmt: skip
    states: dict[Any, Counter[str]] = {unit["id"]: Counter() for unit in count.classes}
    for row in count.raw.students:
        unit = count.by_path.get(row["place"])
        if unit is not None and row["status"] == "active":
            states[unit["id"]][consents.get(row["id"], "open")] += 1
    total = sum(states.values(), Counter())
    may_come = {key: own["given"] + own["open"] for key, own in states.items()}
    flags = flags_by_class(count, waves, may_come)
    flagged = sum(flags.values())
    days = math.ceil(flagged / TALKS_A_DAY - 1e-6)
    page.add("stat", "", "Pupils", told=total.total())
    page.add("stat", "", "With consent", told=total["given"])
    page.add("stat", "", "Flags to expect", told=rounded(flagged, 0))
    page.add("stat", "", "Days of talks", told=days)
    hours = flagged * TALK_MINUTES / 60
    _outlook(page, total["given"] + total["open"], flagged, hours, days)
    for unit in count.classes:
        own = flags[unit["id"]]
        page.row("Pace by class", "Pace by class", class_name(unit), {
            "May come": may_come[unit["id"]], "Flags to expect": rounded(own, 1),
            "Hours of talks": rounded(own * TALK_MINUTES / 60, 1), "Days of talks": rounded(own / TALKS_A_DAY, 1),
        })  # fmt: skip
    _sitting_days(page, list(flags.values()))
    for year in dict.fromkeys(unit["entry_year"] for unit in count.classes):
        units = [unit["id"] for unit in count.classes if unit["entry_year"] == year]
        own_states = sum((states[key] for key in units), Counter())
        page.row("Pupils by grade", "Pupils by grade", GRADES[year], {
            "Classes": len(units), "Pupils": own_states.total(), "Consent given": own_states["given"],
            "Not answered": own_states["open"], "Refused or withdrawn": own_states["refused"],
            "Without a student number": 0,
        })  # fmt: skip
    return page


def _outlook(page: Expected, pupils: int, flagged: float, hours: float, days: int) -> None:
    panel = "What it will bring"
    words = "If all # who have not said no come to answer, about # are flagged: some # hours of talks."
    page.add("text", panel, words, told=[pupils, rounded(flagged, 0), rounded(hours, 0)])
    words = ("The school's # psychology teachers can hold # talks on a school day, so that all of them take about # "
             "school days.")  # fmt: skip
    page.add("text", panel, words, told=[COUNSELLORS, TALKS_A_DAY, days])
    words = ("A talk is counted with # minutes, a psychology teacher with # hours of talks a day. "
             "What is in force here")  # fmt: skip
    page.add("text", panel, words, told=[TALK_MINUTES, TALK_HOURS_A_DAY])


def _sitting_days(page: Expected, flags: Sequence[float]) -> None:
    """On how many days classes sit: each where those who wait and those it brings fit, or where nobody waits."""
    waiting, todo, days = 0.0, list(flags), 0
    while todo:
        has_sat = False
        while todo and (waiting <= 1e-6 or waiting + todo[0] <= TALKS_A_DAY + 1e-6):
            waiting += todo.pop(0)
            has_sat = True
        days += has_sat
        waiting = max(0.0, waiting - TALKS_A_DAY)
    words = "Proposed: take # days, the last of them ⟨⟩. By ⟨⟩ everyone flagged can have been talked to."
    page.maybe("text", "Pace by class", words, told=days)


# ---------------------------------------------------------------------------------------------------------------------
# Whom to talk to


def results(count: Count) -> Expected:
    """The counts above the list."""
    page = Expected()
    waiting = [row for row in count.signals if row["state"] != "closed"]
    page.add("stat", "", "Red, open", told=sum(row["urgency"] == "red" for row in waiting))
    page.add("stat", "", "Waiting for a talk", told=len(waiting))
    here = {row["id"] for row in count.raw.students if row["status"] == "active"}  # who left is not asked again
    doubtful = {sheet.student_id for sheet in count.sheets if not sheet.counts or sheet.is_fast} & here
    page.add("stat", "", "To answer again", told=len(doubtful))
    words = (
        "It says whom to talk to, not what a child has. Only a talk tells. ⟨⟩, low mood over two weeks: of # flags "
        "about # are false alarms (⟨⟩, if # in # pupils are concerned). And who is not on this list may still need "
        "help: many who later hurt themselves had denied it on a questionnaire."
    )
    page.add("text", "", words, told=[100, FALSE_ALARMS, 5, 100])
    return page
