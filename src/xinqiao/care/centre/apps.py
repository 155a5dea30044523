"""App registration: events, what it listens to, and its doors."""

from django.apps import AppConfig


class CentreConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.centre"
    label = "centre"

    def ready(self) -> None:
        from xinqiao.care.centre.doors import open_doors
        from xinqiao.care.centre.events import declare
        from xinqiao.care.centre.following import end_bookings, tell_of_climbs
        from xinqiao.register.deadlines.climbing import clock_climbed
        from xinqiao.register.people.hooks import students_moved

        declare()
        clock_climbed.connect(tell_of_climbs)
        students_moved.connect(end_bookings)
        open_doors()
