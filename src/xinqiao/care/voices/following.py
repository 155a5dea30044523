"""What becomes of a committee member who moves to another class or leaves: the time on the committee ends."""

from collections.abc import Sequence

from xinqiao.care.voices.rows import every_seat
from xinqiao.care.voices.services.committee import write_end
from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.audit.recording import record
from xinqiao.register.people.hooks import Moved


def end_seats(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: whoever left the class is no member of its committee."""
    places = {move.student_id: move.place for move in moves}
    for seat in every_seat().filter(student_id__in=list(places), end_on__isnull=True):
        if seat.place != places[seat.student_id] and write_end(seat, by=SYSTEM_ID):
            record(
                "voices.seat.left", subject_kind="student", subject_id=seat.student_id, place=seat.place,
                county_id=seat.county_id,
            )  # fmt: skip
