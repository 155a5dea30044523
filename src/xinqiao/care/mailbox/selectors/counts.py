"""How many letters came, by month and channel, and how fast they were answered. Counts only, handfuls hidden."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from xinqiao.care.mailbox import rules
from xinqiao.care.mailbox.models import PupilLetter
from xinqiao.care.mailbox.states import Channel
from xinqiao.engines.disclosure import Group, protected
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.handfuls import SMALLEST_CELL
from xinqiao.register.deadlines.kinds import LETTER_ANSWER, LETTER_URGENT
from xinqiao.register.deadlines.selectors import running_clocks

MONTHS = 12


@dataclass(frozen=True)
class MonthRow:
    """One month, or several that were joined because too few letters came; None stands for a hidden count."""

    months: tuple[str, ...]
    counts: tuple[int | None, ...]
    total: int


@dataclass(frozen=True)
class Counts:
    """Letters of the last months at the reader's places. `rows` are empty where too few came to show any.

    `answered` and `hours` (to the first answer, the middle one) are None where too few came; `late` letters have a
    clock that has run out.
    """

    channels: tuple[str, ...]
    rows: tuple[MonthRow, ...]
    sums: tuple[int | None, ...]
    total: int | None
    answered: int | None
    hours: float | None
    late: int


def counts_for(actor: Actor, now: dt.datetime) -> Counts:
    """Return the counts; nothing about a pupil, so no event."""
    since = timezone.localtime(now) - dt.timedelta(days=MONTHS * 31)
    rows = PupilLetter.objects.visible_to(actor, Permission.MAIL_COUNT).filter(written_at__gte=since)
    letters = list(rows.values_list("id", "channel", "written_at", "answered_at").order_by("written_at"))
    tally = Counter((_month(at), channel) for _id, channel, at, _answered in letters)
    months = sorted({month for month, _channel in tally})
    groups = [Group((month,), tuple(tally[month, channel] for channel in Channel.values)) for month in months]
    shown = protected(groups, SMALLEST_CELL)
    spans = [answered - at for _id, _channel, at, answered in letters if answered is not None]
    is_enough = min(len(spans), len(letters) - len(spans) or len(spans)) >= SMALLEST_CELL
    clocks = running_clocks([letter[0] for letter in letters], now)
    late = sum(
        any(clock.minutes_left < 0 and clock.kind in (LETTER_ANSWER, LETTER_URGENT) for clock in own)
        for own in clocks.values()
    )
    return Counts(
        channels=tuple(str(label) for label in Channel.labels),
        rows=tuple(MonthRow(group.labels, counts, group.total)
                   for group, counts in zip(shown.groups, shown.shown, strict=True)) if shown else (),
        sums=shown.sums if shown else (), total=shown.total if shown else None,
        answered=len(spans) if shown and is_enough else None,
        hours=rules.middle_hours(spans) if len(spans) >= SMALLEST_CELL else None, late=late,
    )  # fmt: skip


def _month(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m}"
