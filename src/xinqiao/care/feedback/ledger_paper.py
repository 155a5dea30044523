"""The ledger of all warnings as a document."""

import datetime as dt

from django.utils.translation import gettext as _

from xinqiao.care.alerts.states import Urgency
from xinqiao.care.crisis.printing import level_words
from xinqiao.care.feedback.printing import footer
from xinqiao.care.feedback.selectors.ledger import Filters, Ledger, LedgerRow
from xinqiao.foundation.ui.documents import Block, Grid, Paragraph, Report, Section
from xinqiao.foundation.ui.wording import short_day_words


def ledger_report(ledger: Ledger, filters: Filters, by: str, at: dt.datetime, *, with_source: bool) -> Report:
    """Every warning of a school year; `with_source` only for whoever may know where warnings came from."""
    facts = (
        (_("Warnings"), str(len(ledger.rows))), (_("Not settled"), str(ledger.open)),
        (_("Past due"), str(ledger.overdue)),
    )  # fmt: skip
    source = (_("Where it came from"),) if with_source else ()
    header = (
        _("Pupil"), _("Raised on"), *source, _("Urgency"), _("Level"), _("Owner"), _("Measures"), _("Next look"),
        _("Outcome"),
    )  # fmt: skip
    lines = tuple(_line(row, with_source=with_source) for row in ledger.rows)
    grid: Block = Grid(header, lines, is_numeric=False) if lines else Paragraph("–")
    cut = (Paragraph(_("Only the newest warnings are shown. Filter by urgency for the rest."), tone="warning"),)
    year = _("School year {first}/{second}").format(first=filters.year, second=filters.year + 1)
    sections = (Section(_("All warnings"), (grid, *(cut if ledger.is_cut else ()))),)
    return Report(_("Warning ledger: all warnings"), year, facts, sections, footer(by, at))


def _line(row: LedgerRow, *, with_source: bool) -> tuple[str, ...]:
    ahead = short_day_words(row.next_on) + (" · " + _("past due") if row.is_overdue else "") if row.next_on else "–"
    return (
        f"{row.name} {row.class_name}", short_day_words(row.raised_at), *((row.source,) if with_source else ()),
        str(Urgency(row.urgency).label), level_words(row.level), row.owner or "–", str(row.measures or "–"), ahead,
        row.outcome or row.stands,
    )  # fmt: skip
