"""What stands around every staff page: who is reading, from which unit, which doors are open, where notices come from.

The apps that know these things register a resolver in `AppConfig.ready()`; without one the place stays empty.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest

from xinqiao.foundation.ui.doors import OpenDoor
from xinqiao.foundation.ui.wording import Text


@dataclass(frozen=True)
class Identity:
    """The reader as shown in the header: own name, the unit and the role now acted in, where to change them."""

    name: str
    unit: str
    role: Text
    switch_url: str = ""


@dataclass(frozen=True)
class Shell:
    """Everything `ui/base.html` needs beside the page itself."""

    doors: list[OpenDoor] = field(default_factory=list)
    identity: Identity | None = None
    notices_url: str = ""


IdentityResolver = Callable[[HttpRequest], Identity | None]
NoticesResolver = Callable[[HttpRequest], str | None]

_identity: list[IdentityResolver] = []
_notices: list[NoticesResolver] = []


def register_identity(resolver: IdentityResolver) -> None:
    """Say who is reading; the resolver registered last is asked first."""
    _identity.insert(0, resolver)


def register_notices(resolver: NoticesResolver) -> None:
    """Say which URL this reader's page asks for urgent notices (JSON of `notices.NoticeFeed`), or None for nobody."""
    _notices.insert(0, resolver)


def identity_of(request: HttpRequest) -> Identity | None:
    """The reader, or None for an anonymous one."""
    return next((found for resolver in _identity if (found := resolver(request))), None)


def notices_url_of(request: HttpRequest) -> str:
    """Where this reader's page asks for notices; empty if it shall not ask."""
    return next((found for resolver in _notices if (found := resolver(request))), "")
