"""Pages as they are served, and what is wrong with the numbers on them."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any
from unittest import mock

import typst
from django.test import Client
from django.urls import reverse

from tests.oracle.reports.expected import WORDS, Expected
from tests.oracle.reports.reading import NUMBER, Place, Told, told_by_page, told_by_source, told_by_workbook
from tests.oracle.reports.region import READ_AT, Region
from xinqiao.foundation.core import clock

# Numbers that count nothing, each with the reason why.
ALLOWED: tuple[tuple[str, str], ...] = (
    (r"^method", "published limits and years of what is cited; screening.methods is read by people"),
    (r"^text\|.*(Window|Whom|Made|made on)", "the days of the screening and of the document"),
    (r"^fact\|.*\|(Window|Whom|Made|School|Scales)$", "the same, in the document's head"),
    (r"^row\|By urgency, then|^row\|To answer again", "names of pupils"),
    (r"^cell\|By urgency, then by how much speaks for it\|.*\|Why$", "the numbers of items, as published"),
    (r"^text\|What is asked\|At least once a school year", "the grades of the pack in force"),
    (r"^row\|Also talk to these, drawn by lot", "names of pupils"),
    (r"^text\|How to type", "how the keys are used"),
    (r"^text\|Borrowed devices in turn", "the code of the class, in an address"),
    (r"^text\|Girls and boys", "the grades of a group, over its table"),
    (r"^text\|How this is computed", "the rules of the pack in force, its revision, the years of what is cited"),
    (r"^text\|Make a norm", "versions of scales to choose from"),
    (r"^text\|How to read it\|Intervals of # in #", "the confidence and the years of what is cited"),
)


class Reader:
    """Somebody who looks at reports, in English because places are named by words."""

    def __init__(self, region: Region, login: str) -> None:
        self._client = Client(headers={"accept-language": "en"})
        self._client.force_login(region.login(login))

    def get(self, name: str, *args: Any, **query: str) -> bytes:
        """Return what a page answers: of screening, where the name has no app before it."""
        with clock.frozen(READ_AT):
            response = self._client.get(reverse(name if ":" in name else f"screening:{name}", args=args), query)
        assert response.status_code == 200, (name, response.status_code)
        return bytes(response.content)

    def page(self, name: str, *args: Any, **query: str) -> list[Told]:
        """Return what a page tells."""
        return told_by_page(self.get(name, *args, **query).decode(), WORDS)

    def workbook(self, name: str, *args: Any) -> list[Told]:
        """Return what a spreadsheet tells."""
        return told_by_workbook(self.get(name, *args), WORDS)

    def source(self, name: str, *args: Any) -> list[Told]:
        """Return what the source of a PDF tells."""
        seen: list[Any] = []

        def compiled(*_given: object, sys_inputs: dict[str, str], **_more: object) -> bytes:
            seen.append(json.loads(sys_inputs["data"]))
            return b"%PDF-"

        with mock.patch.object(typst, "compile", compiled):
            self.get(name, *args)
        return told_by_source(seen[0], WORDS)


def wrongs(told: Sequence[Told], expected: Expected) -> list[str]:
    """Return what a reader is told that does not follow from the rows, and what a reader should be told and is not."""
    known = [*expected.must.items(), *expected.may.items()]
    rows = {place[1:4] for place, _told in known if place[0] == "cell"}
    found = []
    for each in told:
        if not each.numbers:
            continue
        right = [*expected.must.get(each.place, ()), *expected.may.get(each.place, ())]
        if not right and not _is_explained(each.place, rows):
            found.append(f"nobody can explain {each.place}: {each.text}")
        elif right and each.numbers not in right:
            found.append(f"{each.place}: told {each.numbers}, counted {' or '.join(map(str, right))}")
    for place, right in expected.must.items():
        many = sum(each.place == place and bool(each.numbers) for each in told)
        if many < len(right):
            found.append(f"{place}: counted {right}, told {many} times")
    return found


def _is_explained(place: Place, rows: Iterable[Place]) -> bool:
    if place[0] == "row" and place[1:4] in rows:
        return True
    text = "|".join(place)
    return any(re.search(pattern, text) for pattern, _reason in ALLOWED)


# ---------------------------------------------------------------------------------------------------------------------
# The summary's three forms in one


TRACED = "Where the numbers are from"


def page_of_summary(told: Sequence[Told]) -> list[Told]:
    """Return a page's tellings with its traced numbers by what they are."""
    return _traced(told)


def workbook_of_summary(told: Sequence[Told], sections: Sequence[str]) -> list[Told]:
    """Return a spreadsheet's tellings as the page says them; its sheets are named by sections, cut short."""
    found = []
    for each in told:
        kind, sheet, *rest = each.place
        if kind == "text":
            continue  # who, when and what for, above every table
        if sheet == told[0].place[1]:
            if kind == "cell":
                found.append(Told(("text", rest[1], NUMBER.sub("#", each.text)), each.text))
            continue
        name = re.sub(r"^\d+ ", "", sheet)
        section = next(section for section in sections if section.startswith(name))
        found.append(Told((kind, section, section, *rest[1:]), each.text))
    return _traced(found)


def source_of_summary(told: Sequence[Told]) -> list[Told]:
    """Return the tellings of a PDF's source as the page says them."""
    return _traced([
        Told((each.place[0], each.place[1], each.place[1], *each.place[3:]), each.text)
        if each.place[0] in ("cell", "row") else each
        for each in told
    ])  # fmt: skip


def _traced(told: Sequence[Told]) -> list[Told]:
    what = {each.place[3]: each.text for each in told if each.place[0] == "cell" and each.place[1] == TRACED
            and each.place[4] == "What"}  # fmt: skip
    found = []
    for each in told:
        if each.place[0] == "cell" and each.place[1] == TRACED:
            if each.place[4] == "Number":
                found.append(Told(("traced", what[each.place[3]]), each.text))
        elif each.place[0] != "row" or each.place[1] != TRACED:
            found.append(each)
    return found
