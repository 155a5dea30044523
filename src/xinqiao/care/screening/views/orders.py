"""A bureau's orders: the list, a new one, and where each school of one stands."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinqiao.care.screening.jobs.ordering import make_plans
from xinqiao.care.screening.models import ScreeningOrder
from xinqiao.care.screening.order_forms import DaysForm, OrderForm, days_of, initial_order, scale_titles
from xinqiao.care.screening.order_wording import scale_fault_words
from xinqiao.care.screening.rules import WhyNot
from xinqiao.care.screening.selectors.orders import (
    OrderedRow,
    SchoolChoice,
    area_rounds,
    order_for,
    order_rows,
    school_choices,
    schools_of,
)
from xinqiao.care.screening.services.campaigns import CannotRun
from xinqiao.care.screening.services.orders import Reminded, change_days, issue_order, remind_schools, withdraw_order
from xinqiao.care.screening.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_by_id, units_by_path
from xinqiao.register.orgs.states import Stage

FIELDS = {
    "order_turned": "latest_on", "order_past": "latest_on", "order_long": "latest_on", "answer_outside": "answer_by",
    "no_schools": "which",
}  # fmt: skip
MOST_REASONS = 20


@page(Permission.ORDER_EDIT)
def orders(request: HttpRequest) -> HttpResponse:
    """Return the orders of the reader's units."""
    rows = order_rows(actor_of(request), today())
    return render(request, "screening/orders.html", {"rows": rows, "rounds": area_rounds(rows)})


@page(Permission.ORDER_EDIT)
def new(request: HttpRequest) -> HttpResponse:
    """Order a screening from many schools in one step."""
    actor = actor_of(request)
    units = _units_of(actor)
    unit = next((each for each in units if each.code == request.GET.get("unit")), units[0])
    choices = school_choices(unit, today())
    form = OrderForm(choices, request.POST or None, initial=initial_order(choices, today()))
    if request.method == "POST" and form.is_valid():
        try:
            order = issue_order(unit, actor=actor, draft=form.draft())
            made = make_plans(order, now())
            text = ngettext("Ordered from {count} school.", "Ordered from {count} schools.", made)
            messages.success(request, text.format(count=made))
            return redirect("screening:order", order.pk)
        except CannotRun as error:
            _tell(form, error, choices)
    parts = {"form": form, "unit": unit, "units": units, "schools": _offered(form)}
    return render(request, "screening/order_new.html", parts, status=422 if form.errors else 200)


def _units_of(actor: Actor) -> list[Unit]:
    """Return the units for which an actor may order, outermost first."""
    units = units_by_path(actor.places(Permission.ORDER_EDIT))
    if not units:
        raise Http404
    return [units[path] for path in sorted(units)]


def _offered(form: OrderForm) -> list[tuple[SchoolChoice, str, list[str], bool]]:
    """Return each school with its stages, what it cannot use of the scales offered, and whether it is ticked."""
    titles, ticked = scale_titles(form.rows), form.ticked()
    offered = [code for code, _label in form.fields["scales"].choices]  # type: ignore[attr-defined]  # a choice field
    return [
        (
            row,
            " · ".join(str(Stage(stage).label) for stage in row.cohorts),
            [
                scale_fault_words(titles.get(code, code), fault)
                for code, fault in row.faults_with(offered, row.cohorts)
            ],
            str(row.unit.id) in ticked,
        )
        for row in form.rows
    ]  # fmt: skip


def _tell(form: OrderForm | DaysForm, error: CannotRun, choices: list[SchoolChoice]) -> None:
    titles = scale_titles(choices)
    for reason in error.reasons[:MOST_REASONS]:
        shown = reason
        if reason.code == "school_scale":
            code, fault = reason.details
            shown = WhyNot(reason.code, reason.about, (scale_fault_words(titles.get(code, code), fault),))
        name = FIELDS.get(reason.code)
        form.add_error(name if name in form.fields else None, refusal_words(shown))


@page(Permission.ORDER_EDIT)
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Return where each school of an order stands."""
    found = _order_or_404(actor_of(request), order_id)
    rows = schools_of(found, today())
    parts = {
        "order": found, "rows": rows, "late": sum(row.is_late for row in rows), "counts": _counts(rows),
        "ordered_by": units_by_id([found.unit_id])[found.unit_id].name, "is_open": found.withdrawn_at is None,
    }  # fmt: skip
    return render(request, "screening/order.html", parts)


def _counts(rows: list[OrderedRow]) -> dict[str, int]:
    standings = [str(row.standing) for row in rows]
    groups = {
        "unanswered": ("making", "unseen", "preparing"), "confirmed": ("confirmed",), "running": ("running",),
        "ended": ("ended",), "cannot": ("cannot",),
    }  # fmt: skip
    return {name: sum(standing in group for standing in standings) for name, group in groups.items()}


def _order_or_404(actor: Actor, order_id: UUID) -> ScreeningOrder:
    return or_404(order_for(actor, order_id))


@page(Permission.ORDER_EDIT)
@require_POST
def remind(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Remind every school that is late."""
    actor = actor_of(request)
    done = remind_schools(_order_or_404(actor, order_id), actor=actor)
    if not isinstance(done, Reminded):
        messages.info(request, _("No school is late, so nobody was reminded."))
    else:
        text = ngettext("{count} school was reminded.", "{count} schools were reminded.", done.schools)
        messages.success(request, text.format(count=done.schools))
    if isinstance(done, Reminded) and done.unreached:
        text = ngettext(
            "{count} school sees it only when somebody signs in: no address is on record there.",
            "{count} schools see it only when somebody signs in: no address is on record there.",
            done.unreached,
        )
        messages.warning(request, text.format(count=done.unreached))
    return redirect("screening:order", order_id)


@page(Permission.ORDER_EDIT)
def days(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Give an order other days."""
    actor = actor_of(request)
    found = _order_or_404(actor, order_id)
    form = DaysForm(request.POST or None, initial=days_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_days(found, actor=actor, **form.cleaned_data)
            messages.success(request, _("The schools see the new days."))
            return redirect("screening:order", order_id)
        except CannotRun as error:
            _tell(form, error, [])
    return render(
        request, "screening/order_days.html", {"form": form, "order": found}, status=422 if form.errors else 200
    )


@page(Permission.ORDER_EDIT)
@require_POST
def withdraw(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Withdraw an order from the schools that have not launched."""
    actor = actor_of(request)
    withdraw_order(_order_or_404(actor, order_id), actor=actor)
    messages.success(request, _("Withdrawn from every school that had not launched. What runs goes on."))
    return redirect("screening:order", order_id)
