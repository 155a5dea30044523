"""Pages of consent: forms and versions, the list of a class, paper forms."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, school_of, units_for
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.forms.consents import ConsentFormForm, DecisionForm
from xinqiao.register.people.models import ConsentForm
from xinqiao.register.people.rules import CONSENTED, ConsentRule
from xinqiao.register.people.selectors.consent import (
    ConsentRow,
    consent_by_class,
    consent_rows,
    consent_rules,
    consent_word,
    current_form,
    forms_published,
)
from xinqiao.register.people.services.consents import (
    FORM_KINDS,
    CannotPublish,
    CannotRecord,
    publish_form,
    record_consents,
    shipped_text,
)
from xinqiao.register.people.states import Purpose
from xinqiao.register.people.views.students import class_for


@require_GET
@page(Permission.CONSENT_RECORD)
def consent_forms(request: HttpRequest) -> HttpResponse:
    """Every version of every form that is asked by where the reader records consent."""
    actor = actor_of(request)
    units = units_for(actor, Permission.CONSENT_RECORD, *FORM_KINDS)
    classes = units_for(actor, Permission.CONSENT_RECORD, UnitKind.CLASS)
    answers = consent_by_class(classes, actor, Purpose.SCREENING, today())
    parts = {
        "forms": forms_published(actor), "may_publish": bool(units), "purposes": _missing_purposes(units, actor),
        "classes": [(unit.id, name_on(unit, today()), answers[unit.id]) for unit in classes],
    }  # fmt: skip
    return render(request, "people/consent_forms.html", parts)


def _missing_purposes(units: list[Unit], actor: Any) -> list[tuple[str, str]]:
    """Purposes for which nothing has been published, to be offered first."""
    known = {row.purpose for row in forms_published(actor)}
    return [(value, str(label)) for value, label in Purpose.choices if units and value not in known]


@require_http_methods(["GET", "POST"])
@page(Permission.CONSENT_RECORD)
def consent_form_new(request: HttpRequest) -> HttpResponse:
    """Publish a wording; it starts from the form in force, or from our own."""
    actor = actor_of(request)
    units = units_for(actor, Permission.CONSENT_RECORD, *FORM_KINDS)
    if not units:
        raise Http404
    rules = consent_rules([unit.path for unit in units], today())
    form = ConsentFormForm(
        units, rules.values(), request.POST or None,
        initial=_initial(request, units[0], rules[units[0].path]),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        done = _publish(request, form)
        if done is not None:
            return done
    return render(request, "people/consent_form_new.html", {"form": form}, status=422 if form.errors else 200)


def _publish(request: HttpRequest, form: ConsentFormForm) -> HttpResponse | None:
    try:
        published = publish_form(
            form.chosen_unit(), actor=actor_of(request), purpose=form.cleaned_data["purpose"], text=form.text(),
            is_opt_out=form.cleaned_data["is_opt_out"],
        )  # fmt: skip
    except CannotPublish as cannot:
        form.add_error("unit" if cannot.code == "no_wording_of_its_own" else "is_opt_out", _why_not(cannot.code))
        return None
    said = _("Published.") if isinstance(published, ConsentForm) else _("This wording is in force already.")
    messages.success(request, said)
    return redirect("people:consent-forms")


def _why_not(code: str) -> str:
    words = {
        "no_wording_of_its_own": _("Such a unit has no wording of its own; it asks by the form of its school."),
        "yes_needed": _("The rules in force here ask for a yes. Untick this; silence is never taken as consent."),
    }
    return words[code]


def _initial(request: HttpRequest, unit: Unit, rule: ConsentRule) -> dict[str, Any]:
    asked = request.GET.get("purpose", "")
    purpose = asked if asked in Purpose.values else Purpose.SCREENING
    known = current_form(unit.path, purpose)
    text = known if known is not None else shipped_text(purpose, rule.own_from_age)
    names = ("title_zh", "text_zh", "title_en", "text_en")
    worded = {name: getattr(text, name) for name in names}
    is_opt_out = known is not None and known.is_opt_out and rule.silence_from_age is not None
    return {"unit": str(unit.id), "purpose": purpose, "is_opt_out": is_opt_out, **worded}


@require_http_methods(["GET", "POST"])
@page(Permission.CONSENT_RECORD)
def consents(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """Who of a class gave, refused, or has not answered; many decisions recorded at once."""
    actor = actor_of(request)
    unit = class_for(actor, class_id, Permission.CONSENT_RECORD)
    purpose = _purpose(request)
    asked = current_form(unit.path, purpose)
    rows = consent_rows(unit, actor, asked, today()) if asked is not None else []
    form = DecisionForm([row.student_id for row in rows], request.POST or None)
    if request.method == "POST" and asked is not None and form.is_valid():
        done = _record(request, unit, asked, form, rows)
        if done is not None:
            return done
    parts = {
        "unit": unit, "class_name": name_on(unit, today()), "rows": _shown(rows), "form": form, "asked": asked,
        "title": form_title(asked), "tabs": _tabs(unit), "purpose": purpose, "counts": _counts(rows),
        "may_publish": actor.can(Permission.CONSENT_RECORD, getattr(school_of(unit.path), "path", "")),
    }  # fmt: skip
    return render(request, "people/consents.html", parts, status=422 if form.errors else 200)


def _purpose(request: HttpRequest) -> str:
    asked = request.GET.get("purpose", "")
    return asked if asked in Purpose.values else Purpose.SCREENING


def _tabs(unit: Unit) -> list[tuple[str, str, str]]:
    address = reverse("people:consents", args=[unit.id])
    return [(value, str(label), f"{address}?purpose={value}") for value, label in Purpose.choices]


def _record(
    request: HttpRequest, unit: Unit, asked: ConsentForm, form: DecisionForm, rows: list[ConsentRow]
) -> HttpResponse | None:
    values = form.cleaned_data
    try:
        done = record_consents(
            unit, actor=actor_of(request), form=asked, student_ids=values["students"], decision=values["decision"],
            given_by=values["given_by"], means=values["means"],
        )  # fmt: skip
    except CannotRecord as cannot:
        form.add_error(None, _fault(cannot, rows))
        return None
    if isinstance(done, int):
        messages.success(request, _("Recorded for %(count)s pupils.") % {"count": done})
    else:
        messages.info(request, _("It was recorded so already."))
    return redirect(f"{reverse('people:consents', args=[unit.id])}?purpose={asked.purpose}")


def _fault(cannot: CannotRecord, rows: list[ConsentRow]) -> str:
    names = "、".join(row.name for row in rows if row.student_id in cannot.student_ids)
    if cannot.code == "guardian_needed":
        age = max((row.own_from_age for row in rows if row.student_id in cannot.student_ids), default=0)
        return _("Under %(age)s the guardian decides: %(names)s. Choose the guardian, or leave them out.") % {
            "age": age, "names": names,
        }  # fmt: skip
    if cannot.code == "nothing_to_withdraw":
        return _("Only a given consent can be withdrawn: %(names)s. Leave them out.") % {"names": names}
    return _("The list has changed meanwhile. Load the page again.")


def _shown(rows: list[ConsentRow]) -> list[dict[str, Any]]:
    return [{"row": row, "word": consent_word(row.state)} for row in rows]


def _counts(rows: list[ConsentRow]) -> dict[str, int]:
    states = [row.state for row in rows]
    return {
        "yes": sum(state in CONSENTED for state in states),
        "no": sum(state in ("refused", "withdrawn") for state in states),
        "open": states.count("open"),
    }


def form_title(form: ConsentForm | None) -> str:
    """Return a form's title in the reader's language."""
    if form is None:
        return ""
    return form.title_zh if (get_language() or "").startswith("zh") else form.title_en


@require_GET
@page(Permission.CONSENT_RECORD)
def consent_paper(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """The form in force on paper, one sheet a pupil, with name and lines to sign."""
    actor = actor_of(request)
    unit = class_for(actor, class_id, Permission.CONSENT_RECORD)
    asked = or_404(current_form(unit.path, _purpose(request)))
    is_zh, school = (get_language() or "").startswith("zh"), school_of(unit.path)
    only_open = request.GET.get("who") == "open"
    rows = [row for row in consent_rows(unit, actor, asked, today()) if row.state == "open" or not only_open]
    parts = {
        "unit": unit, "class_name": name_on(unit, today()), "rows": rows, "title": form_title(asked), "asked": asked,
        "paragraphs": (asked.text_zh if is_zh else asked.text_en).split("\n\n"), "actor": actor, "printed_at": now(),
        "school": school.name if school else "",
        "back_url": f"{reverse('people:consents', args=[unit.id])}?purpose={asked.purpose}",
    }  # fmt: skip
    return render(request, "people/consent_paper.html", parts)
