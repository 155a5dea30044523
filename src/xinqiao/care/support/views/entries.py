"""What is done to an entry: proposed, entered, decided, looked at again, ended."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xinqiao.care.support.forms import EndForm, EntryForm, ReviewForm
from xinqiao.care.support.selectors.pages import own_proposals, read_entry
from xinqiao.care.support.services.entries import (
    CannotRegister,
    accept_entry,
    add_entry,
    decline_entry,
    end_entry,
    propose_entry,
    review_entry,
)
from xinqiao.care.support.views.finding import entry_or_404
from xinqiao.care.support.wording import refusal_words
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import today
from xinqiao.register.people.finding import name_of, student_or_404
from xinqiao.register.policy.selectors import parameters_for


@require_http_methods(["GET", "POST"])
@page(Permission.REGISTER_EDIT, child="student_id")
def add(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Enter a pupil into the register."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.REGISTER_EDIT)
    form = EntryForm(parameters_for(student.place, today()).register_categories, request.POST or None)
    if form.is_valid():
        try:
            add_entry(student, actor=actor, draft=form.draft())
        except CannotRegister as error:
            form.add_error("what", refusal_words(error.code))
        else:
            messages.success(request, _("The pupil is on the register."))
            return redirect("support:pupil", student.id)
    parts = {"form": form, "student": student, "name": name_of(student)}
    return render(request, "support/add.html", parts, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.REGISTER_PROPOSE, child="student_id")
def propose(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Propose a pupil of one's class; the psychology teacher decides."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.REGISTER_PROPOSE)
    form = EntryForm(parameters_for(student.place, today()).register_categories, request.POST or None)
    if form.is_valid():
        try:
            result = propose_entry(student, actor=actor, draft=form.draft())
        except CannotRegister as error:
            form.add_error("what", refusal_words(error.code))
        else:
            sent = _("Sent to the psychology teacher.")
            known = _("You have proposed this before; the psychology teacher has it.")
            messages.success(request, known if isinstance(result, Unchanged) else sent)
            return redirect("support:propose", student.id)
    parts = {"form": form, "student": student, "name": name_of(student),
             "proposals": own_proposals(actor, student, today())}  # fmt: skip
    return render(request, "support/propose.html", parts, status=422 if form.is_bound else 200)


@require_POST
@page(Permission.REGISTER_EDIT, child="entry_id")
def accept(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Take a proposal up."""
    actor = actor_of(request)
    entry = entry_or_404(actor, entry_id)
    try:
        accept_entry(entry, actor=actor)
        messages.success(request, _("The pupil is on the register."))
    except CannotRegister as error:
        messages.error(request, refusal_words(error.code))
    return redirect("support:register")


@require_POST
@page(Permission.REGISTER_EDIT, child="entry_id")
def decline(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Do not take a proposal up."""
    actor = actor_of(request)
    entry = entry_or_404(actor, entry_id)
    try:
        decline_entry(entry, actor=actor)
        messages.success(request, _("The proposal was not taken up. It stays on record here."))
    except CannotRegister as error:
        messages.error(request, refusal_words(error.code))
    return redirect("support:register")


@require_http_methods(["GET", "POST"])
@page(Permission.REGISTER_EDIT, child="entry_id")
def review(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Look at an entry again."""
    actor = actor_of(request)
    entry = entry_or_404(actor, entry_id)
    row = read_entry(actor, entry, today())
    form = ReviewForm(request.POST or None, initial={"reason": row.reason})
    if form.is_valid():
        try:
            review_entry(entry, actor=actor, reason=form.cleaned_data["reason"])
        except CannotRegister as error:
            form.add_error(None, refusal_words(error.code))
        else:
            messages.success(request, _("Looked at again."))
            return redirect("support:register")
    parts = {"form": form, "row": row}
    return render(request, "support/review.html", parts, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.REGISTER_EDIT, child="entry_id")
def end(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Take a pupil off the register."""
    actor = actor_of(request)
    entry = entry_or_404(actor, entry_id)
    form = EndForm(request.POST or None)
    if form.is_valid():
        try:
            end_entry(entry, actor=actor, why=form.cleaned_data["why"])
        except CannotRegister as error:
            form.add_error(None, refusal_words(error.code))
        else:
            messages.success(request, _("The entry has ended."))
            return redirect("support:register")
    parts = {"form": form, "row": read_entry(actor, entry, today())}
    return render(request, "support/end.html", parts, status=422 if form.is_bound else 200)
