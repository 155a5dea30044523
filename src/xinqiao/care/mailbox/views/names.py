"""The second person's page of requests for names, deciding on one, and showing a name once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.mailbox.errors import CannotDo
from xinqiao.care.mailbox.forms import DecideForm
from xinqiao.care.mailbox.selectors.letters import find_request
from xinqiao.care.mailbox.selectors.requests import request_rows
from xinqiao.care.mailbox.services.names import decide_name, show_name
from xinqiao.care.mailbox.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.doing import is_done
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today


@require_GET
@page(Permission.MAIL_NAME)
def requests(request: HttpRequest) -> HttpResponse:
    """Which names are asked for, or were opened to save a life."""
    return _page(request)


def _page(request: HttpRequest, form: DecideForm | None = None, refused: UUID | None = None) -> HttpResponse:
    rows = [
        (row, form if row.id == refused and form is not None else DecideForm(prefix=row.id.hex))
        for row in request_rows(actor_of(request), now())
    ]
    return render(request, "mailbox/requests.html", {"rows": rows, "form": form}, status=422 if form else 200)


@require_POST
@page(Permission.MAIL_NAME, child="request_id")
def decide(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Agree, or do not, with the reason."""
    found = or_404(find_request(actor_of(request), request_id, Permission.MAIL_NAME))
    form = DecideForm(request.POST, prefix=found.id.hex)

    def act(who: Actor) -> object:
        said = form.cleaned_data
        return decide_name(found, actor=who, agrees=said["agrees"] == "yes", words=said["words"])

    if is_done(request, form, act, _("Noted. Whoever asked sees it in the letter."), CannotDo):
        return redirect("mailbox:requests")
    return _page(request, form, found.id)


@never_cache
@require_POST
@page(Permission.MAIL_ANSWER, child="request_id")
def show(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show a name that was approved, once, to whoever asked; the page is not kept and comes once."""
    actor = actor_of(request)
    found = or_404(find_request(actor, request_id, Permission.MAIL_ANSWER))
    try:
        student = show_name(found, actor=actor)
    except CannotDo as error:
        messages.error(request, refusal_words(error.code))
        return redirect("mailbox:letter", found.letter_id)
    parts = {
        "name": names_of([student])[student.id], "letter_id": found.letter_id,
        "class_name": class_names({student.place}, today()).get(student.place, ""),
    }  # fmt: skip
    return render(request, "mailbox/name.html", parts)
