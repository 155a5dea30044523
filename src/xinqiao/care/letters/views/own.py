"""Own words for one pupil's guardians: written, read through, given up, withdrawn."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.care.letters.forms import OwnForm
from xinqiao.care.letters.models import Letter
from xinqiao.care.letters.selectors.letters import OwnPage, newest_letter_of, own_page, paragraphs_of
from xinqiao.care.letters.services.refusing import CannotDo, ForbiddenWords
from xinqiao.care.letters.services.releasing import withdraw_letter
from xinqiao.care.letters.services.writing import read_own, share_words, write_own
from xinqiao.care.letters.states import IN_PREPARATION, Words
from xinqiao.care.letters.texts import text_of
from xinqiao.care.letters.views.finding import letter_or_404
from xinqiao.care.letters.views.shared import _choices, digest_of
from xinqiao.care.letters.wording import all_why_not, finding_words
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.people.models import Student


@page(Permission.LETTER_WRITE, child="student_id")
def pupil(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Lead to a pupil's newest letter, or say that there is none yet."""
    actor = actor_of(request)
    if not Student.objects.visible_to(actor, Permission.LETTER_WRITE).filter(pk=student_id).exists():
        raise Http404
    found = newest_letter_of(actor, student_id)
    if found is not None:
        return redirect("letters:own", found.pk)
    return render(request, "letters/none_yet.html", {"student_id": student_id})


@page(Permission.LETTER_WRITE, child="letter_id")
def own(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Return one letter, or take own words for it."""
    letter = letter_or_404(actor_of(request), letter_id)
    shown = own_page(actor_of(request), letter, today())
    given = request.POST if request.method == "POST" else None
    form, wrong = OwnForm(given, initial={"words": _initial(request, letter, shown)}), []
    if request.method == "POST" and form.is_valid():
        try:
            write_own(letter, actor=actor_of(request), words=form.cleaned_data["words"])
            return redirect("letters:own-read", letter_id)
        except ForbiddenWords as error:
            wrong = [finding_words(finding) for finding in error.findings]
            form.add_error("words", _("These words cannot go out like this. What is wrong stands above."))
        except CannotDo as error:
            form.add_error(None, all_why_not(error.reasons))
    parts = {**_parts(shown), "form": form, "wrong": wrong, "texts": _choices("own")}
    return render(request, "letters/own.html", parts, status=422 if form.errors else 200)


def _initial(request: HttpRequest, letter: Letter, shown: OwnPage) -> str:
    chosen = request.GET.get("text", "")
    if letter.kind == Words.OWN and not chosen:
        return shown.words
    return text_of(chosen, "own").words.in_language(request.GET.get("in") or get_language() or "zh")


def _parts(shown: OwnPage) -> dict[str, object]:
    letter = shown.letter
    return {
        "shown": shown, "letter": letter, "campaign": letter.mailing.campaign, "class_id": letter.class_id,
        "paragraphs": paragraphs_of(shown.words), "is_own": letter.kind == Words.OWN,
        "is_in_preparation": letter.state in IN_PREPARATION,
        "findings": [finding_words(finding) for finding in shown.findings] if letter.kind == Words.OWN else [],
    }  # fmt: skip


@page(Permission.LETTER_WRITE, child="letter_id")
def read(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Return own words as guardians read them, or take that they were read through."""
    actor = actor_of(request)
    letter = letter_or_404(actor, letter_id)
    if letter.kind != Words.OWN or letter.state not in IN_PREPARATION:
        return redirect("letters:own", letter_id)
    if request.method == "POST":
        try:
            read_own(letter, actor=actor, shown=digest_of(request))
            messages.success(request, _("Read through. It goes out with the letters of the class."))
            return redirect("letters:class", letter.mailing.campaign_id, letter.class_id)
        except CannotDo as error:
            messages.error(request, all_why_not(error.reasons))
            return redirect("letters:own-read", letter_id)
    return render(request, "letters/own_read.html", _parts(own_page(actor, letter, today())))


@page(Permission.LETTER_WRITE, child="letter_id")
@require_POST
def share(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Give up own words."""
    letter = letter_or_404(actor_of(request), letter_id)
    try:
        share_words(letter, actor=actor_of(request))
        messages.success(request, _("These guardians get the words for everybody."))
    except CannotDo as error:
        messages.error(request, all_why_not(error.reasons))
    return redirect("letters:class", letter.mailing.campaign_id, letter.class_id)


@page(Permission.LETTER_WRITE, child="letter_id")
@require_POST
def withdraw(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Withdraw a letter that is out."""
    letter = letter_or_404(actor_of(request), letter_id)
    try:
        withdraw_letter(letter, actor=actor_of(request))
        messages.success(request, _("Withdrawn: its code opens nothing any more. Call the guardians and explain."))
    except CannotDo as error:
        messages.error(request, all_why_not(error.reasons))
    return redirect("letters:class", letter.mailing.campaign_id, letter.class_id)
