"""Letters of a class go out together; they are handed over, withdrawn, and what guardians ask for is settled."""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce

from xinqiao.care.alerts import hearing
from xinqiao.care.letters.codes import code_mac, locator_mac, new_letter_code
from xinqiao.care.letters.judging import JudgedClass, judge_class
from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.letters.rows import every_letter, living_letters
from xinqiao.care.letters.rules import WhyNot, refusals_to_release
from xinqiao.care.letters.services.refusing import CannotDo
from xinqiao.care.letters.services.writing import record_letter
from xinqiao.care.letters.states import LetterState, Way, sources_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.selectors import parameters_for

WRITTEN_AT_RELEASE = (
    "title", "words", "code", "code_mac", "locator_mac", "failures", "locked_until", "released_by", "released_at",
    "expires_at",
)  # fmt: skip


@command(Permission.LETTER_WRITE, is_batch=True)
def release_class(
    class_unit: Unit, *, actor: Actor, mailing: Mailing, is_calling_confirmed: bool = False,
    are_doubts_confirmed: bool = False,
) -> int:  # fmt: skip
    """Release every letter of a class that is ready, all at once; return how many. Raises CannotDo with every why."""
    who = actor.person_id
    fresh = Mailing.objects.for_system(reason="body of a command").select_for_update(of=("self",))
    judged = judge_class(
        fresh.select_related("campaign").get(pk=mailing.pk), class_unit.id, who, is_locked=True,
        is_calling_confirmed=is_calling_confirmed, are_doubts_confirmed=are_doubts_confirmed,
    )  # fmt: skip
    reasons = refusals_to_release(mailing.campaign.state, judged.facts)
    if reasons:
        raise CannotDo(reasons)
    _write(judged, mailing, who, now())
    ids = [letter.id for letter in judged.letters]
    moved = every_letter().filter(pk__in=ids, state__in=sources_of(LetterState.RELEASED))
    if moved.update(state=LetterState.RELEASED) != len(ids):
        raise CannotDo([WhyNot("changed_meanwhile")])
    _record_class(class_unit, mailing, "letters.letters.released", len(ids), doubts=judged.facts.doubtful)
    return len(ids)


def _write(judged: JudgedClass, mailing: Mailing, who: UUID, at: dt.datetime) -> None:
    """Freeze the words and give each letter its code."""
    days = parameters_for(mailing.place, today()).letters.code_days
    title = Mailing.objects.for_system(reason="body of a command").values_list("title", flat=True).get(pk=mailing.pk)
    for letter, words in zip(judged.letters, judged.words, strict=True):
        code = new_letter_code()
        letter.title, letter.words, letter.code = title, words, code
        letter.code_mac, letter.locator_mac = code_mac(letter.id, code), locator_mac(code)
        letter.failures, letter.locked_until = 0, None
        letter.released_by, letter.released_at, letter.expires_at = who, at, at + dt.timedelta(days=days)
    seal_rows(judged.letters)
    every_letter().bulk_update(judged.letters, WRITTEN_AT_RELEASE, batch_size=100)


@command(Permission.LETTER_HAND, is_batch=True)
def hand_over(class_unit: Unit, *, actor: Actor, mailing: Mailing, student_ids: Collection[UUID]) -> int | Unchanged:
    """Note for some pupils of a class that their letters were handed over; return how many were not noted before."""
    rows = living_letters().filter(
        mailing=mailing, class_id=class_unit.id, student_id__in=student_ids, delivered_by__isnull=True,
        state__in=(LetterState.RELEASED, LetterState.DELIVERED, LetterState.ANSWERED, LetterState.SETTLED),
    )  # fmt: skip
    ids = list(rows.values_list("pk", flat=True))
    who, at = actor.person_id, now()
    noted = every_letter().filter(pk__in=ids, delivered_by__isnull=True)
    count = noted.update(delivered_by=who, delivered_at=Coalesce(F("delivered_at"), at))
    if not count:
        return Unchanged("noted_already")
    arrived = every_letter().filter(pk__in=ids, state__in=sources_of(LetterState.DELIVERED))
    arrived.update(state=LetterState.DELIVERED, way=Way.HAND)
    _record_class(class_unit, mailing, "letters.letters.handed_over", count)
    return count


@command(Permission.LETTER_WRITE)
def withdraw_letter(letter: Letter, *, actor: Actor) -> Letter:
    """Withdraw a letter that is out: its code opens nothing any more. Raises CannotDo."""
    return _move(letter, LetterState.WITHDRAWN, "letters.letter.withdrawn", [WhyNot("cannot_withdraw")],
                 withdrawn_by=actor.person_id, withdrawn_at=now())  # fmt: skip


@command(Permission.LETTER_WRITE)
def settle_wish(letter: Letter, *, actor: Actor) -> Letter:
    """Note that the guardian who asked for a talk was talked to. Raises CannotDo."""
    settled = _move(letter, LetterState.SETTLED, "letters.letter.settled", [WhyNot("settled_already")],
                    settled_by=actor.person_id, settled_at=now())  # fmt: skip
    hearing.guardian_heard.send(
        [hearing.Heard(letter.student_id, hearing.LETTER_TALK, letter.id, actor.person_id, now())]
    )
    return settled


def _move(letter: Letter, target: LetterState, event: str, refused: Sequence[WhyNot], **changes: object) -> Letter:
    rows = every_letter().filter(pk=letter.pk, state__in=sources_of(target))
    if not rows.update(state=target, **changes):
        raise CannotDo(refused)
    letter.refresh_from_db()
    record_letter(letter, event)
    return letter


def _record_class(class_unit: Unit, mailing: Mailing, event: str, pupils: int, **facts: int) -> None:
    record(
        event, subject_kind="class", subject_id=class_unit.id, place=class_unit.path, county_id=mailing.county_id,
        facts={**facts, "pupils": pupils, "mailing": str(mailing.id)},
    )  # fmt: skip
