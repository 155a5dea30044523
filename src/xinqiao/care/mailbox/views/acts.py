"""What is done with one letter."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.care.alerts.models import Signal
from xinqiao.care.mailbox.errors import CannotDo
from xinqiao.care.mailbox.forms import AnswerForm, AsideForm, AskForm, CloseForm, HandOverForm, MailForm, RescueForm
from xinqiao.care.mailbox.models import PupilLetter
from xinqiao.care.mailbox.selectors.letters import colleagues_for
from xinqiao.care.mailbox.services.letters import (
    answer_letter,
    close_letter,
    hand_over,
    keep_draft,
    lay_letter_aside,
    make_urgent,
)
from xinqiao.care.mailbox.services.names import ask_name, rescue_name
from xinqiao.care.mailbox.views.shown import letter_or_404, shown_letter
from xinqiao.foundation.access.doing import is_done
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now


@require_POST
@page(Permission.MAIL_ANSWER, child="letter_id")
def answer(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Send the answer, or keep it as a draft."""
    found, actor = letter_or_404(actor_of(request), letter_id), actor_of(request)
    form = AnswerForm(request.POST)
    if "draft" in request.POST:
        return _done(request, found, "answer", form, _("Kept. It is not sent yet."),
                     lambda said: keep_draft(found, actor=actor, words=said["words"]))  # fmt: skip
    return _done(request, found, "answer", form, _("Sent. The pupil reads it with the code of the letter."),
                 lambda said: answer_letter(found, actor=actor, words=said["words"], seen=said["seen"]))  # fmt: skip


@require_POST
@page(Permission.MAIL_ANSWER, child="letter_id")
def hand(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Give the letter to a colleague."""
    found, actor = letter_or_404(actor_of(request), letter_id), actor_of(request)
    form = HandOverForm(colleagues_for(actor, found, now()), request.POST)
    return _done(request, found, "hand", form, _("Handed over. The colleague got word that something waits."),
                 lambda said: hand_over(found, actor=actor, to=UUID(said["to"])))  # fmt: skip


@require_POST
@page(Permission.MAIL_ANSWER, child="letter_id")
def close(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Close the letter with a reason."""
    found, actor = letter_or_404(actor_of(request), letter_id), actor_of(request)
    return _done(request, found, "close", CloseForm(request.POST, prefix="close"), _("Closed."),
                 lambda said: close_letter(found, actor=actor, reason=said["reason"]))  # fmt: skip


@require_POST
@page(Permission.MAIL_ANSWER, child="letter_id")
def urgent(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Say that the letter does not wait."""
    found, actor = letter_or_404(actor_of(request), letter_id), actor_of(request)
    make_urgent(found, actor=actor)
    messages.success(request, _("Whoever is on duty was told at once."))
    return redirect("mailbox:letter", letter_id)


@require_POST
@page(Permission.MAIL_ANSWER, child="letter_id")
def aside(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Say with a reason that the letter can wait after all."""
    found, actor = letter_or_404(actor_of(request), letter_id), actor_of(request)
    return _done(request, found, "aside", AsideForm(request.POST, prefix="aside"),
                 _("Laid aside. The letter is still to be answered."),
                 lambda said: lay_letter_aside(found, actor=actor, reason=said["reason"]))  # fmt: skip


@require_POST
@page(Permission.MAIL_ANSWER, child="letter_id")
def ask(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Ask that the name be opened."""
    found, actor = letter_or_404(actor_of(request), letter_id), actor_of(request)
    return _done(request, found, "ask", AskForm(request.POST, prefix="ask"), _("Asked. A second person decides."),
                 lambda said: ask_name(found, actor=actor, reason=said["reason"], told=said["told"]))  # fmt: skip


@require_POST
@page(Permission.MAIL_ANSWER, child="letter_id")
def rescue(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Open the name at once to save a life; the pupil's signal comes next."""
    found, actor = letter_or_404(actor_of(request), letter_id), actor_of(request)
    made: list[object] = []
    reply = _done(
        request, found, "rescue", RescueForm(request.POST, prefix="rescue"),
        _("The name is open: this is the pupil. A second person was told."),
        lambda said: made.append(rescue_name(found, actor=actor, reason=said["reason"], told=said["told"])),
    )  # fmt: skip
    signal = made[0] if made else None
    return redirect("alerts:signal", signal.pk) if isinstance(signal, Signal) else reply


def _done(
    request: HttpRequest, letter: PupilLetter, name: str, form: MailForm, words: str, act: Callable[[Any], object]
) -> HttpResponse:  # fmt: skip
    """Do what a sent form says and go back to the letter; a refusal shows it again with the words that were typed."""
    if is_done(request, form, lambda _actor: act(form.cleaned_data), words, CannotDo):
        return redirect("mailbox:letter", letter.pk)
    return shown_letter(request, letter, **{name: form})
