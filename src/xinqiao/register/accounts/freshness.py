"""`@confirm_first`: what grants rights or takes data out asks for the password again, if it was not just typed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts.presence import CONFIRMED_FOR, CONFIRMED_FOR_SENDING, keep_marks, marks_of

View = Callable[..., HttpResponseBase]


def is_confirmed(request: HttpRequest, within: dt.timedelta = CONFIRMED_FOR) -> bool:
    """Did the person at this browser give the password or a code lately?"""
    marks = marks_of(request)
    return marks is not None and now() - marks.confirmed_at < within


def mark_confirmed(request: HttpRequest) -> None:
    """Note that the password or a code was given just now."""
    marks = marks_of(request)
    if marks is not None:
        keep_marks(request, replace(marks, confirmed_at=now()))


def confirm_first(view: View) -> View:
    """Send to the password page first, and then back here. Goes below `@page`.

    Nothing that was typed is kept in the session: a form opened in time may be sent for half an hour.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_reading = request.method in ("GET", "HEAD")
        if is_confirmed(request, CONFIRMED_FOR if is_reading else CONFIRMED_FOR_SENDING):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if is_reading else urlsplit(request.headers.get("Referer", "")).path or "/"
        url = f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": url})
        return redirect(url)

    return guarded
