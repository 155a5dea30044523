"""What calls on someone: the page, and what open pages ask every few seconds."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinqiao.care.alerts.selectors import NoticeRow, calling_notices, my_notices
from xinqiao.care.alerts.services.showing import note_polled
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.ui.notices import Notice, NoticeFeed


@require_GET
@page(Permission.NOTICE_VIEW)
def poll(request: HttpRequest) -> HttpResponse:
    """What calls on the reader now; asking says that the reader has a page open."""
    actor, at = actor_of(request), now()
    rows = calling_notices(actor, at)
    note_polled(actor, rows, at)
    return JsonResponse(NoticeFeed([_notice(row) for row in rows]).as_json())


def _notice(row: NoticeRow) -> Notice:
    """Say the class and not the name: it shows on whatever page is open, and that page may be on a projector (T12)."""
    title = _("A pupil of {class_name}").format(class_name=row.class_name) if row.class_name else _("A pupil")
    return Notice(
        id=str(row.id), title=title, url=reverse("alerts:signal", args=[row.signal_id]), urgency=row.urgency,
        minutes_left=row.minutes_left,
    )  # fmt: skip


@require_GET
@page(Permission.NOTICE_VIEW)
def notices(request: HttpRequest) -> HttpResponse:
    """The reader's own notices of the last month."""
    actor, at = actor_of(request), now()
    rows = my_notices(actor, at)
    note_polled(actor, rows, at)
    return render(request, "alerts/notices.html", {"rows": rows})
