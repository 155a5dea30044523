"""What commands and jobs of filings share: the audit, and a neutral word to whoever something waits for."""

import datetime as dt

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.filings.clocks import SUBJECT
from xinqiao.care.filings.models import Filing
from xinqiao.foundation.audit.recording import record


def record_filing(filing: Filing, event: str, **facts: object) -> None:
    """Leave an event about a filing."""
    record(
        event, subject_kind="student", subject_id=filing.student_id, place=filing.place, county_id=filing.county_id,
        facts={"filing": str(filing.id), "order": filing.order, **facts},
    )  # fmt: skip


def tell(filing: Filing, word: str, at: dt.datetime) -> int:
    """Tell whoever stands behind a word of the policy that something waits: neutral, without a name or a reason."""
    return send_neutral_word((word,), (), filing.place, about_kind=SUBJECT, about_id=filing.id, at=at)
