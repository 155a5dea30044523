"""Papers of pupils' files: an excerpt, who read a file, the statistics."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.care.archives.selectors.access import AccessRegister
from xinqiao.care.archives.selectors.figures import FileFigures, Table
from xinqiao.care.archives.selectors.file import ShownSection
from xinqiao.foundation.ui.documents import Block, Bullets, Grid, Paragraph, Report, Section
from xinqiao.foundation.ui.wording import day_words, moment_words

HIDDEN = "–"


def _footer(by: str, at: dt.datetime) -> str:
    return _("Printed by {name} on {at}. Confidential: keep it locked away.").format(name=by, at=moment_words(at))


def excerpt_report(
    name: str, class_name: str, purpose: str, approved_by: str, shown: Sequence[ShownSection], by: str, at: dt.datetime
) -> Report:
    """An excerpt of a file: its purpose and who approved it stand on it, and on every page what it is not."""
    facts = (
        (_("Pupil"), f"{name} {class_name}".strip()), (_("Purpose"), purpose), (_("Approved by"), approved_by),
    )  # fmt: skip
    parts = tuple(Section(each.title, _blocks(each)) for each in shown)
    foot = _("Only for: {purpose}. Reference for counselling, no diagnosis.").format(purpose=purpose)
    return Report(
        _("Excerpt of a pupil's file"), _("To support the pupil. It is no medical finding and no certificate."), facts,
        parts, f"{foot} {_footer(by, at)}", watermark=_("Reference for counselling · no diagnosis"),
    )  # fmt: skip


def _blocks(each: ShownSection) -> tuple[Block, ...]:
    if not each.entries:
        return (Paragraph(_("Nothing is held under this heading."), tone="soft"),)
    lines = []
    for entry in each.entries:
        said = "\n".join(part for part in (entry.title, entry.text) if part)
        lines.append(f"{day_words(timezone.localtime(entry.at).date())} · {said}")
    return (Bullets(tuple(lines)),)


def access_report(name: str, found: AccessRegister, by: str, at: dt.datetime) -> Report:
    """Who read a pupil's file, for whoever asks: when, who, roughly what; nothing of it tells why."""
    rows = tuple((moment_words(each.at), each.who, each.area) for each in found.rows)
    grid: Block = (
        Grid((_("When"), _("Who"), _("What, roughly")), rows, is_numeric=False)
        if rows else Paragraph(_("Nobody has read this file in the last year."))
    )  # fmt: skip
    cut = (Paragraph(_("There are more readings than are shown here."), tone="warning"),) if found.is_cut else ()
    return Report(
        _("Who read the file"), _("From the audit of the last year; each reading leaves a line by itself."),
        ((_("Pupil"), name), (_("Readings"), str(len(found.rows)))), (Section(_("Readings"), (grid, *cut)),),
        _footer(by, at),
    )  # fmt: skip


def figures_report(found: FileFigures, by: str, at: dt.datetime) -> Report:
    """The statistics of a school's files; hidden cells stay hidden."""
    facts = (
        (_("Pupils"), str(found.pupils)), (_("With a file"), str(found.pupils)),
        (_("With a growth plan of this term"), str(found.planned)),
        (_("With the family sections"), str(found.family)),
        (_("Kept up in the last {days} days").format(days=found.fresh_days), _shown(found.fresh)),
    )  # fmt: skip
    note = Paragraph(_("A dash hides a handful, or what would give one away."), tone="soft")
    parts = tuple(Section(table.title, (_grid(table), note)) for table in found.tables)
    return Report(_("Statistics of the files"), found.school, facts, parts, _footer(by, at))


def _grid(table: Table) -> Block:
    if table.counts is None:
        return Paragraph(_("Too few to be shown."), tone="soft")
    counts = table.counts
    rows = tuple((label, *map(_shown, shown), str(total)) for label, shown, total in table.rows)
    together = (_("Together"), *map(_shown, counts.sums), str(counts.total))
    return Grid((table.first, *table.columns, _("Together")), (*rows, together))


def _shown(value: int | None) -> str:
    return HIDDEN if value is None else str(value)
