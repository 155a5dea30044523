"""What a bureau does with a filing: it confirms that it came, says what it does, and passes it on where it may."""

from xinqiao.care.filings import rules
from xinqiao.care.filings.bureaus import bureaus_beyond, bureaus_of
from xinqiao.care.filings.clocks import TO_CONFIRM, met
from xinqiao.care.filings.editions import newest
from xinqiao.care.filings.errors import CannotFile, demand_none
from xinqiao.care.filings.models import Filing, Passing
from xinqiao.care.filings.rows import every_edition, every_filing, every_passing
from xinqiao.care.filings.states import FilingState, sources_of
from xinqiao.care.filings.telling import record_filing, tell
from xinqiao.care.filings.terms import terms_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import seal_rows


@command(Permission.FILING_RECEIVE)
def acknowledge_edition(filing: Filing, *, actor: Actor, seen: int, reply: str) -> Filing | Unchanged:
    """Confirm that a version came, with what the bureau advises or does. Raises CannotFile."""
    filing.refresh_from_db()
    if filing.state == FilingState.ACKNOWLEDGED and filing.version == seen:
        return Unchanged("acknowledged_already")
    demand_none(
        rules.refusals_to_acknowledge(
            filing.state,
            seen=seen,
            version=filing.version,
            is_addressed=filing.bureau in bureaus_of(actor),
            reply=reply,
        )
    )
    at, edition = now(), newest(filing)
    assert edition is not None  # a filing that was sent has one
    rows = every_filing().filter(pk=filing.pk, version=seen, state__in=sources_of(FilingState.ACKNOWLEDGED))
    if not rows.update(state=FilingState.ACKNOWLEDGED):
        raise CannotFile([rules.CHANGED_MEANWHILE])
    edition.reply = reply.strip()
    seal_rows([edition])
    every_edition().filter(pk=edition.pk).update(seen_by=actor.person_id, seen_at=at, reply=edition.reply)
    met(filing, TO_CONFIRM, at=at, by=actor.person_id)
    filing.refresh_from_db()
    tell(filing, "psychology_teachers", at)
    record_filing(filing, "filings.filing.acknowledged", version=seen)
    return filing


@command(Permission.FILING_RECEIVE)
def pass_on_filing(filing: Filing, *, actor: Actor, to: str) -> Passing | Unchanged:
    """Pass a filing on to the city's or the province's bureau (`to`), without a name. Raises CannotFile."""
    above = bureaus_beyond(filing.bureau)
    codes = rules.refusals_to_pass_on(
        is_addressed=filing.bureau in bureaus_of(actor), is_allowed=to in terms_of(filing.terms).on_to,
        has_bureau=to in above,
    )  # fmt: skip
    demand_none(codes)
    passing = Passing(
        county_id=filing.county_id, place=filing.place, filing=filing, bureau=above[to].id, passed_by=actor.person_id,
        passed_at=now(),
    )  # fmt: skip
    Passing.objects.for_system(reason="body of a command").bulk_create([passing], ignore_conflicts=True)
    if not every_passing().filter(pk=passing.pk).exists():
        return Unchanged("passed_already")
    record_filing(filing, "filings.filing.passed", to=to)
    return passing
