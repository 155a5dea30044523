"""Letters of one school's pupils: some open, one that does not wait, one whose name is asked for, and months before."""

import datetime as dt
from uuid import UUID

from xinqiao.care.mailbox.jobs.tell import tell_new_letters
from xinqiao.care.mailbox.models import LetterWords, PupilLetter, SealedName
from xinqiao.care.mailbox.services.letters import answer_letter
from xinqiao.care.mailbox.services.names import ask_name
from xinqiao.doors.demo.cast import City, LetterSeed, LettersOfMonthSeed
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.people.models import Student

MONTH_DAYS = 30


def add_mailbox(built: Built, city: City) -> None:
    """Write the letters as the intake would have, and let whoever answers there deal with some."""
    seed = city.mailbox
    if seed.answers not in built.users or not built.students.get(seed.at):
        return
    psych, pupils = actor_for(built.users[seed.answers], clock.today()), built.students[seed.at]
    for month in seed.past:
        _add_month(month, pupils[0], (seed.past_words, seed.past_answer), psych.person_id)
    written = [(each, _write(each, pupils[index % len(pupils)])) for index, each in enumerate(seed.letters)]
    tell_new_letters(clock.now())
    for each, letter in written:
        if each.answer:
            answer_letter(letter, actor=psych, words=each.answer, seen=1)
        if each.asked_because:
            ask_name(letter, actor=psych, reason=each.asked_because, told=each.told)


def _write(seed: LetterSeed, pupil: Student) -> PupilLetter:
    """As the intake would have written it; one that does not wait began to when it is loaded, so that no clock has run
    out before anybody could look."""
    at = clock.now() - dt.timedelta(hours=seed.hours_ago)
    letter = PupilLetter(
        county_id=pupil.county_id, place=pupil.school_place, channel="web", student=pupil if seed.signed else None,
        key_id=pupil.key_id if seed.signed else new_key(SubjectKind.UNIT), code_index=new_id().bytes, written_at=at,
        waits_since=clock.now(), urgent="waiting" if seed.urgent else "",
        urgent_since=clock.now() if seed.urgent else None,
    )  # fmt: skip
    letter.save(force_insert=True)
    _say(letter, "pupil", seed.words, at)
    if not seed.signed:
        SealedName(
            county_id=letter.county_id, place=letter.place, letter=letter, key_id=new_key(SubjectKind.UNIT),
            who=pupil.id.hex,
        ).save(force_insert=True)  # fmt: skip
    return letter


def _add_month(seed: LettersOfMonthSeed, pupil: Student, said: tuple[str, str], by: UUID) -> None:
    """Letters of a month that are over: without a name, and without one that is sealed."""
    at = clock.now() - dt.timedelta(days=MONTH_DAYS * seed.months_ago)
    answered = at + dt.timedelta(hours=seed.hours)
    for channel, count in seed.came.items():
        for _ in range(count):
            letter = PupilLetter(
                county_id=pupil.county_id, place=pupil.school_place, channel=channel, state="closed",
                key_id=new_key(SubjectKind.UNIT), written_at=at, waits_since=at, told_at=at, answered_at=answered,
                closed_at=answered, closed_by=by, words_closed=said[1],
            )  # fmt: skip
            letter.save(force_insert=True)
            _say(letter, "pupil", said[0], at)
            _say(letter, "answer", said[1], answered)


def _say(letter: PupilLetter, writer: str, words: str, at: dt.datetime) -> None:
    LetterWords(
        county_id=letter.county_id, place=letter.place, letter=letter, key_id=letter.key_id, writer=writer, words=words,
        at=at, once=new_id().bytes,
    ).save(force_insert=True)  # fmt: skip
