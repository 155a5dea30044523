"""What a form of feedback or of a meeting does when it was sent."""

from collections.abc import Callable

from django.http import HttpRequest

from xinqiao.care.feedback.rules import CannotDo
from xinqiao.foundation.access import doing
from xinqiao.foundation.access.actors import Actor


def is_done(
    request: HttpRequest, form: doing.Refusable[CannotDo], act: Callable[[Actor], object], words: str
) -> bool:  # fmt: skip
    """Do what a valid form says and tell the reader; False where it is to be shown again with what was typed."""
    return doing.is_done(request, form, act, words, CannotDo)
