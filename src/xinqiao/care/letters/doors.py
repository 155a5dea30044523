"""The tab of a screening, and links for other apps."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinqiao.care.screening.views.tabs import register_tab
from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_link


def open_doors() -> None:
    """Register them; called once in `ready()`."""
    register_tab("letters", _("Letters to guardians"), "letters:mailing", Permission.LETTER_WRITE,
                 of_everyone_alone=True)  # fmt: skip
    register_tab(
        "hand-over", _("Hand letters over"), "letters:hand-over", Permission.LETTER_HAND, of_a_class=True,
        of_everyone_alone=True, unless=Permission.LETTER_WRITE,
    )  # fmt: skip
    register_link("pupil-letter", pupil_letter_url)
    register_link("letter-counts", counts_url)


def pupil_letter_url(request: HttpRequest, student_id: UUID) -> str | None:
    """Where words for a pupil's guardians are written, for those who may."""
    may = may_somewhere(request, Permission.LETTER_WRITE)
    return reverse("letters:pupil", args=[student_id]) if may else None


def counts_url(request: HttpRequest, target_id: object) -> str | None:
    """How many letters the schools have released."""
    del target_id
    return reverse("letters:counts") if may_somewhere(request, Permission.LETTER_COUNT) else None
