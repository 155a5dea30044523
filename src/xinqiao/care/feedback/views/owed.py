"""Feedback owed: the list, one feedback, releasing words, tries, giving up; and counts."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.feedback.concerned import class_teachers_of, concerned_names
from xinqiao.care.feedback.forms import GiveUpForm, LetGoForm, TryForm, WordsForm
from xinqiao.care.feedback.models import Feedback
from xinqiao.care.feedback.owing import is_flagged
from xinqiao.care.feedback.selectors.owed import count_rows, feedback_page, find_feedback, owed_rows
from xinqiao.care.feedback.services.ending import let_go
from xinqiao.care.feedback.services.telling import release_words
from xinqiao.care.feedback.services.trying import give_up, record_try
from xinqiao.care.feedback.states import Audience
from xinqiao.care.feedback.views.doing import is_done
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.people.selectors.students import guardians_of
from xinqiao.register.policy.selectors import parameters_for


@require_GET
@page(Permission.FEEDBACK_EDIT)
def owed(request: HttpRequest) -> HttpResponse:
    """Return who is owed feedback, what is overdue first."""
    rows = owed_rows(actor_of(request))
    shown = rows if request.GET.get("show") == "all" else [row for row in rows if row.is_missing]
    parts = {
        "rows": shown, "is_all": request.GET.get("show") == "all", "flagged": len(rows),
        "missing": sum(row.is_missing for row in rows), "overdue": sum(row.is_overdue for row in rows),
    }  # fmt: skip
    return render(request, "feedback/owed.html", parts)


@require_GET
@page(Permission.FEEDBACK_EDIT, child="feedback_id")
def one(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """Return one feedback: what is to be done, and what was."""
    return _shown(request, _feedback_or_404(request, feedback_id))


def _shown(request: HttpRequest, row: Feedback, **forms: Any) -> HttpResponse:
    """The page of one feedback, with the forms that fit it; a faulty one stands as it was typed (422)."""
    shown, student = feedback_page(actor_of(request), row), row.student
    parts: dict[str, Any] = {
        "shown": shown, "row": row,
        "tries_at_least": parameters_for(student.place, today()).feedback.tries_at_least,
        "has_class_teacher": bool(class_teachers_of(student, today())),
    }  # fmt: skip
    if row.to == Audience.TEACHERS and shown.is_running:
        parts["words_form"] = _words_form(row, shown.words or shown.advice)
    if shown.may_still_hear:
        parts["try_form"] = _try_form(row)
        if shown.is_running and shown.tries_of_nobody >= parts["tries_at_least"]:
            parts["give_up_form"] = GiveUpForm(auto_id="up_%s")
    if shown.is_running and not is_flagged(student.id):
        parts["let_go_form"] = LetGoForm(auto_id="go_%s")
    parts |= forms
    return render(request, "feedback/one.html", parts, status=422 if forms else 200)


def _words_form(row: Feedback, words: str = "", data: Any = None) -> WordsForm:
    names = concerned_names(row.student, today())
    first = {"words": words, "teachers": [str(each) for each in class_teachers_of(row.student, today())]}
    return WordsForm([(str(key), each) for key, each in names.items()], data, initial=first, auto_id="words_%s")


def _try_form(row: Feedback, data: Any = None) -> TryForm:
    guardians = [(str(each.guardian_id), f"{each.name} {each.relation}".strip()) for each in guardians_of(row.student)]
    at = timezone.localtime(now()).replace(second=0, microsecond=0)
    return TryForm(guardians, data, initial={"tried_at": at}, auto_id="try_%s")


@require_http_methods(["POST"])
@page(Permission.FEEDBACK_EDIT, child="feedback_id")
def words(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """Release words to teachers."""
    row = _feedback_or_404(request, feedback_id)
    form = _words_form(row, data=request.POST)
    if is_done(
        request,
        form,
        lambda actor: release_words(row, actor=actor, words=form.cleaned_data["words"], teachers=form.chosen()),
        _("The words are out. You see here who has opened them."),
    ):
        return redirect("feedback:one", row.id)
    return _shown(request, row, words_form=form)


@require_http_methods(["POST"])
@page(Permission.FEEDBACK_EDIT, child="feedback_id")
def tries(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """Write down a try to reach a guardian."""
    row = _feedback_or_404(request, feedback_id)
    form = _try_form(row, request.POST)
    if is_done(request, form, lambda actor: record_try(row, actor=actor, draft=form.draft()), _("Written down.")):
        return redirect("feedback:one", row.id)
    return _shown(request, row, try_form=form)


@require_http_methods(["POST"])
@page(Permission.FEEDBACK_EDIT, child="feedback_id")
def give_up_on(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """Say that a guardian cannot be reached."""
    row = _feedback_or_404(request, feedback_id)
    form = GiveUpForm(request.POST, auto_id="up_%s")
    if is_done(
        request,
        form,
        lambda actor: give_up(row, actor=actor, reason=form.cleaned_data["words"]),
        _("Written down. It stays on the list as not heard."),
    ):
        return redirect("feedback:one", row.id)
    return _shown(request, row, give_up_form=form)


@require_http_methods(["POST"])
@page(Permission.FEEDBACK_EDIT, child="feedback_id")
def let_it_go(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """Say that a feedback is no longer needed."""
    row = _feedback_or_404(request, feedback_id)
    form = LetGoForm(request.POST, auto_id="go_%s")
    if is_done(
        request,
        form,
        lambda actor: let_go(row, actor=actor, reason=form.cleaned_data["words"]),
        _("Written down. It counts as never given."),
    ):
        return redirect("feedback:one", row.id)
    return _shown(request, row, let_go_form=form)


@require_GET
@page(Permission.FEEDBACK_COUNT)
def counts(request: HttpRequest) -> HttpResponse:
    """Return by school how far feedback is, without names."""
    return render(request, "feedback/counts.html", {"rows": count_rows(actor_of(request))})


def _feedback_or_404(request: HttpRequest, feedback_id: UUID) -> Feedback:
    return or_404(find_feedback(actor_of(request), feedback_id))
