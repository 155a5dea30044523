"""What whoever holds the code of a letter does. No sign-in stands behind it, so the system acts and says so.

A try is counted before it is compared, so that tries at the same moment cannot be more than the policy allows.
"""

import datetime as dt
import hmac

from django.db.models import F

from xinqiao.care.alerts import hearing
from xinqiao.care.alerts.services.telling import next_digest_at
from xinqiao.care.letters.codes import code_mac
from xinqiao.care.letters.models import Letter
from xinqiao.care.letters.rows import every_letter
from xinqiao.care.letters.services.writing import record_letter
from xinqiao.care.letters.states import WITH_GUARDIANS, LetterState, Way, Words, sources_of
from xinqiao.care.screening.recipients import addresses_at
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.policy.selectors import parameters_for


@command(Permission.LETTER_WRITE)
def try_code(letter: Letter, *, actor: Actor, code: str) -> bool | Unchanged:
    """Try a code on a letter whose code begins alike. Returns Unchanged with `right`, `wrong` or `locked`; True where
    this try locked the letter."""
    del actor
    rules, at = parameters_for(letter.place, today()).letters, now()
    row = every_letter().filter(pk=letter.pk)
    row.filter(locked_until__lte=at).update(failures=0, locked_until=None)
    if not row.filter(failures__lt=rules.code_tries, locked_until=None).update(failures=F("failures") + 1):
        return Unchanged("locked")
    letter.refresh_from_db(fields=["failures", "code_mac"])
    if hmac.compare_digest(bytes(letter.code_mac or b""), code_mac(letter.id, code)):
        row.update(failures=0)
        return Unchanged("right")
    if letter.failures < rules.code_tries:
        return Unchanged("wrong")
    row.update(locked_until=at + dt.timedelta(minutes=rules.code_lock_minutes))
    record_letter(letter, "letters.code.locked")
    return True


@command(Permission.LETTER_WRITE)
def open_letter(letter: Letter, *, actor: Actor) -> Letter | Unchanged:
    """Note that a letter was opened with its code, the first time."""
    del actor
    at = now()
    row = every_letter().filter(pk=letter.pk)
    if not row.filter(opened_at__isnull=True, state__in=WITH_GUARDIANS).update(opened_at=at):
        return Unchanged("opened_already")
    row.filter(state__in=sources_of(LetterState.DELIVERED)).update(
        state=LetterState.DELIVERED, way=Way.CODE, delivered_at=at
    )
    letter.refresh_from_db()
    record_letter(letter, "letters.letter.opened")
    return letter


@command(Permission.LETTER_WRITE)
def confirm_letter(letter: Letter, *, actor: Actor) -> Letter | Unchanged:
    """Note that whoever holds the code says that the letter was read."""
    del actor
    rows = every_letter().filter(pk=letter.pk, confirmed_at__isnull=True, state__in=WITH_GUARDIANS)
    if not rows.update(confirmed_at=now()):
        return Unchanged("confirmed_already")
    letter.refresh_from_db()
    record_letter(letter, "letters.letter.confirmed")
    if letter.kind == Words.OWN:
        hearing.guardian_heard.send([hearing.Heard(letter.student_id, hearing.LETTER, letter.id, None, now())])
    return letter


@command(Permission.LETTER_WRITE)
def ask_for_talk(letter: Letter, *, actor: Actor) -> Letter | Unchanged:
    """Note that whoever holds the code asks for a talk; the psychology teachers find it among today's work, and have
    word with the next morning's messages, which say that something waits and not what."""
    del actor
    at = now()
    rows = every_letter().filter(pk=letter.pk, state__in=sources_of(LetterState.ANSWERED))
    if not rows.update(state=LetterState.ANSWERED, answered_at=at):
        return Unchanged("asked_already")
    letter.refresh_from_db()
    school = letter.mailing.place
    post_messages(
        addresses_at([school], today())[school], about_kind="letter", about_id=letter.id, at=at,
        not_before=next_digest_at(school, at),
    )  # fmt: skip
    record_letter(letter, "letters.letter.answered")
    return letter
