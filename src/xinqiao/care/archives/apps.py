"""App registration: events, what it listens to, what is proved, its sections, and its doors."""

from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.archives"
    label = "archives"

    def ready(self) -> None:
        from xinqiao.care.archives import following
        from xinqiao.care.archives.doors import open_doors
        from xinqiao.care.archives.events import declare
        from xinqiao.care.archives.limbo import ROOM
        from xinqiao.care.archives.sections import offer_all
        from xinqiao.care.crisis.limbo.rooms import register_room
        from xinqiao.register.deadlines.climbing import clock_climbed
        from xinqiao.register.people.hooks import students_moved

        declare()
        clock_climbed.connect(following.tell_of_climbs)
        students_moved.connect(following.follow_pupils)
        register_room(ROOM)
        offer_all()
        open_doors()
