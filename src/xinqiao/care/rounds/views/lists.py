"""The own lists, one list pupil by pupil, a worry about one pupil, and the signature."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.rounds.forms import WorryForm
from xinqiao.care.rounds.models import RoundList
from xinqiao.care.rounds.selectors.following import rounds_for
from xinqiao.care.rounds.selectors.own import list_page, own_class_units, own_lists, told_of
from xinqiao.care.rounds.selectors.visits import visits_by_month
from xinqiao.care.rounds.services.lists import CannotNote, Signed, note_nothing, note_worry, sign_list, take_back_worry
from xinqiao.care.rounds.views.finding import list_or_404, pupil_or_404
from xinqiao.care.rounds.wording import refusal_words, round_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.core.ids import id_from
from xinqiao.register.people.finding import name_of
from xinqiao.register.people.models import Student
from xinqiao.register.policy.selectors import parameters_for


@require_GET
@page(Permission.ROUND_SIGN)
def index(request: HttpRequest) -> HttpResponse:
    """Return the reader's own lists, and the rounds that the reader follows."""
    actor, at = actor_of(request), now()
    follows = actor.can_somewhere(Permission.ROUND_FOLLOW)
    parts = {
        "lists": own_lists(actor, at), "own_classes": own_class_units(actor, today()),
        "rounds": rounds_for(actor, at) if follows else None, "months": visits_by_month(actor, at) if follows else None,
        "may_call": actor.can_somewhere(Permission.ROUND_CALL),
    }  # fmt: skip
    return render(request, "rounds/index.html", parts)


@require_GET
@page(Permission.ROUND_SIGN, child="list_id")
def list_of_class(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Return the list of a class, every pupil on one page."""
    return _shown(request, actor_of(request), list_or_404(actor_of(request), list_id))


def _shown(request: HttpRequest, actor: Actor, row: RoundList) -> HttpResponse:
    is_part = bool(request.headers.get("HX-Request"))
    parts = {"page": list_page(actor, row, now()), "reader": actor.name, "today": today()}
    return render(request, "rounds/pupils.html" if is_part else "rounds/list.html", parts)


@require_POST
@page(Permission.ROUND_SIGN, child="list_id")
def nothing(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Note that nothing was noticed of the pupils who were on the page: of one, or of all that remain."""
    actor = actor_of(request)
    row = list_or_404(actor, list_id)
    chosen = [found for text in request.POST.getlist("pupil") if (found := id_from(text))]
    try:
        note_nothing(row, actor=actor, student_ids=chosen)
    except CannotNote as error:
        messages.error(request, refusal_words(error.code))
    if request.headers.get("HX-Request"):
        return _shown(request, actor, row)
    anchor = f"#p-{chosen[0]}" if len(chosen) == 1 else "#sign"
    return redirect(reverse("rounds:list", args=[row.id]) + anchor)


@require_http_methods(["GET", "POST"])
@page(Permission.ROUND_SIGN, child="student_id")
def worry(request: HttpRequest, list_id: UUID, student_id: UUID) -> HttpResponse:
    """Note a worry about one pupil."""
    actor = actor_of(request)
    row = list_or_404(actor, list_id)
    student = pupil_or_404(row, student_id)
    told = told_of(actor, row, student)
    before = {"seen": told.seen, "factors": told.factors, "words": told.words}
    form = WorryForm(
        parameters_for(row.place, today()), request.POST if request.method == "POST" else None, initial=before
    )
    if form.is_valid() and _note(request, form, actor, row, student):
        return redirect(reverse("rounds:list", args=[row.id]) + f"#p-{student.id}")
    parts = {
        "form": form, "row": row, "student": student, "name": name_of(student), "is_noted": bool(told != type(told)()),
        "round_name": round_words(row.round.names),
        "hotlines": parameters_for(row.place, today()).hotlines,
    }  # fmt: skip
    return render(request, "rounds/worry.html", parts, status=422 if form.is_bound else 200)


def _note(request: HttpRequest, form: WorryForm, actor: Actor, row: RoundList, student: Student) -> bool:
    try:
        line = note_worry(row, actor=actor, student=student, told=form.as_told())
    except CannotNote as error:
        form.add_error(None, refusal_words(error.code))
        return False
    if line.passed_on == "red":
        messages.warning(
            request,
            _("Passed on at once. Stay with the pupil and call the psychology teacher now; do not wait for an answer."),
        )
    elif line.passed_on:
        messages.success(request, _("Passed on at once. The psychology teacher has been told."))
    else:
        messages.success(request, _("Noted. It is passed on when you sign the list."))
    return True


@require_POST
@page(Permission.ROUND_SIGN, child="student_id")
def take_back(request: HttpRequest, list_id: UUID, student_id: UUID) -> HttpResponse:
    """Note that there is no worry about a pupil after all."""
    actor = actor_of(request)
    row = list_or_404(actor, list_id)
    student = pupil_or_404(row, student_id)
    try:
        take_back_worry(row, actor=actor, student=student)
    except CannotNote as error:
        messages.error(request, refusal_words(error.code))
    return redirect(reverse("rounds:list", args=[row.id]) + f"#p-{student.id}")


@require_POST
@page(Permission.ROUND_SIGN, child="list_id")
def sign(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Sign a list."""
    actor = actor_of(request)
    row = list_or_404(actor, list_id)
    try:
        messages.success(request, _signed_words(sign_list(row, actor=actor)))
    except CannotNote as error:
        messages.error(request, refusal_words(error.code))
    return redirect("rounds:list", row.id)


def _signed_words(signed: Signed) -> str:
    if not signed.worries:
        return _("Signed: nothing noticed. Thank you.")
    text = ngettext(
        "Signed. The psychology teacher has been told of {count} pupil. Thank you.",
        "Signed. The psychology teacher has been told of {count} pupils. Thank you.", signed.worries,
    )  # fmt: skip
    return text.format(count=signed.worries)
