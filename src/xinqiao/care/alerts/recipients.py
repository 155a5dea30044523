"""From the policy's words for people to people: who is told of a signal at a place, now."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import places_above
from xinqiao.foundation.notifications.outbox import Address, post_messages, webhook_addresses
from xinqiao.register.duty.models import DutyRole
from xinqiao.register.duty.named import WORDS, present, stand_ins
from xinqiao.register.duty.selectors import on_duty, staff_who_may, staff_with_role
from xinqiao.register.reach.ways import addresses_of_staff

DUTY_WORDS = {"psychology_on_duty": DutyRole.PSYCHOLOGY, "lead_on_duty": DutyRole.LEAD}


@dataclass(frozen=True)
class Recipient:
    """One person to tell. `may_read` is False for someone who is only told that something waits at the school."""

    staff_id: UUID
    word: str
    may_read: bool


@dataclass(frozen=True)
class Told:
    """Those to tell, and whether they are told because nobody is on duty."""

    people: tuple[Recipient, ...]
    is_nobody_on_duty: bool


def people_to_tell(words: Sequence[str], instead: Sequence[str], place: str, at: dt.datetime) -> Told:
    """Return who stands behind the policy's words at a moment, each person once.

    Where the words name people on duty and nobody is, `instead` is told at once. Someone whose right to read notices
    ended is not on duty (register.duty.rules).
    """
    found = _find(words, place, at)
    asks_for_duty = any(word in DUTY_WORDS for word in words)
    on_duty_now = [person for person in found if person.word in DUTY_WORDS]
    if asks_for_duty and not on_duty_now:
        return Told(_once([*found, *_find(instead, place, at)]), is_nobody_on_duty=True)
    return Told(_once(found), is_nobody_on_duty=False)


def people_who_hear(rungs: Sequence[Sequence[str]], instead: Sequence[str], place: str, at: dt.datetime) -> Told:
    """Return who is told on the first of these rungs; a rung on which nobody may read notices passes to the next.

    Where the ladder ends without anybody, everyone who may read notices of the place is told. Empty only if nobody may.
    """
    told = Told((), is_nobody_on_duty=False)
    for words in rungs:
        found = people_to_tell(words, instead, place, at)
        told = Told(_once([*told.people, *found.people]), told.is_nobody_on_duty or found.is_nobody_on_duty)
        if any(person.may_read for person in found.people):
            return told
    readers = staff_who_may(Permission.NOTICE_VIEW, place, timezone.localtime(at).date())
    anyone = [Recipient(staff_id, "anyone", may_read=True) for staff_id in readers]
    return Told(_once([*told.people, *anyone]), is_nobody_on_duty=True)


def _find(words: Sequence[str], place: str, at: dt.datetime) -> list[Recipient]:
    on = timezone.localtime(at).date()
    readers = set(staff_who_may(Permission.NOTICE_VIEW, place, on))
    away = stand_ins(place, on)
    shifts = on_duty(place, at) if any(word in DUTY_WORDS for word in words) else []
    found = []
    for word in words:
        if word in DUTY_WORDS:
            ids = [row.staff_id for row in shifts if row.role == DUTY_WORDS[word]]
        else:
            ids = staff_with_role(WORDS[word][0], place, on)
        found += [Recipient(staff_id, word, staff_id in readers) for staff_id in _those_present(ids, away, readers)]
    return found


def _those_present(ids: Sequence[UUID], away: Mapping[UUID, UUID], readers: Collection[UUID]) -> list[UUID]:
    """Put in who stands in for those away; where a stand-in may not read notices, the one who is away hears as well."""
    there: list[UUID] = []
    for staff_id in ids:
        instead = present(staff_id, away)
        there += [instead] if instead in readers or staff_id not in readers else [staff_id, instead]
    return list(dict.fromkeys(there))


def _once(people: Iterable[Recipient]) -> tuple[Recipient, ...]:
    return tuple({person.staff_id: person for person in reversed(list(people))}.values())[::-1]


def addresses_of(people: Sequence[Recipient], place: str, *, is_urgent: bool = False) -> list[Address]:
    """Return where messages to people go: by the channels they chose, if it is urgent by every one they have; and the
    webhooks of the school and the units above it."""
    found = addresses_of_staff([person.staff_id for person in people], is_urgent=is_urgent)
    return [*[address for each in found.values() for address in each], *webhook_addresses(places_above(place))]


def send_neutral_word(
    words: Sequence[str],
    instead: Sequence[str],
    place: str,
    *,
    about_kind: str,
    about_id: UUID,
    at: dt.datetime,
    is_urgent: bool = False,
) -> int:
    """Put neutral messages into the outbox of whoever stands behind the policy's words at a place; return how many."""
    people = people_to_tell(words, instead, place, at).people
    addresses = addresses_of(people, place, is_urgent=is_urgent)
    return post_messages(addresses, about_kind=about_kind, about_id=about_id, at=at, is_urgent=is_urgent)
