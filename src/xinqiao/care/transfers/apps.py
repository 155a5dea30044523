"""App registration: events, what it listens to, what is proved, its section, and its doors."""

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.transfers"
    label = "transfers"

    def ready(self) -> None:
        from xinqiao.care.crisis.limbo.rooms import register_room
        from xinqiao.care.transfers import following
        from xinqiao.care.transfers.doors import open_doors
        from xinqiao.care.transfers.events import declare
        from xinqiao.care.transfers.limbo import ROOM
        from xinqiao.care.transfers.sections import SECTION
        from xinqiao.care.transfers.wording import register_reasons
        from xinqiao.register.deadlines.climbing import clock_climbed
        from xinqiao.register.people.hooks import students_moved
        from xinqiao.register.people.sections import register_section

        declare()
        register_reasons()
        clock_climbed.connect(following.tell_of_climbs)
        students_moved.connect(following.follow_pupils)
        register_room(ROOM)
        register_section(SECTION)
        open_doors()
