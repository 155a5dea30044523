"""Publishing consent forms, and recording what guardians and pupils decide. Decisions are added, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind
from xinqiao.register.people.hooks import ConsentDecided, consent_decided
from xinqiao.register.people.models import Consent, ConsentForm, Student
from xinqiao.register.people.selectors.consent import consent_rules, consent_state, standings
from xinqiao.register.people.states import Decision, GivenBy, Purpose, StudentStatus

LANGUAGES = ("zh-hans", "en")
# A wording is a school's or a bureau's; a class, a grade or a dormitory asks by the form above it.
FORM_KINDS = (*SCHOOL_KINDS, UnitKind.COUNTY, UnitKind.CITY)


class CannotPublish(ValueError):
    """The form cannot be published; `code` says why: no_wording_of_its_own (such a unit asks by the form above it),
    yes_needed (the rules in force take no silence for an answer)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CannotRecord(ValueError):
    """The decision cannot be recorded; `code` says why: guardian_needed, nobody_chosen, not_of_class,
    nothing_to_withdraw."""

    def __init__(self, code: str, student_ids: Sequence[UUID] = ()) -> None:
        super().__init__(code)
        self.code, self.student_ids = code, tuple(student_ids)


@dataclass(frozen=True)
class FormText:
    """The wording of a form in both languages."""

    title_zh: str
    text_zh: str
    title_en: str
    text_en: str


@command(Permission.CONSENT_RECORD)
def publish_form(
    unit: Unit, *, actor: Actor, purpose: str, text: FormText, is_opt_out: bool = False
) -> ConsentForm | Unchanged:
    """Publish the next version of a form for a unit and all below it; earlier versions and their decisions stay.

    Raises CannotPublish.
    """
    del actor
    if unit.kind not in FORM_KINDS:
        raise CannotPublish("no_wording_of_its_own")
    if is_opt_out and consent_rules([unit.path], today())[unit.path].silence_from_age is None:
        raise CannotPublish("yes_needed")
    latest = ConsentForm.objects.for_system(reason="numbering versions of one unit's form").filter(
        place=unit.path, purpose=purpose
    ).order_by("-version").first()  # fmt: skip
    if latest is not None and _is_same(latest, text, is_opt_out=is_opt_out):
        return Unchanged("same_wording")
    form = ConsentForm(
        county_id=unit.shard_id, place=unit.path, purpose=Purpose(purpose), is_opt_out=is_opt_out,
        version=latest.version + 1 if latest else 1, title_zh=text.title_zh, title_en=text.title_en,
        text_zh=text.text_zh, text_en=text.text_en, published_at=now(),
    )  # fmt: skip
    form.save(force_insert=True)
    record("people.consent_form.published", subject_kind="consent_form", subject_id=form.id, place=form.place,
           county_id=form.county_id,
           facts={"purpose": purpose, "version": form.version, "opt_out": is_opt_out})  # fmt: skip
    return form


def _is_same(form: ConsentForm, text: FormText, *, is_opt_out: bool) -> bool:
    worded = FormText(form.title_zh, form.text_zh, form.title_en, form.text_en)
    return worded == text and form.is_opt_out == is_opt_out


def shipped_text(purpose: str, own_from_age: int) -> FormText:
    """Return our own wording of a form, to be read and changed before it is published."""
    titles, texts = {}, {}
    for language in LANGUAGES:
        with translation.override(language):
            titles[language], texts[language] = _shipped(Purpose(purpose), own_from_age)
    return FormText(titles["zh-hans"], texts["zh-hans"], titles["en"], texts["en"])


def _shipped(purpose: Purpose, own_from_age: int) -> tuple[str, str]:
    parts = {
        Purpose.SCREENING: (
            _("Consent to the school's psychological screening"),
            _("The school asks all pupils of some grades how they have been lately, by a questionnaire of about 20 "
              "minutes. It is not an examination and not a diagnosis; there are no right answers."),
            _("The psychology teacher of the school reads the answers. The class teacher learns only whether a pupil "
              "needs attention and how to help. Nothing goes into grades, honours or admission, and no result with "
              "a name leaves the school unless the law demands it or a life is in danger."),
        ),
        Purpose.COUNSELLING: (
            _("Consent to psychological counselling at school"),
            _("The psychology teacher offers your child conversations at school. Coming is voluntary and costs "
              "nothing, and may be ended at any time."),
            _("What is said stays with the psychology teacher. If a life is in danger, those who must help are told, "
              "and you are told too."),
        ),
        Purpose.REFERRAL: (
            _("Consent to a referral to a hospital or counselling centre"),
            _("The school suggests that your child be seen by professionals outside the school, and will tell them "
              "what they need to know to help."),
            _("Only what serves this help is passed on. The hospital tells the school no more than whether your child "
              "was seen and what the school should do."),
        ),
        Purpose.TRANSFER: (
            _("Consent to handing the psychological file over to the next school"),
            _("When your child goes to another school, this school would like to tell the psychology teacher there "
              "what helps to go on: results of screenings, talks and plans of care."),
            _("Only the psychology teacher of the next school reads it. Without this consent no more goes than the "
              "classes your child was in, the growth plan, and whether the school asked for attention. With a no "
              "nothing goes."),
        ),
    }[purpose]  # fmt: skip
    shared = (
        _("You may say yes or no; a no has no drawbacks. You may take a yes back at any time, by word or in writing to "
          "the class teacher or the psychology teacher; what was done until then stays lawful."),
        _("Until the pupil is {age} the guardian decides. From {age} the pupil decides, and the guardian is asked "
          "too.").format(age=own_from_age),
    )  # fmt: skip
    return parts[0], "\n\n".join((*parts[1:], *shared))


@command(Permission.CONSENT_RECORD, is_batch=True)
def record_consents(
    unit: Unit,
    *,
    actor: Actor,
    form: ConsentForm,
    student_ids: Sequence[UUID],
    decision: str,
    given_by: str,
    means: str = "paper",
) -> int | Unchanged:
    """Record one decision for many pupils of a class (or school) at once; return how many were new.

    Raises CannotRecord: while the policy in force has the guardian decide, the pupil's own decision does not count;
    only a given consent is withdrawn.
    """
    students = _students_of(unit, student_ids)
    if given_by == GivenBy.STUDENT:
        standing = standings(students, today())
        too_young = [student.id for student in students if not standing[student.id].decides_alone]
        if too_young:
            raise CannotRecord("guardian_needed", too_young)
    states = consent_state(students, form, today())
    if decision == Decision.WITHDRAWN:
        idle = [student.id for student in students if states[student.id] not in ("given", "not_needed", "withdrawn")]
        if idle:
            raise CannotRecord("nothing_to_withdraw", idle)
    latest = _latest(students, form, given_by)
    changed = [student for student in students if latest.get(student.id) != decision]
    if not changed:
        return Unchanged("decided_so_already")
    _insert(changed, form, actor, decision=decision, given_by=given_by, means=means)
    record("people.consent.recorded", subject_kind="unit", subject_id=unit.id, place=unit.path,
           county_id=unit.shard_id, facts={"form": form.id, "purpose": form.purpose, "version": form.version,
                                           "decision": decision, "given_by": given_by,
                                           "pupils": len(changed)})  # fmt: skip
    return len(changed)


def write_decision(student: Student, form: ConsentForm, *, actor: Actor, decision: str, given_by: str) -> None:
    """Keep what one pupil's guardian (or the pupil) decided on paper, inside another app's command. A private body.

    Raises CannotRecord where the pupil's own decision does not count yet.
    """
    if given_by == GivenBy.STUDENT and not standings([student], today())[student.id].decides_alone:
        raise CannotRecord("guardian_needed", [student.id])
    _insert([student], form, actor, decision=decision, given_by=given_by, means="paper")
    record("people.consent.recorded", subject_kind="student", subject_id=student.id, place=student.place,
           county_id=student.county_id, facts={"form": form.id, "purpose": form.purpose, "version": form.version,
                                               "decision": decision, "given_by": given_by, "pupils": 1})  # fmt: skip


def _students_of(unit: Unit, student_ids: Sequence[UUID]) -> list[Student]:
    wanted = set(student_ids)
    if not wanted:
        raise CannotRecord("nobody_chosen")
    students = list(
        Student.objects.for_system(reason="pupils of the unit the command is about").filter(
            pk__in=wanted, place__gte=unit.path, place__lt=unit.path[:-1] + "0", status=StudentStatus.ACTIVE
        )
    )
    if len(students) != len(wanted):
        raise CannotRecord("not_of_class", sorted(wanted - {student.id for student in students}))
    return students


def _latest(students: Sequence[Student], form: ConsentForm, given_by: str) -> dict[UUID, str]:
    rows = Consent.objects.for_system(reason="pupils of the unit the command is about").filter(
        form=form, student_id__in=[student.id for student in students], given_by=given_by
    )
    return dict(rows.order_by("decided_at", "id").values_list("student_id", "decision"))


def _insert(
    students: Sequence[Student], form: ConsentForm, actor: Actor, *, decision: str, given_by: str, means: str
) -> None:
    at = now()
    rows = [
        Consent(
            county_id=s.county_id, place=s.place, student=s, form=form, decision=Decision(decision),
            given_by=GivenBy(given_by), means=means, decided_at=at, recorded_by=actor.id, key_id=s.key_id,
        )
        for s in students
    ]  # fmt: skip
    seal_rows(rows)
    Consent.objects.bulk_create(rows, batch_size=500)
    consent_decided.send([ConsentDecided(s.id, form.purpose, decision, actor.person_id, at) for s in students])
