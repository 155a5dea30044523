"""The versions of a filing and its story, for pages that have already found the filing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xinqiao.care.filings.bureaus import bureau_name
from xinqiao.care.filings.models import Filing
from xinqiao.care.filings.payload import payload_from, shown_rows
from xinqiao.care.filings.rows import every_edition, every_passing
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names


@dataclass(frozen=True)
class EditionRow:
    """One version: what it says, what became of it, and what the bureau replied."""

    number: int
    rows: Sequence[tuple[str, str]]
    composed_at: dt.datetime
    composed_by: str
    checked_by: str
    return_words: str
    sent_at: dt.datetime | None
    seen_at: dt.datetime | None
    reply: str


@dataclass(frozen=True)
class StepRow:
    """One dated thing as a timeline shows it."""

    at: dt.datetime
    title: str
    text: str = ""
    who: str = ""
    tone: str = ""


def edition_rows(filing: Filing, *, sent_only: bool = False, unnamed: bool = False) -> list[EditionRow]:
    """Return the versions, the newest first; for a bureau those that were sent."""
    rows = every_edition().filter(filing=filing).order_by("-number")
    found = list(rows.filter(sent_at__isnull=False) if sent_only else rows)
    opened = open_sealed(found, "payload", "reply", "return_words")
    names = staff_names([each for row in found for each in (row.composed_by, row.checked_by) if each])
    result = []
    for row, said in zip(found, opened, strict=True):
        payload = payload_from(said["payload"] or "")
        result.append(
            EditionRow(
                number=row.number, rows=shown_rows(payload.unnamed() if unnamed else payload),
                composed_at=row.composed_at, composed_by=names.get(row.composed_by, ""),
                checked_by=names.get(row.checked_by, "") if row.checked_by else "",
                return_words=said["return_words"] or "", sent_at=row.sent_at, seen_at=row.seen_at,
                reply=said["reply"] or "",
            )
        )  # fmt: skip
    return result


def story_of(filing: Filing, *, sent_only: bool = False) -> list[StepRow]:
    """Return what happened to a filing, the newest first; a bureau sees what reached it, and no names of staff."""
    steps: list[StepRow] = []
    editions = list(every_edition().filter(filing=filing).order_by("number"))
    opened = open_sealed(editions, "reply", "return_words")
    people = {by for row in editions for by in (row.composed_by, row.checked_by, row.returned_by, row.sent_by) if by}
    names = {} if sent_only else staff_names([*people, *([filing.lapsed_by] if filing.lapsed_by else [])])
    for row, said in zip(editions, opened, strict=True):
        version = _("version {number}").format(number=row.number)
        if not sent_only:
            steps.append(StepRow(row.composed_at, _("A version was written"), version, names.get(row.composed_by, "")))
            if row.checked_at and row.checked_by:
                steps.append(StepRow(row.checked_at, _("Checked"), version, names.get(row.checked_by, "")))
            if row.returned_at and row.returned_by:
                words = said["return_words"] or ""
                steps.append(StepRow(row.returned_at, _("Given back"), words, names.get(row.returned_by, ""), "yellow"))
        if row.sent_at and row.sent_by:
            steps.append(StepRow(row.sent_at, _("Sent to the bureau"), version, names.get(row.sent_by, "")))
        if row.seen_at:
            steps.append(StepRow(row.seen_at, _("Confirmed by the bureau"), said["reply"] or "", "", "green"))
    steps += _passed_steps(filing)
    if filing.lapsed_at and not sent_only:
        words = open_sealed([filing], "lapse_words")[0]["lapse_words"] or ""
        who = names.get(filing.lapsed_by, "") if filing.lapsed_by else ""
        steps.append(StepRow(filing.lapsed_at, _("No longer needed"), words, who, "yellow"))
    if not sent_only:
        steps.append(StepRow(filing.owed_at, _("Became due by the rules in force")))
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _passed_steps(filing: Filing) -> list[StepRow]:
    rows = every_passing().filter(filing=filing)
    return [StepRow(row.passed_at, _("Passed on, without a name"), bureau_name(row.bureau)) for row in rows]
