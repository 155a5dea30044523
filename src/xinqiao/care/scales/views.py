"""Pages of scales: all of them, one to read and to try, two side by side, and the import of licensed wording."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.scales import presenting, presenting_parameters
from xinqiao.care.scales.comparing import Comparison, comparison, licence_rows, version_rows
from xinqiao.care.scales.draft_pages import licensable_units
from xinqiao.care.scales.fhir_files import FHIR_JSON, questionnaire_text
from xinqiao.care.scales.forms import CompareForm, TryForm, WordingForm
from xinqiao.care.scales.messages import import_message, scale_fault_message, workbook_message
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import (
    key_only_scales,
    licensed_versions,
    readable_version,
    scale_of,
    scales_for,
    versions_alike,
)
from xinqiao.care.scales.services.wording import CannotImportWording, import_wording
from xinqiao.care.scales.trying import try_scale
from xinqiao.care.scales.wording_file import FaultyWording, WordingFault, open_upload, wording_of
from xinqiao.care.scales.wording_template import wording_template
from xinqiao.engines.fhir import may_pass_wording_on
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.register.orgs.selectors import units_by_path

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _found(actor: Actor, version_id: UUID) -> tuple[ScaleVersion, str]:
    return or_404(readable_version(actor, version_id))


@require_GET
@page(Permission.SCALE_READ)
def index(request: HttpRequest) -> HttpResponse:
    """Every scale: who may be asked, its licence, and whether it is ready or how it gets so."""
    actor = actor_of(request)
    known = scales_for(actor)
    units = units_by_path(version.place for version, _place in known if version.place)
    may_import = actor.can_somewhere(Permission.SCALE_IMPORT)
    rows = [
        presenting.scale_row(
            version, place, units[version.place].name if version.place in units else "", may_import=may_import
        )
        for version, place in known
    ]
    form = CompareForm([version for version, _place in known])
    return render(request, "scales/index.html", {"rows": rows, "form": form, "may_import": may_import})


@require_GET
@page(Permission.SCALE_READ)
def read(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One scale: its questions where they may be shown, its key, its bands, and where every number comes from."""
    actor = actor_of(request)
    version, place = _found(actor, version_id)
    scale = scale_of(version)
    unit = units_by_path([version.place]).get(version.place)
    may_import = actor.can_somewhere(Permission.SCALE_IMPORT)
    context = {
        "row": presenting.scale_row(version, place, unit.name if unit else "", may_import=may_import),
        "facts": presenting.facts_of(version, with_scores=False), "scores": presenting.score_rows(scale),
        "items": presenting.item_rows(scale), "rules": presenting.rule_rows(scale),
        "sources": presenting.source_rows(scale), "instruction": presenting.phrase(scale.instruction),
        "example_count": len(scale.examples), "subtitle": unit.name if unit else "",
        "keeps_wording": scale.has_wording and not may_pass_wording_on(scale),
        "parameters": presenting_parameters.panel_of(version, place),
    }  # fmt: skip
    return render(request, "scales/read.html", context)


@require_http_methods(["GET", "POST"])
@page(Permission.SCALE_READ)
def try_page(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Answer a scale oneself and see what a sheet would say; nothing is stored."""
    version, _place = _found(actor_of(request), version_id)
    scale = scale_of(version)
    form = TryForm(scale, request.POST or None)
    trial = try_scale(scale, form.answers(), form.person()) if request.method == "POST" and form.is_valid() else None
    context = {
        "version": version, "title": presenting.title_of(version), "form": form, "trial": trial,
        "instruction": presenting.phrase(scale.instruction), "has_wording": scale.has_wording,
    }  # fmt: skip
    return render(request, "scales/try.html", context, status=422 if form.errors else 200)


@require_GET
@page(Permission.SCALE_READ)
def compare(request: HttpRequest) -> HttpResponse:
    """Two scales side by side."""
    form = CompareForm([version for version, _place in scales_for(actor_of(request))], request.GET or None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        left, right = form.chosen()
        facts = zip(presenting.facts_of(left), presenting.facts_of(right), strict=True)
        context |= {
            "rows": [(one.label, one.lines, other.lines) for one, other in facts],
            "left": left, "right": right,
            "left_title": presenting.title_of(left), "right_title": presenting.title_of(right),
        }  # fmt: skip
    return render(request, "scales/compare.html", context, status=422 if form.errors else 200)


@require_GET
@page(Permission.SCALE_READ)
def versions(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Every version of a scale, and what differs between this one and another."""
    actor = actor_of(request)
    version, _place = _found(actor, version_id)
    known = versions_alike(actor, version)
    other = next((each for each in known if str(each.id) == request.GET.get("with")), None)
    compared: Comparison | None = comparison(other, version) if other and other.id != version.id else None
    context = {
        "version": version, "title": presenting.title_of(version), "rows": version_rows(known, version, actor),
        "other": other, "compared": compared,
    }  # fmt: skip
    return render(request, "scales/versions.html", context)


@require_GET
@page(Permission.SCALE_READ)
def licences(request: HttpRequest) -> HttpResponse:
    """The register of licences: which scale, what right, whose, until when, and who imported the wording."""
    actor = actor_of(request)
    context = {"rows": licence_rows(licensed_versions(actor), actor)}
    return render(request, "scales/licences.html", context)


@require_http_methods(["GET", "POST"])
@page(Permission.SCALE_IMPORT)
def import_page(request: HttpRequest) -> HttpResponse:
    """Import the wording that a unit is licensed to use."""
    actor = actor_of(request)
    versions, units = key_only_scales(), licensable_units(actor)
    form = WordingForm(versions, units, request.POST or None, request.FILES or None, initial=request.GET.dict())
    faults: list[dict[str, object]] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _imported(request, form)
        except FaultyWording as faulty:
            faults = [_fault_row(fault) for fault in faulty.faults]
        except CannotImportWording as refused:
            told = [f"{fault.place}: {scale_fault_message(fault.code, fault.detail)}" for fault in refused.faults]
            form.add_error(None, import_message(refused.code, told))
    chosen = form.data.get("scale") or request.GET.get("scale", "")
    context = {
        "form": form, "faults": faults, "has_units": bool(units),
        "templates": [(version, presenting.title_of(version), version.code == chosen) for version in versions],
    }  # fmt: skip
    return render(request, "scales/import.html", context, status=422 if form.errors or faults else 200)


def _imported(request: HttpRequest, form: WordingForm) -> HttpResponse:
    data, shipped, unit = form.cleaned_data, form.chosen_version(), form.chosen_unit()
    wording = wording_of(open_upload(data["file"].read(), data["file"].name), scale_of(shipped))
    done = import_wording(
        unit, actor=actor_of(request), code=shipped.code, wording=wording, holder=data["holder"],
        statement=data["statement"], until=data["until"],
    )  # fmt: skip
    if isinstance(done, Unchanged):
        messages.info(request, _("This wording is published already; nothing was changed."))
        return redirect("scales:index")
    messages.success(request, _("The wording is published for {unit}.").format(unit=unit.name))
    return redirect("scales:read", done.id)


def _fault_row(fault: WordingFault) -> dict[str, object]:
    return {
        "sheet": fault.sheet, "row": fault.row or "", "column": fault.column,
        "message": workbook_message(fault.code, fault.params),
    }  # fmt: skip


@require_GET
@page(Permission.SCALE_IMPORT)
def template_file(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The workbook to be filled in for one scale."""
    version, _place = _found(actor_of(request), version_id)
    response = HttpResponse(wording_template(scale_of(version)), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{version.code}-wording.xlsx"'
    return response


@require_GET
@page(Permission.SCALE_READ)
def questionnaire_file(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The scale as a FHIR R4 Questionnaire; without wording that belongs to a unit's licence."""
    version, _place = _found(actor_of(request), version_id)
    response = HttpResponse(questionnaire_text(scale_of(version)), content_type=FHIR_JSON)
    response["Content-Disposition"] = f'attachment; filename="{version.code}-{version.version}.fhir.json"'
    return response
