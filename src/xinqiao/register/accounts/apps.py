"""App registration: events, names of those who acted, the door to the staff, and what sign-in sets off."""

from uuid import UUID

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in

        from xinqiao.foundation.audit.events import declare_events, declare_words
        from xinqiao.foundation.audit.presenters import register_actor_names, register_role_names
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.foundation.ui.doors import register_door, register_link
        from xinqiao.register.accounts.actors import user_names
        from xinqiao.register.accounts.limits import forget_old_tallies
        from xinqiao.register.accounts.role_labels import ROLE_LABELS
        from xinqiao.register.accounts.signing_in import welcome

        declare_events(EVENTS)
        declare_words("accounts.membership.granted", "accounts.membership.ended", "accounts.sign_in.renewed",
                      role=ROLE_LABELS)  # fmt: skip
        declare_words("accounts.session.ended", reason=REASONS_TO_END)
        register_actor_names(user_names)
        register_role_names(ROLE_LABELS)
        user_logged_in.connect(welcome, dispatch_uid="xinqiao.accounts.welcome")
        register_job(Job("accounts.forget_tallies", run=forget_old_tallies, every_seconds=3600))
        register_door(
            "staff", label=_("Staff and roles"), url_name="accounts:staff", icon="person", order=74, is_open=_may_view
        )
        register_door(
            "my-sign-in", label=_("My sign-in"), url_name="mfa_index", icon="lock", order=98, is_open=_is_signed_in
        )
        register_link("unit-staff", _staff_of_unit)


REASONS_TO_END = {
    "other_browser": _("another browser"),
    "too_old": _("after eight hours"),
    "idle": _("nobody there"),
}
EVENTS = {
    "accounts.session.opened": _("{actor} signed in"),
    "accounts.session.closed": _("{actor} signed out"),
    "accounts.session.closed_everywhere": _("{actor} signed out on every device"),
    "accounts.session.ended": _("A session was ended ({reason})"),
    "accounts.sign_in.failed": _("A sign-in failed ({failures} in a row)"),
    "accounts.password.changed": _("{actor} changed the own password"),
    "accounts.password.given": _("{actor} gave out a new first password"),
    "accounts.sign_in.renewed": _(
        "{actor} granted a role ({role}): password, second factor and sessions ended with it"
    ),
    "accounts.factor.added": _("{actor} set up the second factor"),
    "accounts.factor.removed": _("{actor} took the second factor off"),
    "accounts.factor.codes_drawn": _("{actor} drew new recovery codes"),
    "accounts.factor.reset": _("{actor} reset someone's second factor"),
    "accounts.staff.added": _("{actor} added a member of staff ({login})"),
    "accounts.staff.changed": _("{actor} changed the details of a member of staff"),
    "accounts.staff.left": _("{actor} noted that a member of staff left ({ended} roles ended)"),
    "accounts.login.added": _("{actor} gave a member of staff a sign-in ({login})"),
    "accounts.membership.granted": _("{actor} granted a role ({role})"),
    "accounts.membership.ended": _("{actor} ended a role ({role})"),
}


def _staff_of_unit(request: HttpRequest, unit_id: UUID) -> str | None:
    from django.urls import reverse

    from xinqiao.foundation.access.permissions import Permission
    from xinqiao.register.orgs.selectors import units_by_id

    actor, unit = getattr(request, "actor", None), units_by_id([unit_id]).get(unit_id)
    may_look = actor is not None and unit is not None and actor.can(Permission.STAFF_VIEW, unit.path)
    return f"{reverse('accounts:staff')}?unit={unit_id}" if may_look else None


def _is_signed_in(request: HttpRequest) -> bool:
    return getattr(request, "actor", None) is not None


def _may_view(request: HttpRequest) -> bool:
    from xinqiao.foundation.access.permissions import Permission

    actor = getattr(request, "actor", None)
    return actor is not None and actor.can_somewhere(Permission.STAFF_VIEW)
