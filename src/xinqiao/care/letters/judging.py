"""The words of letters and the facts of a class, put together from the database for the rules to judge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.letters.codes import words_digest
from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.letters.rows import at_red, living_letters, students_of
from xinqiao.care.letters.rules import Finding, Forbidden, ReleaseFacts, doubts, findings_in, refusals
from xinqiao.care.letters.states import IN_PREPARATION, LetterState, Words
from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import gate_scales_of, scales_of
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.policy.selectors import parameters_for


def forbidden_for(campaign: Campaign) -> Forbidden:
    """Return what the policy forbids, with codes and titles of the scales that were asked."""
    parameters = parameters_for(campaign.place, today())
    rules, asked = parameters.letters, [*scales_of(campaign), *gate_scales_of(campaign)]
    titles = (scale_of(version).title for version in asked)
    named = [*(version.code for version in asked), *(t for title in titles for t in (title.zh_hans, title.en))]
    return Forbidden(
        scale=tuple(dict.fromkeys([*rules.scale_words, *named])), level=rules.level_words,
        diagnosis=rules.diagnosis_words, doubtful=rules.doubtful_words,
        told_numbers=tuple(line.number for line in parameters.hotlines),
    )  # fmt: skip


def names_of_students(ids: Iterable[UUID]) -> list[str]:
    """Return full names, which no letter holds: what a code opens names nobody."""
    return [opened["name"] or "" for opened in open_sealed(students_of(list(ids)), "name")]


def words_of(letters: Sequence[Letter], mailing: Mailing) -> list[str]:
    """Return what each letter says: what went out, else own words, else the words for everybody."""
    opened = open_sealed(letters, "words")
    return [words["words"] if words["words"] is not None else mailing.words for words in opened]


@dataclass(frozen=True)
class JudgedClass:
    """The letters of a class that can be released, with their words, what the rules find, and the facts."""

    letters: tuple[Letter, ...]
    words: tuple[str, ...]
    facts: ReleaseFacts
    findings: tuple[Finding, ...]
    red: frozenset[UUID]


def judge_class(
    mailing: Mailing, class_id: UUID, reader_id: UUID, *, is_calling_confirmed: bool = False,
    are_doubts_confirmed: bool = False, is_locked: bool = False,
) -> JudgedClass:  # fmt: skip
    """Return what stands in the way of releasing a class. `is_locked` keeps the rows for the running command."""
    rows = living_letters().filter(mailing=mailing, class_id=class_id, state__in=IN_PREPARATION).order_by("id")
    letters = list(rows.select_for_update(of=("self",)) if is_locked else rows)
    words = words_of(letters, mailing)
    red = at_red([letter.student_id for letter in letters])
    own = [(letter, text) for letter, text in zip(letters, words, strict=True) if letter.kind == Words.OWN]
    findings = _findings(mailing, own, len(letters) > len(own))
    facts = ReleaseFacts(
        letters=len(letters), is_shared_needed=len(letters) > len(own),
        is_shared_read=is_shared_read(mailing, reader_id),
        own_unread=sum(not is_own_read(letter, text, reader_id) for letter, text in own),
        own_of_red=sum(letter.student_id in red for letter, _text in own), red=len(red),
        is_calling_confirmed=is_calling_confirmed, refused=len(refusals(findings)), doubtful=len(doubts(findings)),
        are_doubts_confirmed=are_doubts_confirmed,
    )  # fmt: skip
    return JudgedClass(tuple(letters), tuple(words), facts, tuple(findings), frozenset(red))


def _findings(mailing: Mailing, own: Sequence[tuple[Letter, str]], is_shared_needed: bool) -> list[Finding]:  # noqa: FBT001 - a private body
    """Words are judged again at the release: the lists may have changed since they were written."""
    forbidden, found = forbidden_for(mailing.campaign), []
    if is_shared_needed:
        found += findings_in(mailing.words, forbidden)
    names = names_of_students(letter.student_id for letter, _text in own)
    for _letter, text in own:
        found += findings_in(text, forbidden, names)
    return found


def is_shared_read(mailing: Mailing, reader_id: UUID) -> bool:
    """Did this very person read the words for everybody, as they stand now?"""
    return mailing.read_by == reader_id and _equal(mailing.read_digest, shared_digest(mailing))


def is_own_read(letter: Letter, words: str, reader_id: UUID) -> bool:
    """Did this very person read a letter's own words, as they stand now?"""
    is_read = letter.state == LetterState.READ and letter.read_by == reader_id
    return is_read and _equal(letter.read_digest, words_digest(letter.id, words))


def shared_digest(mailing: Mailing) -> bytes:
    """Return the digest of title and words for everybody."""
    return words_digest(mailing.id, f"{mailing.title}\n{mailing.words}")


def _equal(stored: bytes | memoryview | None, digest: bytes) -> bool:
    return stored is not None and bytes(stored) == digest
