"""Pages of a staff list: upload, comparison, decisions, progress, result, invitations, and the template."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.engines.roster import UnreadableRoster
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.first_passwords import FirstPassword
from xinqiao.register.accounts.freshness import confirm_first
from xinqiao.register.accounts.services.logins import give_new_password
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_for
from xinqiao.register.orgs.states import SCHOOL_KINDS
from xinqiao.register.people.models import Staff
from xinqiao.register.staffing.comparing import read_list
from xinqiao.register.staffing.forms import ListForm
from xinqiao.register.staffing.models import StaffRun
from xinqiao.register.staffing.selectors.pages import list_page, run_rows, to_invite
from xinqiao.register.staffing.services.lists import (
    CannotImport,
    accept_list,
    accept_roles,
    cancel_list,
    decide_lines,
    keep_list,
)
from xinqiao.register.staffing.tasks import write_staff
from xinqiao.register.staffing.wording import file_words, refusal_words
from xinqiao.register.staffing.workbook import template_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REFUSED = 422
SLIPS_A_SHEET = 24  # each costs a tenth of a second of hashing


def _units(actor: Actor) -> list[Unit]:
    return units_for(actor, Permission.STAFF_EDIT, *SCHOOL_KINDS)


def _run(request: HttpRequest, run_id: UUID, permission: Permission = Permission.STAFF_EDIT) -> StaffRun:
    rows: Any = StaffRun.objects.visible_to(actor_of(request), permission)
    found: StaffRun = get_object_or_404(rows, pk=run_id)
    return found


@require_http_methods(["GET", "POST"])
@page(Permission.STAFF_EDIT)
def lists(request: HttpRequest) -> HttpResponse:
    """Upload a staff list, and see the latest ones."""
    actor = actor_of(request)
    units = _units(actor)
    form = ListForm(units, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, unit = form.cleaned_data["file"], form.chosen_unit()
        try:
            drafts = read_list(unit, file.read(), file.name, today())
        except UnreadableRoster as unreadable:
            form.add_error("file", file_words(unreadable.code, unreadable.params))
        else:
            return redirect("staffing:list", keep_list(unit, actor=actor, file_name=file.name, drafts=drafts).id)
    parts = {"form": form, "runs": run_rows(actor), "units": units}
    return render(request, "staffing/lists.html", parts, status=REFUSED if form.errors else 200)


@require_GET
@page(Permission.STAFF_EDIT)
def staff_list(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One list; asked by htmx, only the part that changes."""
    run, actor = _run(request, run_id), actor_of(request)
    template = "staffing/list.html#state" if request.headers.get("HX-Request") else "staffing/list.html"
    mine, others = to_invite(run, actor)
    parts = {"page": list_page(run), "may_grant": actor.can(Permission.GRANT_EDIT, run.place), "to_invite": len(mine),
             "others": others, "a_sheet": SLIPS_A_SHEET}  # fmt: skip
    return render(request, template, parts)


def _do(request: HttpRequest, run_id: UUID, done: str, act: Any) -> HttpResponse:
    """Do one thing with a list, say so, and go back to it."""
    try:
        act()
    except CannotImport as cannot:
        messages.error(request, refusal_words(cannot.code, cannot.rows))
    else:
        messages.success(request, done)
    return redirect("staffing:list", run_id)


@require_POST
@page(Permission.STAFF_EDIT)
def list_decide(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Say whom doubtful rows mean."""
    run = _run(request, run_id)
    answers = {key: str(value) for key, value in request.POST.items() if key != "csrfmiddlewaretoken"}
    return _do(request, run_id, _("Saved."), lambda: decide_lines(run, actor=actor_of(request), answers=answers))


@require_POST
@page(Permission.STAFF_EDIT)
@confirm_first
def list_accept(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Say yes to the people, and with the right to grant also to the roles."""
    run = _run(request, run_id)

    def act() -> None:
        accept_list(run, actor=actor_of(request))
        write_staff.enqueue(str(run_id))

    return _do(request, run_id, _("Accepted. It is being written."), act)


@require_POST
@page(Permission.GRANT_EDIT)
@confirm_first
def list_roles(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Say yes to the roles of a list that somebody else brought in."""
    run = _run(request, run_id, Permission.GRANT_EDIT)

    def act() -> None:
        accept_roles(run, actor=actor_of(request))
        write_staff.enqueue(str(run_id))

    return _do(request, run_id, _("Accepted. The roles are being granted."), act)


@require_POST
@page(Permission.STAFF_EDIT)
def list_cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Say no: nothing was written."""
    run = _run(request, run_id)
    text = _("Nothing was imported, and what the file said was deleted.")
    return _do(request, run_id, text, lambda: cancel_list(run, actor=actor_of(request)))


@require_POST
@page(Permission.STAFF_EDIT)
@confirm_first
def list_slips(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Draw first passwords for those who have not signed in yet, and show a slip for each, this once."""
    run, actor = _run(request, run_id), actor_of(request)
    mine, _others = to_invite(run, actor)
    some = mine[:SLIPS_A_SHEET]
    if not some:
        messages.info(request, _("Nobody of this list waits for an invitation from you."))
        return redirect("staffing:list", run_id)
    given = [give_new_password(staff, actor=actor) for staff in some]
    parts = {
        "slips": _slips(some, given), "unit": Unit.objects.get(pk=run.unit_id), "actor": actor, "run": run,
        "address": request.build_absolute_uri("/"), "printed_at": now(), "left": len(mine) - len(some),
    }  # fmt: skip
    return render(request, "staffing/slips.html", parts)


def _slips(staff: list[Staff], given: list[FirstPassword]) -> list[dict[str, Any]]:
    names = open_sealed(staff, "name")
    return [{"name": one["name"] or "", "given": each} for one, each in zip(names, given, strict=True)]


@require_GET
@page(Permission.STAFF_EDIT)
def list_template(request: HttpRequest) -> HttpResponse:
    """An empty list with its columns, to be filled in."""
    del request
    response = HttpResponse(template_workbook(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="staff-list.xlsx"'
    return response
