"""The register's sections: classes over time, and consent."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.care.archives.sections.moments import midday
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.selectors import name_on, units_by_id
from xinqiao.register.people.models import Consent, Enrolment, Student
from xinqiao.register.people.sections import Entry, Section
from xinqiao.register.people.states import Decision, GivenBy, Purpose, StayEnd

_REASON = "of a pupil who was fetched for the actor"


def stays(_actor: Actor, student: Student) -> Sequence[Entry]:
    """Return when the pupil came into which class."""
    rows = list(Enrolment.objects.for_system(reason=_REASON).filter(student=student))
    units = units_by_id({row.class_id for row in rows})
    found = []
    for row in rows:
        name = name_on(units[row.class_id], row.start_on) if row.class_id in units else ""
        found.append(Entry(midday(row.start_on), _("Came into {class_name}").format(class_name=name)))
        if row.ended_as and row.end_on:
            found.append(Entry(midday(row.end_on), str(StayEnd(row.ended_as).label)))
    return found


def consents(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return what was decided on which consent form, by whom."""
    visible = Consent.objects.visible_to(actor, Permission.CONSENT_RECORD).filter(student=student)
    rows = list(visible.select_related("form"))
    names = staff_names([row.recorded_by for row in rows if row.recorded_by])
    return [
        Entry(
            row.decided_at,
            _("Consent, {purpose}: {decision}").format(
                purpose=Purpose(row.form.purpose).label, decision=Decision(row.decision).label
            ),
            str(GivenBy(row.given_by).label), names.get(row.recorded_by, "") if row.recorded_by else "",
            "red" if row.decision == Decision.WITHDRAWN else "",
        )
        for row in rows
    ]  # fmt: skip


ROSTER = (
    Section(
        code="classes", title=gettext_lazy("Classes over time"), order=10, permission=Permission.FILE_VIEW,
        entries=stays, empty=gettext_lazy("Not in a class yet: enter it on the page of the roster."),
        link="student-file", printed=stays,
    ),
    Section(
        code="consent", title=gettext_lazy("Consent"), order=12, permission=Permission.CONSENT_RECORD,
        entries=consents, empty=gettext_lazy("Nothing is decided yet: ask on the page Consent of the class."),
        printed=consents,
    ),
)  # fmt: skip
