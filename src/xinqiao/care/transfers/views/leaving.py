"""Pages of the school that was left: who left, where each file goes, what goes of one, and the counts."""

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.transfers.errors import CannotHand
from xinqiao.care.transfers.forms import ConsentForm, FilesForm, KeepForm, NextSchoolForm
from xinqiao.care.transfers.models import Handover
from xinqiao.care.transfers.selectors.coming import count_waiting
from xinqiao.care.transfers.selectors.counts import counts_by_school
from xinqiao.care.transfers.selectors.leaving import (
    LeaverRow,
    class_left,
    find_handover,
    find_school,
    groups,
    handover_page,
    leavers,
    names_of_sections,
    now_at,
    schools_near,
)
from xinqiao.care.transfers.services.handing import keep_files, note_consent, recall_file, send_files
from xinqiao.care.transfers.wording import refusal_words
from xinqiao.foundation.access.doing import is_done
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import school_of, units_by_id
from xinqiao.register.people.sections import sections

HAND = Permission.TRANSFER_HAND
NO_CLASS = "none"


@require_GET
@page(HAND)
def index(request: HttpRequest) -> HttpResponse:
    """Who left, class by class, and how many files came."""
    actor = actor_of(request)
    found = groups(actor)
    parts = {
        "groups": [(each, _address(each.school_id, each.class_id, each.left_on)) for each in found],
        "to_decide": sum(each.to_decide for each in found), "late": sum(each.late for each in found),
        "under_way": sum(each.under_way for each in found), "came": count_waiting(actor),
    }  # fmt: skip
    return render(request, "transfers/index.html", parts)


def _address(school_id: UUID, class_id: UUID | None, left_on: dt.date, name: str = "group") -> str:
    group_code = str(class_id) if class_id is not None else NO_CLASS
    return reverse(f"transfers:{name}", args=[school_id, group_code, left_on.isoformat()])


class _Shown:
    """One group as its address says it."""

    def __init__(self, request: HttpRequest, school_id: UUID, group: str, left_on: str) -> None:
        actor = actor_of(request)
        self.school: Unit = or_404(find_school(actor, school_id))
        try:
            self.left_on = dt.date.fromisoformat(left_on)
            self.class_id = None if group == NO_CLASS else UUID(group)
        except ValueError:
            raise Http404 from None
        self.rows: list[LeaverRow] = leavers(actor, self.school, self.class_id, self.left_on)
        if not self.rows:
            raise Http404
        unit = units_by_id([self.class_id]).get(self.class_id) if self.class_id is not None else None
        self.name = class_left(unit, self.left_on)

    @property
    def open_ids(self) -> list[UUID]:
        return [row.id for row in self.rows if row.is_to_decide]

    def address(self, name: str = "group") -> str:
        return _address(self.school.id, self.class_id, self.left_on, name)


@require_http_methods(["GET", "POST"])
@page(HAND)
def group(request: HttpRequest, school_id: UUID, group: str, left_on: str) -> HttpResponse:
    """Those who left one class on one day: tick them and send their files."""
    shown = _Shown(request, school_id, group, left_on)
    form = NextSchoolForm(shown.open_ids, schools_near(shown.school), request.POST or None)
    found = {row.id: row.found for row in shown.rows}
    if form.is_valid():
        try:
            sent = send_files(shown.school, actor=actor_of(request), targets=form.targets(found))
        except CannotHand as error:
            form.refuse(error)
        else:
            messages.success(request, ngettext("One file is on its way.", "{count} files are on their way.",
                                               sent).format(count=sent))  # fmt: skip
            return redirect(shown.address())
    return _group_page(request, shown, send=form)


@require_POST
@page(HAND)
def keep(request: HttpRequest, school_id: UUID, group: str, left_on: str) -> HttpResponse:
    """Say why the ticked files are not handed over."""
    shown = _Shown(request, school_id, group, left_on)
    form = KeepForm(shown.open_ids, request.POST)
    if is_done(
        request, form,
        lambda by: keep_files(
            shown.school, actor=by, handover_ids=form.chosen(), reason=form.cleaned_data["reason"]
        ),
        _("Noted. These files stay here."), CannotHand,
    ):  # fmt: skip
        return redirect(shown.address())
    return _group_page(request, shown, keep_form=form)


def _group_page(
    request: HttpRequest, shown: _Shown, *, send: NextSchoolForm | None = None, keep_form: KeepForm | None = None
) -> HttpResponse:
    bound: FilesForm | None = next((form for form in (send, keep_form) if form is not None and form.is_bound), None)
    ticked = set(request.POST.getlist("picked")) if bound is not None else {
        str(row.id) for row in shown.rows if row.is_to_decide and not row.is_against
    }  # fmt: skip
    parts = {
        "school": shown.school, "name": shown.name, "left_on": shown.left_on, "bound": bound,
        "rows": [(row, str(row.id) in ticked) for row in shown.rows], "can_send": bool(shown.open_ids),
        "form": send or NextSchoolForm(shown.open_ids, schools_near(shown.school)),
        "keep_form": keep_form or KeepForm(shown.open_ids), "keep_url": shown.address("keep"),
    }  # fmt: skip
    return render(request, "transfers/group.html", parts, status=422 if bound is not None else 200)


@require_http_methods(["GET", "POST"])
@page(HAND, child="handover_id")
def one(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """One pupil who left: what goes or went, and sending it alone."""
    found = or_404(find_handover(actor_of(request), handover_id))
    school = or_404(school_of(found.place))
    form = NextSchoolForm([found.id], schools_near(school), _ticked(request, found) if request.POST else None)
    if is_done(
        request, form,
        lambda by: send_files(
            school, actor=by, targets=form.targets({found.id: now_at([found.student]).get(found.student_id)})
        ),
        _("The file is on its way."), CannotHand,
    ):  # fmt: skip
        return redirect("transfers:handover", handover_id)
    return _one_page(request, found, send=form)


def _ticked(request: HttpRequest, found: Handover) -> dict[str, object]:
    return {"picked": [str(found.id)], "school": request.POST.get("school", ""), "code": request.POST.get("code", "")}


@require_POST
@page(HAND, child="handover_id")
def consent(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """Note what was decided on paper on handing the file over."""
    found = or_404(find_handover(actor_of(request), handover_id))
    form = ConsentForm(request.POST)
    if is_done(
        request, form,
        lambda by: note_consent(
            found, actor=by, decision=form.cleaned_data["decision"], given_by=form.cleaned_data["given_by"]
        ),
        _("The decision is kept."), CannotHand,
    ):  # fmt: skip
        return redirect("transfers:handover", handover_id)
    return _one_page(request, found, consent_form=form)


@require_POST
@page(HAND, child="handover_id")
def recall(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """Call a file back that nobody has taken in."""
    found = or_404(find_handover(actor_of(request), handover_id))
    try:
        recall_file(found, actor=actor_of(request))
    except CannotHand as error:
        messages.error(request, " ".join(refusal_words(code) for code in error.codes))
    else:
        messages.success(request, _("Called back. It is gone there and to be decided on again here."))
    return redirect("transfers:handover", handover_id)


def _one_page(
    request: HttpRequest, found: Handover, *, send: NextSchoolForm | None = None,
    consent_form: ConsentForm | None = None,
) -> HttpResponse:  # fmt: skip
    found.refresh_from_db()
    bound = next((form for form in (send, consent_form) if form is not None and form.is_bound), None)
    school = or_404(school_of(found.place))
    titles = {each.code: str(each.title) for each in sections()}
    parts = {
        "shown": handover_page(actor_of(request), found), "bound": bound,
        "form": send or NextSchoolForm([found.id], schools_near(school)), "consent_form": consent_form or ConsentForm(),
        "group_url": _address(school.id, found.class_id, found.left_on),
        "went": names_of_sections(found.sections, titles),
    }  # fmt: skip
    return render(request, "transfers/handover.html", parts, status=422 if bound is not None else 200)


@require_GET
@page(Permission.TRANSFER_COUNT)
def counts(request: HttpRequest) -> HttpResponse:
    """How far files are handed over, school by school."""
    rows = counts_by_school(actor_of(request))
    due = sum(row.left - row.kept for row in rows)
    done = sum(row.acknowledged for row in rows)
    parts = {
        "rows": rows, "left": sum(row.left for row in rows), "late": sum(row.late + row.came_late for row in rows),
        "done": done, "share": round(100 * done / due) if due else None,
    }  # fmt: skip
    return render(request, "transfers/counts.html", parts)
