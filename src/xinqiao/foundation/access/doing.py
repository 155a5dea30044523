"""What a page does when a form was sent: the act, or the form again with what was typed and why not."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from django.contrib import messages
from django.http import HttpRequest

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of

Refusal = TypeVar("Refusal", bound=Exception, contravariant=True)


class Refusable(Protocol[Refusal]):
    """A form that shows why it was refused."""

    def is_valid(self) -> bool:
        """Is what was typed whole?"""

    def refuse(self, error: Refusal, /) -> None:
        """Show why not."""


def is_done(
    request: HttpRequest, form: Refusable[Refusal], act: Callable[[Actor], object], words: str, refusal: type[Refusal]
) -> bool:  # fmt: skip
    """Do what a valid form says and tell the reader; False where it is to be shown again with what was typed.

    `refusal` is what the act raises when it does not take it; the form shows it.
    """
    if not form.is_valid():
        return False
    try:
        act(actor_of(request))
    except refusal as error:
        form.refuse(error)
        return False
    messages.success(request, words)
    return True
