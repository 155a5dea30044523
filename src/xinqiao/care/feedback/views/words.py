"""Words that are meant for the reader."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xinqiao.care.feedback.selectors.words import find_word, own_words, word_rows
from xinqiao.care.feedback.services.telling import open_words
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission


@require_GET
@page(Permission.FEEDBACK_OWN)
def words(request: HttpRequest) -> HttpResponse:
    """Return the pupils on whom there are words for the reader, what waits to be opened first."""
    return render(request, "feedback/words.html", {"rows": own_words(actor_of(request))})


@require_GET
@page(Permission.FEEDBACK_OWN, child="word_id")
def word(request: HttpRequest, word_id: UUID) -> HttpResponse:
    """Open one; that it was opened is the receipt."""
    actor = actor_of(request)
    found = or_404(find_word(actor, word_id))
    open_words(found, actor=actor)
    found.refresh_from_db()
    (row,) = word_rows(actor, [found])
    return render(request, "feedback/word.html", {"row": row})
