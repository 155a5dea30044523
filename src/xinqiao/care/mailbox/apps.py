"""App registration: the events of the mailbox, what the ticker runs, what it listens to, and its doors."""

from django.apps import AppConfig


class MailboxConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.mailbox"
    label = "mailbox"

    def ready(self) -> None:
        from xinqiao.care.mailbox.doors import open_doors
        from xinqiao.care.mailbox.events import declare
        from xinqiao.care.mailbox.jobs.tell import tell_new_letters, tell_of_climbs
        from xinqiao.care.mailbox.wording import register_reasons
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.register.deadlines.climbing import clock_climbed

        declare()
        register_reasons()
        register_job(Job("mailbox.tell", run=tell_new_letters, every_seconds=2))
        clock_climbed.connect(tell_of_climbs)
        open_doors()
