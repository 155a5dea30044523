"""Pages of local norms: all that hold here, one in full, and the way to make one."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.scales.models import LocalNorm
from xinqiao.care.scales.norm_file import norm_of_text
from xinqiao.care.scales.norm_forms import NormForm
from xinqiao.care.scales.norm_pages import (
    CRAWFORD,
    WILSON,
    group_rows,
    group_words,
    left_out_rows,
    method_words,
    norm_rows,
    score_choices,
    why_not_words,
    year_words,
)
from xinqiao.care.scales.norm_selectors import norm_units, readable_norm, readable_norms
from xinqiao.care.scales.norming import NormDraft, answered_choices, draft_norm
from xinqiao.care.scales.presenting import title_of
from xinqiao.care.scales.services.norms import publish_norm, retire_norm
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged


@require_GET
@page(Permission.SCALE_READ)
def norms(request: HttpRequest) -> HttpResponse:
    """The norms that hold or held here, and, for who may, the question for which one is to be made."""
    actor = actor_of(request)
    known = readable_norms(actor)
    parts = {
        "in_force": norm_rows([norm for norm in known if norm.retired_at is None]),
        "former": norm_rows([norm for norm in known if norm.retired_at is not None]), "form": _form(actor, None),
        "may_make": actor.can_somewhere(Permission.NORM_EDIT),
    }  # fmt: skip
    return render(request, "scales/norms.html", parts)


def _form(actor: Actor, data: dict[str, str] | None) -> NormForm | None:
    """The question, None where there is nothing to ask: no unit, or nothing answered there."""
    units = norm_units(actor)
    answered = answered_choices([unit.path for unit in units]) if units else []
    return NormForm(units, answered, data) if answered else None


@require_http_methods(["GET", "POST"])
@page(Permission.NORM_EDIT)
def norm_new(request: HttpRequest) -> HttpResponse:
    """What a norm would be made of, and its publication."""
    actor = actor_of(request)
    data = request.POST if request.method == "POST" else request.GET
    form = _form(actor, data.dict())
    if form is None or not form.is_valid():
        messages.error(request, _("Choose a unit, a scale and a school year in which it was answered there."))
        return redirect("scales:norms")
    draft = draft_norm(actor, *form.chosen())
    is_stale = False
    if request.method == "POST" and not draft.why_not:
        is_stale = request.POST.get("digest") != draft.digest
        if not is_stale:
            return _published(request, draft)
    refused = request.method == "POST"
    return render(request, "scales/norm_new.html", _draft_parts(draft, data.dict(), is_stale=is_stale),
                  status=422 if refused else 200)  # fmt: skip


def _draft_parts(draft: NormDraft, data: dict[str, str], *, is_stale: bool) -> dict[str, object]:
    year_line = _("School year {year}").format(year=year_words(draft.file.school_year))
    return {
        "draft": draft, "title": title_of(draft.version), "year_line": year_line,
        "groups": [(group_words(group), group.n) for group in draft.file.groups],
        "left_out": left_out_rows(draft.file), "method": method_words(draft.file), "is_stale": is_stale,
        "why_not": [why_not_words(code, detail) for code, detail in draft.why_not],
        "unit_id": data.get("unit", ""), "of": data.get("of", ""), "references": (CRAWFORD, WILSON),
    }  # fmt: skip


def _published(request: HttpRequest, draft: NormDraft) -> HttpResponse:
    done = publish_norm(draft.unit, actor=actor_of(request), draft=draft)
    if isinstance(done, Unchanged):
        messages.info(request, _("Exactly this norm is in force already; nothing was changed."))
        return redirect("scales:norms")
    messages.success(request, _("The norm is in force for {unit}. It never changes.").format(unit=draft.unit.name))
    return redirect("scales:norm", done.id)


@require_GET
@page(Permission.SCALE_READ)
def norm(request: HttpRequest, norm_id: UUID) -> HttpResponse:
    """One norm in full, the tables of one score."""
    actor = actor_of(request)
    found = _found(actor, norm_id)
    file = norm_of_text(found.definition)
    scores = score_choices(found.version, file)
    chosen = next((each for each in scores if each[0] == request.GET.get("score")), scores[0])
    parts = {
        "norm": found, "row": norm_rows([found])[0], "file": file, "scores": scores, "chosen": chosen,
        "groups": group_rows(file, chosen[0]), "left_out": left_out_rows(file), "method": method_words(file),
        "may_retire": found.retired_at is None and actor.can(Permission.NORM_EDIT, found.place),
        "references": (CRAWFORD, WILSON),
    }  # fmt: skip
    return render(request, "scales/norm.html", parts)


def _found(actor: Actor, norm_id: UUID) -> LocalNorm:
    return or_404(readable_norm(actor, norm_id))


@require_POST
@page(Permission.NORM_EDIT)
def norm_retire(request: HttpRequest, norm_id: UUID) -> HttpResponse:
    """Take a norm out of force."""
    actor = actor_of(request)
    found = _found(actor, norm_id)
    if not actor.can(Permission.NORM_EDIT, found.place):
        raise Http404
    retire_norm(found, actor=actor)
    messages.success(request, _("The norm is out of force. It stays here to be read."))
    return redirect("scales:norm", norm_id)
