"""What is known of a pupil: screening, signals, talks, levels, the register, rounds, what a teacher saw."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.care.alerts.models import Attention, Interview, Report, Signal
from xinqiao.care.alerts.selectors.timeline import TimelineEvent, level_events, signal_events, talk_events
from xinqiao.care.alerts.states import SeenWhen
from xinqiao.care.archives.sections.moments import joined, latest_of, midday
from xinqiao.care.incidents.models import Exposure
from xinqiao.care.incidents.states import CareState, How
from xinqiao.care.rounds.models import RoundLine
from xinqiao.care.rounds.states import Finding
from xinqiao.care.screening.selectors.local_norms import with_local
from xinqiao.care.screening.selectors.sheets import ScoreLine, SheetFace, faces_of
from xinqiao.care.sheets.models import AnswerSheet
from xinqiao.care.sheets.states import Informant
from xinqiao.care.support.models import RegisterEntry
from xinqiao.care.support.states import EntryState
from xinqiao.care.support.wording import category_words, kind_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.people.models import Student
from xinqiao.register.people.sections import Entry, Section
from xinqiao.register.policy.selectors import parameters_for


def _entries(events: Sequence[TimelineEvent]) -> list[Entry]:
    return [Entry(each.at, each.title, each.text, each.who, each.tone) for each in events]


def faces_for(actor: Actor, student: Student) -> list[SheetFace]:
    """Return the pupil's own sheets in full, newest first; whoever calls leaves the event of reading."""
    visible = AnswerSheet.objects.visible_to(actor, Permission.RESULT_FULL)
    own = visible.filter(student=student, sitting__informant=Informant.SELF)
    rows = list(own.select_related("sitting").order_by("-submitted_at", "id"))
    return with_local(student, rows, faces_of(rows))


def screenings(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return each questionnaire with scores, bands and flags. Those of two waves stand side by side by their bands,
    also where the questionnaire changed; scores of two questionnaires are never taken from each other."""
    return [_of_sheet(face) for face in faces_for(actor, student)]


def answered(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return which questionnaires were answered when: no score and no answer goes home on paper."""
    return [Entry(face.submitted_at, face.title) for face in faces_for(actor, student)]


def _of_sheet(face: SheetFace) -> Entry:
    if not face.is_valid or face.faults:
        return Entry(face.submitted_at, face.title, _("Not counted: the sheet is void or incomplete."))
    lines = [_score(line) for line in face.scores] + [str(flag.title) for flag in face.flags]
    return Entry(face.submitted_at, face.title, _("; ").join(lines), tone="orange" if face.flags else "")


def _score(line: ScoreLine) -> str:
    text = f"{line.title} {line.value}"
    if not line.step:
        return text
    return _("{score}: {band} (band {step} of {steps})").format(
        score=text, band=line.band, step=line.step, steps=line.steps
    )


def signals(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return signals and who took them."""
    return _entries(signal_events(actor, student))


def talks(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return talks with what was written."""
    return _entries(talk_events(actor, student))


def levels(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return levels with their advice: for whoever may see nothing else of it as well."""
    found = _entries(level_events(actor, student, Permission.ATTENTION_VIEW))
    now = Attention.objects.visible_to(actor, Permission.ATTENTION_VIEW)
    row = now.filter(student=student, ended_at__isnull=True).first()
    if row is None or row.review_on is None:
        return found
    next_what = _("Look at the level again")
    return [
        Entry(each.at, each.title, each.text, each.who, each.tone, next_on=row.review_on, next_what=next_what)
        if each.at == row.set_at else each for each in found
    ]  # fmt: skip


def register_entries(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return entries of the register with their categories and reasons."""
    visible = RegisterEntry.objects.visible_to(actor, Permission.REGISTER_VIEW)
    rows = list(visible.filter(student=student).order_by("id"))
    categories = parameters_for(student.place, today()).register_categories
    found = []
    for row, words in zip(rows, open_sealed(rows, "kind", "reason"), strict=True):
        at = midday(row.since) if row.since else row.proposed_at
        if at is None:
            continue
        name = category_words(categories, row.category)
        title = _("Register, {category}: {state}").format(category=name, state=EntryState(row.state).label)
        kind = kind_words(categories, row.category, words["kind"] or "")
        is_kept = row.state == EntryState.KEPT
        text = joined(kind, words["reason"])
        found.append(
            Entry(
                at, title, text, next_on=row.review_on if is_kept else None,
                next_what=_("Look at the entry of the register again") if is_kept else "",
            )
        )  # fmt: skip
    return found


def round_lines(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return what the rounds found: all of it for whoever talks to pupils, else what the reader looked at."""
    visible = RoundLine.objects.visible_to(actor, Permission.ROUND_SIGN).filter(student=student)
    if not actor.can(Permission.QUEUE_VIEW, student.place):
        visible = visible.filter(looked_by=actor.person_id)
    rows = list(visible)
    names = staff_names([row.looked_by for row in rows])
    return [
        Entry(
            row.looked_at, _("Round: {finding}").format(finding=Finding(row.finding).label),
            who=names.get(row.looked_by, ""), tone="orange" if row.finding == Finding.WORRY else "",
        )
        for row in rows
    ]  # fmt: skip


def own_reports(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return that the reader reported this pupil, and when; what was written is not repeated."""
    visible = Report.objects.visible_to(actor, Permission.WORRY_REPORT)
    rows = visible.filter(student=student, reported_by=actor.person_id)
    return [
        Entry(row.reported_at, _("You reported a worry"), _("seen: {when}").format(when=SeenWhen(row.seen_when).label))
        for row in rows
    ]


def exposures(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return in which incidents the pupil was exposed, and whether somebody looked after the pupil."""
    visible = Exposure.objects.visible_to(actor, Permission.INCIDENT_EXPOSED).filter(student=student)
    return [
        Entry(
            row.added_at, _("Exposed to an incident: {how}").format(how=How(row.how).label),
            str(CareState(row.state).label),
            next_on=timezone.localtime(row.due_at).date() if row.state == CareState.WAITING else None,
            next_what=_("Look after the exposed pupil") if row.state == CareState.WAITING else "",
        )
        for row in visible
    ]  # fmt: skip


KNOWING = (
    Section(
        code="screening", title=gettext_lazy("Screening"), order=30, permission=Permission.RESULT_FULL,
        entries=screenings, empty=gettext_lazy("No questionnaire was answered yet: plan a screening or a make-up."),
        link="screening-result", latest=latest_of(AnswerSheet, "submitted_at"), printed=answered,
    ),
    Section(
        code="signals", title=gettext_lazy("Signals"), order=40, permission=Permission.QUEUE_VIEW, entries=signals,
        empty=gettext_lazy("No signal. Whoever worries reports it under Report a worry."),
        latest=latest_of(Signal, "raised_at"),
    ),
    Section(
        code="talks", title=gettext_lazy("Talks"), order=42, permission=Permission.INTERVIEW_WRITE, entries=talks,
        empty=gettext_lazy("No talk was written down. Talks are written with a signal."),
        latest=latest_of(Interview, "held_at"),
    ),
    Section(
        code="levels", title=gettext_lazy("Level and advice"), order=44, permission=Permission.ATTENTION_VIEW,
        entries=levels, empty=gettext_lazy("No level is set: nothing beyond what every pupil needs."),
        latest=latest_of(Attention, "set_at"), printed=levels,
    ),
    Section(
        code="register", title=gettext_lazy("Register"), order=46, permission=Permission.REGISTER_VIEW,
        entries=register_entries, empty=gettext_lazy("Not on the register."), link="register-pupil",
        latest=latest_of(RegisterEntry, "decided_at"),
    ),
    Section(
        code="rounds", title=gettext_lazy("Rounds through the class"), order=48, permission=Permission.ROUND_SIGN,
        entries=round_lines, empty=gettext_lazy("Not looked at in a round yet."),
        latest=latest_of(RoundLine, "looked_at"),
    ),
    Section(
        code="own-reports", title=gettext_lazy("What I reported"), order=49, permission=Permission.WORRY_REPORT,
        unless=Permission.QUEUE_VIEW, entries=own_reports,
        empty=gettext_lazy("You have reported nothing of this pupil."),
    ),
    Section(
        code="exposures", title=gettext_lazy("Incidents"), order=50, permission=Permission.INCIDENT_EXPOSED,
        entries=exposures, empty=gettext_lazy("Not exposed to an incident."), latest=latest_of(Exposure, "added_at"),
    ),
)  # fmt: skip
