"""Enums of incidents, and the tables of their moves. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class IncidentState(models.TextChoices):
    """Where an incident stands."""

    OPEN = "open", _("Running")
    CLOSED = "closed", _("Over and closed")


class LineKind(models.TextChoices):
    """What a line of an incident asks for."""

    STEP = "step", _("Emergency plan")
    ASK = "ask", _("A department was asked")
    CALL = "call", _("The expert team was called out")
    REVIEW = "review", _("Review")
    ACTION = "action", _("Action of the review")


class LineState(models.TextChoices):
    """Where a line stands."""

    WAITING = "waiting", _("To be done")
    DONE = "done", _("It is done")
    WAIVED = "waived", _("Not done, with a reason")


class How(models.TextChoices):
    """In which way a pupil was exposed."""

    HURT = "hurt", _("was hurt, or was part of it")
    WITNESS = "witness", _("saw it")
    FRIEND = "friend", _("is a close friend")
    DORMITORY = "dormitory", _("shares the dormitory")
    CLASSMATE = "classmate", _("is a classmate")


class By(models.TextChoices):
    """Who looks after an exposed pupil."""

    CLASS_TEACHER = "class_teacher", _("Class teacher")
    PSYCHOLOGY_TEACHERS = "psychology_teachers", _("Psychology teacher")


class CareState(models.TextChoices):
    """What came of looking after an exposed pupil."""

    WAITING = "waiting", _("To be looked after")
    FINE = "fine", _("Nothing noticed")
    WORRY = "worry", _("A worry, passed on")
    WAIVED = "waived", _("Not done, with a reason")


class ReportState(models.TextChoices):
    """Where a report stands."""

    WAITING = "waiting", _("To be written")
    WRITTEN = "written", _("Report written")
    CHECKED = "checked", _("Looked at by a second person")
    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Received by the bureau")
    WAIVED = "waived", _("Not done, with a reason")


class OpinionState(models.TextChoices):
    """Where an item of public opinion stands."""

    FOUND = "found", _("To be judged")
    JUDGED = "judged", _("Judged, to be answered")
    ANSWERED = "answered", _("Answered, to be looked at again")
    CLOSED = "closed", _("Calmed down and closed")


class Grave(models.TextChoices):
    """How grave an item is."""

    SLIGHT = "slight", _("Slight: few read it")
    MODERATE = "moderate", _("Moderate: it is passed on")
    SEVERE = "severe", _("Severe: it harms somebody, or many read it")


class Truth(models.TextChoices):
    """Whether what an item says is so."""

    TRUE = "true", _("It is true")
    PARTLY = "partly", _("Partly true")
    RUMOUR = "rumour", _("A rumour")
    UNKNOWN = "unknown", _("Not known yet")


class Audience(models.TextChoices):
    """Whom a message is for."""

    STAFF = "staff", _("Staff of the school")
    CLASS_GUARDIANS = "class_guardians", _("Guardians of the class")
    ALL_GUARDIANS = "all_guardians", _("Guardians of all pupils")
    PUBLIC = "public", _("Public statement")
    MEDIA = "media", _("Line for the media")


class DraftState(models.TextChoices):
    """Where the draft of a message stands."""

    WRITTEN = "written", _("Written, to be looked at")
    CHECKED = "checked", _("Looked at by a second person")
    GIVEN = "given", _("Given out")
    DROPPED = "dropped", _("Not used")


LEAD, AFTERCARE, RECEIVE = Permission.INCIDENT_LEAD, Permission.INCIDENT_AFTERCARE, Permission.INCIDENT_RECEIVE
INCIDENT_MOVES = (Move(IncidentState.OPEN, IncidentState.CLOSED, LEAD, "incidents.incident.closed"),)
LINE_MOVES = (
    Move(LineState.WAITING, LineState.DONE, LEAD, "incidents.line.done"),
    Move(LineState.WAITING, LineState.WAIVED, LEAD, "incidents.line.waived"),
)
CARE_MOVES = (
    Move(CareState.WAITING, CareState.FINE, AFTERCARE, "incidents.aftercare.done"),
    Move(CareState.WAITING, CareState.WORRY, AFTERCARE, "incidents.aftercare.done"),
    Move(CareState.WAITING, CareState.WAIVED, Permission.INCIDENT_EXPOSED, "incidents.aftercare.waived"),
)
R = ReportState
REPORT_MOVES = (
    Move(R.WAITING, R.WRITTEN, LEAD, "incidents.report.written"),
    Move(R.WRITTEN, R.WRITTEN, LEAD, "incidents.report.written"),
    Move(R.CHECKED, R.WRITTEN, LEAD, "incidents.report.written"),
    Move(R.WRITTEN, R.CHECKED, LEAD, "incidents.report.checked"),
    Move(R.WRITTEN, R.SENT, LEAD, "incidents.report.sent"),
    Move(R.CHECKED, R.SENT, LEAD, "incidents.report.sent"),
    Move(R.SENT, R.RECEIVED, RECEIVE, "incidents.report.received"),
    Move(R.WAITING, R.WAIVED, LEAD, "incidents.report.waived"),
    Move(R.WRITTEN, R.WAIVED, LEAD, "incidents.report.waived"),
    Move(R.CHECKED, R.WAIVED, LEAD, "incidents.report.waived"),
)
OPINION_MOVES = (
    Move(OpinionState.FOUND, OpinionState.JUDGED, LEAD, "incidents.opinion.judged"),
    Move(OpinionState.JUDGED, OpinionState.ANSWERED, LEAD, "incidents.opinion.answered"),
    Move(OpinionState.JUDGED, OpinionState.CLOSED, LEAD, "incidents.opinion.closed"),
    Move(OpinionState.ANSWERED, OpinionState.CLOSED, LEAD, "incidents.opinion.closed"),
)
OPINION_OPEN = (OpinionState.FOUND, OpinionState.JUDGED, OpinionState.ANSWERED)
D = DraftState
DRAFT_MOVES = (
    Move(D.WRITTEN, D.WRITTEN, LEAD, "incidents.draft.written"),
    Move(D.CHECKED, D.WRITTEN, LEAD, "incidents.draft.written"),
    Move(D.WRITTEN, D.CHECKED, LEAD, "incidents.draft.checked"),
    Move(D.CHECKED, D.GIVEN, LEAD, "incidents.draft.given"),
    Move(D.WRITTEN, D.DROPPED, LEAD, "incidents.draft.dropped"),
    Move(D.CHECKED, D.DROPPED, LEAD, "incidents.draft.dropped"),
)
DRAFT_OPEN = (D.WRITTEN, D.CHECKED)
REPORT_OPEN = (R.WAITING, R.WRITTEN, R.CHECKED)


def report_sources(target: ReportState) -> tuple[ReportState, ...]:
    """Return the states from which a report may come to `target`."""
    return sources_among(REPORT_MOVES, target)


def incident_diagram() -> str:
    """Return the moves of an incident as a Mermaid diagram, as docs/states/incident.md holds it."""
    return draw_moves(INCIDENT_MOVES, [IncidentState.OPEN], born="incidents.incident.opened")


def line_diagram() -> str:
    """Return the moves of a line, likewise."""
    return draw_moves(LINE_MOVES, [LineState.WAITING])


def care_diagram() -> str:
    """Return the moves of looking after a pupil, likewise."""
    return draw_moves(CARE_MOVES, [CareState.WAITING])


def report_diagram() -> str:
    """Return the moves of a report, likewise."""
    return draw_moves(REPORT_MOVES, [ReportState.WAITING], ends=[R.RECEIVED, R.WAIVED])


def opinion_diagram() -> str:
    """Return the moves of an item of public opinion, likewise."""
    return draw_moves(OPINION_MOVES, [OpinionState.FOUND], born="incidents.opinion.collected")


def draft_diagram() -> str:
    """Return the moves of a message's draft, likewise."""
    return draw_moves(DRAFT_MOVES, [D.WRITTEN], born="incidents.draft.begun")


class HotlineState(models.TextChoices):
    """Where the hotline mode of an incident stands."""

    OPEN = "open", _("Hotline open")
    ENDED = "ended", _("Hotline ended")


class Caller(models.TextChoices):
    """Who calls the hotline."""

    GUARDIAN = "guardian", _("a guardian calls")
    PUPIL = "pupil", _("a pupil calls")
    PRESS = "press", _("the press calls")
    OTHER = "other", _("somebody else calls")


class BackState(models.TextChoices):
    """Where a promised call back stands; a call without a promise has none."""

    WAITING = "waiting", _("To be called back")
    DONE = "done", _("Called back")
    WAIVED = "waived", _("Not called back, with a reason")


class JointState(models.TextChoices):
    """Where a joint activation with health stands."""

    ACTIVE = "active", _("Joint activation running")
    ENDED = "ended", _("Joint activation ended")


class PartState(models.TextChoices):
    """What came of asking a partner for its part in a joint activation."""

    WAITING = "waiting", _("Asked, no answer yet")
    PROMISED = "promised", _("Comes")
    DECLINED = "declined", _("Cannot come")
    CAME = "came", _("Is there")
    WAIVED = "waived", _("Not needed, with a reason")


EXPOSED = Permission.INCIDENT_EXPOSED
HOTLINE_MOVES = (Move(HotlineState.OPEN, HotlineState.ENDED, LEAD, "incidents.hotline.ended"),)
BACK_MOVES = (
    Move(BackState.WAITING, BackState.DONE, EXPOSED, "incidents.back.done"),
    Move(BackState.WAITING, BackState.WAIVED, EXPOSED, "incidents.back.waived"),
)
JOINT_MOVES = (Move(JointState.ACTIVE, JointState.ENDED, RECEIVE, "incidents.joint.ended"),)
PART_MOVES = (
    Move(PartState.WAITING, PartState.PROMISED, RECEIVE, "incidents.part.promised"),
    Move(PartState.WAITING, PartState.DECLINED, RECEIVE, "incidents.part.declined"),
    Move(PartState.WAITING, PartState.WAIVED, RECEIVE, "incidents.part.waived"),
    Move(PartState.PROMISED, PartState.CAME, RECEIVE, "incidents.part.came"),
    Move(PartState.PROMISED, PartState.WAIVED, RECEIVE, "incidents.part.waived"),
)
PART_OPEN = (PartState.WAITING, PartState.PROMISED)


def part_sources(target: PartState) -> tuple[PartState, ...]:
    """Return the states from which the part of a partner may come to `target`."""
    return sources_among(PART_MOVES, target)


def hotline_diagram() -> str:
    """Return the moves of a hotline as a Mermaid diagram, as docs/states/incident.md holds it."""
    return draw_moves(HOTLINE_MOVES, [HotlineState.OPEN], born="incidents.hotline.opened")


def back_diagram() -> str:
    """Return the moves of a promised call back, likewise."""
    return draw_moves(BACK_MOVES, [BackState.WAITING], born="incidents.phone.taken")


def joint_diagram() -> str:
    """Return the moves of a joint activation, likewise."""
    return draw_moves(JOINT_MOVES, [JointState.ACTIVE], born="incidents.joint.opened")


def part_diagram() -> str:
    """Return the moves of a partner's part, likewise."""
    return draw_moves(PART_MOVES, [PartState.WAITING], born="incidents.part.asked")
