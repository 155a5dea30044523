"""The editor of a unit's own forms, and the assistant that checks while one writes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinqiao.care.scales.assistant import assistance
from xinqiao.care.scales.draft_pages import draft_rows, licensable_units, title_of
from xinqiao.care.scales.draft_views import open_draft, stale_words
from xinqiao.care.scales.drafting import judged, judged_form
from xinqiao.care.scales.editing import skeleton
from xinqiao.care.scales.editor_forms import BeginForm, Editor, fits
from xinqiao.care.scales.forms import NewDraftForm
from xinqiao.care.scales.models import ScaleDraft
from xinqiao.care.scales.services.drafts import StaleDraft, revise_draft, start_draft
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged


@require_http_methods(["GET", "POST"])
@page(Permission.SCALE_IMPORT)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a form: its unit, its title, its short name; then the editor."""
    actor = actor_of(request)
    units = licensable_units(actor)
    form = BeginForm(units, request.POST or None, prefix="begin")
    if request.method == "POST" and form.is_valid():
        mapping = skeleton(form.cleaned_data["code"], form.cleaned_data["title"])
        draft = start_draft(form.chosen_unit(), actor=actor, mapping=mapping)
        return redirect("scales:edit", draft.id)
    context = {"rows": draft_rows(actor), "form": NewDraftForm(units), "faults": [], "begin_form": form}
    return render(request, "scales/drafts.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.SCALE_IMPORT)
def edit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Write a form. `act=check` stores nothing and answers with what the assistant finds."""
    draft = open_draft(request, draft_id)
    state = judged(draft)
    if not fits(state.mapping):
        messages.info(request, _("This draft says more than the editor can show. Go on by a file."))
        return redirect("scales:draft", draft.id)
    editor = Editor(request.POST or None, state.mapping, draft.revision)
    is_check = request.POST.get("act") == "check"
    if request.method == "POST" and editor.is_valid():
        state = judged_form(editor.mapping(), draft.place)
        if not is_check and _saved(request, draft, editor):
            return redirect("scales:edit", draft.id)
    has_faults = request.method == "POST" and not is_check and not editor.is_valid()
    context = {
        "draft": draft, "editor": editor, "title": title_of(state), "help": assistance(state, editor),
    }  # fmt: skip
    return render(request, "scales/edit.html", context, status=422 if has_faults else 200)


def _saved(request: HttpRequest, draft: ScaleDraft, editor: Editor) -> bool:
    """Whether the draft says now what the editor does; where somebody was faster, the form says so."""
    try:
        done = revise_draft(
            draft, actor=actor_of(request), mapping=editor.mapping(), revision=editor.form.cleaned_data["revision"]
        )
    except StaleDraft:
        editor.form.add_error(None, stale_words())
        return False
    told = _("Nothing was changed.") if isinstance(done, Unchanged) else _("The draft is saved.")
    messages.success(request, told)
    return True
