"""The control of the race for hours: an intake that looks at no holder and locks nothing."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")
django.setup()

from xinqiao.care.sheets.intake import booking  # noqa: E402 - Django must stand first
from xinqiao.care.sheets.intake.app import Intake  # noqa: E402 - likewise

booking._HOLDER = "SELECT student_id, state FROM centre_booking WHERE slot_id = ? AND 1 = 0"
booking._lock = lambda *_what: None  # type: ignore[assignment]  # taken away on purpose
app = Intake()
