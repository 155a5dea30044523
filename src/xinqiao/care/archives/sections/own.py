"""The file's own sections: growth plans, family and upbringing, requests about the file."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.care.archives.models import FamilyNote, FileRequest, GrowthPlan
from xinqiao.care.archives.sections.moments import latest_of, midday
from xinqiao.care.archives.states import RequestKind, RequestState, ToldBy
from xinqiao.care.archives.wording import family_text, plan_text, term_words
from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.selectors.papers import plans_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.people.models import Student
from xinqiao.register.people.sections import Entry, Section


def growth_plans(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return the plans of all terms, each term's newest version."""
    visible = GrowthPlan.objects.visible_to(actor, Permission.FILE_VIEW)
    rows = list(visible.filter(student=student, is_current=True).order_by("year", "term"))
    names = staff_names([row.written_by for row in rows])
    opened = open_sealed(rows, "strengths", "aim", "helps")
    last = rows[-1:]
    return [
        *_plan_of_case(actor, student),
        *(
        Entry(
            row.written_at, _("Growth plan, {term}").format(term=term_words(row.year, row.term)), plan_text(words),
            names.get(row.written_by, ""), next_on=row.look_on if row in last else None,
            next_what=_("Look at the growth plan again") if row in last else "",
        )
        for row, words in zip(rows, opened, strict=True)
        ),
    ]  # fmt: skip


def own_plans(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return the light plans alone, for an excerpt: the plan of a case does not leave the school this way."""
    full = {entry.at for entry in _plan_of_case(actor, student)}
    return [entry for entry in growth_plans(actor, student) if entry.at not in full]


def _plan_of_case(actor: Actor, student: Student) -> list[Entry]:
    """The full plan of an open case stands in place of the light one, for whoever works on the case."""
    running = Case.objects.visible_to(actor, Permission.CASE_VIEW).filter(student=student).exclude(state="closed")
    plans = [plan for case in running for plan in plans_of(actor, case) if plan.is_current]
    return [
        Entry(
            plan.written_at, _("Plan of the case, in place of the light one; helper: {name}").format(name=plan.helper),
            plan.goals, plan.written_by, next_on=plan.review_on, next_what=_("Review the plan of the case"),
        )
        for plan in plans
    ]  # fmt: skip


def family(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return what is written of family, upbringing and experience: the version in force."""
    visible = FamilyNote.objects.visible_to(actor, Permission.FILE_FAMILY)
    return _family(list(visible.filter(student=student, is_current=True)))


def family_as_guardians_told(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return of it what guardians told themselves: what a pupil told does not go home on paper."""
    visible = FamilyNote.objects.visible_to(actor, Permission.FILE_FAMILY)
    return _family(list(visible.filter(student=student, is_current=True, told_by=ToldBy.GUARDIAN)))


def _family(rows: Sequence[FamilyNote]) -> list[Entry]:
    names = staff_names([row.written_by for row in rows])
    return [
        Entry(
            row.written_at, _("Told by: {who}").format(who=ToldBy(row.told_by).label), family_text(words),
            names.get(row.written_by, ""),
        )
        for row, words in zip(rows, open_sealed(rows, "situation", "upbringing", "experience"), strict=True)
    ]  # fmt: skip


def requests(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return who asked what about this file, and how it was answered."""
    rows = list(FileRequest.objects.visible_to(actor, Permission.FILE_REQUEST).filter(student=student))
    found = []
    for row in rows:
        is_open = row.state == RequestState.OPEN
        title = _("Request: {kind}").format(kind=RequestKind(row.kind).label)
        due_on = timezone.localtime(row.due_at).date() if is_open else None
        found.append(
            Entry(
                midday(row.asked_on), title, str(RequestState(row.state).label), tone="orange" if is_open and due_on
                and due_on < today() else "", next_on=due_on, next_what=_("Answer the request") if is_open else "",
            )
        )  # fmt: skip
    return found


OWN = (
    Section(
        code="plan", title=gettext_lazy("Growth plan"), order=20, permission=Permission.FILE_VIEW,
        entries=growth_plans, empty=gettext_lazy("No plan yet: write a few lines, for the whole class in one step."),
        link="growth-plan", latest=latest_of(GrowthPlan, "written_at"), printed=own_plans,
    ),
    Section(
        code="family", title=gettext_lazy("Family, upbringing, experience"), order=22,
        permission=Permission.FILE_FAMILY, entries=family,
        empty=gettext_lazy("Nothing is written yet: ask the guardian or the pupil, and write it down."),
        link="family-note", latest=latest_of(FamilyNote, "written_at"), printed=family_as_guardians_told,
    ),
    Section(
        code="requests", title=gettext_lazy("Requests about this file"), order=90, permission=Permission.FILE_REQUEST,
        entries=requests, empty=gettext_lazy("Nobody has asked about this file yet."), link="file-request-new",
    ),
)  # fmt: skip
