"""The newest version of a filing, what it says, and whether that still holds; for private bodies and pages."""

from xinqiao.care.filings.facts import facts_of
from xinqiao.care.filings.models import Edition, Filing
from xinqiao.care.filings.payload import Payload, payload_from
from xinqiao.care.filings.rows import every_edition
from xinqiao.foundation.keys.fields import open_sealed


def newest(filing: Filing) -> Edition | None:
    """Return the newest version, or None before the first."""
    return every_edition().filter(filing=filing).order_by("number").last()


def payload_of(edition: Edition) -> Payload:
    """Return what a version says."""
    return payload_from(open_sealed([edition], "payload")[0]["payload"] or "")


def is_stale(filing: Filing, edition: Edition) -> bool:
    """Has the case moved on since a version was written?"""
    return payload_of(edition).facts != facts_of(filing)
