"""Reads of consent: what the decisions on a form come to, for many pupils at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.core.places import places_above, within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import schools_for, units_by_path
from xinqiao.register.people.models import Consent, ConsentForm, Student
from xinqiao.register.people.rules import (
    ConsentRule,
    ConsentState,
    DecisionFact,
    Standing,
    consent_rule,
    is_age_certain,
    standing_of,
    state_of,
)
from xinqiao.register.people.sorting import sound_order
from xinqiao.register.people.states import GivenBy, Purpose, StudentStatus
from xinqiao.register.policy.selectors import parameters_by_place

IDS_A_QUERY = 5000


def consent_state(students: Sequence[Student], form: ConsentForm, on: dt.date) -> dict[UUID, ConsentState]:
    """Return by student id what the decisions up to and on a day come to.

    Each is "given", "refused", "withdrawn", "open" (asked for and not answered) or "not_needed" (silence on an opt-out
    form, where the policy takes it). The policy in force at each pupil's place on the day decides. One query for the
    decisions, one where packs bind units, and one more per 500 keys for pupils of whom the birth year alone does not
    say on which side of an age they are. Nobody may be screened unless the state is one of `rules.CONSENTED`.
    """
    return _states(_decisions(students, form, on), standings(students, on), form)


def _states(
    facts: Mapping[UUID, Iterable[DecisionFact]], standing: Mapping[UUID, Standing], form: ConsentForm
) -> dict[UUID, ConsentState]:
    return {
        student_id: state_of(facts.get(student_id, ()), found, is_opt_out=form.is_opt_out)
        for student_id, found in standing.items()
    }


def standings(students: Sequence[Student], on: dt.date) -> dict[UUID, Standing]:
    """Return by student id who decides on a day, by the policy where the pupil is; of unknown age: the guardian."""
    rules = consent_rules({student.place for student in students}, on)
    unsure = [s for s in students if not is_age_certain(s.birth_year, on, rules[s.place].ages)]
    opened = open_sealed(unsure, "birth_on")
    days = {s.id: dt.date.fromisoformat(o["birth_on"]) for s, o in zip(unsure, opened, strict=True) if o["birth_on"]}
    return {s.id: standing_of(rules[s.place], days.get(s.id), s.birth_year, on) for s in students}


def consent_rules(places: Iterable[str], on: dt.date) -> dict[str, ConsentRule]:
    """Return by place what the policy in force on a day says about consent. Raises NoPolicy, BadPack."""
    return {
        place: consent_rule(found.consent_mode, found.guardian_consent_below_age, found.opt_out_from_age)
        for place, found in parameters_by_place(places, on).items()
    }


def _decisions(students: Sequence[Student], form: ConsentForm, on: dt.date) -> dict[UUID, list[DecisionFact]]:
    until = timezone.make_aware(dt.datetime.combine(on + dt.timedelta(days=1), dt.time()))
    ids = [student.id for student in students]
    facts: dict[UUID, list[DecisionFact]] = defaultdict(list)
    for start in range(0, len(ids), IDS_A_QUERY):
        rows = Consent.objects.for_system(reason="states of pupils whom the caller has read").filter(
            form=form, student_id__in=ids[start : start + IDS_A_QUERY], decided_at__lt=until
        )
        for student_id, *fact in rows.order_by("decided_at", "id").values_list(
            "student_id", "decision", "given_by", "decided_at"
        ):
            facts[student_id].append(DecisionFact(*fact))
    return facts


def consent_to(student: Student, purpose: str, on: dt.date) -> ConsentState | None:
    """Return what the decisions for a purpose come to for one pupil; None where no form is published."""
    form = current_form(student.place, purpose)
    return consent_state([student], form, on)[student.id] if form is not None else None


def current_form(place: str, purpose: str) -> ConsentForm | None:
    """Return the form by which pupils at a place are asked: the newest version of the nearest unit that has one."""
    forms = ConsentForm.objects.for_system(reason="a form published above applies below").filter(
        place__in=places_above(place), purpose=purpose
    )
    return max(forms, key=lambda form: (len(form.place), form.version), default=None)


@dataclass(frozen=True)
class ClassConsent:
    """How far a class is with its answers to the form in force; `is_asked` is False where no form is."""

    pupils: int
    unanswered: int
    is_asked: bool


def consent_by_class(classes: Sequence[Unit], actor: Actor, purpose: str, on: dt.date) -> dict[UUID, ClassConsent]:
    """Return by class id how many of its pupils have not answered; the number of queries grows with the forms only."""
    if not classes:
        return {}
    students = Student.objects.visible_to(actor, Permission.CONSENT_RECORD).filter(
        within([unit.path for unit in classes]), status=StudentStatus.ACTIVE
    )
    by_place: dict[str, list[Student]] = defaultdict(list)
    for student in students:
        by_place[student.place].append(student)
    schools = schools_for(actor, Permission.CONSENT_RECORD)
    asked_at = {school.path: current_form(school.path, purpose) for school in schools}
    forms = {unit.path: next((f for p, f in asked_at.items() if unit.path.startswith(p)), None) for unit in classes}
    states: dict[UUID, ConsentState] = {}
    for form in {form.id: form for form in forms.values() if form is not None}.values():
        asked = [student for path, each in forms.items() if each == form for student in by_place[path]]
        states |= consent_state(asked, form, on)
    return {
        unit.id: ClassConsent(
            len(by_place[unit.path]), sum(states.get(each.id) == "open" for each in by_place[unit.path]),
            forms[unit.path] is not None,
        )
        for unit in classes
    }  # fmt: skip


@dataclass(frozen=True)
class ConsentRow:
    """A pupil on the consent list; `decides_alone` says that the pupil is `own_from_age` or older."""

    student_id: UUID
    name: str
    number: str
    decides_alone: bool
    own_from_age: int
    state: ConsentState
    decided_at: dt.datetime | None
    given_by: str


def consent_rows(unit: Unit, actor: Actor, form: ConsentForm, on: dt.date) -> list[ConsentRow]:
    """Return the consent list of a class, sorted by name; a handful of queries whatever its size."""
    students = list(
        Student.objects.visible_to(actor, Permission.CONSENT_RECORD).filter(
            within([unit.path]), status=StudentStatus.ACTIVE
        )
    )
    latest, standing = _decisions(students, form, on), standings(students, on)
    states = _states(latest, standing, form)
    rows = []
    for student, opened in zip(students, open_sealed(students, "name", "number"), strict=True):
        fact = max(latest.get(student.id, ()), key=lambda one: one.decided_at, default=None)
        rows.append(
            ConsentRow(
                student.id, opened["name"] or "", opened["number"] or "", standing[student.id].decides_alone,
                standing[student.id].rule.own_from_age, states[student.id], fact.decided_at if fact else None,
                str(GivenBy(fact.given_by).label) if fact else "",
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: sound_order(row.name))


def consent_word(state: ConsentState) -> str:
    """Return what a state is called on screen."""
    words: dict[ConsentState, str] = {
        "given": _("Given"), "refused": _("Refused"), "withdrawn": _("Withdrawn"), "open": _("Not answered yet"),
        "not_needed": _("No objection"),
    }  # fmt: skip
    return words[state]


@dataclass(frozen=True)
class FormRow:
    """A published version of a form; `is_current` says that it is the one now asked by at its unit.

    `silence_from_age` is None for an opt-out form where the rules in force take no silence for an answer (any more).
    """

    id: UUID
    unit: str
    purpose: str
    purpose_label: str
    version: int
    is_opt_out: bool
    silence_from_age: int | None
    title_zh: str
    title_en: str
    published_at: dt.datetime
    is_current: bool


def forms_published(actor: Actor) -> list[FormRow]:
    """Return every version published at, above or below the places where the actor records consent; few queries."""
    places = actor.places(Permission.CONSENT_RECORD)
    above = {above for place in places for above in places_above(place)}
    shown = ConsentForm.objects.for_system(reason="a form published above applies below")
    forms = list(shown.filter(Q(place__in=above) | within(places)).order_by("purpose", "place", "-version"))
    units = units_by_path(form.place for form in forms)
    rules = consent_rules({form.place for form in forms}, today())
    newest: dict[tuple[str, str], int] = {}
    for form in forms:
        newest[form.place, form.purpose] = max(form.version, newest.get((form.place, form.purpose), 0))
    return [
        FormRow(
            form.id, units[form.place].name, form.purpose, str(Purpose(form.purpose).label), form.version,
            form.is_opt_out, rules[form.place].silence_from_age, form.title_zh, form.title_en, form.published_at,
            newest[form.place, form.purpose] == form.version,
        )
        for form in forms
        if form.place in units
    ]  # fmt: skip
