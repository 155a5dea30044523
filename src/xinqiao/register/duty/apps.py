"""App registration: the events of shifts, and the door."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class DutyConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.duty"
    label = "duty"

    def ready(self) -> None:
        from xinqiao.foundation.audit.events import declare_events, declare_words
        from xinqiao.foundation.ui.doors import register_door
        from xinqiao.register.accounts.hooks import role_ended, staff_left
        from xinqiao.register.duty.leaving import drop_shifts_without_right, hand_over_shifts
        from xinqiao.register.duty.models import DutyRole

        declare_events(
            {
                "duty.shift.assigned": _("{actor} put someone on duty ({role}) from {start_at} to {end_at}"),
                "duty.shift.assigned_many": _("{actor} assigned {count} shifts ({role}) until {until}"),
                "duty.shift.cancelled": _("{actor} cancelled a shift ({role}, {start_at})"),
                "duty.shift.substituted": _("{actor} found a substitute for a shift ({role}, {start_at})"),
                "duty.shifts.handed_over": _(
                    "Someone left: {handed_over} shifts went to the heir, {dropped} have nobody now"
                ),
                "duty.absence.entered": _("{actor} entered that someone is away from {start_at} to {end_at}"),
                "duty.absence.ended": _("{actor} entered that someone who was away is back"),
                "duty.shifts.dropped": _("Someone may take no notices here any more: {dropped} shifts have nobody now"),
            }
        )
        staff_left.connect(hand_over_shifts)
        role_ended.connect(drop_shifts_without_right)
        events = ("assigned", "assigned_many", "cancelled", "substituted")
        declare_words(*[f"duty.shift.{event}" for event in events], role=dict(DutyRole.choices))
        register_door(
            "duty", label=_("Duty"), url_name="duty:roster", icon="clock", order=30, is_open=may_see_the_roster
        )


def may_see_the_roster(request: HttpRequest) -> bool:
    """Does this reader hold the right to see who is on duty?"""
    from xinqiao.foundation.access.pages import actor_of
    from xinqiao.foundation.access.permissions import Permission

    return actor_of(request).can_somewhere(Permission.DUTY_VIEW)
