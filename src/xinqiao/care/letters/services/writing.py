"""Words for everybody and own words: written, judged, read through as they stand."""

from collections.abc import Sequence
from uuid import UUID

from xinqiao.care.letters.codes import words_digest
from xinqiao.care.letters.judging import forbidden_for, names_of_students, shared_digest
from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.letters.rows import at_red, every_letter, living_letters, mailing_of, students_of, who_took_part
from xinqiao.care.letters.rules import (
    WhyNot,
    findings_in,
    refusals,
    refusals_to_confirm,
    refusals_to_write_own,
)
from xinqiao.care.letters.services.refusing import CannotDo, ForbiddenWords
from xinqiao.care.letters.states import IN_PREPARATION, LetterState, Words, sources_of
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.states import CampaignState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.people.models import Student


@command(Permission.LETTER_WRITE)
def write_mailing(campaign: Campaign, *, actor: Actor, title: str, words: str) -> Mailing:
    """Write the words for everybody who took part, and prepare a letter for each. Raises ForbiddenWords, CannotDo."""
    if campaign.state != CampaignState.CLOSED:
        raise CannotDo([WhyNot("not_ended")])
    if campaign.is_of_register:
        raise CannotDo([WhyNot("of_register")])
    took_part = who_took_part(campaign)
    _judge(campaign, f"{title}\n{words}", names_of_students(took_part))
    mailing = mailing_of(campaign)
    if mailing is None:
        mailing = Mailing(county_id=campaign.county_id, place=campaign.place, campaign=campaign, revision=0)
    mailing.title, mailing.words = title.strip(), words.strip()
    mailing.revision += 1
    mailing.written_by, mailing.written_at = _who(actor), now()
    mailing.read_by = mailing.read_at = mailing.read_digest = None
    mailing.save()
    _record_mailing(mailing, "letters.mailing.written", revision=mailing.revision)
    _prepare(mailing, took_part)
    return mailing


@command(Permission.LETTER_WRITE)
def read_mailing(mailing: Mailing, *, actor: Actor, shown: bytes) -> Mailing:
    """Note that the actor read the words for everybody through; `shown` is the digest of what was on the page.

    Raises CannotDo where they were changed meanwhile.
    """
    locked: Mailing = Mailing.objects.for_system(reason="body of a command").select_for_update().get(pk=mailing.pk)
    _demand(refusals_to_confirm(shown, shared_digest(locked)))
    locked.read_by, locked.read_at, locked.read_digest = _who(actor), now(), shared_digest(locked)
    locked.save(update_fields=["read_by", "read_at", "read_digest"])
    _record_mailing(locked, "letters.mailing.read", revision=locked.revision)
    return locked


@command(Permission.LETTER_WRITE)
def prepare_letters(mailing: Mailing, *, actor: Actor) -> int | Unchanged:
    """Prepare a letter for everybody who took part and has none, as after one was withdrawn; return how many."""
    del actor
    return _prepare(mailing, who_took_part(mailing.campaign)) or Unchanged("nobody_without")


def _prepare(mailing: Mailing, took_part: dict[UUID, UUID]) -> int:
    present = set(living_letters().filter(mailing=mailing).values_list("student_id", flat=True))
    students = [student for student in students_of(took_part) if student.id not in present]
    every_letter().bulk_create([_new_letter(mailing, s, took_part[s.id]) for s in students], batch_size=200)
    if students:
        _record_mailing(mailing, "letters.mailing.prepared", pupils=len(students))
    return len(students)


def _new_letter(mailing: Mailing, student: Student, class_id: UUID) -> Letter:
    return Letter(
        county_id=student.county_id, place=student.place, mailing=mailing, student=student, key_id=student.key_id,
        class_id=class_id,
    )  # fmt: skip


@command(Permission.LETTER_WRITE)
def write_own(letter: Letter, *, actor: Actor, words: str) -> Letter:
    """Write own words for one pupil's guardians instead of those for everybody. Raises ForbiddenWords, CannotDo."""
    locked = _locked(letter)
    state = locked.mailing.campaign.state
    _demand(refusals_to_write_own(state, locked.state, is_red=bool(at_red([locked.student_id]))))
    _judge(locked.mailing.campaign, words, names_of_students([locked.student_id]))
    locked.kind, locked.words, locked.state = Words.OWN, words.strip(), LetterState.DRAFT
    locked.written_by, locked.written_at = _who(actor), now()
    locked.read_by = locked.read_at = locked.read_digest = None
    locked.save()
    record_letter(locked, "letters.letter.written")
    return locked


@command(Permission.LETTER_WRITE)
def share_words(letter: Letter, *, actor: Actor) -> Letter | Unchanged:
    """Give up own words: the guardians get the words for everybody. Raises CannotDo."""
    del actor
    locked = _locked(letter)
    if locked.kind == Words.SHARED:
        return Unchanged("shared_already")
    _demand([] if locked.state in IN_PREPARATION else [WhyNot("already_released")])
    locked.kind, locked.words, locked.state = Words.SHARED, None, LetterState.DRAFT
    locked.read_by = locked.read_at = locked.read_digest = None
    locked.save()
    record_letter(locked, "letters.letter.shared")
    return locked


@command(Permission.LETTER_WRITE)
def read_own(letter: Letter, *, actor: Actor, shown: bytes) -> Letter:
    """Note that the actor read own words through; `shown` is the digest of what was on the page. Raises CannotDo."""
    locked = _locked(letter)
    if locked.kind != Words.OWN or locked.state not in IN_PREPARATION:
        raise CannotDo([WhyNot("already_released")])
    (opened,) = open_sealed([locked], "words")
    _demand(refusals_to_confirm(shown, words_digest(locked.id, opened["words"] or "")))
    every_letter().filter(pk=locked.pk, state__in=[*sources_of(LetterState.READ), LetterState.READ]).update(
        state=LetterState.READ, read_by=_who(actor), read_at=now(), read_digest=shown
    )
    locked.refresh_from_db()
    record_letter(locked, "letters.letter.read")
    return locked


def _judge(campaign: Campaign, text: str, names: Sequence[str]) -> None:
    wrong = refusals(findings_in(text, forbidden_for(campaign), names))
    if wrong:
        raise ForbiddenWords(wrong)


def _locked(letter: Letter) -> Letter:
    return every_letter().select_for_update(of=("self",)).get(pk=letter.pk)


def _who(actor: Actor) -> UUID:
    return actor.person_id


def _demand(reasons: Sequence[WhyNot]) -> None:
    if reasons:
        raise CannotDo(reasons)


def record_letter(letter: Letter, event: str) -> None:
    """Leave the event of one letter in the running command; a private body."""
    record(
        event, subject_kind="student", subject_id=letter.student_id, place=letter.place, county_id=letter.county_id,
        key_id=letter.key_id, facts={"letter": str(letter.id)},
    )  # fmt: skip


def _record_mailing(mailing: Mailing, event: str, **facts: int) -> None:
    record(
        event, subject_kind="campaign", subject_id=mailing.campaign_id, place=mailing.place,
        county_id=mailing.county_id, facts={**facts, "mailing": str(mailing.id)},
    )  # fmt: skip
