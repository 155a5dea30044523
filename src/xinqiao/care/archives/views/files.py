"""Files by class, one file, who read it, and the statistics."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinqiao.care.archives.printing import access_report, figures_report
from xinqiao.care.archives.selectors.access import access_register
from xinqiao.care.archives.selectors.classes import files_by_class, find_class, lines_of
from xinqiao.care.archives.selectors.figures import FileFigures, file_figures
from xinqiao.care.archives.selectors.file import PupilFile, pupil_file
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.ui.documents import pdf_of
from xinqiao.register.orgs.selectors import name_on, schools_for
from xinqiao.register.people.finding import name_of, student_or_404

TIMELINE = "timeline"


@require_GET
@page(Permission.FILE_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """The files of every class that the reader reaches, in numbers."""
    actor = actor_of(request)
    rows = files_by_class(actor, today())
    parts = {
        "rows": rows, "pupils": sum(row.pupils for row in rows), "planned": sum(row.planned for row in rows),
        "family": sum(row.family for row in rows), "fresh": sum(row.fresh for row in rows),
        "may_count": actor.can_somewhere(Permission.FILE_COUNT),
        "may_plan": actor.can_somewhere(Permission.FILE_PLAN),
    }  # fmt: skip
    return render(request, "archives/index.html", parts)


@require_GET
@page(Permission.FILE_VIEW)
def of_class(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """The pupils of one class with the state of each file."""
    actor, on = actor_of(request), today()
    unit = or_404(find_class(actor, Permission.FILE_VIEW, class_id))
    parts = {
        "unit": unit, "name": name_on(unit, on), "rows": lines_of(actor, unit, on, event="archives.class.read"),
        "may_count": actor.can(Permission.FILE_COUNT, unit.path),
        "may_plan": actor.can(Permission.FILE_PLAN, unit.path),
    }  # fmt: skip
    return render(request, "archives/class.html", parts)


@require_GET
@page(Permission.FILE_VIEW, child="student_id")
def file(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """One pupil's file: what comes next, who is responsible, every section that the reader may see, or all by time."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.FILE_VIEW)
    found, kind = pupil_file(actor, student, today()), request.GET.get("kind", "")
    kinds = [(each.code, each.title) for each in found.sections]
    kind = kind if kind in dict(kinds) else ""
    is_timeline = request.GET.get("show") == TIMELINE
    parts = {
        "file": found, "student": student, "is_timeline": is_timeline, "kinds": kinds, "kind": kind,
        "events": found.timeline(kind) if is_timeline else (), "tabs": _tabs(student_id, found),
        "shown": TIMELINE if is_timeline else "sections",
        "may_see_access": actor.can(Permission.FILE_ACCESS, student.place),
        "may_request": actor.can(Permission.FILE_REQUEST, student.place),
    }  # fmt: skip
    return render(request, "archives/file.html", parts)


def _tabs(student_id: UUID, found: PupilFile) -> list[tuple[str, str, str, int]]:
    there = reverse("archives:file", args=[student_id])
    dated = sum(len(each.entries) for each in found.sections)
    return [
        ("sections", _("By section"), there, len(found.sections)),
        (TIMELINE, _("By time"), f"{there}?show={TIMELINE}", dated),
    ]


@require_GET
@page(Permission.FILE_ACCESS, child="student_id")
def access(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Who read what of a pupil, and when."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.FILE_ACCESS)
    found = access_register(actor, student, now(), event="archives.access.read")
    parts = {
        "found": found, "student": student, "name": name_of(student),
        "knows_what": actor.can(Permission.QUEUE_VIEW, student.place),
    }  # fmt: skip
    return render(request, "archives/access.html", parts)


@require_GET
@page(Permission.FILE_ACCESS, child="student_id")
def access_pdf(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """The same as a paper for a guardian who asks: nothing on it tells why somebody read."""
    actor, at = actor_of(request), now()
    student = student_or_404(actor, student_id, Permission.FILE_ACCESS)
    found = access_register(actor, student, at, event="archives.access.printed")
    return pdf_response(pdf_of(access_report(name_of(student), found, actor.name, at), at), "readings")


@require_GET
@page(Permission.FILE_COUNT)
def figures(request: HttpRequest) -> HttpResponse:
    """The statistics of the files of a school."""
    parts = {"found": _figures(request), "schools": schools_for(actor_of(request), Permission.FILE_COUNT),
             "chosen": request.GET.get("school", "")}  # fmt: skip
    return render(request, "archives/figures.html", parts)


@require_GET
@page(Permission.FILE_COUNT)
def figures_pdf(request: HttpRequest) -> HttpResponse:
    """The statistics as a paper."""
    at, found = now(), or_404(_figures(request))
    return pdf_response(pdf_of(figures_report(found, actor_of(request).name, at), at), "files")


def _figures(request: HttpRequest) -> FileFigures | None:
    """Those of the school of the address, or of the only one."""
    actor, code = actor_of(request), request.GET.get("school", "")
    schools = schools_for(actor, Permission.FILE_COUNT)
    school = next((each for each in schools if each.code == code), schools[0] if schools else None)
    return file_figures(actor, school, today()) if school is not None else None


def pdf_response(body: bytes, name: str) -> HttpResponse:
    """Return a document as a download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(body, content_type="application/pdf", headers=headers)
