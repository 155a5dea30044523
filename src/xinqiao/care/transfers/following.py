"""What transfers follow by themselves: pupils who leave a school or come back, clocks that nobody met."""

from collections import defaultdict
from collections.abc import Sequence

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.transfers.clocks import ARRIVAL, HANDOVER, drop, due_to_hand, start_handing
from xinqiao.care.transfers.models import Arrival, Handover
from xinqiao.care.transfers.rows import every_arrival, every_handover
from xinqiao.care.transfers.states import TO_DECIDE, UNDER_WAY, HandoverState
from xinqiao.care.transfers.telling import record_here, record_there
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import now
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.orgs.selectors import units_by_path
from xinqiao.register.people.hooks import Moved
from xinqiao.register.people.models import Student

MOST_IDS_IN_AUDIT = 200


def follow_pupils(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: of whoever left, the school owes the file to the next one; of whoever is back, nothing."""
    left = [move for move in moves if not move.is_at_school]
    if left:
        _owe(left)
    back = {move.student_id for move in moves if move.is_at_school}
    rows = every_handover().filter(student_id__in=back, state__in=TO_DECIDE) if back else ()
    for handover in rows:
        every_handover().filter(pk=handover.pk).update(state=HandoverState.BACK, ended_at=now())
        drop(handover.id, at=now(), reason="back")
        record_there(handover, "transfers.file.not_needed")


def _owe(left: Sequence[Moved]) -> None:
    at = now()
    students = Student.objects.for_system(reason="of pupils who left just now").in_bulk([m.student_id for m in left])
    running = set(
        every_handover().filter(student_id__in=students).exclude(state__in=("done", "kept", "back"))
        .values_list("student_id", flat=True)
    )  # fmt: skip
    classes = units_by_path({move.old_place for move in left})
    due = {place: due_to_hand(place, at) for place in {student.school_place for student in students.values()}}
    by_school: dict[str, list[Handover]] = defaultdict(list)
    for move in left:
        student, unit = students[move.student_id], classes.get(move.old_place)
        if student.id not in running:
            by_school[student.school_place].append(
                Handover(
                    student=student, key_id=student.key_id, county_id=student.county_id, place=student.school_place,
                    class_id=unit.id if unit is not None else None, left_on=move.on, due_at=due[student.school_place],
                )
            )  # fmt: skip
    for place, rows in by_school.items():
        Handover.objects.for_system(reason="body of a hook").bulk_create(rows, batch_size=500)
        for handover in rows:
            start_handing(handover, at=at)
        ids = [str(handover.student_id) for handover in rows[:MOST_IDS_IN_AUDIT]]
        record("transfers.files.owed", subject_kind="students", place=place, county_id=rows[0].county_id,
               facts={"count": len(rows), "ids": ids})  # fmt: skip


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Receive ClockClimbed: a file that rests is told on the rung it climbed to, without a name; of one that is not
    taken in, the school that sent it hears, too."""
    for climb in climbs:
        if climb.subject_kind == HANDOVER:
            handover = every_handover().filter(pk=climb.subject_id, state__in=TO_DECIDE).first()
            if handover is not None:
                sent = _tell(climb, handover)
                record_there(handover, "transfers.file.overdue", clock=climb.kind, rung=climb.rung, sent=sent)
        elif climb.subject_kind == ARRIVAL:
            rows = every_arrival().filter(pk=climb.subject_id, state__in=UNDER_WAY).select_related("handover")
            arrival = rows.first()
            if arrival is not None:
                sent = _tell(climb, arrival)
                record_here(arrival, "transfers.arrival.overdue", clock=climb.kind, rung=climb.rung, sent=sent)
                sender = arrival.handover
                send_neutral_word(("psychology_teachers",), (), sender.place, about_kind=HANDOVER,
                                  about_id=sender.id, at=climb.at)  # fmt: skip


def _tell(climb: Climb, row: Handover | Arrival) -> int:
    return send_neutral_word(
        climb.recipients, (), row.place, about_kind=climb.subject_kind, about_id=row.id, at=climb.at
    )
