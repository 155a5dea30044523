"""What a bureau's pages have to say: coverage by school, orders, letters; with what of it may be told."""

from collections import Counter
from typing import Any

from tests.oracle.reports.expected import Expected, percent
from tests.oracle.reports.rawrows import Raw, Row
from tests.oracle.reports.recount import FEW

COARSE = 5  # ours, screening.disclosure


def told_of(part: int, whole: int) -> tuple[int, int]:
    """Between what numbers a count lies that a bureau is told of: one number where it is told exactly."""
    if whole < FEW:
        return (0, whole) if whole else (0, 0)
    if part in (0, whole) or (part >= FEW and whole - part >= FEW):
        return part, part
    if whole < 2 * FEW:
        return 1, whole - 1
    return (1, FEW - 1) if part < FEW else (whole - FEW + 1, whole - 1)


def cell_of(part: int, whole: int) -> Any:
    """The number in a cell that a bureau is told: the count, five (fewer than that, or all but fewer), or none."""
    low, high = told_of(part, whole)
    if low == high and not 0 < whole < FEW:
        return part
    return FEW if whole >= 2 * FEW else None


def schools(raw: Raw) -> Expected:
    """Coverage by school, the share over all, and what is due."""
    page, ends, wholes = Expected(), [0, 0], 0
    county = next(row for row in raw.units if row["kind"] == "county" and row["name"] == "县1")
    for school in (row for row in raw.units if row["kind"] == "school" and row["path"].startswith(county["path"])):
        parts, campaigns = _year(raw, school), _campaigns(raw, school)
        eligible, sat = parts["eligible"], parts["sat"]
        is_tiny = 0 < eligible < FEW
        low, high = (0, FEW - 1) if is_tiny else told_of(sat, eligible)
        ends, wholes = [ends[0] + low, ends[1] + high], wholes + (FEW - 1 if is_tiny else eligible)
        cells: dict[str, Any] = {"Pupils to be screened": FEW if is_tiny else eligible,
                                 "Screenings": len(campaigns), "Handed in": cell_of(sat, eligible)}  # fmt: skip
        if low == high:
            cells["Share"] = percent(sat, eligible)
        rest = eligible - sat - parts["refused"] - parts["absent"]
        if not any(0 < part < FEW for part in (sat, parts["refused"], parts["absent"], rest)):
            cells |= {"Refused": parts["refused"], "Absent": parts["absent"]}
        page.row("By school", "Coverage by school", school["name"], cells)
        page.row(
            "Due this school year", "Schools by what is due", school["name"], {"Grades done": _grades(raw, school)}
        )
    words = "#% of those pupils have handed in a sheet. What is in force here"
    shares = [percent(end, wholes) for end in ends]
    if ends[0] == ends[1]:
        page.add("text", "What is asked", words, told=shares[0])
    elif shares[0] // COARSE == shares[1] // COARSE:
        page.add("text", "What is asked", words, told=shares[0] // COARSE * COARSE)
    return page


def _campaigns(raw: Raw, school: Row) -> list[Row]:
    return [row for row in raw.campaigns if row["school_id"] == school["id"] and row["state"] != "draft"]


def _year(raw: Raw, school: Row) -> Counter[str]:
    """Pupils of a school this school year: eligible, sat, refused, absent; of several reasons a refusal stands.

    A refusal is a no from home; a pupil who did not want to answer is in neither, as on the page of a class.
    """
    campaigns = {row["id"]: row for row in _campaigns(raw, school)}
    forms = {row["form_id"] for row in campaigns.values()}
    no = {row["student_id"] for row in raw.consents if row["form_id"] in forms
          and row["decision"] in ("refused", "withdrawn")}  # fmt: skip
    found: Counter[str] = Counter()
    for student in raw.students:
        if student["status"] != "active" or not student["place"].startswith(school["path"]):
            continue
        own = [row for row in raw.sittings if row["student_id"] == student["id"] and row["origin_id"] in campaigns]
        excuses = {row["excuse"] for row in own if row["state"] == "excused"}
        found["eligible"] += 1
        if any(row["state"] == "submitted" for row in own):
            found["sat"] += 1
        elif "no_consent" in excuses and student["id"] in no:
            found["refused"] += 1
        elif "absent" in excuses:
            found["absent"] += 1
    return found


def _grades(raw: Raw, school: Row) -> list[int]:
    """Grades with an ended screening in which somebody handed in, of all its grades."""
    years = {
        row["entry_year"] for row in raw.units if row["kind"] == "class" and row["path"].startswith(school["path"])
    }
    answered = {row["origin_id"] for row in raw.sittings if row["state"] == "submitted"}
    held: set[int] = set()
    for campaign in _campaigns(raw, school):
        if campaign["state"] == "closed" and campaign["id"] in answered:
            held |= {year for year in years if f'"junior", {year}' in campaign["grades"]}
    return [len(held), len(years)]


def orders(raw: Raw, name: str) -> Expected:
    """The list of orders, with one."""
    page = Expected()
    standings = _standings(raw)
    page.row("", "Screening orders", name, {**standings})
    rounds = {"Ordered": 1, "Held": 1 if standings["Ended"] else 0, "Carried out with": 1}
    page.row("Rounds by school year", "Rounds by school year", "2026–2027", rounds)
    return page


def order(raw: Raw) -> Expected:
    """One order, school by school."""
    page = Expected()
    for label, many in _standings(raw).items():
        page.add("stat", "", label, told=many)
    school = {row["id"]: row for row in raw.units if row["kind"] == "school"}
    state = {row["id"]: row["state"] for row in raw.campaigns}
    for row in raw.ordered:
        if state.get(row["campaign_id"]) not in ("open", "closed"):
            continue
        parts = _year(raw, school[row["school_id"]])
        asked, sat = _asked_by(raw, row["campaign_id"])
        cells = {"Handed in": cell_of(sat, asked)}
        if cells["Handed in"] == sat and sat + 0 not in range(1, FEW):
            cells = {"Handed in": [sat, asked], "Share": percent(sat, asked)}
        if _is_near_the_year(sat, asked, parts):
            cells = {}
        page.row("By school", "Schools of this order", school[row["school_id"]]["name"], cells)
    return page


def _asked_by(raw: Raw, campaign_id: Any) -> tuple[int, int]:
    """The pupils at school whom a screening asks, and those of them who handed in there."""
    campaign = next(row for row in raw.campaigns if row["id"] == campaign_id)
    classes = {
        unit["path"] for unit in raw.units if unit["kind"] == "class" and unit["path"].startswith(campaign["place"])
        and f'"junior", {unit["entry_year"]}' in campaign["grades"]
    }  # fmt: skip
    here = {row["id"] for row in raw.students if row["status"] == "active" and row["place"] in classes}
    sat = {row["student_id"] for row in raw.sittings if row["origin_id"] == campaign_id and row["state"] == "submitted"}
    return len(here), len(here & sat)


def _is_near_the_year(sat: int, asked: int, year: Counter[str]) -> bool:
    """Would a screening's count, held against the year's, tell of a handful? (Where the year's is told exactly.)"""
    more, others = year["sat"] - sat, year["eligible"] - asked
    low, high = told_of(year["sat"], year["eligible"])
    assert low == high or sat <= low or cell_of(sat, asked) != sat, "the region holds no such school"
    return low == high and any(0 < part < FEW for part in (more, others, others - more))


def letters(raw: Raw) -> Expected:
    """The letters of each screening, as a bureau is told: prepared, out, arrived."""
    page, school = Expected(), {row["id"]: row for row in raw.units if row["kind"] == "school"}
    active = {row["id"] for row in raw.students if row["status"] == "active"}
    for mailing in raw.mailings:
        campaign = next(row for row in raw.campaigns if row["id"] == mailing["campaign_id"])
        own = [row for row in raw.letters if row["mailing_id"] == mailing["id"] and row["student_id"] in active
               and row["state"] != "withdrawn"]  # fmt: skip
        out = [row for row in own if row["state"] not in ("draft", "read")]
        counts = (len(own), len(out), sum(row["delivered_at"] is not None for row in out))
        asked, _sat = _asked_by(raw, campaign["id"])
        year = _year(raw, school[campaign["school_id"]])
        assert not _is_near_the_year(counts[0], asked, year), "the region holds no such school"
        low, high = told_of(year["sat"], year["eligible"])
        before, cells = [asked, *([low] if low == high else [])], {}
        for column, count in zip(("Letters", "Released", "Arrived"), counts, strict=True):
            shown = [cell_of(count, whole) for whole in before]
            cells[column] = next((each for each in shown if each != count), count)
            before += [count] if cells[column] == count else []
        page.row("By school", "Letters to guardians by school and screening", school[campaign["school_id"]]["name"],
                 cells)  # fmt: skip
    return page


def _standings(raw: Raw) -> dict[str, int]:
    state = {row["id"]: row["state"] for row in raw.campaigns}
    found: Counter[str] = Counter()
    for row in raw.ordered:
        launched = {"open": "Running", "closed": "Ended"}.get(state.get(row["campaign_id"], ""))
        answer = {"confirmed": "Confirmed", "cannot": "Cannot"}.get(row["state"])
        found[launched or answer or "No answer yet"] += 1
    labels = ("No answer yet", "Confirmed", "Running", "Ended", "Cannot", "Late")
    return {"Schools": len(raw.ordered), **{label: found[label] for label in labels}}
