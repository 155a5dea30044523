"""The page of sealed notes: one's own sentence, the group's list, who holds its halves, recovery."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.counselling.errors import CannotKeep, MustWait
from xinqiao.care.counselling.forms import ChangeForm, HoldersForm, OpenForm
from xinqiao.care.counselling.opening import keep_open, open_minutes, opened_key, shut, unlock_own_key
from xinqiao.care.counselling.rows import own_key_of
from xinqiao.care.counselling.selectors.keys import (
    group_for,
    group_pages,
    member_for,
    people_to_hold,
    recovery_for,
    school_to_join,
)
from xinqiao.care.counselling.services.groups import (
    admit_member,
    end_member,
    join_group,
    name_holders,
    restart_group,
)
from xinqiao.care.counselling.services.recovering import begin_recovery, join_recovery, take_over
from xinqiao.care.counselling.services.sentences import change_sentence, choose_sentence
from xinqiao.care.counselling.wording import refusal_words
from xinqiao.foundation.access.actors import Actor, any_place
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.boxes import WrongWords
from xinqiao.foundation.ui.sentences import NewWordsForm
from xinqiao.register.policy.counselling_rules import CounsellingRules
from xinqiao.register.policy.selectors import parameters_for

HOME = "counselling:keys"


@require_GET
@page(Permission.COUNSEL_KEY)
def keys(request: HttpRequest) -> HttpResponse:
    """One's own sentence, and the groups where one works."""
    actor = actor_of(request)
    parts = {
        "own_key": own_key_of(actor.staff_id), "is_open": opened_key(request) is not None,
        "groups": group_pages(actor), "minutes": open_minutes(actor),
        "recovery_minutes": _rules(actor).recovery_minutes,
    }  # fmt: skip
    return render(request, "counselling/keys.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.COUNSEL_KEY)
@sensitive_post_parameters()
def sentence(request: HttpRequest) -> HttpResponse:
    """Choose a sentence: the first one, or another in the place of one that was forgotten."""
    actor = actor_of(request)
    own_key = own_key_of(actor.staff_id)
    form = NewWordsForm(_rules(actor).words_at_least, request.POST or None)
    if form.is_valid():
        words, replaces = form.cleaned_data["new_words"], own_key.id if own_key else None
        if _is_tried(request, lambda: choose_sentence(_place(actor), actor=actor, words=words, replaces=replaces)):
            messages.success(request, _("Your sentence is chosen. It is stored nowhere: keep it well."))
        return redirect(HOME)
    return _shown(request, "sentence", {"form": form, "own_key": own_key})


@require_http_methods(["GET", "POST"])
@page(Permission.COUNSEL_KEY)
@sensitive_post_parameters()
def change(request: HttpRequest) -> HttpResponse:
    """Put the own key under another sentence."""
    actor = actor_of(request)
    if own_key_of(actor.staff_id) is None:
        return redirect("counselling:sentence")
    form = ChangeForm(_rules(actor).words_at_least, request.POST or None)
    if form.is_valid() and _opened_by(form, actor) is not None:
        words, new_words = form.cleaned_data["words"], form.cleaned_data["new_words"]
        change_sentence(_place(actor), actor=actor, words=words, new_words=new_words)
        messages.success(request, _("From now on the new sentence opens it."))
        return redirect(HOME)
    return _shown(request, "change", {"form": form})


@require_http_methods(["GET", "POST"])
@page(Permission.COUNSEL_KEY)
@sensitive_post_parameters()
def unlock(request: HttpRequest) -> HttpResponse:
    """Type the sentence once; what is sealed stays open in this browser for a while."""
    actor = actor_of(request)
    if own_key_of(actor.staff_id) is None:
        return redirect("counselling:sentence")
    there = request.POST.get("next") or request.GET.get("next") or ""
    there = there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else ""
    form = OpenForm(request.POST if "words" in request.POST else None)
    opened = _opened_by(form, actor) if form.is_valid() else None
    if opened:
        response = redirect(there or HOME)
        keep_open(request, response, *opened)
        return response
    return _shown(request, "open", {"form": form, "next": there, "minutes": open_minutes(actor)})


@require_POST
@page(Permission.COUNSEL_KEY)
def lock(request: HttpRequest) -> HttpResponse:
    """Shut what is open in this browser."""
    response = redirect(HOME)
    shut(request, response)
    messages.success(request, _("It is shut."))
    return response


@require_POST
@page(Permission.COUNSEL_WRITE)
def join(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Found the group of a school, or ask to be admitted."""
    actor = actor_of(request)
    school = or_404(school_to_join(actor, school_id))
    if own_key_of(actor.staff_id) is None:
        return redirect("counselling:sentence")
    _is_tried(request, lambda: join_group(school, actor=actor))
    return redirect(HOME)


@require_POST
@page(Permission.COUNSEL_WRITE)
def admit(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Admit somebody who waits."""
    actor = actor_of(request)
    member = or_404(member_for(actor, member_id))
    return _with_key(request, lambda private: admit_member(member, actor=actor, private=private))


@require_POST
@page(Permission.COUNSEL_WRITE)
def end(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Strike somebody off the list."""
    member = or_404(member_for(actor_of(request), member_id))
    _is_tried(request, lambda: end_member(member, actor=actor_of(request)))
    return redirect(HOME)


@require_POST
@page(Permission.COUNSEL_WRITE)
def restart(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Begin anew where nobody can open anything any more."""
    group = or_404(group_for(actor_of(request), group_id))
    _is_tried(request, lambda: restart_group(group, actor=actor_of(request)))
    return redirect(HOME)


@require_http_methods(["GET", "POST"])
@page(Permission.COUNSEL_WRITE)
def holders(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Name the two who hold the halves of the group's key."""
    actor = actor_of(request)
    group = or_404(group_for(actor, group_id))
    people, opened = people_to_hold(group), opened_key(request)
    if opened is None:
        return redirect("counselling:open")
    form = HoldersForm(people, request.POST or None)
    if form.is_valid():
        try:
            name_holders(group, actor=actor, private=opened[1], staff_ids=form.staff_ids())
        except CannotKeep as error:
            form.refuse(error)
        else:
            messages.success(request, _("Both are named, and hold a half each."))
            return redirect(HOME)
    return _shown(request, "holders", {"form": form, "people": people})


@require_POST
@page(Permission.COUNSEL_HOLD)
def recover(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Give the own halves to somebody who waits: the first of two."""
    actor = actor_of(request)
    heir = or_404(member_for(actor, member_id))
    return _with_key(request, lambda private: begin_recovery(heir.group, actor=actor, private=private, heir=heir))


@require_POST
@page(Permission.COUNSEL_HOLD)
def recover_second(request: HttpRequest, recovery_id: UUID) -> HttpResponse:
    """Give the own halves as well: the second of two."""
    actor = actor_of(request)
    recovery = or_404(recovery_for(actor, recovery_id))
    return _with_key(request, lambda private: join_recovery(recovery, actor=actor, private=private))


@require_POST
@page(Permission.COUNSEL_WRITE)
def take(request: HttpRequest, recovery_id: UUID) -> HttpResponse:
    """Join both halves, as the heir."""
    actor = actor_of(request)
    recovery = or_404(recovery_for(actor, recovery_id))
    return _with_key(request, lambda private: take_over(recovery, actor=actor, private=private))


def _with_key(request: HttpRequest, act: Callable[[X25519PrivateKey], object]) -> HttpResponse:
    """Do what needs the own key; where it is shut, the sentence is asked for first and the button pressed again."""
    opened = opened_key(request)
    if opened is None:
        messages.info(request, refusal_words("not_open"))
        return redirect("counselling:open")
    _is_tried(request, lambda: act(opened[1]))
    return redirect(HOME)


def _is_tried(request: HttpRequest, act: Callable[[], object]) -> bool:
    try:
        act()
    except CannotKeep as error:
        messages.error(request, refusal_words(error.code))
        return False
    return True


def _opened_by(form: Any, actor: Actor) -> Any:
    try:
        return unlock_own_key(actor, form.cleaned_data["words"])
    except WrongWords:
        form.add_error("words", _("This sentence does not open it. Capital letters and punctuation count."))
    except MustWait as error:
        text = ngettext(
            "Too many wrong sentences. Try again in {n} minute.", "Too many wrong sentences. Try again in {n} minutes.",
            error.minutes,
        )  # fmt: skip
        form.add_error("words", text.format(n=error.minutes))
    return None


def _place(actor: Actor) -> str:
    return any_place(actor.places(Permission.COUNSEL_KEY))


def _rules(actor: Actor) -> CounsellingRules:
    return parameters_for(_place(actor), today()).counselling


def _shown(request: HttpRequest, name: str, parts: dict[str, Any]) -> HttpResponse:
    status = 422 if parts["form"].is_bound else 200
    return render(request, f"counselling/{name}.html", parts, status=status)
