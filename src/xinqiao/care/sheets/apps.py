"""App registration: the events of sheets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SheetsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.sheets"
    label = "sheets"

    def ready(self) -> None:
        from xinqiao.care.sheets.states import Excuse
        from xinqiao.foundation.audit.events import declare_events, declare_words

        declare_events(
            {
                "sheets.sitting.submitted": _("A pupil handed in a sheet"),
                "sheets.critical.ticked": _("A pupil ticked a critical answer"),
                "sheets.talk.asked": _("A pupil asked to talk to someone"),
                "sheets.entry.locked": _("A pupil's entry was locked after {failures} wrong tries"),
                "sheets.sitting.excused": _("{actor} excused a pupil from a sitting ({excuse})"),
                "sheets.sitting.readmitted": _("{actor} took back a pupil's excuse from a sitting"),
            }
        )
        declare_words("sheets.sitting.excused", excuse=dict(Excuse.choices))
        declare_events(
            {
                "sheets.sitting.entered": _("A pupil entered a sitting"),
                "sheets.result.read": _("{actor} read the results of {count} pupils"),
                "sheets.level.read": _("{actor} read whether {count} pupils handed in and their attention levels"),
            },
            reading=True,
        )
