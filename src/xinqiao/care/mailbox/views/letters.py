"""The letters that wait, those that are closed, one letter, and typing one in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.mailbox.errors import CannotDo
from xinqiao.care.mailbox.forms import TypeInForm
from xinqiao.care.mailbox.selectors.letters import letter_rows, pupil_numbered, schools_to_type_in
from xinqiao.care.mailbox.services.letters import TypedIn, type_in
from xinqiao.care.mailbox.views.shown import letter_or_404, shown_letter
from xinqiao.care.mailbox.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.ring import ring
from xinqiao.foundation.keys.sealing import blind_index
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student


@require_GET
@page(Permission.MAIL_ANSWER)
def letters(request: HttpRequest) -> HttpResponse:
    """The letters that wait, what does not wait first."""
    return render(request, "mailbox/letters.html", {"rows": letter_rows(actor_of(request), now())})


@require_GET
@page(Permission.MAIL_ANSWER)
def closed(request: HttpRequest) -> HttpResponse:
    """The newest closed letters."""
    return render(request, "mailbox/closed.html", {"rows": letter_rows(actor_of(request), now(), closed=True)})


@require_GET
@page(Permission.MAIL_ANSWER, child="letter_id")
def letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """One letter with all that was said."""
    return shown_letter(request, letter_or_404(actor_of(request), letter_id))


@require_http_methods(["GET", "POST"])
@page(Permission.MAIL_ANSWER)
def type_in_letter(request: HttpRequest) -> HttpResponse:
    """Keep a letter that came by e-mail, on paper or by telephone."""
    actor = actor_of(request)
    schools = schools_to_type_in(actor)
    form = TypeInForm(schools, request.POST or None, at=now())
    if form.is_valid() and _keep(actor, schools, form):
        messages.success(request, _("Kept, with the time by which it is answered."))
        return redirect("mailbox:letter", form.cleaned_data["once"])
    return render(request, "mailbox/type_in.html", {"form": form}, status=422 if form.is_bound else 200)


def _keep(actor: Actor, schools: list[Unit], form: TypeInForm) -> bool:
    school = or_404(next((unit for unit in schools if str(unit.id) == form.cleaned_data["school"]), None))
    student = _signed_by(actor, school, form)
    if form.errors:
        return False
    said = form.cleaned_data
    typed = TypedIn(said["once"], said["channel"], said["words"], form.came_at(), said["is_urgent"], student)
    try:
        type_in(school, actor=actor, typed=typed)
    except CannotDo as error:
        form.add_error(None, refusal_words(error.code))
        return False
    return True


def _signed_by(actor: Actor, school: Unit, form: TypeInForm) -> Student | None:
    number = form.cleaned_data["number"].strip()
    if not number:
        return None
    student = pupil_numbered(actor, school, blind_index(ring().secrets["index"], "student_number", number))
    if student is None:
        form.add_error("number", _("No pupil of this school has this number. Look at it again."))
    return student
