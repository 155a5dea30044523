"""Requests of pupils and guardians about files, their answers, and excerpts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.archives.errors import CannotFile
from xinqiao.care.archives.forms import AnswerForm, ExcerptForm, FileForm, RefuseForm, RequestForm
from xinqiao.care.archives.models import Excerpt, FileRequest
from xinqiao.care.archives.printing import excerpt_report
from xinqiao.care.archives.selectors.erasures import shown_erasure
from xinqiao.care.archives.selectors.file import ShownSection
from xinqiao.care.archives.selectors.requests import (
    find_excerpt,
    find_request,
    printable_choices,
    request_page,
    request_rows,
)
from xinqiao.care.archives.services.requests import (
    answer_request,
    ask_for_excerpt,
    decide_excerpt,
    note_printed,
    record_request,
)
from xinqiao.care.archives.views.files import pdf_response
from xinqiao.care.archives.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.doing import is_done
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.ui.documents import pdf_of
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.people.finding import name_of, student_or_404
from xinqiao.register.people.sections import sections


@require_GET
@page(Permission.FILE_REQUEST)
def index(request: HttpRequest) -> HttpResponse:
    """What pupils and guardians asked, and until when it is to be answered."""
    rows = request_rows(actor_of(request), now())
    waiting = [row for row in rows if row.minutes_left is not None]
    parts = {
        "waiting": waiting, "answered": [row for row in rows if row.minutes_left is None],
        "late": sum(row.is_late for row in waiting), "excerpts": sum(row.has_waiting for row in waiting),
    }  # fmt: skip
    return render(request, "archives/requests.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.FILE_REQUEST, child="student_id")
def new(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Take in a request about a pupil's file."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.FILE_REQUEST)
    form = RequestForm(request.POST or None)
    words = _("Taken in. The clock runs until it is answered.")
    if is_done(request, form, lambda by: record_request(student, actor=by, asked=form.said()), words, CannotFile):
        return redirect("archives:requests")
    note_reading(
        actor, "archives.request.read", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id,
    )  # fmt: skip
    parts = {"student": student, "name": name_of(student), "form": form}
    return render(request, "archives/request_new.html", parts, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.FILE_REQUEST, child="request_id")
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: what was asked, its excerpts, and the answer."""
    found = request_or_404(request, request_id, Permission.FILE_REQUEST)
    form = AnswerForm(request.POST or None)
    if is_done(request, form, lambda by: _answer(found, form, by), _("The answer is kept."), CannotFile):
        return redirect("archives:request", request_id)
    return one_page(request, found, answer=form)


def _answer(found: FileRequest, form: AnswerForm, actor: Actor) -> None:
    said = form.cleaned_data
    answer_request(found, actor=actor, outcome=said["outcome"], answer=said["answer"])


@require_POST
@page(Permission.FILE_EXCERPT, child="request_id")
def ask_excerpt(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Ask a second person to approve an excerpt."""
    found = request_or_404(request, request_id, Permission.FILE_EXCERPT)
    form = ExcerptForm(printable_choices(actor_of(request), found.student), request.POST)
    if is_done(
        request, form,
        lambda by: ask_for_excerpt(
            found, actor=by, sections=form.cleaned_data["sections"], purpose=form.cleaned_data["purpose"]
        ),
        _("Asked for. A second person decides."), CannotFile,
    ):  # fmt: skip
        return redirect("archives:request", request_id)
    return one_page(request, found, excerpt=form)


@require_POST
@page(Permission.FILE_APPROVE, child="excerpt_id")
def approve(request: HttpRequest, excerpt_id: UUID) -> HttpResponse:
    """Approve an excerpt, as a second person."""
    found, form = _excerpt_or_404(request, excerpt_id, Permission.FILE_APPROVE), FileForm(request.POST)
    if is_done(request, form, lambda by: decide_excerpt(found, actor=by, is_yes=True), _("Approved."), CannotFile):
        return redirect("archives:request", found.request_id)
    return one_page(request, found.request, bound=form)


@require_POST
@page(Permission.FILE_APPROVE, child="excerpt_id")
def refuse(request: HttpRequest, excerpt_id: UUID) -> HttpResponse:
    """Say why an excerpt is not approved."""
    found, form = _excerpt_or_404(request, excerpt_id, Permission.FILE_APPROVE), RefuseForm(request.POST)
    if is_done(
        request, form,
        lambda by: decide_excerpt(found, actor=by, is_yes=False, reason=form.cleaned_data["reason"]),
        _("Not approved; the reason is kept."), CannotFile,
    ):  # fmt: skip
        return redirect("archives:request", found.request_id)
    return one_page(request, found.request, refusal=form)


@require_POST
@page(Permission.FILE_EXCERPT, child="excerpt_id")
def excerpt_pdf(request: HttpRequest, excerpt_id: UUID) -> HttpResponse:
    """Print an approved excerpt; each printing is an event."""
    actor, at = actor_of(request), now()
    found = _excerpt_or_404(request, excerpt_id, Permission.FILE_EXCERPT)
    try:
        note_printed(found, actor=actor)
    except CannotFile as error:
        messages.error(request, " ".join(refusal_words(code) for code in error.codes))
        return redirect("archives:request", found.request_id)
    student = found.student
    unit = units_by_path([student.place]).get(student.place)
    names = staff_names([found.decided_by]) if found.decided_by else {}
    report = excerpt_report(
        name_of(student), name_on(unit, today()) if unit else "", open_sealed([found], "purpose")[0]["purpose"] or "",
        names.get(found.decided_by, "") if found.decided_by else "", _printed(actor, found), actor.name, at,
    )  # fmt: skip
    return pdf_response(pdf_of(report, at), "excerpt")


def _printed(actor: Actor, excerpt: Excerpt) -> list[ShownSection]:
    """The chosen sections as they may leave the school; one that the actor may not read any more is left out."""
    chosen, student = set(excerpt.sections.split(",")), excerpt.student
    found = []
    for section in sections():
        if section.code in chosen and section.printed is not None and section.is_open_to(actor, student.place):
            entries = sorted(section.printed(actor, student), key=lambda entry: entry.at)
            found.append(ShownSection(section.code, str(section.title), tuple(entries), str(section.empty), ""))
    return found


def one_page(
    request: HttpRequest, found: FileRequest, *, answer: AnswerForm | None = None, excerpt: ExcerptForm | None = None,
    refusal: RefuseForm | None = None, bound: FileForm | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of a request, with the form that was refused."""
    actor = actor_of(request)
    wrong = next((form for form in (answer, excerpt, refusal, bound) if form is not None and form.is_bound), None)
    found.refresh_from_db()
    parts = {
        "shown": request_page(actor, found, now()), "student": found.student, "bound": wrong,
        "answer_form": answer or AnswerForm(), "refuse_form": refusal or RefuseForm(),
        "excerpt_form": excerpt or ExcerptForm(printable_choices(actor, found.student)), "name": name_of(found.student),
        "erasure": shown_erasure(actor, found, today()),
    }  # fmt: skip
    return render(request, "archives/request.html", parts, status=422 if wrong else 200)


def request_or_404(request: HttpRequest, request_id: UUID, permission: Permission) -> FileRequest:
    """Return a request that the reader may reach; 404 otherwise."""
    return or_404(find_request(actor_of(request), permission, request_id))


def _excerpt_or_404(request: HttpRequest, excerpt_id: UUID, permission: Permission) -> Excerpt:
    return or_404(find_excerpt(actor_of(request), permission, excerpt_id))
