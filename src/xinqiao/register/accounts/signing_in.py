"""What a successful sign-in sets off: the marks of the session, the known browser, a line in the audit."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts.limits import remember_browser
from xinqiao.register.accounts.models import User
from xinqiao.register.accounts.presence import fresh_marks, keep_marks
from xinqiao.register.accounts.session_events import record_own


def welcome(request: HttpRequest, user: User, response: HttpResponse | None = None, **_: Any) -> None:
    """Begin the session anew in this browser and record it; the receiver of allauth's signal."""
    keep_marks(request, fresh_marks(request, now()))
    if response is not None:
        remember_browser(request, response, user.username)
    record_own(user, "accounts.session.opened")
