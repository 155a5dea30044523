"""Pages of drafts of messages: begun, edited, looked at by a second person, printed, given out by hand."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.forms import WhyForm, this_minute
from xinqiao.care.incidents.models import MessageDraft
from xinqiao.care.incidents.opinion_forms import BeginForm, DraftForm, GiveForm
from xinqiao.care.incidents.selectors.drafting import draft_for, draft_page
from xinqiao.care.incidents.services.drafting import begin_draft, check_draft, drop_draft, give_draft, write_draft
from xinqiao.care.incidents.views.finding import (
    form_page,
    incident_or_404,
    is_done,
    is_done_at_once,
    seen_version,
    typed_again,
)
from xinqiao.care.incidents.wording import name_in
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed


def _draft_or_404(request: HttpRequest, draft_id: UUID) -> MessageDraft:
    return or_404(draft_for(actor_of(request), draft_id))


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def begin(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Begin a message from the shipped wording."""
    incident = incident_or_404(request, incident_id)
    first = {
        "audience": "staff", "language": "zh-Hans", "hour": this_minute(incident.happened_at),
        "place": open_sealed([incident], "where")[0]["where"] or "",
    }  # fmt: skip
    form = BeginForm(request.POST or None, initial=first)
    return form_page(
        request, incident, form, lambda actor: begin_draft(incident, actor=actor, begun=form.begun()),
        title=_("A message"), submit=_("Compose the draft"), done=_("The draft stands below. Read it and mend it."),
        subtitle=_("What is not known yet may stay empty: it stands as a gap in brackets. Nothing is sent from here."),
        anchor="#drafts",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def write(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Return a draft, and keep its text."""
    draft = _draft_or_404(request, draft_id)
    form = DraftForm(request.POST or None, initial=_first(draft))
    if form.is_valid():
        data = form.cleaned_data
        try:
            write_draft(draft, actor=actor_of(request), text=data["text"], after=data["after"])
        except CannotDo as error:
            draft = _draft_or_404(request, draft_id)
            form = typed_again(DraftForm, request, draft.version, error)
        else:
            messages.success(request, _("The message is kept."))
            return redirect("incidents:draft", draft.id)
    return _shown(request, draft, form, _give_form())


def _first(draft: MessageDraft) -> dict[str, object]:
    return {"text": open_sealed([draft], "text")[0]["text"] or "", "after": draft.version}


def _give_form() -> GiveForm:
    return GiveForm(initial={"at": this_minute(now())}, auto_id="give_%s")


def _shown(request: HttpRequest, draft: MessageDraft, form: DraftForm, give: GiveForm) -> HttpResponse:
    typed = str(form.data.get("text", "")) if form.is_bound else ""
    parts = {
        "page": draft_page(actor_of(request), draft, typed), "draft": draft, "incident": draft.incident,
        "kind": name_in(draft.incident.names), "form": form, "give_form": give,
    }  # fmt: skip
    return render(request, "incidents/draft.html", parts, status=422 if form.is_bound or give.is_bound else 200)


@require_POST
@page(Permission.INCIDENT_LEAD)
def check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Note that a second person has looked at it."""
    draft = _draft_or_404(request, draft_id)
    seen = seen_version(request)
    is_done_at_once(request, lambda actor: check_draft(draft, actor=actor, after=seen), _("Looked at."))
    return redirect("incidents:draft", draft.id)


@require_POST
@page(Permission.INCIDENT_LEAD)
def give(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Note that it was given out."""
    draft = _draft_or_404(request, draft_id)
    form = GiveForm(request.POST, auto_id="give_%s")
    if is_done(
        request, form,
        lambda actor: give_draft(draft, actor=actor, to=form.cleaned_data["to"], at=form.cleaned_data["at"]),
        _("Noted as given out."),
    ):  # fmt: skip
        return redirect("incidents:draft", draft.id)
    draft = _draft_or_404(request, draft_id)
    return _shown(request, draft, DraftForm(initial=_first(draft)), form)


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def drop(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Put it aside."""
    draft = _draft_or_404(request, draft_id)
    form = WhyForm(request.POST or None)
    return form_page(
        request, draft.incident, form,
        lambda actor: drop_draft(draft, actor=actor, words=form.cleaned_data["words"]),
        title=_("This message is not used"), submit=_("Save"), done=_("Noted."), anchor="#drafts",
    )  # fmt: skip


@require_GET
@page(Permission.INCIDENT_LEAD)
def printed(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Return the text alone, for paper or to be copied."""
    draft = _draft_or_404(request, draft_id)
    shown = draft_page(actor_of(request), draft)
    parts = {"page": shown, "draft": draft, "actor": actor_of(request), "printed_at": now()}
    return render(request, "incidents/draft_printed.html", parts)
