"""The registry of events: each has a code, a presenter (a translatable sentence) and the kind of its subject."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


class UnknownEvent(LookupError):
    """An event was recorded that no app has declared."""


@dataclass(frozen=True)
class EventKind:
    """`sentence` is a lazy msgid with `{placeholders}` filled from labels and facts.

    `care_facts` name the facts that say something of a child's care (D3): the keepers of the audit do not see them.
    """

    code: str
    sentence: Promise
    is_reading: bool = False
    care_facts: frozenset[str] = frozenset()


_kinds: dict[str, EventKind] = {}
_words: dict[tuple[str, str], Mapping[Any, Any]] = {}


def declare_events(sentences: Mapping[str, Any], *, reading: bool = False, care_facts: Collection[str] = ()) -> None:
    """Declare events by code, called in `ready()` of the app that owns them."""
    for code, sentence in sentences.items():
        _kinds[code] = EventKind(code, sentence, reading, frozenset(care_facts))


def declare_words(*codes: str, **words: Mapping[Any, Any]) -> None:
    """Say what the codes in a fact of these events are called: `declare_words("x.closed", outcome={"case": …})`."""
    for code in codes:
        for fact, labels in words.items():
            _words[code, fact] = labels


def fact_in_words(code: str, fact: str, value: Any) -> Any:
    """Return a fact as its app calls it; the value itself where nobody has declared words."""
    labels = _words.get((code, fact), {})
    return labels.get(value, value) if isinstance(value, str) else value


def event_kind(code: str) -> EventKind:
    """Return a declared event; raise UnknownEvent otherwise."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownEvent(f"{code} is not declared: add it to declare_events in the app's apps.py") from None


def event_kinds() -> Mapping[str, EventKind]:
    """Return every declared event by code."""
    return dict(_kinds)


class _Gap(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence_of(code: str, values: Mapping[str, Any]) -> str:
    """Return the event as a sentence in the reader's language; unknown values show as an ellipsis."""
    told = {name: fact_in_words(code, name, value) for name, value in values.items()}
    return str(event_kind(code).sentence).format_map(_Gap(told))
