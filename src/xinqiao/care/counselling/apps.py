"""App registration: events, what the app listens to, and its doors."""

from django.apps import AppConfig


class CounsellingConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.counselling"
    label = "counselling"

    def ready(self) -> None:
        from django.utils.translation import gettext as _

        from xinqiao.care.alerts.wording import register_reason
        from xinqiao.care.counselling import following
        from xinqiao.care.counselling.consenting import follow_consent
        from xinqiao.care.counselling.doors import open_doors
        from xinqiao.care.counselling.events import declare
        from xinqiao.care.counselling.leaving import close_for_leavers, close_for_roles
        from xinqiao.care.counselling.services.noting import RISK_REASON
        from xinqiao.register.accounts.hooks import role_ended, staff_left
        from xinqiao.register.deadlines.climbing import clock_climbed
        from xinqiao.register.people.hooks import consent_decided, students_moved

        declare()
        staff_left.connect(close_for_leavers)
        role_ended.connect(close_for_roles)
        staff_left.connect(following.pass_courses_on)
        role_ended.connect(following.orphan_courses)
        students_moved.connect(following.follow_pupils)
        consent_decided.connect(follow_consent)
        clock_climbed.connect(following.tell_of_climbs)
        register_reason(RISK_REASON, lambda _reason: _("A counsellor found danger in a session"))
        open_doors()
