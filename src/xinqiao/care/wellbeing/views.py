"""Pages of one's own wellbeing. What is answered and opened comes by POST and is never an address."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.scales.presenting import phrase, title_of
from xinqiao.care.wellbeing.forms import AnswerForm, ChangeWordsForm, OpenForm, SheetForm
from xinqiao.care.wellbeing.presenting import courses_of, outcome_of
from xinqiao.care.wellbeing.selectors import (
    OwnScale,
    Said,
    cries_for_help,
    has_notebook,
    kept_text,
    opened_notebook,
    own_place,
    own_scale,
    own_scales,
    said_by,
)
from xinqiao.care.wellbeing.services.notebooks import (
    NoNotebook,
    change_words,
    delete_notebook,
    delete_results,
    keep_result,
)
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.core.ids import id_from
from xinqiao.foundation.keys.boxes import WrongWords
from xinqiao.foundation.ui.sentences import NewWordsForm
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for


@require_GET
@page(Permission.WELLBEING_OWN)
def index(request: HttpRequest) -> HttpResponse:
    """What this is, who can see it (nobody), what may be answered, and the notebook."""
    actor = actor_of(request)
    found, without = own_scales(actor, today())
    return _shown(request, "wellbeing/index.html", {
        "scales": [(own.rule.code, title_of(own.version), len(own.scale.items)) for own in found],
        "without": [code.upper() for code in without], "has_notebook": has_notebook(actor),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.WELLBEING_OWN)
def ask(request: HttpRequest) -> HttpResponse:
    """The questions of the chosen scale."""
    own = _chosen(request)
    return _questions(request, own, AnswerForm(own.scale)) if own else redirect("wellbeing:index")


@require_http_methods(["GET", "POST"])
@page(Permission.WELLBEING_OWN)
@sensitive_post_parameters()
def answers(request: HttpRequest) -> HttpResponse:
    """What the answers say; nothing is stored."""
    own = _chosen(request)
    if own is None:
        return redirect("wellbeing:index")
    form = AnswerForm(own.scale, request.POST)
    if not form.is_valid():
        return _questions(request, own, form, cries=cries_for_help(own, form.answers()))
    return _result(request, said_by(own, [each for each in form.answers() if each is not None]), form.answers())


@require_http_methods(["GET", "POST"])
@page(Permission.WELLBEING_OWN)
@sensitive_post_parameters()
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a result that was just shown; the first one asks for a sentence."""
    own, sheet = _chosen(request), SheetForm(request.POST)
    if own is None or not sheet.is_valid():
        return redirect("wellbeing:index")
    actor, policy = actor_of(request), _policy(request)
    try:
        said = said_by(own, sheet.answers())
    except ValueError:
        return redirect("wellbeing:index")
    form = None if has_notebook(actor) else NewWordsForm(policy.notebook_words_at_least, request.POST)
    if form is not None and not form.is_valid():
        return _result(request, said, sheet.answers(), form)
    words_given = form.cleaned_data["new_words"] if form else ""
    keep_result(own_place(actor), actor=actor, result=kept_text(said, now()), words=words_given)
    messages.success(request, _("Kept in your notebook."))
    return redirect("wellbeing:index")


@require_http_methods(["GET", "POST"])
@page(Permission.WELLBEING_OWN)
@sensitive_post_parameters()
def notebook(request: HttpRequest) -> HttpResponse:
    """The notebook: shut, or opened by the owner's sentence for as long as this page is shown."""
    actor = actor_of(request)
    form = OpenForm(request.POST or None)
    parts: dict[str, Any] = {"form": form, "has_notebook": has_notebook(actor)}
    if request.method == "POST" and form.is_valid():
        try:
            rows = opened_notebook(actor, form.cleaned_data["words"], today())
            parts |= {"is_open": rows is not None, "courses": courses_of(rows or [])}
        except WrongWords:
            form.add_error("words", _("This sentence does not open it. Capital letters and punctuation count."))
    return _shown(request, "wellbeing/notebook.html", parts, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.WELLBEING_OWN)
@sensitive_post_parameters()
def words(request: HttpRequest) -> HttpResponse:
    """Put the notebook under another sentence."""
    actor = actor_of(request)
    form = ChangeWordsForm(_policy(request).notebook_words_at_least, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_words(
                own_place(actor), actor=actor, words=form.cleaned_data["words"],
                new_words=form.cleaned_data["new_words"],
            )  # fmt: skip
            messages.success(request, _("From now on the new sentence opens your notebook."))
            return redirect("wellbeing:index")
        except NoNotebook:
            return redirect("wellbeing:index")
        except WrongWords:
            form.add_error("words", _("This sentence does not open it. Capital letters and punctuation count."))
    parts = {"form": form, "has_notebook": has_notebook(actor)}
    return _shown(request, "wellbeing/words.html", parts, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.WELLBEING_OWN)
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the results that were ticked."""
    actor = actor_of(request)
    chosen = [found for text in request.POST.getlist("entry") if (found := id_from(text))]
    if request.method == "POST" and chosen:
        if isinstance(delete_results(own_place(actor), actor=actor, ids=chosen), Unchanged):
            raise Http404
        messages.success(request, _("What you ticked is deleted."))
    return redirect("wellbeing:notebook")


@require_http_methods(["GET", "POST"])
@page(Permission.WELLBEING_OWN)
def delete_all(request: HttpRequest) -> HttpResponse:
    """Delete the whole notebook; needs no sentence, so that one may be given up that cannot be opened any more."""
    if request.method == "POST":
        actor = actor_of(request)
        delete_notebook(own_place(actor), actor=actor)
        messages.success(request, _("Your notebook is deleted, with its key: no backup can bring it back."))
    return redirect("wellbeing:index")


def _chosen(request: HttpRequest) -> OwnScale | None:
    return own_scale(actor_of(request), request.POST.get("scale", ""), today())


def _policy(request: HttpRequest) -> Parameters:
    return parameters_for(own_place(actor_of(request)), today())


def _questions(request: HttpRequest, own: OwnScale, form: AnswerForm, *, cries: bool = False) -> HttpResponse:
    parts = {
        "form": form, "code": own.rule.code, "title": title_of(own.version), "cries": cries,
        "instruction": phrase(own.scale.instruction),
    }  # fmt: skip
    return _shown(request, "wellbeing/ask.html", parts, status=422 if form.errors else 200)


def _result(request: HttpRequest, said: Said, given: Any, form: NewWordsForm | None = None) -> HttpResponse:
    least = _policy(request).notebook_words_at_least
    parts = {
        "outcome": outcome_of(said), "code": said.own.rule.code, "sheet": ",".join(map(str, given)),
        "has_notebook": has_notebook(actor_of(request)), "form": form or NewWordsForm(least),
    }  # fmt: skip
    return _shown(request, "wellbeing/result.html", parts, status=422 if form and form.errors else 200)


def _shown(request: HttpRequest, template: str, parts: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {**parts, "lines": _policy(request).staff_lines}, status=status)
