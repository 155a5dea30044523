"""What a successful sign-in sets off: the marks of the session, the known browser, a line in the audit.

A session that came from another browser ends, and whoever sent it learns nothing; its owner learns it here.
"""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts.actors import user_names
from xinqiao.register.accounts.limits import remember_browser
from xinqiao.register.accounts.models import User
from xinqiao.register.accounts.presence import fresh_marks, keep_marks
from xinqiao.register.accounts.session_events import help_since_last_opened, record_own, theft_since_last_opened


def welcome(request: HttpRequest, user: User, response: HttpResponse | None = None, **_more: Any) -> None:
    """Begin the session anew in this browser and record it; the receiver of allauth's signal."""
    keep_marks(request, fresh_marks(request, now()))
    if response is not None:
        remember_browser(request, response, user.username)
    stolen_at = theft_since_last_opened(user)
    if stolen_at is not None:
        messages.warning(request, _theft_words(stolen_at))
    helped = help_since_last_opened(user)
    if helped is not None:
        messages.warning(request, _help_words(helped))
    record_own(user, "accounts.session.opened")


def _help_words(event: AuditEvent) -> str:
    texts = {
        "accounts.password.given": _("On {at} {who} drew a new first password for you."),
        "accounts.factor.reset": _("On {at} {who} took your second factor off."),
        "accounts.sign_in.renewed": _("On {at} {who} gave you a role that asks for a new password and second factor."),
    }
    who = user_names([event.actor_id]).get(event.actor_id, _("The system"))
    told = texts[event.event].format(at=date_format(timezone.localtime(event.at), "DATETIME_FORMAT"), who=who)
    return f"{told} {_('If you did not ask for this, tell the security officer.')}"


def _theft_words(at: dt.datetime) -> str:
    text = _("On {at} another browser used your session, and it was ended. If that was not you, change your password.")
    return text.format(at=date_format(timezone.localtime(at), "DATETIME_FORMAT"))
