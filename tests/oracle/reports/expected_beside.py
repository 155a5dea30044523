"""What the pages beside the reports have to say: lists, one class, letters, plans by category, the register, a norm."""

import json
import math
import statistics
from collections import Counter
from typing import Any

from tests.oracle.reports.expected import Expected, percent, rounded, titles
from tests.oracle.reports.expected_region import TALKS_A_DAY, columns_of_class
from tests.oracle.reports.rawrows import Raw, Row
from tests.oracle.reports.recount import FEW, GRADES, Count, class_name, norm_sheets
from xinqiao.care.screening.tests.test_local_norms import expected_line, joined

NORM_COLUMNS = ("Pupils", "Percentile rank", "Interval of 95 percent", "T, linear", "T, by rank")


def active(raw: Raw) -> set[Any]:
    """The pupils who are at school."""
    return {row["id"] for row in raw.students if row["status"] == "active"}


# ---------------------------------------------------------------------------------------------------------------------
# Lists of screenings and of schools, one class


def index(raw: Raw, count: Count) -> Expected:
    """The list of a school's screenings, what is due, and how far its register is."""
    page, school = Expected(), count.campaign["school_id"]
    own = [row for row in raw.campaigns if row["school_id"] == school]
    for campaign in own:
        sittings = [row for row in raw.sittings if row["origin_id"] == campaign["id"]]
        sat = {row["student_id"] for row in sittings if row["state"] == "submitted"}
        invited = {row["student_id"] for row in sittings if row["state"] != "excused"}
        cells = [len(sat), len(invited), *([percent(len(sat), len(invited))] if invited else [])]
        page.row("", "Screenings", campaign["name"], {"Handed in": None if campaign["state"] == "draft" else cells})
    for year, name in GRADES.items():
        page.row("Due this school year", "Grades that the rules in force ask to screen", name, {
            "Held": [sum(_is_held(raw, campaign, year) for campaign in own), 1],
        })  # fmt: skip
    members = {row["student_id"] for row in raw.entries if row["state"] == "kept"} & active(raw)
    launched = {row["id"] for row in own if row["state"] != "draft"}
    sat = {row["student_id"] for row in raw.sittings if row["origin_id"] in launched and row["state"] == "submitted"}
    words = "# of # have handed in a sheet this term. All held ⟨⟩"
    page.add("text", "Pupils of the register this term", words, told=[len(members & sat), len(members)])
    return page


def _is_held(raw: Raw, campaign: Row, year: int) -> bool:
    is_over = campaign["state"] == "closed" and f'"junior", {year}' in campaign["grades"]
    return is_over and any(r["origin_id"] == campaign["id"] and r["state"] == "submitted" for r in raw.sittings)


def schools_to_ask(raw: Raw) -> Expected:
    """The pupils of the schools that can be ordered to screen; of a handful none are told."""
    page, here = Expected(), active(raw)
    county = next(row for row in raw.units if row["kind"] == "county" and row["name"] == "县1")
    for school in (row for row in raw.units if row["kind"] == "school" and row["path"].startswith(county["path"])):
        many = sum(row["id"] in here and row["place"].startswith(school["path"]) for row in raw.students)
        page.row("Schools", "Schools that can be asked", school["name"], {
            "Pupils to be screened": FEW if many < FEW else many,
        })  # fmt: skip
    return page


def one_class(count: Count, unit: Any) -> Expected:
    """The page of one class: where its sittings stand."""
    page, own = Expected(), columns_of_class(count, unit.id)
    for label, name in STANDINGS:
        page.add("stat", "", label, told=own[name])
    return page


STANDINGS = (("Handed in", "submitted"), ("Answering", "started"), ("Not begun", "waiting"),
             ("No consent", "no_consent"), ("Excused", "excused"))  # fmt: skip


def ending(count: Count) -> Expected:
    """The page on which a screening is ended: who is still missing, in all and by class."""
    page = Expected()
    columns = [columns_of_class(count, unit["id"]) for unit in count.classes]
    for label, name in STANDINGS[:3]:
        page.add("stat", "", label, told=sum(own[name] for own in columns))
    for own in columns:
        if own["started"] or own["waiting"]:
            page.add("text", "", "⟨⟩ : # answering, # not begun", told=[own["started"], own["waiting"]])
    return page


def pile(count: Count, unit: Any) -> Expected:
    """The pile of paper sheets of a class."""
    page = Expected()
    checked = [row for row in count.sittings if row["class_id"] == unit.id and row["device"] == "paper"]
    words = "# typed once · # to settle · # checked and handed in"
    page.add("text", "The pile", words, told=[0, 0, len(checked)])
    return page


# ---------------------------------------------------------------------------------------------------------------------
# What class teachers and guardians are asked


def forms_by_class(raw: Raw, campaign: Any) -> dict[str, dict[Any, Counter[str]]]:
    """The forms of a screening by who answers and by class, under what became of them."""
    found: dict[str, dict[Any, Counter[str]]] = {}
    for form in (row for row in raw.forms if row["campaign_id"] == campaign):
        for row in (row for row in raw.sittings if row["origin_id"] == form["id"]):
            where = {"submitted": "in", "waiting": "open", "started": "open"}.get(row["state"])
            where = where or {"refused": "no", "absent": "unanswered"}.get(row["excuse"], "out")
            found.setdefault(form["informant"], {}).setdefault(row["class_id"], Counter())[where] += 1
    return found


def _progress(own: Counter[str]) -> list[int]:
    asked = own["in"] + own["open"] + own["unanswered"]
    return [own["in"], asked, percent(own["in"], asked)]


INFORMANTS = {"teacher": "Class teacher", "parent": "Guardian"}
IN_WORDS = "# / # · #% until ⟨⟩"


def forms(raw: Raw, campaign: Any) -> Expected:
    """How far the forms of a screening that asks no pupil are, by class; whoever waits for a talk does so otherwise."""
    page, units = Expected(), {row["id"]: row for row in raw.units}
    _waiting_otherwise(page, raw, campaign)
    for informant, by_class in forms_by_class(raw, campaign).items():
        label = INFORMANTS[informant]
        for class_id, own in by_class.items():
            page.row(label, label, f"{class_name(units[class_id])}, by name", {
                "Handed in": _progress(own), "Still open": own["open"], "Not answered": own["unanswered"],
                "Not asked": own["out"], "Guardian did not want to": own["no"] if informant == "parent" else None,
            })  # fmt: skip
    return page


def _waiting_otherwise(page: Expected, raw: Raw, campaign: Any) -> None:
    panel, own = "Queue of talks", next(row for row in raw.campaigns if row["id"] == campaign)
    place = {row["id"]: row["place"] for row in raw.students}
    waiting = {row["student_id"] for row in raw.signals if row["state"] != "closed"
               and place[row["student_id"]].startswith(own["place"])}  # fmt: skip
    for label in ("Flagged so far", "Talked to", "Still waiting"):
        page.add("stat", panel, label, told=0)
    page.add("stat", panel, "Waiting for another reason", told=len(waiting))
    page.add("stat", panel, "School days until nobody waits", told=math.ceil(len(waiting) / TALKS_A_DAY))
    page.add("note", panel, "School days until nobody waits", told=TALKS_A_DAY)
    for unit in raw.units:
        if unit["kind"] == "class" and unit["path"].startswith(own["place"]) and unit["entry_year"] == 2026:
            page.row(panel, "Queue of talks by class", class_name(unit), {
                "Handed in": [0, 0], "Flagged so far": 0, "Talked to": 0, "Still waiting": 0,
            })  # fmt: skip


def class_forms(raw: Raw, campaign: Any, class_id: Any) -> Expected:
    """The forms about one class."""
    page = Expected()
    for informant, by_class in forms_by_class(raw, campaign).items():
        page.add("text", INFORMANTS[informant], IN_WORDS, told=_progress(by_class[class_id]))
    return page


def own_forms(raw: Raw, campaign: Any, unit: Any) -> Expected:
    """The forms that a class teacher has to fill in."""
    page, row = Expected(), next(row for row in raw.units if row["id"] == unit.pk)
    own = forms_by_class(raw, campaign)["teacher"][unit.pk]
    page.add("text", class_name(row), IN_WORDS, told=_progress(own))
    return page


# ---------------------------------------------------------------------------------------------------------------------
# Letters of a school


def letters_of(raw: Raw, count: Count) -> dict[Any, list[Row]]:
    """The letters of a screening that were not withdrawn, of pupils who are at school, by class."""
    mailing, here = next(row for row in raw.mailings if row["campaign_id"] == count.campaign["id"]), active(raw)
    found: dict[Any, list[Row]] = {}
    for row in raw.letters:
        if row["mailing_id"] == mailing["id"] and row["state"] != "withdrawn" and row["student_id"] in here:
            found.setdefault(row["class_id"], []).append(row)
    return found


def _is_waiting(letter: Row) -> bool:
    return letter["state"] in ("draft", "read")


def mailing(raw: Raw, count: Count) -> Expected:
    """The letters of a screening, class by class."""
    page = Expected()
    for class_id, own in letters_of(raw, count).items():
        waiting = [row for row in own if _is_waiting(row)]
        page.row("Class by class", "Letters by class", class_name(count.by_id[class_id]), {
            "Letters": len(own), "Released": len(own) - len(waiting),
            "With own words": sum(row["kind"] == "own" for row in waiting) if waiting else None,
            "Handed over": sum(row["delivered_by"] is not None for row in own),
            "Opened": sum(row["opened_at"] is not None for row in own),
        })  # fmt: skip
    return page


def hand_over(raw: Raw, count: Count) -> Expected:
    """How many letters of each class were handed over, of those that are out."""
    page = Expected()
    for class_id, own in letters_of(raw, count).items():
        out = [row for row in own if not _is_waiting(row)]
        handed = sum(row["delivered_by"] is not None for row in out)
        page.row("", "Classes whose letters are handed over", class_name(count.by_id[class_id]), {
            "Handed over": [handed, len(out), percent(handed, len(out))] if out else None,
        })  # fmt: skip
    return page


def class_to_release(raw: Raw, count: Count, class_id: Any) -> Expected:
    """The letters of a class that are ready, and how many of its pupils are called first."""
    page, own = Expected(), [row for row in letters_of(raw, count)[class_id] if _is_waiting(row)]
    red = {row["student_id"] for row in raw.signals if row["urgency"] == "red" and row["state"] != "closed"}
    called = sum(row["student_id"] in red for row in own)
    panel = "Release this class"
    if own:
        page.add("text", panel, "# letters are ready." if len(own) > 1 else "# letter is ready.", told=len(own))
    words = ("# pupils of this class are at red. Their guardians are called today and get the same letter as "
             "everybody: a missing envelope would tell.")  # fmt: skip
    if called:
        page.add("text", panel, words if called > 1 else words.replace("pupils", "pupil").replace(" are at", " is at"),
                 told=called)  # fmt: skip
    return page


# ---------------------------------------------------------------------------------------------------------------------
# Plans by category, the register


def education(raw: Raw, count: Count) -> Expected:
    """Plans by category: how many class teachers had been heard when each was made."""
    page = Expected()
    for plan in (row for row in raw.plans if row["campaign_id"] == count.campaign["id"]):
        scale, _dot, score = plan["category"].partition(".")
        about = f" {titles(scale).scale} · {titles(scale).scores[score]}" if scale else ""
        classes = set(json.loads(plan["class_ids"]))
        heard = sum(
            row["campaign_id"] == count.campaign["id"] and str(row["class_id"]) in classes
            and row["written_at"] <= plan["written_at"] for row in raw.observations
        )  # fmt: skip
        page.row("What is done for which classes", "Plans by category", plan["title"] + about, {"Classes": heard})
    return page


def register(raw: Raw, on: Any) -> Expected:
    """The register: how many entries are due for a look."""
    page = Expected()
    due = sum(row["state"] == "kept" and row["review_on"] <= on for row in raw.entries)
    many, one = (
        "# entries are due for a look: see whether they still hold.",
        "# entry is due for a look: see whether it still holds.",
    )
    page.add("text", "", one if due == 1 else many, told=due)
    return page


# ---------------------------------------------------------------------------------------------------------------------
# A local norm


LEFT_OUT = {
    "no_consent": "Consent was withdrawn, or is no longer enough", "not_scored": "Not scored: too many answers missing",
    "void": "Void by the scale's own rule", "too_fast": "Answered too fast to be read",
    "another_sheet": "A further sheet of the same pupil: the first that counts was taken",
}  # fmt: skip


def norm(raw: Raw, waves: list[Count], scale: str) -> Expected:
    """The page of a norm of one group: girls and boys of junior secondary."""
    page, (own, out) = Expected(), norm_sheets(raw, waves, scale)
    scores = [int(sheet.scores["total"]) for sheet in own]
    panel = "Girls and boys · Junior secondary, grades 6–9"
    page.add("fact", "", "Pupils", told=len(own))
    page.add("fact", "", "Schools", told=1)
    page.add("fact", "", "School year", told=1)
    page.add("fact", "", "Version of the scale", told="1.0")
    page.add("fact", panel, "Pupils", told=len(own))
    page.add("fact", panel, "Mean score", told=rounded(statistics.fmean(scores), 1))
    page.add("fact", panel, "SD", told=rounded(statistics.stdev(scores), 1))
    for line in joined(scores):
        told, *cells = expected_line(scores, line)
        page.row(panel, panel, told, {column: _numbers(cell) for column, cell in zip(NORM_COLUMNS, cells, strict=True)})
    for why, many in out.items():
        page.add("fact", "Left out", LEFT_OUT[why], told=FEW if many < FEW else many)
    return page


def norms(own: int) -> Expected:
    """The list of norms: the first of the school, of one group."""
    page = Expected()
    page.row("Norms in force", "Local norms", "PHQ-9, low mood over two weeks 1.0", {
        "Norm": 1, "Pupils": own, "Groups": 1,
    })  # fmt: skip
    return page


def _numbers(cell: str) -> list[str]:
    return [part for part in cell.replace("≤", "").replace("≥", "").replace("<", "").replace(">", "").replace(
        "–", " ").split() if part]  # fmt: skip
