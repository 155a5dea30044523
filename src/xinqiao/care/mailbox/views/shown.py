"""One letter as a page, with the forms on it; a form that was refused is shown again with its words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinqiao.care.mailbox.forms import AnswerForm, AsideForm, AskForm, CloseForm, HandOverForm, RescueForm
from xinqiao.care.mailbox.models import PupilLetter
from xinqiao.care.mailbox.selectors.letters import find_letter, letter_page
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404
from xinqiao.foundation.core.clock import now


def letter_or_404(actor: Actor, letter_id: object) -> PupilLetter:
    """Return a letter that the actor may answer."""
    return or_404(find_letter(actor, letter_id))  # type: ignore[arg-type]  # the route gives a UUID


def shown_letter(request: HttpRequest, letter: PupilLetter, **forms: object) -> HttpResponse:
    """Render a letter; `forms` are those that were refused, by name, and make it a 422."""
    page = letter_page(actor_of(request), letter, now())
    parts = {
        "answer": AnswerForm(initial={"words": page.draft, "seen": len(page.said)}),
        "hand": HandOverForm(page.colleagues), "close": CloseForm(prefix="close"), "aside": AsideForm(prefix="aside"),
        "ask": AskForm(prefix="ask"), "rescue": RescueForm(prefix="rescue"), **forms,
    }  # fmt: skip
    shown = next(iter(forms.values()), None)
    return render(
        request, "mailbox/letter.html", {"page": page, "refused": shown, **parts}, status=422 if forms else 200
    )
