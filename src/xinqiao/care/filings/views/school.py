"""Pages of the school: what is to be filed, one filing, writing, checking, sending, dropping."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.filings.editions import newest, payload_of
from xinqiao.care.filings.errors import CannotFile
from xinqiao.care.filings.forms import FilingForm, LapseForm, ReturnForm, SeenForm, WriteForm
from xinqiao.care.filings.models import Filing
from xinqiao.care.filings.selectors.school import (
    facts_rows,
    filing_list,
    filing_page,
    find_filing,
    note_filing_read,
)
from xinqiao.care.filings.services.writing import (
    check_edition,
    lapse_filing,
    return_edition,
    send_edition,
    write_edition,
)
from xinqiao.care.filings.terms import terms_of
from xinqiao.care.filings.wording import order_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.doing import is_done
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.register.people.finding import name_of


@require_GET
@page(Permission.FILING_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """What the school has to file and until when, and what it filed."""
    return render(request, "filings/index.html", {"filings": filing_list(actor_of(request), now())})


@require_GET
@page(Permission.FILING_VIEW, child="filing_id")
def one(request: HttpRequest, filing_id: UUID) -> HttpResponse:
    """One filing: exactly what goes up, what to do next, and its story."""
    return _one_page(request, filing_or_404(request, filing_id, Permission.FILING_VIEW))


@require_http_methods(["GET", "POST"])
@page(Permission.FILING_WRITE, child="filing_id")
def write(request: HttpRequest, filing_id: UUID) -> HttpResponse:
    """Write a version: the first one, one anew, or a correction of what was sent."""
    actor, filing = actor_of(request), filing_or_404(request, filing_id, Permission.FILING_WRITE)
    form = WriteForm(request.POST or None, initial=_initial(actor, filing))
    if is_done(
        request, form,
        lambda by: write_edition(filing, actor=by, said=form.said(), seen=form.cleaned_data["seen"]),
        _("Kept. This is exactly what goes up."), CannotFile,
    ):  # fmt: skip
        return redirect("filings:one", filing_id)
    note_filing_read(actor, filing)
    parts = {
        "filing": filing, "form": form, "name": name_of(filing.student), "rows": facts_rows(filing),
        "order": order_words(terms_of(filing.terms)), "is_named": terms_of(filing.terms).is_named,
    }  # fmt: skip
    return render(request, "filings/write.html", parts, status=422 if form.is_bound else 200)


@require_POST
@page(Permission.FILING_CHECK, child="filing_id")
def check(request: HttpRequest, filing_id: UUID) -> HttpResponse:
    """Find a version right, as a second person."""
    actor, filing = actor_of(request), filing_or_404(request, filing_id, Permission.FILING_CHECK)
    form = SeenForm(request.POST)
    return _done(request, filing, form, lambda seen: check_edition(filing, actor=actor, seen=seen))


@require_POST
@page(Permission.FILING_CHECK, child="filing_id")
def give_back(request: HttpRequest, filing_id: UUID) -> HttpResponse:
    """Give a version back to be written anew."""
    actor, filing = actor_of(request), filing_or_404(request, filing_id, Permission.FILING_CHECK)
    form = ReturnForm(request.POST)
    return _done(
        request, filing, form,
        lambda seen: return_edition(filing, actor=actor, seen=seen, words=form.cleaned_data["words"]),
    )  # fmt: skip


@require_POST
@page(Permission.FILING_WRITE, child="filing_id")
def send(request: HttpRequest, filing_id: UUID) -> HttpResponse:
    """Send a version to the bureau."""
    actor, filing = actor_of(request), filing_or_404(request, filing_id, Permission.FILING_WRITE)
    form = SeenForm(request.POST)
    return _done(request, filing, form, lambda seen: send_edition(filing, actor=actor, seen=seen))


@require_POST
@page(Permission.FILING_CHECK, child="filing_id")
def lapse(request: HttpRequest, filing_id: UUID) -> HttpResponse:
    """Say why a filing is no longer needed."""
    actor, filing = actor_of(request), filing_or_404(request, filing_id, Permission.FILING_CHECK)
    form = LapseForm(request.POST)
    return _done(
        request, filing, form, lambda _seen: lapse_filing(filing, actor=actor, words=form.cleaned_data["words"])
    )  # fmt: skip


def _done(request: HttpRequest, filing: Filing, form: FilingForm, act: Callable[[int], object]) -> HttpResponse:
    """Do it and show the filing, or show it again with the typed words and why not."""
    if is_done(request, form, lambda _by: act(form.cleaned_data["seen"]), _("Noted."), CannotFile):
        return redirect("filings:one", filing.id)
    filing.refresh_from_db()
    return _one_page(request, filing, form)


def _one_page(request: HttpRequest, filing: Filing, bound: FilingForm | None = None) -> HttpResponse:
    seen = {"seen": filing.version}
    parts = {
        "shown": filing_page(actor_of(request), filing, now()), "filing": filing, "bound": bound,
        "return_form": bound if isinstance(bound, ReturnForm) else ReturnForm(initial=seen),
        "lapse_form": bound if isinstance(bound, LapseForm) else LapseForm(initial=seen),
    }  # fmt: skip
    return render(request, "filings/one.html", parts, status=422 if bound else 200)


def _initial(actor: Actor, filing: Filing) -> dict[str, object]:
    last = newest(filing)
    first: dict[str, object] = {"seen": filing.version, "contact": actor.name}
    if last is None:
        return first
    said = payload_of(last)
    return {"seen": filing.version, "words": said.words, "asks": said.asks, "contact": said.contact}


def filing_or_404(request: HttpRequest, filing_id: UUID, permission: Permission) -> Filing:
    """Return a filing that the reader may reach."""
    return or_404(find_filing(actor_of(request), permission, filing_id))
