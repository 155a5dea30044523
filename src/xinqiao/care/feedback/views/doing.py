"""What a form of feedback or of a meeting does when it was sent."""

from collections.abc import Callable
from typing import Protocol

from django.contrib import messages
from django.http import HttpRequest

from xinqiao.care.feedback.rules import CannotDo
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of


class Refusable(Protocol):
    """A form that shows why it was refused."""

    def is_valid(self) -> bool:
        """Is what was typed whole?"""

    def refuse(self, error: CannotDo) -> None:
        """Show at its fields why not."""


def is_done(request: HttpRequest, form: Refusable, act: Callable[[Actor], object], words: str) -> bool:
    """Do what a valid form says and tell the reader; False where it is to be shown again with what was typed."""
    if not form.is_valid():
        return False
    try:
        act(actor_of(request))
    except CannotDo as error:
        form.refuse(error)
        return False
    messages.success(request, words)
    return True
