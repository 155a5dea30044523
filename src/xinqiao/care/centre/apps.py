"""App registration: events, what the ticker runs, what it listens to, and its doors."""

from django.apps import AppConfig


class CentreConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.centre"
    label = "centre"

    def ready(self) -> None:
        from xinqiao.care.centre.doors import open_doors
        from xinqiao.care.centre.events import declare
        from xinqiao.care.centre.following import end_bookings, tell_of_climbs
        from xinqiao.care.centre.jobs.remind import remind
        from xinqiao.care.centre.jobs.wait import start_clocks
        from xinqiao.care.centre.leaving import end_hours_of_roles, pass_hours_on
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.register.accounts.hooks import role_ended, staff_left
        from xinqiao.register.deadlines.climbing import clock_climbed
        from xinqiao.register.people.hooks import students_moved

        declare()
        register_job(Job("centre.remind", run=remind, every_seconds=3600))
        register_job(Job("centre.wait", run=start_clocks, every_seconds=5))
        clock_climbed.connect(tell_of_climbs)
        students_moved.connect(end_bookings)
        staff_left.connect(pass_hours_on)
        role_ended.connect(end_hours_of_roles)
        open_doors()
