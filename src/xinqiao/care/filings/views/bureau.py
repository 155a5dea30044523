"""Pages of a bureau: what came in and what is missing, one filing, confirming it, passing it on."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.filings.errors import CannotFile
from xinqiao.care.filings.forms import ReplyForm
from xinqiao.care.filings.selectors.bureau import received, received_page
from xinqiao.care.filings.services.receiving import acknowledge_edition, pass_on_filing
from xinqiao.care.filings.views.school import filing_or_404
from xinqiao.care.filings.wording import all_words
from xinqiao.foundation.access.doing import is_done
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now


@require_GET
@page(Permission.FILING_RECEIVE)
def received_list(request: HttpRequest) -> HttpResponse:
    """What is missing, what waits to be confirmed, and the numbers of the schools."""
    return render(request, "filings/received.html", {"received": received(actor_of(request), now())})


@require_http_methods(["GET", "POST"])
@page(Permission.FILING_RECEIVE, child="filing_id")
def received_one(request: HttpRequest, filing_id: UUID) -> HttpResponse:
    """One filing as it came in; a reply confirms it."""
    actor, filing = actor_of(request), filing_or_404(request, filing_id, Permission.FILING_RECEIVE)
    form = ReplyForm(request.POST or None, initial={"seen": filing.version})
    if is_done(
        request, form,
        lambda by: acknowledge_edition(
            filing, actor=by, seen=form.cleaned_data["seen"], reply=form.cleaned_data["reply"]
        ),
        _("Confirmed. The school reads your reply."), CannotFile,
    ):  # fmt: skip
        return redirect("filings:received-one", filing_id)
    if form.is_bound:
        filing.refresh_from_db()
    parts = {"shown": received_page(actor, filing, now()), "filing": filing, "form": form}
    return render(request, "filings/received-one.html", parts, status=422 if form.is_bound else 200)


@require_POST
@page(Permission.FILING_RECEIVE, child="filing_id")
def pass_on(request: HttpRequest, filing_id: UUID) -> HttpResponse:
    """Pass a filing on to a bureau further up, without a name."""
    actor, filing = actor_of(request), filing_or_404(request, filing_id, Permission.FILING_RECEIVE)
    try:
        pass_on_filing(filing, actor=actor, to=request.POST.get("to", ""))
    except CannotFile as error:
        messages.error(request, all_words(error))
    else:
        messages.success(request, _("Passed on, without a name."))
    return redirect("filings:received-one", filing_id)
