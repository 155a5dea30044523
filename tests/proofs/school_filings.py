"""What a school files with its bureau and what the bureau does with it, day by day; some of it late.

As in `school_care`: what comes next is read from the database, how it goes is drawn from the seed and the filing.
"""

import datetime as dt
from contextlib import suppress

from django.utils import timezone

from tests.proofs.school_care import CareDay
from xinqiao.care.filings.errors import CannotFile
from xinqiao.care.filings.models import Filing
from xinqiao.care.filings.rows import every_filing
from xinqiao.care.filings.services.receiving import acknowledge_edition, pass_on_filing
from xinqiao.care.filings.services.writing import (
    Words,
    check_edition,
    lapse_filing,
    return_edition,
    send_edition,
    write_edition,
)

SAID = Words(words="已和家长当面谈过，安排专人陪伴，每周辅导一次", contact="心理辅导室 8000001")
ORDERED = ("red", "orange")  # what the pack of the year orders up
ENDED = ("acknowledged", "lapsed")
A_DAY = dt.timedelta(days=1)


class Filings:
    """The filings of a school at the moment of a day."""

    def __init__(self, day: CareDay) -> None:
        self.day = day

    def work(self) -> None:
        """Take each filing as far as somebody gets round to; what was written is often gone on with the same day."""
        waiting = every_filing().exclude(state__in=ENDED).order_by("owed_at", "pk")
        for key in list(waiting.values_list("pk", flat=True)):
            for _step in range(3):
                filing = every_filing().select_related("student", "case").get(pk=key)
                before = filing.state
                with suppress(CannotFile):  # its facts changed meanwhile: it is written anew another day
                    getattr(self, f"_{filing.state}", self._ended)(filing)
                if every_filing().get(pk=key).state == before or self._rests(filing):
                    break

    def _rests(self, filing: Filing) -> bool:
        return self.day.chance(filing.id, "rests", filing.version, filing.state) < 0.15

    def _ended(self, filing: Filing) -> None:
        """Nothing waits any more."""

    def _writing(self, filing: Filing) -> None:
        if filing.case.state == "closed" or filing.case.level not in ORDERED:
            if filing.sent_at is None and self.day.chance(filing.id, "lapses", self.day.on) < 0.5:
                lapse_filing(filing, actor=self.day.actor("head"), words="等级已经会诊调低，不再需要报送")
            return
        first = filing.owed_at if filing.kind == "first" else filing.due_at - A_DAY
        if self.day.is_time(timezone.localtime(first).date(), filing.id, "write", is_red=filing.level == "red"):
            write_edition(filing, actor=self.day.actor("psych"), said=SAID, seen=filing.version)

    def _composed(self, filing: Filing) -> None:
        """The principal finds it right, gives it back once in a while, or finds the facts changed: written anew."""
        if filing.version == 1 and self.day.chance(filing.id, "back") < 0.1:
            return_edition(filing, actor=self.day.actor("head"), seen=filing.version, words="请补充家长的态度")
            return
        try:
            check_edition(filing, actor=self.day.actor("head"), seen=filing.version)
        except CannotFile:
            self._anew(filing)

    def _checked(self, filing: Filing) -> None:
        try:
            send_edition(filing, actor=self.day.actor("psych"), seen=filing.version)
        except CannotFile:
            self._anew(filing)

    def _anew(self, filing: Filing) -> None:
        fresh = every_filing().select_related("student", "case").get(pk=filing.pk)
        write_edition(fresh, actor=self.day.actor("psych"), said=SAID, seen=fresh.version)

    def _sent(self, filing: Filing) -> None:
        """The bureau confirms and passes some on; once in a while the school corrects what it sent."""
        if not self.day.is_time(timezone.localtime(filing.sent_at).date(), filing.id, "seen", filing.version):
            return
        if filing.version == 1 and self.day.chance(filing.id, "corrects") < 0.06:
            write_edition(filing, actor=self.day.actor("psych"), said=SAID, seen=filing.version)
            return
        officer = self.day.actor("officer")
        acknowledge_edition(filing, actor=officer, seen=filing.version, reply="请继续陪伴，县里协调绿色通道")
        if self.day.chance(filing.id, "passed") < 0.2:
            pass_on_filing(filing, actor=officer, to="city")
