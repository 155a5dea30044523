"""The guardians' door: a code in, a letter out. No sign-in, no cookie, nothing in the address.

The code is posted with every act, so that there is no session to steal or to leave open; forging the post from another
page would need the code, which is why no token against that is asked for (and no cookie set for one).
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from xinqiao.care.letters.codes import tidied
from xinqiao.care.letters.forms import CodeForm, WorryForm
from xinqiao.care.letters.models import Letter
from xinqiao.care.letters.selectors.letters import letters_at, opened_letter
from xinqiao.care.letters.services.opening import ask_for_talk, confirm_letter, open_letter, try_code
from xinqiao.care.letters.services.worrying import Heard, tell_worry
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now, today

ACTS = {"read": confirm_letter, "talk": ask_for_talk}


@csrf_exempt
@never_cache
def door(request: HttpRequest) -> HttpResponse:
    """Ask for the code, or show the letter that it opens and take what its reader says."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _sealed(render(request, "letters/open.html", {"form": form}))
    letter = _letter_behind(tidied(form.cleaned_data["code"])) if form.is_valid() else None
    if letter is None:
        if not form.errors:
            form.add_error("code", _(
                "This code opens no letter now. Compare it with the paper. After several wrong codes a letter stays "
                "closed for some minutes. If the paper is old, or nothing helps, ask the school."
            ))  # fmt: skip
        return _sealed(render(request, "letters/open.html", {"form": form}, status=422))
    act = ACTS.get(request.POST.get("act", ""))
    if act is not None:
        act(letter, actor=system_actor("letters.door"))
    worry, heard = _worry(request, letter)
    letter.refresh_from_db()
    parts = {"letter": opened_letter(letter, today()), "code": form.cleaned_data["code"], "worry": worry,
             "heard": heard}  # fmt: skip
    return _sealed(render(request, "letters/opened.html", parts, status=422 if worry.errors else 200))


def _worry(request: HttpRequest, letter: Letter) -> tuple[WorryForm, Heard | None]:
    """Take a worry if one was sent: what is told back, or the form with the typed words and why not."""
    if request.POST.get("act") != "worry":
        return WorryForm(), None
    form = WorryForm(request.POST)
    if not form.is_valid():
        return form, None
    said = form.cleaned_data
    heard = tell_worry(
        letter, actor=system_actor("letters.door"), words=said["words"], cannot_wait=said["cannot_wait"]
    )  # fmt: skip
    if isinstance(heard, Unchanged):
        form.add_error("words", _(
            "The school has had several messages from you within the hour and is looking after them. Your words are "
            "still here; if it cannot wait, call one of the numbers below or the school."
        ))  # fmt: skip
        return form, None
    return WorryForm(), heard


def _letter_behind(code: str) -> Letter | None:
    """Return the letter that a code opens, noting that it was opened; None says nothing about why."""
    holder = system_actor("letters.door")
    for letter in letters_at(code, now()) if code else []:
        tried = try_code(letter, actor=holder, code=code)
        if isinstance(tried, Unchanged) and tried.reason == "right":
            open_letter(letter, actor=holder)
            return letter
    return None


def _sealed(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
