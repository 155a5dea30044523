"""App registration: events, what the ticker runs, what it listens to, what is proved, and its doors."""

from django.apps import AppConfig


class FilingsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.filings"
    label = "filings"

    def ready(self) -> None:
        from xinqiao.care.crisis.judged import case_judged
        from xinqiao.care.crisis.limbo.rooms import register_room
        from xinqiao.care.filings import following
        from xinqiao.care.filings.doors import open_doors
        from xinqiao.care.filings.events import declare
        from xinqiao.care.filings.jobs.owing import owe_missing
        from xinqiao.care.filings.limbo import ROOM
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.register.deadlines.climbing import clock_climbed
        from xinqiao.register.people.hooks import students_moved

        declare()
        register_job(Job("filings.owe", run=owe_missing, every_seconds=3600))
        case_judged.connect(following.owe_filings)
        clock_climbed.connect(following.tell_of_climbs)
        students_moved.connect(following.follow_pupils)
        register_room(ROOM)
        open_doors()
