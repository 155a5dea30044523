"""What guardians ask for, and how many letters went out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.care.letters.selectors.wishes import count_rows
from xinqiao.care.letters.services.refusing import CannotDo
from xinqiao.care.letters.services.releasing import settle_wish
from xinqiao.care.letters.views.finding import letter_or_404
from xinqiao.care.letters.wording import all_why_not
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today


@page(Permission.LETTER_WRITE, child="letter_id")
@require_POST
def settle(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Note that a guardian who asked for a talk was talked to."""
    letter = letter_or_404(actor_of(request), letter_id)
    try:
        settle_wish(letter, actor=actor_of(request))
        messages.success(request, _("Noted: the talk was held."))
    except CannotDo as error:
        messages.error(request, all_why_not(error.reasons))
    return redirect("letters:mailing", letter.mailing.campaign_id)


@page(Permission.LETTER_COUNT)
def counts(request: HttpRequest) -> HttpResponse:
    """Return how many letters the schools have released."""
    return render(request, "letters/counts.html", {"rows": count_rows(actor_of(request), today())})
