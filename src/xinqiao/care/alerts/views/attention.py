"""Who needs what kind of attention, and setting it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.alerts.forms import AttentionForm
from xinqiao.care.alerts.selectors import attention_rows, current_attention, student_timeline
from xinqiao.care.alerts.selectors.people import names_of
from xinqiao.care.alerts.services.levels import Basis, CannotSetLevel, set_attention
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.register.people.models import Student


@require_GET
@page(Permission.ATTENTION_VIEW)
def my_class(request: HttpRequest) -> HttpResponse:
    """Pupils who need attention: the level and the advice, nothing else."""
    actor = actor_of(request)
    rows = attention_rows(actor, now())
    return render(
        request, "alerts/my_class.html", {"rows": rows, "may_set": actor.can_somewhere(Permission.ATTENTION_SET)}
    )


@require_http_methods(["GET", "POST"])
@page(Permission.ATTENTION_SET, child="student_id")
def attention(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Set one pupil's level."""
    actor = actor_of(request)
    student = or_404(Student.objects.visible_to(actor, Permission.ATTENTION_SET).filter(pk=student_id).first())
    form = AttentionForm(request.POST or None, initial=current_attention(actor, student.id))
    if form.is_valid():
        try:
            set_attention(
                student, actor=actor, level=form.cleaned_data["level"], advice=form.cleaned_data["advice"],
                basis=Basis("review"), review_on=form.review_day(),
            )  # fmt: skip
        except CannotSetLevel as error:
            form.refuse(error.code)
        else:
            messages.success(request, _("The level is set."))
            return redirect("alerts:my-class")
    context = {"form": form, "name": names_of([student])[student.id], "events": student_timeline(actor, student)}
    return render(request, "alerts/attention.html", context, status=422 if form.is_bound else 200)
