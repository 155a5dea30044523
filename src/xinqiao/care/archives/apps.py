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
        from xinqiao.care.archives.jobs.erasing import carry_out_erasures, end_sealed_names
        from xinqiao.care.archives.limbo import ROOM
        from xinqiao.care.archives.sections import offer_all
        from xinqiao.care.crisis.limbo.rooms import register_room
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.register.deadlines.climbing import clock_climbed
        from xinqiao.register.people.hooks import students_moved

        declare()
        clock_climbed.connect(following.tell_of_climbs)
        students_moved.connect(following.follow_pupils)
        register_job(Job("archives.erase", run=carry_out_erasures, every_seconds=60))
        register_job(Job("archives.names", run=end_sealed_names, every_seconds=3600))
        register_room(ROOM)
        offer_all()
        open_doors()
