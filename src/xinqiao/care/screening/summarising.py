"""A school's summary of an ended screening in plain language: sentences and tables made from its numbers, each number
with a mark that leads to what it counts and where its records are.
"""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from xinqiao.care.screening.disclosure import percent
from xinqiao.care.screening.listing import listed
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.coverage import CoverageRow
from xinqiao.care.screening.selectors.summary import ScaleSummary, SchoolSummary, Talks
from xinqiao.care.screening.spreadsheets import Row, workbook
from xinqiao.care.screening.tones import toned
from xinqiao.engines.disclosure import Protected
from xinqiao.foundation.ui.documents import Bars, Block, Bullets, Grid, Paragraph, Report, Section
from xinqiao.foundation.ui.wording import day_words


@dataclass(frozen=True)
class TracedNumber:
    """One number of the summary: its mark, what it is, how it was counted, and the page with its records ("" where the
    reader may not see those)."""

    mark: str
    what: str
    value: str
    how: str
    url: str


@dataclass(frozen=True)
class Summary:
    """What is shown: the report, and the numbers behind it."""

    report: Report
    numbers: tuple[TracedNumber, ...]


class _Marks:
    """Gives numbers their marks in the order in which they are first used."""

    def __init__(self, campaign: Campaign, *, may_see_pupils: bool) -> None:
        self.found: list[TracedNumber] = []
        self._campaign = campaign
        self._may_see_pupils = may_see_pupils

    def mark(self, what: str, value: object, how: str, page: str) -> str:
        """Note a number, return its mark; `page` is a URL name of screening that takes the campaign."""
        mark = f"[{len(self.found) + 1}]"
        is_open = self._may_see_pupils or page == "campaign-coverage"
        url = reverse(f"screening:{page}", args=[self._campaign.pk]) if is_open else ""
        self.found.append(TracedNumber(mark, what, shown(value), how, url))
        return mark


def shown(value: object) -> str:
    """A count in words; None is one that would speak of a handful."""
    return _("not shown") if value is None else str(value)


def summarised(
    numbers: SchoolSummary,
    campaign: Campaign,
    school: str,
    grades: str,
    at: dt.datetime,
    by: str,
    *,
    may_see_pupils: bool,
) -> Summary:
    """Return the summary in the reader's language; `at` (aware) is now, `by` who has it made."""
    marks = _Marks(campaign, may_see_pupils=may_see_pupils)
    sections = (
        Section(_("In short"), (Bullets(_findings(numbers, marks, at)), Paragraph(_meaning(), "warning"))),
        Section(_("Who was reached"), _coverage_blocks(numbers.coverage.by_grade, numbers.coverage.total)),
        *(Section(scale.title, _scale_blocks(scale, marks)) for scale in numbers.scales),
        Section(_("What came of it"), _talk_blocks(numbers.talks, marks)),
        Section(_("What to do next"), (Bullets(_advice(numbers)),)),
    )
    facts = (
        (_("School"), school),
        (_("Screening"), campaign.name),
        (_("Window"), f"{day_words(campaign.opens_at)} – {day_words(campaign.closes_at)}"),
        (_("Whom"), grades),
        (_("Scales"), listed(scale.title for scale in numbers.scales)),
        (_("Made"), f"{day_words(at)} · {by}"),
    )
    report = Report(
        title=_("What the screening says"), subtitle=f"{school} · {campaign.name}", facts=facts, sections=sections,
        footer=_("{school} · made on {day} · without names · not for ranking, evaluation or admission").format(
            school=school, day=day_words(at)
        ),
    )  # fmt: skip
    return Summary(report, tuple(marks.found))


def _findings(numbers: SchoolSummary, marks: _Marks, at: dt.datetime) -> tuple[str, ...]:
    return tuple(sentence for sentence in (*_reached(numbers, marks), *_to_talk_to(numbers, marks, at)) if sentence)


def _reached(numbers: SchoolSummary, marks: _Marks) -> list[str]:
    total = numbers.coverage.total
    eligible = marks.mark(
        _("Pupils of the chosen grades"), total.eligible, _("Pupils at the school in the chosen grades."),
        "campaign-coverage",
    )  # fmt: skip
    sat = marks.mark(
        _("Handed in"), total.sat, _("Of them, those with at least one sheet handed in."), "campaign-coverage"
    )
    found = [
        _("{sat} of {eligible} pupils answered, {share} %. {marks}").format(
            sat=total.sat, eligible=total.eligible, share=percent(total.sat, total.eligible) or 0, marks=eligible + sat
        )
    ]
    if total.sat < total.eligible:
        found.append(
            _("Of the others, {refused} said no, {unanswered} had no answer from home, {missing} were absent, "
              "{excused} were excused, {unseated} had no seat. {marks}").format(
                refused=total.refused, unanswered=total.unanswered, missing=total.missing, excused=total.excused,
                unseated=total.unseated, marks=marks.mark(
                    _("Did not answer"), total.eligible - total.sat,
                    _("The rest; each pupil stands in one column of the coverage page."), "campaign-coverage",
                ),
            )
        )  # fmt: skip
    return found


def _to_talk_to(numbers: SchoolSummary, marks: _Marks, at: dt.datetime) -> list[str]:
    talks = numbers.talks
    mark = marks.mark(
        _("Pupils to talk to"), talks.pupils,
        _("Pupils with at least one signal from this screening: a score above a published line, a critical answer, or "
          "the wish to talk."),
        "results",
    )  # fmt: skip
    if talks.pupils is None:
        return [_("A handful of answers ask for a talk, or all but a handful: the number is not shown. {mark}").format(
            mark=mark)]  # fmt: skip
    if not talks.pupils:
        return [_("No answers asked for a talk. {mark}").format(mark=mark)]
    found = [
        _("The answers of {pupils} pupils ask for a talk, {share} % of those who answered. {mark}").format(
            pupils=talks.pupils, share=percent(talks.pupils, numbers.pupils) or 0, mark=mark
        )
    ]
    return [*found, *_standing_sentences(talks, marks, at)]


def _standing_sentences(talks: Talks, marks: _Marks, at: dt.datetime) -> list[str]:
    if talks.outcomes is None:
        return [_("What became of them is not taken apart: too few.")]
    waiting = talks.outcomes.shown[0][-1]
    mark = marks.mark(
        _("Waiting for a talk"), waiting, _("Pupils with an open signal and no talk on record."), "results"
    )
    if waiting == 0:
        return [_("None of them is waiting for a talk any more. {mark}").format(mark=mark)]
    return [_("By {day}, still waiting for a talk: {waiting}. {mark}").format(
        day=day_words(at), waiting=shown(waiting), mark=mark)]  # fmt: skip


def _meaning() -> str:
    return _(
        "A questionnaire says whom to talk to, not what a child has. Who was not flagged may still need help. "
        "A low number of pupils to talk to is no success, a high one no failure."
    )


def _coverage_blocks(rows: tuple[CoverageRow, ...], total: CoverageRow) -> tuple[Block, ...]:
    header = (_("Grade"), _("Pupils"), _("Handed in"), _("Share"), _("Refused"), _("Consent not answered"),
              _("Excused"), _("Absent or not yet"))  # fmt: skip
    lines = [*rows, CoverageRow(_("All"), *(_columns(total)))]
    return (Grid(header, tuple(_coverage_line(row) for row in lines)),)


def _columns(row: CoverageRow) -> tuple[int, ...]:
    return row.eligible, row.sat, row.refused, row.unanswered, row.excused, row.missing, row.unseated


def _coverage_line(row: CoverageRow) -> tuple[str, ...]:
    share = "–" if row.share is None else f"{row.share} %"
    counts = (row.refused, row.unanswered, row.excused, row.missing + row.unseated)
    return row.label, str(row.eligible), str(row.sat), share, *(str(count) for count in counts)


def _scale_blocks(scale: ScaleSummary, marks: _Marks) -> tuple[Block, ...]:
    mark = marks.mark(
        _("Sheets of {scale}").format(scale=scale.title), scale.sheets,
        _("Of each pupil the sheet handed in last."), "distribution",
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(_("{sheets} sheets. {mark}").format(sheets=scale.sheets, mark=mark))]
    if scale.by_grade is None:
        words = _("Scores are not shown by grade: they would speak of a handful of pupils.")
        blocks.append(Paragraph(words, "soft"))
    else:
        blocks += _band_blocks(scale, scale.by_grade)
    if len(scale.raised) > 1:
        blocks.append(_raised_grid(scale))
    if scale.false_alarms is not None:
        blocks.append(Paragraph(_("Of 100 flags by this scale about {share} are false alarms ({source}).").format(
            share=scale.false_alarms, source=scale.source), "soft"))  # fmt: skip
    if scale.short != 0:
        blocks.append(Paragraph(_("Asked by adapting, with an estimate in place of a score and therefore without "
                                  "a band: {count} sheets.").format(count=shown(scale.short)), "soft"))  # fmt: skip
    if scale.doubtful:
        blocks.append(Paragraph(_("{count} sheets were void, incomplete or answered without reading, and should be "
                                  "answered again.").format(count=scale.doubtful), "soft"))  # fmt: skip
    return tuple(blocks)


def _band_blocks(scale: ScaleSummary, table: Protected) -> list[Block]:
    hidden = _("a handful in one band: not shown")
    labels = [listed(group.labels) for group in table.groups]
    bars = Bars(
        title=scale.score, first=_("Grade"), series=tuple(toned(scale.bands)), hidden=hidden,
        rows=tuple(
            (label, None if None in row else tuple(count or 0 for count in row[: len(scale.bands)]))
            for label, row in zip(labels, table.shown, strict=True)
        ),
    )  # fmt: skip
    lines = [
        (label, str(group.total), *("·" if count is None else str(count) for count in row))
        for label, group, row in zip(labels, table.groups, table.shown, strict=True)
    ]
    if len(lines) > 1:
        lines.append((_("All"), str(table.total), *("·" if count is None else str(count) for count in table.sums)))
    note = _("“·”: not shown, so that no handful of pupils can be made out.")
    header = (_("Grade"), _("Pupils"), *scale.bands)
    if not scale.has_beside:
        return [bars, Grid(header, tuple(lines)), Paragraph(note, "soft")]
    rest = _("“Without a band”: the sheet is void, incomplete or asked by adapting, or no norm fits; not in the bars.")
    return [bars, Grid((*header, _("Without a band")), tuple(lines)), Paragraph(f"{note} {rest}", "soft")]


def _raised_grid(scale: ScaleSummary) -> Grid:
    rows = tuple(
        (
            title,
            str(everybody),
            "·" if above is None else str(above),
            "–" if above is None else _share(above, everybody),
        )
        for title, above, everybody in scale.raised
    )
    return Grid((_("Score"), _("Pupils"), _("Above the lowest band"), _("Share of pupils")), rows)


def _share(part: int, whole: int) -> str:
    share = percent(part, whole)
    return "–" if share is None else f"{share} %"


def _talk_blocks(talks: Talks, marks: _Marks) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if talks.outcomes is None:
        blocks.append(Paragraph(_("Too few to take apart what became of the pupils to talk to."), "soft"))
    else:
        words = (_("Needs continued care"), _("Already in care"), _("Kept in view"), _("Nothing to it"),
                 _("Talked to, not decided"), _("Waiting for a talk"))  # fmt: skip
        counts = talks.outcomes.shown[0]
        rows = tuple((word, "·" if count is None else str(count)) for word, count in zip(words, counts, strict=True))
        blocks.append(Grid((_("What became of the pupils to talk to"), _("Pupils")), rows))
    if talks.due is not None and talks.in_time is not None and talks.due:
        mark = marks.mark(
            _("Talks held in time"), _("{held} of {due}").format(held=talks.in_time, due=talks.due),
            _("Clocks of these signals (second gate, seen) that have ended or run out; in time: met before they ran "
              "out."),
            "results",
        )  # fmt: skip
        blocks.append(Paragraph(_("{held} of {due} talks that were due were held in time. {mark}").format(
            held=talks.in_time, due=talks.due, mark=mark)))  # fmt: skip
    return tuple(blocks)


def _advice(numbers: SchoolSummary) -> tuple[str, ...]:
    total = numbers.coverage.total
    found = []
    if total.missing + total.unseated:
        found.append(_("Ask the class teachers about the pupils who were absent, and offer them another date."))
    if total.refused + total.unanswered:
        found.append(_("Where home said no or nothing, the class teacher's eyes count for more; write again to those "
                       "who did not reply."))  # fmt: skip
    waiting = numbers.talks.outcomes.shown[0][-1] if numbers.talks.outcomes else None
    if waiting != 0:
        found.append(_("First talk to those who wait; screen nobody else before."))
    found.append(_("Go through the results with the class teachers: what they have seen says more than one sheet."))
    found.append(_("Look at the classes again next term; one sheet catches one moment."))
    return tuple(found)


def summary_report(summary: Summary) -> Report:
    """Return the summary as a document that stands alone: its numbers, with how they were counted, at the end."""
    header = (_("Mark"), _("Number"), _("What"), _("How it was counted"))
    rows = tuple((each.mark, each.value, each.what, each.how) for each in summary.numbers)
    more = Section(_("Where the numbers are from"), (Grid(header, rows, is_numeric=False),))
    first = summary.report
    return Report(first.title, first.subtitle, first.facts, (*first.sections, more), first.footer)


def summary_workbook(summary: Summary) -> bytes:
    """Return the summary as .xlsx: the sentences, every table, and the numbers with where they are from."""
    report = summary.report
    notes = [f"{label}: {value}" for label, value in report.facts] + [report.footer]
    sentences = [(section.title, text) for section in report.sections for block in section.blocks
                 for text in _texts(block)]  # fmt: skip
    pages: list[tuple[str, Row, list[Row]]] = [(report.title, (_("Section"), _("Sentence")), list(sentences))]
    for section in report.sections:
        grids = [block for block in section.blocks if isinstance(block, Grid)]
        for index, grid in enumerate(grids, start=1):
            name = section.title if len(grids) == 1 else f"{index} {section.title}"
            pages.append((name, grid.header, list(grid.rows)))
    traced: list[Row] = [(each.mark, each.value, each.what, each.how, each.url) for each in summary.numbers]
    header = (_("Mark"), _("Number"), _("What"), _("How it was counted"), _("Page"))
    pages.append((_("Where the numbers are from"), header, traced))
    return workbook(pages, notes)


def _texts(block: Block) -> tuple[str, ...]:
    if isinstance(block, Bullets):
        return block.texts
    return (block.text,) if isinstance(block, Paragraph) else ()
