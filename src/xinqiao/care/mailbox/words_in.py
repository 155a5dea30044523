"""Writing words into a letter, and reading them. Private bodies of commands and selectors."""

import datetime as dt
from uuid import UUID

from xinqiao.care.mailbox import codes
from xinqiao.care.mailbox.models import LetterWords, PupilLetter
from xinqiao.care.mailbox.rows import every_letter, every_word
from xinqiao.care.mailbox.states import Writer
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.ring import ring


def add_words(
    letter: PupilLetter, writer: Writer, words: str, *, at: dt.datetime, by: UUID | None, key: str
) -> LetterWords | None:  # fmt: skip
    """Put words into a letter; None where the same stand there already under the same `key`."""
    once = codes.once_of(ring().secrets["index"], letter.id, f"{writer}|{key}|", words.strip())
    if every_word().filter(once=once).exists():
        return None
    row = LetterWords(
        county_id=letter.county_id, place=letter.place, letter=letter, key_id=letter.key_id, writer=writer,
        words=words.strip(), at=at, by=by, once=once,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def locked(letter_id: UUID) -> PupilLetter:
    """Return a letter with its row locked until the command ends."""
    found: PupilLetter = every_letter().select_for_update().get(pk=letter_id)
    return found


def record_letter(letter: PupilLetter, event: str, **facts: object) -> None:
    """Record what happened to a letter. Only a signed one has its pupil in the event."""
    record(event, subject_kind="pupil_letter", subject_id=letter.id, place=letter.place, county_id=letter.county_id,
           facts=facts)  # fmt: skip


def pupils_words(letter: PupilLetter) -> str:
    """Return the newest words of the pupil; empty where the key is gone."""
    row = every_word().filter(letter=letter, writer=Writer.PUPIL).order_by("-at").first()
    return (open_sealed([row], "words")[0]["words"] or "") if row else ""
