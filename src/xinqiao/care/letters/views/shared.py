"""The letters of a screening: where they stand, the words for everybody, and reading them through."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.care.letters.forms import MailingForm
from xinqiao.care.letters.judging import is_shared_read, shared_digest
from xinqiao.care.letters.models import Mailing
from xinqiao.care.letters.rows import mailing_of
from xinqiao.care.letters.selectors.classes import class_rows
from xinqiao.care.letters.selectors.letters import findings_of_mailing, paragraphs_of
from xinqiao.care.letters.selectors.wishes import wishes
from xinqiao.care.letters.services.refusing import CannotDo, ForbiddenWords
from xinqiao.care.letters.services.writing import prepare_letters, read_mailing, write_mailing
from xinqiao.care.letters.texts import text_of, texts_for
from xinqiao.care.letters.views.finding import written_or_404
from xinqiao.care.letters.wording import all_why_not, finding_words
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.screening.views.finding import campaign_or_404, for_everyone_or_404
from xinqiao.care.screening.views.tabs import tabs_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.policy.selectors import parameters_for


@page(Permission.LETTER_WRITE)
def mailing(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return how the letters of a screening stand."""
    actor = actor_of(request)
    campaign = campaign_or_404(actor, campaign_id, Permission.LETTER_WRITE)
    for_everyone_or_404(campaign)
    found = mailing_of(campaign)
    parts = {
        "campaign": campaign, "mailing": found, "tabs": tabs_of(actor, campaign),
        "is_ended": campaign.state == CampaignState.CLOSED,
        "is_read": found is not None and is_shared_read(found, reader_id(actor)),
        "rows": class_rows(found, today()) if found else [],
        "wishes": [wish for wish in wishes(actor, now()) if wish.campaign_id == campaign.id] if found else [],
    }  # fmt: skip
    return render(request, "letters/mailing.html", parts)


def reader_id(actor: Actor) -> UUID:
    """Return who an actor is among those who read words through."""
    return actor.person_id


@page(Permission.LETTER_WRITE)
def words(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Write the words for everybody, from a template or anew."""
    actor = actor_of(request)
    campaign = campaign_or_404(actor, campaign_id, Permission.LETTER_WRITE)
    for_everyone_or_404(campaign)
    if campaign.state != CampaignState.CLOSED:
        raise Http404
    found = mailing_of(campaign)
    form = MailingForm(request.POST if request.method == "POST" else None, initial=_initial(request, found))
    wrong: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            write_mailing(campaign, actor=actor, **form.cleaned_data)
            return redirect("letters:words-read", campaign_id)
        except ForbiddenWords as error:
            wrong = [finding_words(finding) for finding in error.findings]
            form.add_error("words", _("These words cannot go out like this. What is wrong stands above."))
        except CannotDo as error:
            form.add_error(None, all_why_not(error.reasons))
    parts = {"campaign": campaign, "mailing": found, "form": form, "wrong": wrong, "texts": _choices("shared")}
    return render(request, "letters/words.html", parts, status=422 if form.errors else 200)


def _choices(kind: str) -> list[tuple[str, str, str]]:
    """Templates as (id, language code, title), each in both languages."""
    languages = (("zh", "zh-hans"), ("en", "en"))
    return [(t.id, code, t.title.in_language(spoken)) for t in texts_for(kind) for code, spoken in languages]


def _initial(request: HttpRequest, found: Mailing | None) -> dict[str, str]:
    chosen = request.GET.get("text", "")
    if found is not None and not chosen:
        return {"title": found.title, "words": found.words}
    text, language = text_of(chosen, "shared"), request.GET.get("in") or get_language() or "zh"
    return {"title": text.title.in_language(language), "words": text.words.in_language(language)}


@page(Permission.LETTER_WRITE)
def read(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return the words for everybody as guardians read them, or take that they were read through."""
    actor = actor_of(request)
    campaign, found = written_or_404(actor, campaign_id)
    if request.method == "POST":
        try:
            read_mailing(found, actor=actor, shown=digest_of(request))
            messages.success(request, _("Read through. The letters can be released, class by class."))
            return redirect("letters:mailing", campaign_id)
        except CannotDo as error:
            messages.error(request, all_why_not(error.reasons))
            return redirect("letters:words-read", campaign_id)
    parts = {
        "campaign": campaign, "mailing": found, "paragraphs": paragraphs_of(found.words),
        "digest": shared_digest(found).hex(), "hotlines": parameters_for(campaign.place, today()).hotlines,
        "findings": [finding_words(finding) for finding in findings_of_mailing(found)],
        "is_read": is_shared_read(found, reader_id(actor)),
    }  # fmt: skip
    return render(request, "letters/words_read.html", parts)


def digest_of(request: HttpRequest) -> bytes:
    """Return the digest that a page carried; empty for anything else."""
    try:
        return bytes.fromhex(request.POST.get("digest", ""))
    except ValueError:
        return b""


@page(Permission.LETTER_WRITE)
@require_POST
def prepare(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Prepare letters for those who took part and have none."""
    _campaign, found = written_or_404(actor_of(request), campaign_id)
    done = prepare_letters(found, actor=actor_of(request))
    if isinstance(done, Unchanged):
        messages.info(request, _("Everybody who took part has a letter already."))
    else:
        messages.success(request, _("Letters prepared: {count}.").format(count=done))
    return redirect("letters:mailing", campaign_id)
