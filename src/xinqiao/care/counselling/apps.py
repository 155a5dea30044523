"""App registration: events, what the app listens to, and its doors."""

from django.apps import AppConfig


class CounsellingConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.counselling"
    label = "counselling"

    def ready(self) -> None:
        from xinqiao.care.counselling.doors import open_doors
        from xinqiao.care.counselling.events import declare
        from xinqiao.care.counselling.leaving import close_for_leavers, close_for_roles
        from xinqiao.register.accounts.hooks import role_ended, staff_left

        declare()
        staff_left.connect(close_for_leavers)
        role_ended.connect(close_for_roles)
        open_doors()
