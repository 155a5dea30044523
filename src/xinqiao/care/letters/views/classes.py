"""The letters of one class: who gets which words, released together, printed, handed over."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinqiao.care.letters.judging import judge_class
from xinqiao.care.letters.models import Mailing
from xinqiao.care.letters.printing import printed
from xinqiao.care.letters.rows import mailing_of
from xinqiao.care.letters.rules import doubts, refusals_to_release
from xinqiao.care.letters.selectors.classes import classes_to_hand_over, hand_rows, pupil_rows
from xinqiao.care.letters.selectors.letters import printed_letters
from xinqiao.care.letters.services.refusing import CannotDo
from xinqiao.care.letters.services.releasing import hand_over, release_class
from xinqiao.care.letters.views.finding import written_or_404
from xinqiao.care.letters.views.shared import reader_id
from xinqiao.care.letters.wording import all_why_not, finding_words, why_not_words
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.views.finding import class_or_404, followed_or_404
from xinqiao.care.screening.views.tabs import tabs_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_by_id

ASKED_AT_RELEASE = ("call_first", "doubts")  # a box to tick, not something to mend


@page(Permission.LETTER_WRITE)
def class_page(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> HttpResponse:
    """Return the letters of a class, and what stands in the way of releasing them."""
    actor = actor_of(request)
    campaign, mailing, unit = _class_or_404(actor, campaign_id, class_id)
    judged = judge_class(mailing, unit.id, reader_id(actor))
    reasons = refusals_to_release(campaign.state, judged.facts) if judged.letters else []
    parts = {
        "campaign": campaign, "unit": unit, "class_name": name_on(unit, today()),
        "rows": pupil_rows(actor, mailing, unit), "facts": judged.facts,
        "in_the_way": [why_not_words(reason) for reason in reasons if reason.code not in ASKED_AT_RELEASE],
        "doubts": [finding_words(finding) for finding in doubts(judged.findings)],
    }  # fmt: skip
    return render(request, "letters/class.html", parts)


def _class_or_404(actor: Actor, campaign_id: UUID, class_id: UUID) -> tuple[Campaign, Mailing, Unit]:
    campaign, mailing = written_or_404(actor, campaign_id)
    return campaign, mailing, class_or_404(actor, campaign, class_id, Permission.LETTER_WRITE)


@page(Permission.LETTER_WRITE)
@require_POST
def release(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> HttpResponse:
    """Release the letters of a class, all together."""
    actor = actor_of(request)
    _campaign, mailing, unit = _class_or_404(actor, campaign_id, class_id)
    try:
        count = release_class(
            unit, actor=actor, mailing=mailing, is_calling_confirmed="called" in request.POST,
            are_doubts_confirmed="meant" in request.POST,
        )  # fmt: skip
        messages.success(
            request,
            ngettext("{count} letter released. Print it and put it into an envelope.",
                     "{count} letters released. Print them and put each into an envelope.", count).format(count=count),
        )  # fmt: skip
    except CannotDo as error:
        messages.error(request, all_why_not(error.reasons))
    return redirect("letters:class", campaign_id, class_id)


@page(Permission.LETTER_WRITE)
def print_letters(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> HttpResponse:
    """Return the letters of a class as PDF, a page each."""
    actor = actor_of(request)
    campaign, mailing, unit = _class_or_404(actor, campaign_id, class_id)
    letters = printed_letters(actor, mailing, unit, today())
    if not letters:
        raise Http404
    school = units_by_id([campaign.school_id])[campaign.school_id]
    body = printed(letters, school, request.build_absolute_uri(reverse("letters:open")), now())
    headers = {"Content-Disposition": f'attachment; filename="letters-{unit.code}.pdf"'}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


@page(Permission.LETTER_HAND)
def hand_over_index(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return the classes where the reader hands letters over."""
    actor = actor_of(request)
    campaign = followed_or_404(actor, campaign_id)
    mailing, on = mailing_of(campaign), today()
    rows, units = [], classes_to_hand_over(actor, campaign)
    if not units:
        raise Http404
    for unit in units:
        pupils = hand_rows(actor, mailing, unit) if mailing else []
        rows.append((unit.pk, name_on(unit, on), len(pupils), sum(row.is_handed_over for row in pupils)))
    parts = {"campaign": campaign, "rows": rows, "tabs": tabs_of(actor, campaign)}
    return render(request, "letters/hand_over_index.html", parts)


@page(Permission.LETTER_HAND)
def hand_over_class(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> HttpResponse:
    """Return whose letters of a class were handed over, or note that some were."""
    actor = actor_of(request)
    campaign = followed_or_404(actor, campaign_id)
    unit = class_or_404(actor, campaign, class_id, Permission.LETTER_HAND)
    mailing = mailing_of(campaign)
    if request.method == "POST":
        done = _hand_over(request, actor, mailing, unit)
        if done:
            messages.success(
                request,
                ngettext("{count} letter noted as handed over.", "{count} letters noted as handed over.", done).format(
                    count=done
                ),
            )
        else:
            messages.info(request, _("Nobody was ticked. Tick those whose letter you handed over."))
        return redirect("letters:hand-over-class", campaign_id, class_id)
    rows = hand_rows(actor, mailing, unit) if mailing else []
    parts = {
        "campaign": campaign, "unit": unit, "class_name": name_on(unit, today()), "rows": rows,
        "waiting": sum(not row.is_handed_over for row in rows),
    }  # fmt: skip
    return render(request, "letters/hand_over.html", parts)


def _hand_over(request: HttpRequest, actor: Actor, mailing: Mailing | None, unit: Unit) -> int:
    chosen = {text for text in request.POST.getlist("pupil") if len(text) <= 36}
    listed = {str(row.student_id): row.student_id for row in (hand_rows(actor, mailing, unit) if mailing else [])}
    ids = [listed[text] for text in chosen if text in listed]
    if not ids or mailing is None:
        return 0
    done = hand_over(unit, actor=actor, mailing=mailing, student_ids=ids)
    return 0 if isinstance(done, Unchanged) else done
