"""`xinqiao ticker`: does what the clock does."""

import json
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from xinqiao.foundation.core.jobs.tenure import TenureLost, tenure
from xinqiao.foundation.core.jobs.ticker import Ticker

RETRY_SECONDS = 2.0


class Command(BaseCommand):
    """Runs every declared job when it is due; a second ticker waits for the first to end."""

    help = "Run the scheduled jobs; of several tickers one works and the others wait."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run every job once and print what each did")

    def handle(self, *args: Any, **options: Any) -> None:
        right, stopping = tenure(), threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        is_waiting = False
        while not right.take():
            if options["once"]:
                raise CommandError(_("Another ticker is at work."))
            if not is_waiting:
                self.stderr.write(_("Another ticker is at work; waiting."))
            is_waiting = True
            if stopping.wait(RETRY_SECONDS):
                return
        ticker = Ticker(right, stopping)
        if options["once"]:
            self.stdout.write(json.dumps(ticker.run_once(), sort_keys=True))
            return
        try:
            ticker.run()
        except TenureLost as error:
            raise CommandError(str(error)) from error
