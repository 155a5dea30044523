"""Pages of the next school: which files came, taking them in, acknowledging them, sending one back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.transfers import rules
from xinqiao.care.transfers.errors import CannotHand, demand_none
from xinqiao.care.transfers.forms import DeclineForm, FilesForm, NumberForm
from xinqiao.care.transfers.models import Arrival
from xinqiao.care.transfers.rows import every_arrival
from xinqiao.care.transfers.selectors.coming import (
    arrival_page,
    arrivals,
    belonging,
    find_arrival,
    pupil_by_number,
)
from xinqiao.care.transfers.services.taking import acknowledge_files, decline_file, take_in
from xinqiao.care.transfers.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.doing import is_done
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.ids import id_from
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import school_of

HAND = Permission.TRANSFER_HAND


@require_GET
@page(HAND)
def index(request: HttpRequest) -> HttpResponse:
    """Which files came: what waits, what is taken in, what is over."""
    return _list(request)


def _list(request: HttpRequest, bound: FilesForm | None = None) -> HttpResponse:
    rows = arrivals(actor_of(request))
    waiting, taken = [row for row in rows if row.is_waiting], [row for row in rows if row.is_taken]
    ticked = set(request.POST.getlist("picked")) if bound is not None else None
    parts = {
        "waiting": [(row, (str(row.id) in ticked) if ticked is not None else row.pupil is not None) for row in waiting],
        "taken": [(row, ticked is None or str(row.id) in ticked) for row in taken], "bound": bound,
        "over": [row for row in rows if row.minutes_left is None], "late": sum(row.is_late for row in rows),
        "unknown": sum(row.pupil is None for row in waiting),
    }  # fmt: skip
    return render(request, "transfers/came.html", parts, status=422 if bound is not None else 200)


def _found(request: HttpRequest) -> tuple[FilesForm, dict[UUID, Arrival]]:
    """The form of a list, and the rows that were ticked and may be reached."""
    rows = Arrival.objects.visible_to(actor_of(request), HAND).select_related("handover__student")
    sent = [key for text in request.POST.getlist("picked") if (key := id_from(text))]
    found = {row.id: row for row in rows.filter(pk__in=sent)}
    return FilesForm(list(found), request.POST), found


@require_POST
@page(HAND)
def take_many(request: HttpRequest) -> HttpResponse:
    """Take the ticked files in, each for the pupil of the same number."""

    def act(actor: Actor, school: Unit, rows: list[Arrival]) -> int:
        pupils = belonging(rows)
        if len(pupils) < len(rows):
            raise CannotHand([rules.NO_PUPIL])
        return take_in(school, actor=actor, pupils={row.id: pupils[row.id].id for row in rows})

    return _many(request, act, lambda n: ngettext("One file is taken in.", "{count} files are taken in.", n))


@require_POST
@page(HAND)
def acknowledge_many(request: HttpRequest) -> HttpResponse:
    """Acknowledge the ticked files to the schools before."""

    def act(actor: Actor, school: Unit, rows: list[Arrival]) -> int:
        return acknowledge_files(school, actor=actor, arrival_ids=[row.id for row in rows])

    return _many(request, act, lambda n: ngettext("One file is acknowledged.", "{count} files are acknowledged.", n))


def _many(
    request: HttpRequest, act: Callable[[Actor, Unit, list[Arrival]], int], words: Callable[[int], str]
) -> HttpResponse:
    form, found = _found(request)
    if not form.is_valid():
        return _list(request, form)
    chosen = [found[key] for key in form.chosen()]
    try:
        demand_none([] if chosen else [rules.NOBODY_CHOSEN])
        done = sum(act(actor_of(request), school, rows) for school, rows in _by_school(chosen))
    except CannotHand as error:
        form.refuse(error)
        return _list(request, form)
    messages.success(request, words(done).format(count=done))
    return redirect("transfers:came")


def _by_school(rows: list[Arrival]) -> list[tuple[Unit, list[Arrival]]]:
    places = sorted({row.place for row in rows})
    return [(or_404(school_of(place)), [row for row in rows if row.place == place]) for place in places]


@require_http_methods(["GET", "POST"])
@page(HAND, child="arrival_id")
def one(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """One file that came: for whom it is taken in, and what it holds once it is."""
    found = or_404(find_arrival(actor_of(request), arrival_id))
    form = NumberForm(request.POST or None)
    if is_done(request, form, lambda by: _take(found, form, by), _("The file is taken in."), CannotHand):
        return redirect("transfers:arrival", arrival_id)
    return _one_page(request, found, number=form)


def _take(found: Arrival, form: NumberForm, actor: Actor) -> None:
    school = or_404(school_of(found.place))
    pupil = pupil_by_number(school, form.cleaned_data["number"].strip())
    if pupil is None:
        raise CannotHand([rules.NO_PUPIL])
    take_in(school, actor=actor, pupils={found.id: pupil.id})


@require_POST
@page(HAND, child="arrival_id")
def acknowledge(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """Acknowledge one file."""
    found = or_404(find_arrival(actor_of(request), arrival_id))
    try:
        acknowledge_files(or_404(school_of(found.place)), actor=actor_of(request), arrival_ids=[found.id])
    except CannotHand as error:
        messages.error(request, " ".join(refusal_words(code) for code in error.codes))
    else:
        messages.success(request, _("Acknowledged. The school before sees it."))
    return redirect("transfers:arrival", arrival_id)


@require_POST
@page(HAND, child="arrival_id")
def decline(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """Send a file back with a reason."""
    found = or_404(find_arrival(actor_of(request), arrival_id))
    form = DeclineForm(request.POST)
    if is_done(
        request, form, lambda by: decline_file(found, actor=by, reason=form.cleaned_data["reason"]),
        _("Sent back. Its text is gone here."), CannotHand,
    ):  # fmt: skip
        return redirect("transfers:came")
    return _one_page(request, found, decline_form=form)


def _one_page(
    request: HttpRequest, found: Arrival, *, number: NumberForm | None = None, decline_form: DeclineForm | None = None
) -> HttpResponse:
    found = every_arrival().select_related("handover__student", "student").get(pk=found.pk)
    bound = next((form for form in (number, decline_form) if form is not None and form.is_bound), None)
    parts = {
        "shown": arrival_page(actor_of(request), found), "bound": bound, "form": number or NumberForm(),
        "decline_form": decline_form or DeclineForm(),
    }  # fmt: skip
    return render(request, "transfers/arrival.html", parts, status=422 if bound is not None else 200)
