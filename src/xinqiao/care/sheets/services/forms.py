"""Forms that guardians and class teachers answer about a pupil: sittings that a code of their own opens."""

import datetime as dt
import secrets
from collections.abc import Sequence
from uuid import UUID

from xinqiao.care.sheets.models import FORM_WINDOW, Paper, Sitting
from xinqiao.care.sheets.services.sittings import BATCH
from xinqiao.care.sheets.states import Informant
from xinqiao.foundation.keys.ring import ring
from xinqiao.foundation.keys.sealing import blind_index
from xinqiao.foundation.keys.store import ciphers
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import WINDOW_ALPHABET
from xinqiao.register.people.models import Student
from xinqiao.register.people.pins import pin_mac

FORM_CODE_LENGTH = 12  # of 31 signs each: more than 59 bits, so that no counting of wrong tries is needed


def new_form_code() -> str:
    """Return a code that opens one form, of signs that are not mistaken for each other."""
    return "".join(secrets.choice(WINDOW_ALPHABET) for _ in range(FORM_CODE_LENGTH))


def form_index(code: str, secret: bytes | None = None) -> bytes:
    """Return by what a form is found from its code, without the code being stored where it can be read."""
    return blind_index(ring().secrets["index"] if secret is None else secret, "form_code", code)


def open_forms(
    origin_id: UUID,
    paper: Paper,
    students: Sequence[Student],
    units: dict[str, Unit],
    *,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
) -> list[Sitting]:
    """Make one form a pupil, for the informant whom the paper is for; a private body, inside a command.

    `units` are the pupils' classes by path. A pupil needs no class code and no number: the code leads to the pupil.
    """
    ciphers(student.key_id for student in students)
    made = []
    for student in students:
        sitting = Sitting(
            county_id=student.county_id, place=student.place, student=student, key_id=student.key_id,
            origin_id=origin_id, paper=paper, class_id=units[student.place].id, window_code=FORM_WINDOW,
            is_code_only=True, informant=paper.informant, opens_at=opens_at, closes_at=closes_at,
        )  # fmt: skip
        if paper.informant == Informant.PARENT:
            set_code(sitting, new_form_code())
        made.append(sitting)
    Sitting.objects.bulk_create(made, batch_size=BATCH)
    return made


def set_code(sitting: Sitting, code: str) -> None:
    """Give a form the code that opens it from now on; any earlier one is dead once the row is saved."""
    sitting.code, sitting.code_mac, sitting.number_index = code, pin_mac(sitting.id, code), form_index(code)
