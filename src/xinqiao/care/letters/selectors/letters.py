"""One letter for whoever writes it, letters to be printed, and the letter that a code opens."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.letters.codes import locator_mac, words_digest
from xinqiao.care.letters.judging import forbidden_for, names_of_students, words_of
from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.letters.rows import at_red, every_letter, living_letters
from xinqiao.care.letters.rules import Finding, findings_in
from xinqiao.care.letters.states import WITH_GUARDIANS
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, school_of, units_by_id
from xinqiao.register.policy.packs import Hotline
from xinqiao.register.policy.selectors import parameters_for


@dataclass(frozen=True)
class OwnPage:
    """What whoever writes sees of one letter; `digest` (hex) is that of the words shown."""

    letter: Letter
    student_id: UUID
    name: str
    class_name: str
    words: str
    digest: str
    findings: tuple[Finding, ...]
    is_red: bool


@dataclass(frozen=True)
class PrintedLetter:
    """One letter as it is printed: whose it is stands outside only."""

    name: str
    number: str
    class_name: str
    title: str
    words: str
    code: str
    until: dt.datetime


@dataclass(frozen=True)
class OpenedLetter:
    """What a code shows: the words, the school and where help is; nobody's name."""

    title: str
    paragraphs: tuple[str, ...]
    school: str
    released_at: dt.datetime
    hotlines: tuple[Hotline, ...]
    is_confirmed: bool
    is_asking: bool
    is_settled: bool


def letter_for(actor: Actor, letter_id: UUID) -> Letter | None:
    """Return a letter that the actor may write, else None."""
    rows = Letter.objects.visible_to(actor, Permission.LETTER_WRITE).filter(pk=letter_id)
    found: Letter | None = rows.select_related("mailing__campaign", "student").first()
    return found


def newest_letter_of(actor: Actor, student_id: UUID) -> Letter | None:
    """Return a pupil's living letter of the screening that ended last, if the actor may write it."""
    rows = Letter.objects.visible_to(actor, Permission.LETTER_WRITE).filter(student_id=student_id)
    found: Letter | None = rows.exclude(state="withdrawn").order_by("-mailing__campaign__closes_at").first()
    return found


def own_page(actor: Actor, letter: Letter, on: dt.date) -> OwnPage:
    """Return one letter with what the rules find in it; reading it leaves an event."""
    (words,), (said,) = words_of([letter], letter.mailing), open_sealed([letter.student], "name")
    note_reading(
        actor, "letters.words.read", subject_kind="student", subject_id=letter.student_id, place=letter.place,
        county_id=letter.county_id, key_id=letter.key_id, facts={"letter": str(letter.id)},
    )  # fmt: skip
    unit = units_by_id([letter.class_id])[letter.class_id]
    return OwnPage(
        letter=letter, student_id=letter.student_id, name=said["name"] or "", class_name=name_on(unit, on), words=words,
        digest=words_digest(letter.id, words).hex(),
        findings=tuple(findings_in(words, forbidden_for(letter.mailing.campaign),
                                   names_of_students([letter.student_id]))),
        is_red=bool(at_red([letter.student_id])),
    )  # fmt: skip


def findings_of_mailing(mailing: Mailing) -> list[Finding]:
    """Return what the rules find in the words for everybody."""
    return findings_in(f"{mailing.title}\n{mailing.words}", forbidden_for(mailing.campaign))


def printed_letters(actor: Actor, mailing: Mailing, unit: Unit, on: dt.date) -> list[PrintedLetter]:
    """Return the letters of a class that are out, to be printed in the order of the class. One event."""
    visible = Letter.objects.visible_to(actor, Permission.LETTER_WRITE).filter(
        mailing=mailing, class_id=unit.id, state__in=WITH_GUARDIANS,
        pk__in=living_letters().filter(mailing=mailing).values("pk"),
    )  # fmt: skip
    letters = list(visible.select_related("student"))
    names = open_sealed([letter.student for letter in letters], "name", "number")
    opened, class_name = open_sealed(letters, "words", "code"), name_on(unit, on)
    note_reading(
        actor, "letters.letters.printed", subject_kind="class", subject_id=unit.id, place=unit.path,
        county_id=mailing.county_id, facts={"pupils": len(letters), "mailing": str(mailing.id)},
    )  # fmt: skip
    rows = [
        PrintedLetter(said["name"] or "", said["number"] or "", class_name, letter.title, words["words"] or "",
                      words["code"] or "", letter.expires_at)
        for letter, said, words in zip(letters, names, opened, strict=True)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.number == "", row.number, row.name))


def letters_at(code: str, at: dt.datetime) -> list[Letter]:
    """Return the letters whose codes begin like this one and can still be opened; hardly ever more than one."""
    rows = every_letter().filter(locator_mac=locator_mac(code), state__in=WITH_GUARDIANS, expires_at__gt=at)
    return list(rows.order_by("id")[:8])


def opened_letter(letter: Letter, on: dt.date) -> OpenedLetter:
    """Return what a letter shows to whoever proved its code."""
    (opened,) = open_sealed([letter], "words")
    school = school_of(letter.place)
    assert letter.released_at is not None
    return OpenedLetter(
        title=letter.title, paragraphs=paragraphs_of(opened["words"] or ""), school=school.name if school else "",
        released_at=letter.released_at, hotlines=parameters_for(letter.place, on).hotlines,
        is_confirmed=letter.confirmed_at is not None, is_asking=letter.state == "answered",
        is_settled=letter.state == "settled",
    )  # fmt: skip


def paragraphs_of(words: str) -> tuple[str, ...]:
    """Return words as paragraphs."""
    return tuple(part.strip() for part in words.splitlines() if part.strip())
