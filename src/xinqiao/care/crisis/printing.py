"""Papers of cases as documents: each says on every page who printed it and when."""

import datetime as dt

from django.utils.translation import gettext as _

from xinqiao.care.alerts.states import Level
from xinqiao.care.crisis.selectors.cases import CaseList, CaseRow
from xinqiao.care.crisis.selectors.papers import JudgementPaper, PlanPaper
from xinqiao.foundation.ui.documents import Block, Bullets, Grid, Paragraph, Report, Section
from xinqiao.foundation.ui.wording import day_words, moment_words, short_day_words


def level_words(level: str) -> str:
    """Return a level in words; a dash for none."""
    return str(Level(level).label) if level in Level.values else "–"


def _footer(by: str, at: dt.datetime) -> str:
    return _("Printed by {name} on {at}. Confidential: keep it locked away.").format(name=by, at=moment_words(at))


def _whose(row: CaseRow) -> tuple[tuple[str, str], ...]:
    return ((_("Pupil"), row.name), (_("Class"), row.class_name or "–"))


def _text(words: str) -> tuple[Block, ...]:
    return tuple(Paragraph(line) for line in words.splitlines() if line.strip()) or (Paragraph("–"),)


def minutes_report(row: CaseRow, paper: JudgementPaper, by: str, at: dt.datetime) -> Report:
    """The minutes of a conference."""
    facts = (
        *_whose(row), (_("Held on"), moment_words(paper.held_at)), (_("Level"), level_words(paper.level)),
        (_("Level before"), level_words(paper.level_before)),
        (_("Sit together again on"), day_words(paper.review_on)), (_("Written down by"), paper.recorded_by),
    )  # fmt: skip
    looked = (*paper.evidence, *(line for line in paper.looked_at.splitlines() if line.strip()))
    sections = (
        Section(_("Who sat"), (Bullets(paper.people or ("–",)),)),
        Section(_("What was looked at"), (Bullets(looked or ("–",)), Paragraph(both_words(paper), tone="soft"))),
        Section(_("Reasons"), _text(paper.reasons)),
        Section(_("Advice for those who meet the child"), _text(paper.advice)),
    )
    title = _("Minutes of case conference {number}").format(number=paper.number)
    return Report(
        title, _("No diagnosis: a school judges how much care a child needs."), facts, sections, _footer(by, at)
    )


def both_words(paper: JudgementPaper) -> str:
    """Say whether both static and dynamic sources were looked at (S1-07f)."""
    if paper.has_static and paper.has_dynamic:
        return _("Static and dynamic sources were looked at.")
    if paper.has_dynamic:
        return _("Dynamic sources alone: no result of a screening was looked at.")
    if paper.has_static:
        return _("Static sources alone: nobody's observation was looked at.")
    return _("Neither a screening's result nor an observation was ticked.")


def plan_report(row: CaseRow, paper: PlanPaper, by: str, at: dt.datetime) -> Report:
    """One version of a plan."""
    facts = (
        *_whose(row), (_("Version"), str(paper.number)), (_("Written"), day_words(paper.written_at)),
        (_("Written by"), paper.written_by), (_("Helper"), paper.helper),
        (_("Look at the plan again on"), day_words(paper.review_on)),
    )  # fmt: skip
    rows = tuple((each.what, each.who, day_words(each.until) if each.until else "–") for each in paper.measures)
    sections = (
        Section(_("What the plan aims at"), _text(paper.goals)),
        Section(_("Measures"), (Grid((_("What is done"), _("Who"), _("Until")), rows, is_numeric=False),)),
        Section(_("What the helper does"), _text(paper.for_helper)),
        Section(_("What the family does"), _text(paper.family_part)),
    )
    return Report(_("Individual plan"), _("One pupil, one plan"), facts, sections, _footer(by, at))


def ledger_report(ledger: CaseList, by: str, at: dt.datetime, *, with_source: bool) -> Report:
    """The warning ledger; `with_source` only for whoever may know where signals came from."""
    facts = (
        (_("In care"), str(len(ledger.open))), (_("High-risk list"), str(len(ledger.high_risk))),
        (_("Past due"), str(ledger.overdue)), (_("Closed this school year"), str(len(ledger.closed))),
    )  # fmt: skip
    open_now = _grid(
        _open_header(with_source=with_source), [_open_line(row, with_source=with_source) for row in ledger.open]
    )
    ended = _grid(
        (_("Pupil"), _("Outcome"), _("Leads"), _("Follow-ups"), _("Opened on"), _("Closed on")),
        [_closed_line(row) for row in ledger.closed],
    )
    sections = (Section(_("In care"), (open_now,)), Section(_("Closed this school year"), (ended,)))
    return Report(_("Warning ledger"), _("Of this school year"), facts, sections, _footer(by, at))


def _grid(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Block:
    return Grid(header, tuple(rows), is_numeric=False) if rows else Paragraph("–")


def _open_header(*, with_source: bool) -> tuple[str, ...]:
    source = (_("Where it came from"),) if with_source else ()
    return (_("Pupil"), *source, _("Level"), _("Leads"), _("Helper"), _("Measures"), _("Next"))


def _open_line(row: CaseRow, *, with_source: bool) -> tuple[str, ...]:
    source = (row.source,) if with_source else ()
    late = " · " + _("past due") if row.is_overdue else ""
    ahead = f"{row.waits_for} {short_day_words(row.next_on)}{late}" if row.next_on else "–"
    level = level_words(row.level) if row.level in Level.values else row.state_words
    return (f"{row.name} {row.class_name}", *source, level, row.owner, row.helper or "–", str(row.measures), ahead)


def _closed_line(row: CaseRow) -> tuple[str, ...]:
    closed = short_day_words(row.closed_at) if row.closed_at else "–"
    who = f"{row.name} {row.class_name}"
    return (who, row.end_words, row.owner, str(row.follow_ups), short_day_words(row.opened_at), closed)
