"""App registration: events, what the ticker runs, what it listens to, what the proof asks it, and its doors."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.feedback"
    label = "feedback"

    def ready(self) -> None:
        from xinqiao.care.alerts.hearing import guardian_heard
        from xinqiao.care.alerts.settling import signals_settled
        from xinqiao.care.crisis.limbo.rooms import register_room
        from xinqiao.care.feedback import following, limbo
        from xinqiao.care.feedback.doors import open_doors
        from xinqiao.care.feedback.events import declare
        from xinqiao.care.feedback.jobs.calling import keep_meetings
        from xinqiao.care.feedback.jobs.keeping import keep_owed
        from xinqiao.care.feedback.mechanisms import open_mechanisms
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.register.accounts.hooks import staff_left
        from xinqiao.register.deadlines.climbing import clock_climbed
        from xinqiao.register.people.hooks import students_moved

        declare()
        signals_settled.connect(following.owe_feedback)
        guardian_heard.connect(following.count_hearing)
        students_moved.connect(following.follow_pupils)
        staff_left.connect(following.hand_over_tasks)
        clock_climbed.connect(following.tell_of_climbs)
        register_job(Job("feedback.keep_owed", run=keep_owed, every_seconds=60))
        register_job(Job("feedback.keep_meetings", run=keep_meetings, every_seconds=3600))
        register_room(limbo.ROOM)
        open_mechanisms()
        open_doors()
