"""Pages of a unit's own forms: the drafts, one draft and what is left in it, its file, its publication."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.scales.draft_pages import draft_rows, fault_rows, licensable_units, preview_of
from xinqiao.care.scales.drafting import BroughtIn, Unusable, brought_in, judged
from xinqiao.care.scales.editor_forms import BeginForm, fits
from xinqiao.care.scales.fhir_files import scale_file_text
from xinqiao.care.scales.forms import DraftFileForm, NewDraftForm
from xinqiao.care.scales.models import ScaleDraft
from xinqiao.care.scales.services.drafts import (
    StaleDraft,
    discard_draft,
    publish_draft,
    revise_draft,
    start_draft,
)
from xinqiao.care.scales.services.publishing import CannotPublish
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged


def open_draft(request: HttpRequest, draft_id: UUID) -> ScaleDraft:
    """The draft of the actor's own unit that has not ended; 404 otherwise."""
    rows = ScaleDraft.objects.visible_to(actor_of(request), Permission.SCALE_IMPORT)
    draft: ScaleDraft | None = rows.filter(pk=draft_id, ended_at=None).first()
    if draft is None:
        raise Http404
    return draft


@require_http_methods(["GET", "POST"])
@page(Permission.SCALE_IMPORT)
def drafts(request: HttpRequest) -> HttpResponse:
    """The forms that are being made, and the way to bring one in by a file."""
    actor = actor_of(request)
    form = NewDraftForm(licensable_units(actor), request.POST or None, request.FILES or None)
    faults: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            got = _from_file(form)
        except Unusable as refused:
            faults = fault_rows(refused.faults)
        else:
            draft = start_draft(form.chosen_unit(), actor=actor, mapping=got.mapping, remarks=got.remarks)
            return redirect("scales:draft", draft.id)
    begin_form = BeginForm(licensable_units(actor), prefix="begin")
    context = {"rows": draft_rows(actor), "form": form, "faults": faults, "begin_form": begin_form}
    return render(request, "scales/drafts.html", context, status=422 if form.errors or faults else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.SCALE_IMPORT)
def draft_page(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """One draft: what is left to mend, how it would look, and its replacement by a mended file."""
    draft = open_draft(request, draft_id)
    form = DraftFileForm(request.POST or None, request.FILES or None, initial={"revision": draft.revision})
    refused: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _replaced(request, draft, form)
        except Unusable as fault:
            refused = fault_rows(fault.faults)
        except StaleDraft:
            form.add_error(None, stale_words())
    state = judged(draft)
    context = {
        "draft": draft, "left": fault_rows(state.faults), "form": form, "refused": refused, **preview_of(state),
        "can_edit": fits(state.mapping),
    }  # fmt: skip
    return render(request, "scales/draft.html", context, status=422 if form.errors or refused else 200)


def stale_words() -> str:
    """What is said where somebody was faster."""
    return _("Somebody changed this draft meanwhile. Open it anew, and make your change again.")


def _from_file(form: DraftFileForm | NewDraftForm) -> BroughtIn:
    file = form.cleaned_data["file"]
    return brought_in(file.read(), file.name)


def _replaced(request: HttpRequest, draft: ScaleDraft, form: DraftFileForm) -> HttpResponse:
    got = _from_file(form)
    done = revise_draft(
        draft, actor=actor_of(request), mapping=got.mapping, remarks=got.remarks,
        revision=form.cleaned_data["revision"],
    )  # fmt: skip
    if isinstance(done, Unchanged):
        messages.info(request, _("The file says what the draft says already; nothing was changed."))
    else:
        messages.success(request, _("The draft now says what the file says."))
    return redirect("scales:draft", draft.id)


@require_POST
@page(Permission.SCALE_IMPORT)
def publish(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Publish a draft in which nothing is left."""
    draft = open_draft(request, draft_id)
    try:
        version = publish_draft(draft, actor=actor_of(request), revision=_seen(request))
    except CannotPublish:
        messages.error(request, _("Not published: mend what is listed here first."))
        return redirect("scales:draft", draft.id)
    except StaleDraft:
        messages.error(request, stale_words())
        return redirect("scales:draft", draft.id)
    messages.success(request, _("The form is published for your unit. From now on this version never changes."))
    return redirect("scales:read", version.id)


@require_POST
@page(Permission.SCALE_IMPORT)
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    draft = open_draft(request, draft_id)
    try:
        discard_draft(draft, actor=actor_of(request), revision=_seen(request))
    except StaleDraft:
        messages.error(request, stale_words())
        return redirect("scales:draft", draft.id)
    messages.success(request, _("The draft is thrown away."))
    return redirect("scales:drafts")


def _seen(request: HttpRequest) -> int:
    seen = request.POST.get("revision", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0


@require_GET
@page(Permission.SCALE_IMPORT)
def draft_file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The draft as a scale file, to be completed and sent back."""
    state = judged(open_draft(request, draft_id))
    response = HttpResponse(scale_file_text(state.mapping), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{state.mapping.get("id", "form")}.yaml"'
    return response
