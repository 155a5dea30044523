"""What the system has of a pupil that people may have looked at, as boxes to tick."""

import datetime as dt

from django.utils.translation import gettext as _

from xinqiao.care.alerts.models import Interview, Signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.crisis.evidence import SAID, STATIC_SOURCES
from xinqiao.care.crisis.models import Case, FollowUp
from xinqiao.care.crisis.wording import evidence_words
from xinqiao.care.sheets.models import AnswerSheet
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.wording import day_words

FEW = 4  # the newest of each kind

Boxes = list[tuple[str, str]]


def static_boxes(actor: Actor, case: Case) -> Boxes:
    """Results of screenings, and the signals that came from them."""
    sheets = AnswerSheet.objects.visible_to(actor, Permission.RESULT_FULL).filter(student_id=case.student_id)
    boxes = [
        (f"sheet:{sheet.id}", _box(_("Screening, {scale}").format(scale=sheet.scale_code.upper()), sheet.submitted_at))
        for sheet in sheets.order_by("-submitted_at")[:FEW]
    ]
    signals = Signal.objects.visible_to(actor, Permission.QUEUE_VIEW).filter(student_id=case.student_id)
    flags = signals.filter(source__in=STATIC_SOURCES).order_by("-raised_at")[:FEW]
    return boxes + [(f"screening_signal:{each.id}", _signal_words(each)) for each in flags]


def dynamic_boxes(actor: Actor, case: Case) -> Boxes:
    """Signals from people, talks, follow-ups, and what somebody reported in the conference."""
    signals = Signal.objects.visible_to(actor, Permission.QUEUE_VIEW).filter(student_id=case.student_id)
    seen = signals.exclude(source__in=STATIC_SOURCES).order_by("-raised_at")[:FEW]
    talks = Interview.objects.visible_to(actor, Permission.INTERVIEW_WRITE).filter(student_id=case.student_id)
    follow_ups = FollowUp.objects.visible_to(actor, Permission.CASE_VIEW).filter(case=case)
    return [
        *((f"signal:{each.id}", _signal_words(each)) for each in seen),
        *((f"talk:{each.id}", _box(evidence_words("talk"), each.held_at)) for each in talks.order_by("-held_at")[:FEW]),
        *((f"follow_up:{each.id}", _box(evidence_words("follow_up"), each.held_at))
          for each in follow_ups.order_by("-held_at")[:FEW]),
        *((f"{kind}:", evidence_words(kind)) for kind in SAID),
    ]  # fmt: skip


def _signal_words(signal: Signal) -> str:
    return _box(_("Signal, {source}").format(source=Source(signal.source).label), signal.raised_at)


def _box(what: str, at: dt.datetime) -> str:
    return f"{what} · {day_words(at)}"
