"""Wrong passwords and codes: after five in a row an account waits, longer each time; an address never does.

Guessing from a strange browser cannot keep a psychology teacher out of the browser that she has signed in with
before: a known browser is counted apart.
"""

import datetime as dt
import secrets
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from xinqiao.foundation.keys.ring import ring
from xinqiao.foundation.keys.sealing import blind_index
from xinqiao.register.accounts.models import SignInTally

FREE_TRIES = 5  # ours: a tired teacher's typos; 5 guesses of a good password are nothing
LONGEST_WAIT_MINUTES = 15
FORGOTTEN_AFTER = dt.timedelta(hours=2)
COOKIE = "xinqiao_known"
COOKIE_DAYS = 180
KNOWN_NAMES = 5
SALT = "xinqiao.register.accounts.known-browser"


def wait_minutes(failures: int) -> int:
    """Return how long the next try must wait after so many failures in a row: 0, then 1, 2, 4, 8, 15 minutes."""
    return 0 if failures < FREE_TRIES else min(1 << min(failures - FREE_TRIES, 10), LONGEST_WAIT_MINUTES)


def tally_index(request: HttpRequest, purpose: str, name: str) -> bytes:
    """Return where the failures of a name are counted: apart for a browser that has signed in as it before."""
    device, known = _known_browser(request)
    return _index(purpose, f"{name}|{device}" if _index("known", name).hex() in known else name)


def take_try(index: bytes, at: dt.datetime) -> int:
    """Return for how many whole minutes (rounded up) the next try must wait; 0 if it may be made now.

    A try that may be made counts as wrong from here on, until it proved right: of many sent at the same moment no more
    are looked at than of many sent one after the other.
    """
    with transaction.atomic():
        row, _is_new = SignInTally.objects.select_for_update().get_or_create(
            index=index, defaults={"failures": 0, "last_at": at}
        )
        is_old = at - row.last_at >= FORGOTTEN_AFTER
        left = row.last_at + dt.timedelta(minutes=wait_minutes(row.failures)) - at
        if not is_old and left > dt.timedelta():
            return -(-left // dt.timedelta(minutes=1))
        row.failures, row.last_at = 1 if is_old else row.failures + 1, at
        row.save(update_fields=["failures", "last_at"])
    return 0


def failures_in_a_row(index: bytes) -> int:
    """Return how many tries were wrong in a row."""
    return SignInTally.objects.filter(index=index).values_list("failures", flat=True).first() or 0


def forget_failures(index: bytes) -> None:
    """A right password or code ends the row."""
    SignInTally.objects.filter(index=index).delete()


def forget_name(name: str) -> None:
    """Forget what was counted against a name, after someone who may gave it a new password."""
    SignInTally.objects.filter(index__in=[_index(purpose, name) for purpose in ("password", "code")]).delete()


def is_first_use(user_id: UUID, code: str, at: dt.datetime) -> bool:
    """Is a right code given for the first time? A code read over a shoulder is worth nothing afterwards."""
    index = _index("used code", f"{user_id}|{code}")
    with transaction.atomic():
        row, is_new = SignInTally.objects.get_or_create(index=index, defaults={"failures": 0, "last_at": at})
        is_old = at - row.last_at >= FORGOTTEN_AFTER
        if is_old:
            SignInTally.objects.filter(pk=row.pk).update(last_at=at)
    return is_new or is_old


def forget_old_tallies(at: dt.datetime) -> int:
    """Delete tallies that count no more; a job runs it."""
    return SignInTally.objects.filter(last_at__lt=at - FORGOTTEN_AFTER).delete()[0]


def remember_browser(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Leave a signed cookie that says who has signed in here; it opens nothing by itself."""
    device, known = _known_browser(request)
    names = [_index("known", name).hex(), *(each for each in known if each != _index("known", name).hex())]
    value = ".".join([device or secrets.token_hex(8), *names[:KNOWN_NAMES]])
    response.set_signed_cookie(
        COOKIE, value, salt=SALT, max_age=COOKIE_DAYS * 86_400, httponly=True, samesite="Strict",
        secure=request.is_secure(),
    )  # fmt: skip


def _known_browser(request: HttpRequest) -> tuple[str, Sequence[str]]:
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=COOKIE_DAYS * 86_400) or ""
    device, *known = value.split(".")
    return device, known


def _index(purpose: str, value: str) -> bytes:
    return blind_index(ring().secrets["index"], f"sign-in {purpose}", value)
