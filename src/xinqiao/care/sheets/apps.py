"""App registration: the events of sheets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

FORM_EVENTS = ("sheets.form.entered", "sheets.form.submitted", "sheets.form.ticked", "sheets.form.talk_asked")


class SheetsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.sheets"
    label = "sheets"

    def ready(self) -> None:
        from xinqiao.care.sheets.jobs.sweeping import sweep_typings
        from xinqiao.care.sheets.states import Informant
        from xinqiao.foundation.audit.events import declare_events, declare_words
        from xinqiao.foundation.core.schedule import Job, register_job

        declare_events(
            {
                "sheets.sitting.submitted": _("A pupil handed in a sheet"),
                "sheets.critical.ticked": _("A pupil ticked a critical answer"),
                "sheets.talk.asked": _("A pupil asked to talk to someone"),
                "sheets.entry.locked": _("A pupil's entry was locked after {failures} wrong tries"),
                "sheets.form.submitted": _("A form about a pupil was handed in ({informant})"),
                "sheets.form.ticked": _("A critical answer was ticked in a form about a pupil ({informant})"),
                "sheets.form.talk_asked": _("A talk was asked for in a form about a pupil ({informant})"),
                "sheets.paper.typed": _("{actor} typed a pupil's paper sheet for the first time"),
                "sheets.paper.checked": _("{actor} typed a pupil's paper sheet again; both agree, it is handed in"),
                "sheets.paper.differs": _("{actor} typed a pupil's paper sheet again; {differing} answers differ"),
                "sheets.paper.settled": _(
                    "{actor} settled {differing} differing answers against the paper; the sheet is handed in"
                ),
                "sheets.paper.discarded": _("{actor} gave up what was typed of a pupil's paper sheet"),
                "sheets.paper.swept": _("{typings} typings that no sheet waited for were deleted"),
            }
        )
        declare_events(
            {
                "sheets.form.entered": _("A form about a pupil was entered ({informant})"),
                "sheets.sitting.entered": _("A pupil entered a sitting"),
                "sheets.result.read": _("{actor} read the results of {count} pupils"),
                "sheets.paper.read": _("{actor} read where two typings of a pupil's paper sheet differ"),
                "sheets.level.read": _("{actor} read whether {count} pupils handed in and their attention levels"),
            },
            reading=True,
        )
        declare_words(*FORM_EVENTS, informant=dict(Informant.choices))
        register_job(Job("sheets.sweep_typings", run=sweep_typings, every_seconds=600))
