"""The sentence that opens one's own key: chosen, changed, replaced where it was forgotten."""

from uuid import UUID

from xinqiao.care.counselling.errors import CannotKeep
from xinqiao.care.counselling.keyring import lock_group, record_key
from xinqiao.care.counselling.models import OwnKey
from xinqiao.care.counselling.rows import every_member, every_own_key
from xinqiao.care.counselling.rules import NO_SENTENCE, NO_STAFF
from xinqiao.care.counselling.states import MemberState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.boxes import new_lock, relocked
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.selectors import unit_by_path


@command(Permission.COUNSEL_KEY)
def choose_sentence(place: str, *, actor: Actor, words: str, replaces: UUID | None = None) -> OwnKey | Unchanged:
    """Make the actor's key pair under a sentence; `replaces` names the pair whose sentence was forgotten.

    Whatever was sealed to the old pair goes with it: its owner waits to be admitted again. Raises CannotKeep.
    """
    unit = unit_by_path(place)
    if actor.staff_id is None or actor.key_id is None or unit is None:
        raise CannotKeep(NO_STAFF)
    known = every_own_key().select_for_update().filter(staff_id=actor.person_id).first()
    if (known.id if known else None) != replaces:
        return Unchanged("chosen_meanwhile")
    if known is not None:
        _lock_out(known)
    own_key = OwnKey(
        county_id=unit.shard_id, place=place, staff_id=actor.staff_id, key_id=actor.key_id, made_at=now()
    )  # fmt: skip
    lock = new_lock(words, own_key.id.bytes)
    own_key.public, own_key.guarded = lock.public, lock.guarded
    own_key.save(force_insert=True)
    _record("counselling.sentence.chosen", own_key)
    return own_key


@command(Permission.COUNSEL_KEY)
def change_sentence(place: str, *, actor: Actor, words: str, new_words: str) -> OwnKey:
    """Put the actor's key pair under another sentence; what it opens stays. Raises CannotKeep, WrongWords."""
    del place
    own_key = every_own_key().select_for_update().filter(staff_id=actor.person_id).first()
    if own_key is None:
        raise CannotKeep(NO_SENTENCE)
    guarded = open_sealed([own_key], "guarded")[0]["guarded"]
    own_key.guarded = relocked(guarded, words, new_words, own_key.id.bytes)
    own_key.save(update_fields=["guarded"])
    _record("counselling.sentence.changed", own_key)
    return own_key


def _lock_out(own_key: OwnKey) -> None:
    rows = every_member().filter(staff_id=own_key.staff_id, state=MemberState.ADMITTED).select_related("group")
    for member in rows:
        group = lock_group(member.group)
        every_member().filter(pk=member.pk, state=MemberState.ADMITTED).update(
            state=MemberState.WAITING, asked_at=now(), admitted_at=None
        )  # fmt: skip
        record_key("counselling.member.locked_out", group, staff=member.staff_id)
    own_key.delete()


def _record(event: str, own_key: OwnKey) -> None:
    record(event, subject_kind="staff", subject_id=own_key.staff_id, place=own_key.place, county_id=own_key.county_id)
