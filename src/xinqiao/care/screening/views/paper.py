"""Printed sheets: printed for a class, typed in twice, settled against the paper."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.care.screening.forms import PaperForm
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.paper import (
    PileRow,
    differences_of,
    pile_of_class,
    printed_paper,
    printed_sheets,
    sitting_on_paper,
)
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.screening.views.finding import class_or_404, followed_or_404, for_everyone_or_404
from xinqiao.care.screening.views.progress import qr_code
from xinqiao.care.screening.wording import typed_words, typing_refusal
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.selectors import paper_by_id, refusal_to_type
from xinqiao.care.sheets.services.typing import (
    CannotType,
    Typed,
    discard_typings,
    settle_typings,
    type_sheet,
)
from xinqiao.care.sheets.typed import CHARACTERS, questions_of
from xinqiao.foundation.access.actors import Actor, Forbidden
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on

TYPING, OUTCOME = "screening/typing.html", "screening/typing_outcome.html"


@page(Permission.SEAT_LIST)
def print_sheets(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> HttpResponse:
    """Return an answer sheet to be printed for each pupil of a class who is still to answer."""
    actor = actor_of(request)
    found = followed_or_404(actor, campaign_id)
    for_everyone_or_404(found)
    unit = class_or_404(actor, found, class_id, Permission.SEAT_LIST)
    if found.paper_id is None:
        raise Http404
    sheets = [(sheet, qr_code(sheet.number)) for sheet in printed_sheets(actor, found, unit)]
    parts = {
        "campaign": found, "unit": unit, "class_name": name_on(unit, today()), "sheets": sheets,
        "paper": printed_paper(found), "printed_by": actor.name, "printed_at": now(),
    }  # fmt: skip
    return render(request, "screening/answer_sheets.html", parts)


@page(Permission.PAPER_TYPE)
def typing(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> HttpResponse:
    """Return the page on which a class's printed sheets are typed in, or take one typing."""
    found, unit = _place_or_404(request, campaign_id, class_id)
    if request.method != "POST":
        return _typing_page(request, found, unit, PaperForm(initial={"key": new_id().hex}))
    form = PaperForm(request.POST)
    if not form.is_valid():
        return _typing_page(request, found, unit, form)
    data = form.cleaned_data
    row = next((row for row in pile_of_class(actor_of(request), found, unit) if row.number == data["number"]), None)
    sitting = sitting_on_paper(actor_of(request), found, unit, row.student_id) if row else None
    if sitting is None:
        return _refused(request, found, unit, form, CannotType("unknown_number"))
    try:
        done = type_sheet(sitting, actor=actor_of(request), typed=data["answers"], key=data["key"],
                          is_pile_done=data["is_pile_done"])  # fmt: skip
    except CannotType as error:
        return _refused(request, found, unit, form, error)
    return _done(request, found, unit, sitting, done)


def _place_or_404(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> tuple[Campaign, Unit]:
    """The running campaign and class of the address; a class teacher's own class is not there for typing, and who leads
    may not type at all."""
    actor = actor_of(request)
    found = followed_or_404(actor, campaign_id)
    for_everyone_or_404(found)
    unit = class_or_404(actor, found, class_id, Permission.PAPER_TYPE)
    cannot = found.paper_id is None or found.state == CampaignState.DRAFT
    if cannot or refusal_to_type(actor, unit.path) == "class_teacher":
        raise Http404
    if refusal_to_type(actor, unit.path):
        raise Forbidden(Permission.PAPER_TYPE, unit.path)
    return found, unit


def _typing_page(request: HttpRequest, found: Campaign, unit: Unit, form: PaperForm) -> HttpResponse:
    parts = {**_pile(actor_of(request), found, unit), "form": form, "questions": _questions(found)}
    return render(request, TYPING, parts, status=422 if form.errors else 200)


def _pile(actor: Actor, found: Campaign, unit: Unit, student_id: UUID | None = None) -> dict[str, object]:
    """The pile as the page shows it; `row` is the sheet that was just at hand."""
    rows: list[PileRow] = pile_of_class(actor, found, unit)
    return {
        "row": next((row for row in rows if row.student_id == student_id), None),
        "campaign": found, "unit": unit, "class_name": name_on(unit, today()), "rows": rows,
        "once": sum(row.standing == "once" for row in rows), "differs": sum(row.standing == "differs" for row in rows),
        "checked": sum(row.standing == "checked" for row in rows),
        "is_running": found.state == CampaignState.OPEN,
    }  # fmt: skip


def _questions(found: Campaign) -> str:
    """What the page must know of each question: the characters that may be typed, and the critical ones."""
    assert found.paper_id is not None
    content = json.loads(paper_by_id(found.paper_id).content)
    return json.dumps(
        [[q.characters, "".join(CHARACTERS[code] for code in q.critical), q.is_talk] for q in questions_of(content)]
    )


def _refused(request: HttpRequest, found: Campaign, unit: Unit, form: PaperForm, error: CannotType) -> HttpResponse:
    words = typing_refusal(error.code, error.place)
    if request.headers.get("HX-Request"):
        return render(request, OUTCOME, {"refused": words, **_pile(actor_of(request), found, unit)}, status=422)
    form.add_error(None, words)
    return _typing_page(request, found, unit, form)


def _done(request: HttpRequest, found: Campaign, unit: Unit, sitting: Sitting, done: Typed | Unchanged) -> HttpResponse:
    """Say how the sheet stands now: beside the form where scripts run, else on the page that comes next."""
    typed = Typed(done.reason) if isinstance(done, Unchanged) else done
    if request.headers.get("HX-Request"):
        return _outcome(request, found, unit, sitting, typed)
    if typed.standing == "differs":
        return redirect("screening:paper-settle", found.pk, unit.pk, sitting.student_id)
    messages.success(request, typed_words(typed))
    return redirect("screening:paper", found.pk, unit.pk)


def _outcome(request: HttpRequest, found: Campaign, unit: Unit, sitting: Sitting, typed: Typed) -> HttpResponse:
    actor = actor_of(request)
    parts = {
        **_pile(actor, found, unit, sitting.student_id), "typed": typed, "words": typed_words(typed),
        "differences": differences_of(actor, sitting) if typed.standing == "differs" else [],
    }  # fmt: skip
    return render(request, OUTCOME, parts)


@page(Permission.PAPER_TYPE, child="student_id")
def settle(request: HttpRequest, campaign_id: UUID, class_id: UUID, student_id: UUID) -> HttpResponse:
    """Return where two typings of a pupil's sheet disagree, or take what the paper says."""
    found, unit = _place_or_404(request, campaign_id, class_id)
    sitting = _sitting_or_404(request, found, unit, student_id)
    refused = ""
    if request.method == "POST":
        try:
            done = settle_typings(sitting, actor=actor_of(request), chosen=_chosen(request))
        except CannotType as error:
            refused = typing_refusal(error.code, error.place)
        else:
            return _done(request, found, unit, sitting, done)
    actor = actor_of(request)
    parts = {
        **_pile(actor, found, unit, student_id), "differences": differences_of(actor, sitting),
        "refused": refused, "typed": Typed("differs"),
    }  # fmt: skip
    template = OUTCOME if request.headers.get("HX-Request") else "screening/settle.html"
    return render(request, template, parts, status=422 if refused else 200)


def _sitting_or_404(request: HttpRequest, found: Campaign, unit: Unit, student_id: UUID) -> Sitting:
    return or_404(sitting_on_paper(actor_of(request), found, unit, student_id))


def _chosen(request: HttpRequest) -> dict[int, str]:
    fields = {name.removeprefix("place_"): value for name, value in request.POST.items() if name.startswith("place_")}
    return {int(place): str(value) for place, value in fields.items() if place.isdigit()}


@page(Permission.PAPER_TYPE, child="student_id")
@require_POST
def discard(request: HttpRequest, campaign_id: UUID, class_id: UUID, student_id: UUID) -> HttpResponse:
    """Give up what was typed of a pupil's sheet."""
    found, unit = _place_or_404(request, campaign_id, class_id)
    sitting = _sitting_or_404(request, found, unit, student_id)
    try:
        discard_typings(sitting, actor=actor_of(request))
    except CannotType as error:
        messages.error(request, typing_refusal(error.code, error.place))
    else:
        messages.success(request, _("What was typed is given up. Type this pupil's sheet again."))
    return redirect("screening:paper", found.pk, unit.pk)
