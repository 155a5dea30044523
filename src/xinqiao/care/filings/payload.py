"""What goes up: made of the case's facts and of typed words, fixed, and shown by one function to everybody."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.care.alerts.states import Level
from xinqiao.foundation.keys.fields import erased_word
from xinqiao.foundation.ui.wording import day_words
from xinqiao.register.people.states import Sex


@dataclass(frozen=True)
class Facts:
    """What is taken from the case, never from its notes; None or "" where the order does not ask for it.

    `judged_on`, `visited_on` and `family_on` are ISO days; `visits` and `family_talks` count since the filing before.
    """

    school: str
    reference: str
    level: str
    judged_on: str
    goes_on: bool
    name: str = ""
    sex: str = ""
    age: int | None = None
    grade: str = ""
    has_plan: bool | None = None
    visits: int | None = None
    visited_on: str = ""
    family_talks: int | None = None
    family_on: str = ""
    referral: str = ""


@dataclass(frozen=True)
class Payload:
    """Everything that goes up: the facts, what the psychology teacher typed, and whom to ask."""

    facts: Facts
    words: str
    asks: str
    contact: str

    def as_json(self) -> str:
        """Return it as the text that `Edition.payload` holds."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    def unnamed(self) -> "Payload":
        """Return it as a bureau further up sees it."""
        return replace(self, facts=replace(self.facts, name=""))


def payload_from(text: str) -> Payload:
    """Read what `Payload.as_json` wrote; of an empty text, whose key was destroyed, that it was erased."""
    if not text:
        return Payload(Facts(erased_word(), "", "", "", goes_on=False), erased_word(), "", "")
    body: Mapping[str, object] = json.loads(text)
    facts: Mapping[str, object] = body["facts"]  # type: ignore[assignment]  # as written
    known = Facts(**{field.name: facts[field.name] for field in fields(Facts)})  # type: ignore[arg-type]  # as written
    return Payload(known, str(body["words"]), str(body["asks"]), str(body["contact"]))


def shown_rows(payload: Payload) -> list[tuple[str, str]]:
    """Return what goes up, label and value; preview, check and the bureau's page have nothing else to show."""
    facts = payload.facts
    rows = [
        (_("School"), facts.school),
        (_("Filing number"), facts.reference),
        (_("Pupil"), facts.name),
        (_("Sex"), str(Sex(facts.sex).label) if facts.sex else ""),
        (_("Age"), str(facts.age) if facts.age is not None else ""),
        (_("Grade"), facts.grade),
        (_("Level"), str(Level(facts.level).label) if facts.level else ""),
        (_("Judged on"), _day(facts.judged_on)),
        (_("The case"), _("care goes on") if facts.goes_on else _("has ended")),
        (_("Individual plan"), _either(facts.has_plan, _("in force"), _("not written yet"))),
        (_("Visits back"), _counted(facts.visits, facts.visited_on)),
        (_("Talks with the family"), _counted(facts.family_talks, facts.family_on)),
        (_("Referral to a hospital"), _referral_words(facts.referral)),
        (_("What the school has done"), payload.words),
        (_("What the school asks of the bureau"), payload.asks),
        (_("Whom to ask at the school"), payload.contact),
    ]
    return [(label, value) for label, value in rows if value]


def _day(text: str) -> str:
    return day_words(dt.date.fromisoformat(text)) if text else ""


def _either(is_so: bool | None, yes: str, no: str) -> str:  # noqa: FBT001 - a value, not a switch
    return "" if is_so is None else yes if is_so else no


def _counted(count: int | None, last_on: str) -> str:
    if count is None:
        return ""
    if not last_on:
        return _("none since the filing before")
    words = ngettext("{count}, the last on {day}", "{count}, the last on {day}", count)
    return words.format(count=count, day=_day(last_on))


def _referral_words(code: str) -> str:
    words: Mapping[str, str] = {"none": _("none"), "open": _("under way"), "ended": _("ended")}
    return words.get(code, "")


def name_stands_in(name: str, texts: Sequence[str]) -> bool:
    """Does one of the typed texts name the pupil, with or without blanks and dots between the signs?"""
    wanted = _bare(name)
    return bool(wanted) and any(wanted in _bare(text) for text in texts)


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
