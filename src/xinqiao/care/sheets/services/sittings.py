"""Sittings: made for many pupils at once, excused one by one. Private bodies of whoever gives scales."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.sheets.models import Paper, Sitting
from xinqiao.care.sheets.states import Excuse, SittingState, sources_of
from xinqiao.foundation.keys.store import ciphers
from xinqiao.register.orgs.selectors import units_by_path
from xinqiao.register.orgs.services.units import WINDOW_ALPHABET
from xinqiao.register.people.models import Student
from xinqiao.register.people.pins import pin_mac

CODE_LENGTH = 8
BATCH = 500


class CannotExcuse(ValueError):
    """The sitting was handed in, is not excused, or follows the consent; `code`: already_submitted, not_excused,
    follows_consent."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Opened:
    """What `open_sittings` made, and the pupils left out: in no class with a class code, or with no student number."""

    sittings: tuple[Sitting, ...]
    without_class: tuple[UUID, ...]
    without_number: tuple[UUID, ...]


def new_code() -> str:
    """Return a one-time code of eight characters that are not mistaken for each other."""
    return "".join(secrets.choice(WINDOW_ALPHABET) for _ in range(CODE_LENGTH))


def open_sittings(
    origin_id: UUID,
    paper: Paper,
    students: Sequence[Student],
    *,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    round_number: int = 1,
    is_code_only: bool = False,
) -> Opened:
    """Make one sitting a pupil for a paper; a private body of campaigns, inside their command.

    The class code comes from today's class, the number index from the pupil; a one-time code is made, sealed under the
    pupil's key, and its HMAC stored; `is_code_only` says that no PIN opens it. Pupils who cannot be found at the door
    are named, not dropped in silence.
    """
    units = units_by_path(student.place for student in students)
    placed = [s for s in students if (unit := units.get(s.place)) and unit.window_code]
    numbered = [s for s in placed if s.number_index is not None]
    ciphers(student.key_id for student in numbered)
    sittings = []
    for student in numbered:
        unit, code = units[student.place], new_code()
        sitting = Sitting(
            county_id=student.county_id, place=student.place, student=student, key_id=student.key_id,
            origin_id=origin_id, paper=paper, class_id=unit.id, window_code=unit.window_code or "",
            number_index=student.number_index, round=round_number, code=code, opens_at=opens_at, closes_at=closes_at,
            is_code_only=is_code_only,
        )  # fmt: skip
        sitting.code_mac = pin_mac(sitting.id, code)
        sittings.append(sitting)
    Sitting.objects.bulk_create(sittings, batch_size=BATCH)
    here, counted = {s.id for s in placed}, {s.id for s in numbered}
    return Opened(
        sittings=tuple(sittings),
        without_class=tuple(s.id for s in students if s.id not in here),
        without_number=tuple(s.id for s in placed if s.id not in counted),
    )


def mark_excused(sitting: Sitting, excuse: str) -> bool:
    """Excuse a sitting that was not handed in, nor typed from paper; False if it was, or is excused so already.

    A private body.
    """
    reason = Excuse(excuse)
    changed = (
        Sitting.objects.for_system(reason="moved by a command on this very row")
        .filter(pk=sitting.pk, state__in=sources_of(SittingState.EXCUSED), typings__isnull=True)
        .update(state=SittingState.EXCUSED, excuse=reason)
    )
    if changed:
        sitting.state, sitting.excuse = SittingState.EXCUSED, reason
    return bool(changed)
