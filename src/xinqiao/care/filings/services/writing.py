"""Writing a version, having it checked by a second person, sending it, or dropping what is needed no more."""

from dataclasses import dataclass

from xinqiao.care.filings import rules
from xinqiao.care.filings.clocks import (
    TO_SEND,
    met,
    start_confirming,
    start_sending,
    stop_clocks,
    stop_confirming,
)
from xinqiao.care.filings.editions import is_stale, newest
from xinqiao.care.filings.errors import CannotFile, demand_none
from xinqiao.care.filings.facts import case_now, facts_of, findings_in_words, is_ordered_up, names_pupil
from xinqiao.care.filings.models import Edition, Filing
from xinqiao.care.filings.owing import owe_next_visits
from xinqiao.care.filings.payload import Payload
from xinqiao.care.filings.rows import every_edition, every_filing
from xinqiao.care.filings.states import OWED, FilingState, sources_of
from xinqiao.care.filings.telling import record_filing, tell
from xinqiao.care.filings.terms import terms_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.register.policy.calendar import clock_due_at


@dataclass(frozen=True)
class Words:
    """What the psychology teacher types: what was done, what is asked for, whom to ask."""

    words: str
    contact: str
    asks: str = ""


@command(Permission.FILING_WRITE)
def write_edition(filing: Filing, *, actor: Actor, said: Words, seen: int) -> Edition:
    """Write the next version: the case's facts as they stand, and the typed words. Raises CannotFile.

    `seen` is the number of the newest version that the writer knew. Written after one was sent, it is a correction:
    the old one stays, and a clock runs until the new one is sent.
    """
    texts = (said.words, said.asks, said.contact)
    filing.refresh_from_db()
    codes = rules.refusals_to_write(
        filing.state, seen=seen, version=filing.version, words=said.words, names=names_pupil(filing, *texts)
    )
    demand_none(codes, findings_in_words(filing, *texts))
    at = now()
    payload = Payload(facts_of(filing), said.words.strip(), said.asks.strip(), said.contact.strip())
    edition = Edition(
        county_id=filing.county_id, place=filing.place, filing=filing, key_id=filing.key_id, number=seen + 1,
        payload=payload.as_json(), composed_by=actor.person_id, composed_at=at,
    )  # fmt: skip
    was = filing.state
    _move(filing, FilingState.COMPOSED, version=seen, to_version=seen + 1)
    edition.save(force_insert=True)
    if was not in OWED:
        start_sending(filing, due_at=clock_due_at(terms_of(filing.terms).within.rule(), at, filing.place), at=at)
        stop_confirming(filing, at=at)
    if terms_of(filing.terms).is_checked:
        tell(filing, "principal", at)
    record_filing(filing, "filings.filing.written", version=edition.number)
    return edition


@command(Permission.FILING_CHECK)
def check_edition(filing: Filing, *, actor: Actor, seen: int) -> Filing | Unchanged:
    """Find a version right, as a second person. Raises CannotFile."""
    filing.refresh_from_db()
    edition = newest(filing)
    if filing.state == FilingState.CHECKED and filing.version == seen:
        return Unchanged("checked_already")
    is_same = edition is not None and edition.composed_by == actor.person_id
    demand_none(rules.refusals_to_check(filing.state, _shown(filing, edition, seen), is_same_person=is_same))
    at = now()
    _move(filing, FilingState.CHECKED, version=seen)
    every_edition().filter(filing=filing, number=seen).update(checked_by=actor.person_id, checked_at=at)
    tell(filing, "psychology_teachers", at)
    record_filing(filing, "filings.filing.checked", version=seen)
    return filing


@command(Permission.FILING_CHECK)
def return_edition(filing: Filing, *, actor: Actor, seen: int, words: str) -> Filing:
    """Give a version back to be written anew, in words that say why. Raises CannotFile."""
    filing.refresh_from_db()
    demand_none(rules.refusals_to_return(filing.state, seen=seen, version=filing.version, words=words))
    at, edition = now(), newest(filing)
    assert edition is not None  # a filing that is composed has one
    _move(filing, FilingState.WRITING, version=seen)
    edition.return_words = words.strip()
    seal_rows([edition])
    every_edition().filter(pk=edition.pk).update(
        returned_by=actor.person_id, returned_at=at, return_words=edition.return_words
    )
    tell(filing, "psychology_teachers", at)
    record_filing(filing, "filings.filing.returned", version=seen)
    return filing


@command(Permission.FILING_WRITE)
def send_edition(filing: Filing, *, actor: Actor, seen: int) -> Filing | Unchanged:
    """Send a version to the bureau, once: a second press changes nothing. Raises CannotFile.

    From now on the bureau reads it and a clock runs until it confirms; the next filing about visits becomes due.
    """
    filing.refresh_from_db()
    edition = newest(filing)
    if filing.state in (FilingState.SENT, FilingState.ACKNOWLEDGED) and filing.version == seen:
        return Unchanged("sent_already")
    is_checked = terms_of(filing.terms).is_checked
    demand_none(rules.refusals_to_send(filing.state, _shown(filing, edition, seen), is_checked=is_checked))
    at, is_first = now(), filing.sent_at is None
    level = case_now(filing).level or filing.level
    source = FilingState.CHECKED if is_checked else filing.state
    _move(filing, FilingState.SENT, version=seen, source=source, sent_at=filing.sent_at or at, level=level)
    every_edition().filter(filing=filing, number=seen).update(sent_by=actor.person_id, sent_at=at)
    met(filing, TO_SEND, at=at, by=actor.person_id)
    start_confirming(filing, at=at)
    tell(filing, "county_officer", at)
    record_filing(filing, "filings.filing.sent", version=seen, is_late=at > filing.due_at)
    if is_first:
        owe_next_visits(filing, at=at)
    return filing


@command(Permission.FILING_CHECK)
def lapse_filing(filing: Filing, *, actor: Actor, words: str) -> Filing | Unchanged:
    """Say why a filing that was not sent is needed no more; only once the case is no longer ordered up.

    Raises CannotFile.
    """
    filing.refresh_from_db()
    if filing.state == FilingState.LAPSED:
        return Unchanged("lapsed_already")
    codes = rules.refusals_to_lapse(
        filing.state, is_sent=filing.sent_at is not None, may_lapse=terms_of(filing.terms).may_lapse,
        is_ordered=is_ordered_up(filing, case_now(filing)), words=words,
    )  # fmt: skip
    demand_none(codes)
    at = now()
    filing.lapse_words = words.strip()
    seal_rows([filing])
    _move(filing, FilingState.LAPSED, version=filing.version, lapsed_at=at, lapsed_by=actor.person_id,
          lapse_words=filing.lapse_words)  # fmt: skip
    stop_clocks(filing, at=at, reason="lapsed")
    record_filing(filing, "filings.filing.lapsed")
    return filing


def _shown(filing: Filing, edition: Edition | None, seen: int) -> rules.Shown:
    stale = edition is not None and edition.number == seen and is_stale(filing, edition)
    return rules.Shown(seen, filing.version, stale)


def _move(
    filing: Filing, target: FilingState, *, version: int, to_version: int | None = None, source: str = "",
    **fields: object,
) -> None:  # fmt: skip
    """Move a filing if nobody moved it meanwhile: of two at once, one wins. Raises CannotFile."""
    rows = every_filing().filter(pk=filing.pk, version=version, state__in=[source] if source else sources_of(target))
    if not rows.update(state=target, version=to_version if to_version is not None else version, **fields):
        raise CannotFile([rules.CHANGED_MEANWHILE])
    filing.refresh_from_db()
