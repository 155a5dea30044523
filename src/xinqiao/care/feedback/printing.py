"""Papers of this app as documents: each says on every page who printed it and when."""

import datetime as dt

from django.utils.translation import gettext as _

from xinqiao.care.crisis.printing import level_words
from xinqiao.care.feedback.selectors.meetings import ItemLine, MeetingPage
from xinqiao.foundation.ui.documents import Block, Bullets, Grid, Paragraph, Report, Section
from xinqiao.foundation.ui.wording import day_words, moment_words, short_day_words


def footer(by: str, at: dt.datetime) -> str:
    """Return what stands at the foot of every page."""
    return _("Printed by {name} on {at}. Confidential: keep it locked away.").format(name=by, at=moment_words(at))


def minutes_report(shown: MeetingPage, by: str, at: dt.datetime) -> Report:
    """The minutes of an analysis meeting."""
    held = shown.meeting.held_at
    facts = (
        (_("School"), shown.school), (_("Due"), day_words(shown.meeting.due_on)),
        (_("Meeting held on"), moment_words(held) if held else "–"),
        (_("Who leads the meeting"), shown.leader or _(", ").join(shown.leads_by_role) or "–"),
        (_("Written down by"), shown.held_by or "–"),
    )  # fmt: skip
    missing = Paragraph(_("Not there: {roles}").format(roles=_(", ").join(shown.missing)), tone="warning")
    people: tuple[Block, ...] = (Bullets(shown.people or ("–",)), *((missing,) if shown.missing else ()))
    decided = tuple(
        (each.what, each.about or "–", each.owner, short_day_words(each.due_on), each.done_words or "–")
        for each in shown.decisions
    )
    header = (_("What is to be done"), _("About whom"), _("Who does it"), _("Until"), _("What was done"))
    sections = (
        Section(_("Who was there"), people),
        Section(_("What was looked at beyond single pupils"), (Paragraph(shown.words or "–"),)),
        Section(_("Pupils on the agenda"), tuple(_item(item) for item in shown.items) or (Paragraph("–"),)),
        Section(
            _("Decisions of the meeting"), (Grid(header, decided, is_numeric=False),) if decided else (Paragraph("–"),)
        ),
    )  # fmt: skip
    return Report(
        _("Minutes of the analysis meeting"), _("No diagnosis: a school judges how much care a child needs."), facts,
        sections, footer(by, at),
    )  # fmt: skip


def _item(item: ItemLine) -> Block:
    why = _(", ").join(item.why)
    return Paragraph(
        f"{item.name} {item.class_name} · {level_words(item.level)} · {why}\n{item.words or _('Not looked at')}"
    )
