"""Pages of the centre itself: rooms, opening, roster."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.forms import HourForm, OpeningForm, RoomForm, SitterForm
from xinqiao.care.centre.selectors.centre import centre_page, room_choices
from xinqiao.care.centre.services.rooms import add_opening, add_room, change_room, close_room, remove_opening
from xinqiao.care.centre.services.roster import add_hour, drop_hour, hand_over, write_term
from xinqiao.care.centre.sitting import counsellors
from xinqiao.care.centre.views.finding import hour_or_404, opening_or_404, room_or_404, school_or_404
from xinqiao.care.centre.wording import refusal_words
from xinqiao.foundation.access.doing import is_done
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.duty.selectors import people_of_school
from xinqiao.register.orgs.selectors import units_by_id, units_for
from xinqiao.register.orgs.states import SCHOOL_KINDS


@require_GET
@page(Permission.CENTRE_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """Return the centre of the reader's school, or the schools to choose from."""
    schools = units_for(actor_of(request), Permission.CENTRE_VIEW, *SCHOOL_KINDS)
    if len(schools) == 1:
        return redirect("centre:school", schools[0].id)
    return render(request, "centre/index.html", {"schools": schools})


@require_GET
@page(Permission.CENTRE_VIEW)
def school(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Return rooms, opening, the roster of a week, and what is missing."""
    actor = actor_of(request)
    found = school_or_404(actor, school_id, Permission.CENTRE_VIEW)
    parts = {
        "page": centre_page(actor, found, day=_asked_day(request), at=now()),
        "may_edit": actor.can(Permission.CENTRE_EDIT, found.path),
    }
    return render(request, "centre/school.html", parts)


def _asked_day(request: HttpRequest) -> dt.date:
    try:
        return dt.date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return today()


@require_http_methods(["GET", "POST"])
@page(Permission.CENTRE_EDIT)
def room_new(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Add a room."""
    found = school_or_404(actor_of(request), school_id, Permission.CENTRE_EDIT)
    form = RoomForm(_keepers(found.path), request.POST or None)
    if is_done(
        request, form, lambda by: add_room(found, actor=by, draft=form.draft()), _("The room was added."), CannotDo
    ):
        return redirect("centre:school", school_id)
    return _form(request, form, school_id, _("Add a room"))


@require_http_methods(["GET", "POST"])
@page(Permission.CENTRE_EDIT)
def room(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Change a room."""
    row = room_or_404(actor_of(request), room_id)
    before = {"name": row.name, "zone": row.zone, "area_m2": row.area_m2, "equipment": row.equipment,
              "keeper": str(row.keeper_id or "")}  # fmt: skip
    form = RoomForm(_keepers(row.place), request.POST or None, initial=before)
    if is_done(request, form, lambda by: change_room(row, actor=by, draft=form.draft()), _("Saved."), CannotDo):
        return redirect("centre:school", row.school_id)
    return _form(request, form, row.school_id, row.name, room=row)


@require_POST
@page(Permission.CENTRE_EDIT)
def room_close(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Take a room out of use."""
    row = room_or_404(actor_of(request), room_id)
    return _done(request, row.school_id, lambda: close_room(row, actor=actor_of(request)), _("The room is closed."))


@require_http_methods(["GET", "POST"])
@page(Permission.CENTRE_EDIT)
def opening_new(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Add a line to the weekly pattern."""
    actor = actor_of(request)
    found = school_or_404(actor, school_id, Permission.CENTRE_EDIT)
    rooms, staff = room_choices(actor, found), counsellors(found.path, today())
    form = OpeningForm(rooms, staff, request.POST or None)
    if is_done(
        request, form, lambda by: add_opening(found, actor=by, draft=form.draft()),
        _("Added. Write the term so that the roster has it."), CannotDo,
    ):  # fmt: skip
        return redirect("centre:school", school_id)
    return _form(request, form, school_id, _("Add an opening time"))


@require_POST
@page(Permission.CENTRE_EDIT)
def opening_remove(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Take a line out of the weekly pattern."""
    line = opening_or_404(actor_of(request), opening_id)
    words = _("Taken out. Write the term so that the roster follows.")
    return _done(request, line.school_id, lambda: remove_opening(line, actor=actor_of(request)), words)


@require_POST
@page(Permission.CENTRE_EDIT)
def term(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Write the roster of the term from the weekly pattern."""
    actor = actor_of(request)
    found = school_or_404(actor, school_id, Permission.CENTRE_EDIT)
    try:
        done = write_term(found, actor=actor)
    except CannotDo as error:
        messages.error(request, refusal_words(error.code))
        return redirect("centre:school", school_id)
    if isinstance(done, Unchanged):
        messages.info(request, _("The roster has every hour of the weekly pattern already."))
        return redirect("centre:school", school_id)
    text = ngettext("Written: {count} stretch on the roster until the end of the term.",
                    "Written: {count} stretches on the roster until the end of the term.", done.written)  # fmt: skip
    messages.success(request, text.format(count=done.written))
    return redirect("centre:school", school_id)


@require_http_methods(["GET", "POST"])
@page(Permission.CENTRE_EDIT)
def hour_new(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Add a stretch of one day."""
    actor = actor_of(request)
    found = school_or_404(actor, school_id, Permission.CENTRE_EDIT)
    form = HourForm(room_choices(actor, found), counsellors(found.path, today()), today(), request.POST or None)
    if is_done(request, form, lambda by: add_hour(found, actor=by, draft=form.draft()), _("Added."), CannotDo):
        return redirect("centre:school", school_id)
    return _form(request, form, school_id, _("Open on one day more"))


@require_http_methods(["GET", "POST"])
@page(Permission.CENTRE_EDIT)
def hour(request: HttpRequest, hour_id: UUID) -> HttpResponse:
    """Let somebody else sit there this once."""
    row = hour_or_404(actor_of(request), hour_id)
    school_id = row.school_id
    staff = counsellors(row.place, timezone.localtime(row.start_at).date())
    form = SitterForm(staff, request.POST or None, initial={"staff": str(row.staff_id)})
    if is_done(
        request, form, lambda by: hand_over(row, actor=by, staff_id=UUID(form.cleaned_data["staff"])),
        _("Handed over for this once."), CannotDo,
    ):  # fmt: skip
        return redirect("centre:school", school_id)
    return _form(request, form, school_id, _("Change one hour of the roster"), hour=row)


@require_POST
@page(Permission.CENTRE_EDIT)
def hour_drop(request: HttpRequest, hour_id: UUID) -> HttpResponse:
    """Say that the room is not open then."""
    row = hour_or_404(actor_of(request), hour_id)
    words = _("Dropped: the room is not open then.")
    return _done(request, row.school_id, lambda: drop_hour(row, actor=actor_of(request)), words)


def _keepers(school_place: str) -> list[tuple[str, str]]:
    return [(str(staff_id), name) for staff_id, name in people_of_school(school_place, today()).items()]


def _done(request: HttpRequest, school_id: UUID, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except CannotDo as error:
        messages.error(request, refusal_words(error.code))
    else:
        messages.success(request, words)
    return redirect("centre:school", school_id)


def _form(request: HttpRequest, form: object, school_id: UUID, title: str, **more: object) -> HttpResponse:
    named = units_by_id([school_id])[school_id].name
    parts = {"form": form, "title": title, "school_id": school_id, "school_name": named, **more}
    return render(request, "centre/form.html", parts, status=422 if request.method == "POST" else 200)
