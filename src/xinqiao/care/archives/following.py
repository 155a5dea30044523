"""What requests follow by themselves: clocks that nobody met, pupils who go to another school."""

from collections.abc import Sequence

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.archives.clocks import SUBJECT, move_answering
from xinqiao.care.archives.rows import every_erasure, every_excerpt, every_request
from xinqiao.care.archives.states import RequestState
from xinqiao.care.archives.telling import record_of
from xinqiao.foundation.core.clock import now
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.people.hooks import Moved


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Receive ClockClimbed: a request that is late is told on the rung it climbed to, without a name or a reason."""
    for climb in climbs:
        if climb.subject_kind != SUBJECT:
            continue
        request = every_request().filter(pk=climb.subject_id, state=RequestState.OPEN).first()
        if request is None:
            continue
        sent = send_neutral_word(
            climb.recipients, (), request.place, about_kind=SUBJECT, about_id=request.id, at=climb.at
        )  # fmt: skip
        record_of(request, "archives.request.overdue", clock=climb.kind, rung=climb.rung, sent=sent)


def follow_pupils(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: what is not answered goes along to another school, its clock as it was."""
    for move in moves:
        open_ones = every_request().filter(student_id=move.student_id, state=RequestState.OPEN)
        for request in open_ones.select_related("student"):
            place, county_id = request.student.school_place, request.student.county_id
            if place == request.place:
                continue
            every_request().filter(pk=request.pk).update(place=place, county_id=county_id)
            every_excerpt().filter(request=request).update(place=place, county_id=county_id)
            every_erasure().filter(request=request).update(place=place, county_id=county_id)
            request.place, request.county_id = place, county_id
            move_answering(request, at=now())
