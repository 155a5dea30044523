"""The end of the sealed names of pupils whose texts were erased. Private body of a job; transaction and event are the
caller's."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from xinqiao.care.mailbox.models import SealedName
from xinqiao.care.mailbox.rows import every_name
from xinqiao.care.mailbox.states import LetterState, NameState
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.store import destroy_keys

LIVE = (NameState.ASKED, NameState.APPROVED, NameState.RESCUE)


def destroy_names(written_before: Mapping[UUID, dt.datetime]) -> int:
    """Destroy the sealed names behind closed letters that these pupils wrote before a moment; return how many.

    A letter without a name stays: if it vanished with an erasure, that would say who wrote it. Without its name it is
    nobody's. While it is answered, or somebody asks for the name, the name stays too: a child may be in danger.
    """
    latest = max(written_before.values(), default=None)
    if latest is None:
        return 0
    closed = every_name().filter(letter__state=LetterState.CLOSED, letter__written_at__lt=latest)
    names = list(closed.exclude(letter__name_requests__state__in=LIVE).select_related("letter"))
    found = [
        name for name, who in zip(names, _writers(names), strict=True) if _is_before(name, written_before.get(who))
    ]
    every_name().filter(pk__in=[name.pk for name in found]).delete()
    destroy_keys([name.key_id for name in found])
    return len(found)


def _writers(names: Sequence[SealedName]) -> list[UUID]:
    return [UUID(hex=opened["who"]) for opened in open_sealed(names, "who")]


def _is_before(name: SealedName, moment: dt.datetime | None) -> bool:
    return moment is not None and name.letter.written_at < moment
