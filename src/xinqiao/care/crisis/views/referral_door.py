"""The institution's door: a link and a code in, one referral out. No sign-in, no cookie; the link's signs stand behind
the # of the address or are typed, and are posted with every act together with the code.

Forging a post from another page would need both, which is why no token against that is asked for.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from xinqiao.care.crisis.models import Referral
from xinqiao.care.crisis.referral.codes import CODE_LENGTH, LINK_LENGTH, tidied
from xinqiao.care.crisis.referral.states import WITH_INSTITUTION
from xinqiao.care.crisis.referral_forms import AnswerForm, KeyForm
from xinqiao.care.crisis.referral_wording import all_words
from xinqiao.care.crisis.selectors.referrals import opened_referral, referral_at
from xinqiao.care.crisis.services.answers import answer_referral, open_referral, try_code
from xinqiao.care.crisis.services.referrals import CannotRefer
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now, today

HOLDER = system_actor("crisis.door")


@csrf_exempt
@never_cache
def door(request: HttpRequest) -> HttpResponse:
    """Ask for link and code, or show the referral that they open and take what the institution answers."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _sealed(render(request, "crisis/referral-open.html", {"form": form}))
    referral = _referral_behind(form)
    if referral is None:
        if not form.errors:
            form.add_error(None, _(
                "This opens nothing now. Compare link and code with what the school told you. After several wrong "
                "codes a referral stays closed for a while. If nothing helps, ask the school."
            ))  # fmt: skip
        return _sealed(render(request, "crisis/referral-open.html", {"form": form}, status=422))
    if referral.shut_at is not None:
        return _sealed(render(request, "crisis/referral-gone.html", {}, status=410))
    wrong, answered = _take_answer(request, referral)
    if referral.state not in WITH_INSTITUTION:
        return _sealed(render(request, "crisis/referral-thanks.html", {}))
    form_again = AnswerForm(request.POST if wrong else None)
    parts = {"shown": opened_referral(referral, today()), "link": form.cleaned_data["link"], "wrong": wrong,
             "code": form.cleaned_data["code"], "answered": answered, "form": form_again}  # fmt: skip
    return _sealed(render(request, "crisis/referral-opened.html", parts, status=422 if wrong else 200))


def _referral_behind(form: KeyForm) -> Referral | None:
    """Return the referral that link and code open, noting that it was opened; None says nothing about why."""
    if not form.is_valid():
        return None
    link, code = tidied(form.cleaned_data["link"], LINK_LENGTH), tidied(form.cleaned_data["code"], CODE_LENGTH)
    found = referral_at(link, now()) if link and code else None
    if found is None:
        return None
    tried = try_code(found, actor=HOLDER, code=code)
    if not isinstance(tried, Unchanged) or tried.reason != "right":
        return None
    open_referral(found, actor=HOLDER)
    found.refresh_from_db()
    return found


def _take_answer(request: HttpRequest, referral: Referral) -> tuple[str, bool]:
    """Take an answer if one was posted; return what is wrong with it, and whether it was taken."""
    if not request.POST.get("target"):
        return "", False
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _("This answer could not be read. Look at day and words."), False
    try:
        answer_referral(referral, actor=HOLDER, answer=form.answer())
    except CannotRefer as error:
        return all_words(error.reasons), False
    return "", True


def _sealed(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
