"""The erasure of a pupil's texts, on the page of the request that asks for it."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.care.archives.errors import CannotFile
from xinqiao.care.archives.forms import FileForm
from xinqiao.care.archives.models import Erasure, FileRequest
from xinqiao.care.archives.selectors.erasures import find_erasure
from xinqiao.care.archives.services.erasures import approve_erasure, propose_erasure, recall_erasure, refuse_erasure
from xinqiao.care.archives.views.requests import one_page, request_or_404
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.doing import is_done
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission


@require_POST
@page(Permission.FILE_EXCERPT, child="request_id")
def propose(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Propose the erasure that a request asks for."""
    found = request_or_404(request, request_id, Permission.FILE_EXCERPT)
    return _did(request, found, lambda by: propose_erasure(found, actor=by), _("Proposed. A second person decides."))


@require_POST
@page(Permission.FILE_APPROVE, child="erasure_id")
def approve(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """Approve an erasure, as a second person."""
    found = _erasure_or_404(request, erasure_id, Permission.FILE_APPROVE)
    words = _("Approved. It can be called back until it is carried out.")
    return _did(request, found.request, lambda by: approve_erasure(found, actor=by), words)


@require_POST
@page(Permission.FILE_APPROVE, child="erasure_id")
def refuse(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """Do not approve an erasure."""
    found = _erasure_or_404(request, erasure_id, Permission.FILE_APPROVE)
    words = _("Not approved. Say why in the answer to the request.")
    return _did(request, found.request, lambda by: refuse_erasure(found, actor=by), words)


@require_POST
@page(Permission.FILE_REQUEST, child="erasure_id")
def recall(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """Call an erasure back before it is carried out."""
    found = _erasure_or_404(request, erasure_id, Permission.FILE_REQUEST)
    words = _("Called back. Nothing was erased; the request is still to be answered.")
    return _did(request, found.request, lambda by: recall_erasure(found, actor=by), words)


def _did(request: HttpRequest, found: FileRequest, act: Callable[[Actor], object], words: str) -> HttpResponse:
    form = FileForm(request.POST)
    if is_done(request, form, act, words, CannotFile):
        return redirect("archives:request", found.id)
    return one_page(request, found, bound=form)


def _erasure_or_404(request: HttpRequest, erasure_id: UUID, permission: Permission) -> Erasure:
    return or_404(find_erasure(actor_of(request), permission, erasure_id))
