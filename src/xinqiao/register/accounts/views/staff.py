"""Pages: the staff of a unit, one member of staff, someone new, someone who leaves."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.crisis_group import crisis_group_of
from xinqiao.register.accounts.first_passwords import CannotGiveLogin
from xinqiao.register.accounts.forms import LeaveForm, NewStaffForm, StaffForm
from xinqiao.register.accounts.freshness import confirm_first
from xinqiao.register.accounts.selectors import (
    colleagues,
    matching,
    may_help,
    staff_at,
    staff_page,
    staff_rows,
    units_with_staff,
)
from xinqiao.register.accounts.services.staff import CannotEndStaff, add_staff, change_staff, end_staff
from xinqiao.register.accounts.views.finding import asked_unit, found_staff, found_unit
from xinqiao.register.accounts.wording import refusal_words
from xinqiao.register.orgs.states import SCHOOL_KINDS

PAGE_ROWS = 50
REFUSED = 422


@page(Permission.STAFF_VIEW)
def staff_list(request: HttpRequest) -> HttpResponse:
    """Show who works at a unit, and with which roles."""
    actor = actor_of(request)
    unit = asked_unit(request, actor, Permission.STAFF_VIEW)
    shows_left, query = request.GET.get("left") == "1", request.GET.get("q", "")
    rows = staff_rows(list(staff_at(actor, unit, has_left=shows_left)), today())
    context = {
        "unit": unit, "rows": Paginator(matching(rows, query), PAGE_ROWS).get_page(request.GET.get("page")),
        "query": query, "shown": "left" if shows_left else "here", "below": units_with_staff(actor, unit),
        "tabs": [("here", _("Here now"), f"?unit={unit.id}"), ("left", _("No longer here"), f"?unit={unit.id}&left=1")],
        "may_add": actor.can(Permission.STAFF_EDIT, unit.path),
        "group": crisis_group_of(unit, today()) if unit.kind in SCHOOL_KINDS and not (shows_left or query) else None,
    }  # fmt: skip
    return render(request, "accounts/staff.html", context)


@page(Permission.STAFF_EDIT)
@confirm_first
def staff_add(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Add someone and hand out the first password, shown this once."""
    actor = actor_of(request)
    unit = found_unit(actor, Permission.STAFF_EDIT, unit_id)
    form = NewStaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = add_staff(unit, actor=actor, draft=form.draft(), login=form.cleaned_data["login"])
        except CannotGiveLogin as refusal:
            form.add_error("login", refusal_words(refusal.code))
        else:
            return render(request, "accounts/first_password.html", {"given": given, "name": form.cleaned_data["name"]})
    status = REFUSED if form.is_bound else 200
    return render(request, "accounts/staff_add.html", {"form": form, "unit": unit}, status=status)


@page(Permission.STAFF_VIEW)
def staff_member(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Show one member of staff: details, sign-in, roles held and held before."""
    actor = actor_of(request)
    staff = found_staff(actor, Permission.STAFF_VIEW, staff_id)
    found = staff_page(staff, today())
    context = {
        "staff": staff, "found": found, "row": found.row,
        "facts": [
            (_("Works at"), found.unit), (_("Post"), staff.title), (_("Mobile number"), found.phone),
            (_("Mail address"), found.mail), (_("Staff number"), found.number),
            (_("Full or part time"), staff.get_employment_display() if staff.employment else ""),
            (_("Qualification"), staff.qualification), (_("Left on"), staff.left_on),
        ],
        "may_edit": staff.left_on is None and actor.can(Permission.STAFF_EDIT, staff.place),
        "may_grant": staff.left_on is None and actor.can(Permission.GRANT_EDIT, staff.place),
        "is_own": actor.staff_id == staff.id, "may_help": may_help(actor, staff, today()),
    }  # fmt: skip
    return render(request, "accounts/staff_member.html", context)


@page(Permission.STAFF_EDIT)
def staff_edit(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Change name, title, phone or mail."""
    actor = actor_of(request)
    staff = found_staff(actor, Permission.STAFF_EDIT, staff_id)
    (opened,) = open_sealed([staff], "name", "phone", "mail")
    form = StaffForm(request.POST or None, initial={**opened, "title": staff.title})
    if request.method == "POST" and form.is_valid():
        change_staff(staff, actor=actor, draft=form.draft())
        messages.success(request, _("Saved."))
        return redirect("accounts:staff-member", staff.id)
    status = REFUSED if form.is_bound else 200
    return render(request, "accounts/staff_edit.html", {"form": form, "staff": staff}, status=status)


@page(Permission.STAFF_EDIT)
@confirm_first
def staff_end(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Note that someone leaves, and who takes over."""
    actor = actor_of(request)
    staff = found_staff(actor, Permission.STAFF_EDIT, staff_id)
    form = LeaveForm(request.POST or None, colleagues=colleagues(actor, staff))
    if request.method == "POST" and form.is_valid():
        heir_id = form.heir_id()
        heir = found_staff(actor, Permission.STAFF_VIEW, heir_id) if heir_id else None
        try:
            end_staff(staff, actor=actor, heir=heir)
        except CannotEndStaff as refusal:
            form.add_error("heir" if refusal.code.startswith("heir") else None, refusal_words(refusal.code))
        else:
            messages.success(request, _("Noted. Sessions and roles have ended."))
            return redirect("accounts:staff-member", staff.id)
    (opened,) = open_sealed([staff], "name")
    context = {"form": form, "staff": staff, "name": opened["name"]}
    return render(request, "accounts/staff_end.html", context, status=REFUSED if form.is_bound else 200)
