"""What a teacher told of a pupil, as a value; how it stands in a signal, and how it reads there."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.engines.triage import Reason
from xinqiao.register.policy.loading import packs
from xinqiao.register.policy.parameters import Parameters

FACTORS, SEEN, WORDS = "round_factors", "round_seen", "round_words"


@dataclass(frozen=True)
class Told:
    """Factors and observations as codes of the policy, and a few words."""

    factors: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    words: str = ""

    def as_json(self) -> str:
        """Return the text that a line holds sealed."""
        return json.dumps([list(self.factors), list(self.seen), self.words.strip()], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | None) -> "Told":
        """Read what `as_json` wrote; nothing where the key was destroyed."""
        factors, seen, words = json.loads(text) if text else ([], [], "")
        return cls(tuple(factors), tuple(seen), str(words))


def urgencies(parameters: Parameters) -> dict[str, str]:
    """Return what may be ticked, by code, with the urgency that follows."""
    factors = {factor.code: "yellow" for factor in parameters.worry_factors}
    return {**factors, **{each.code: str(each.urgency) for each in parameters.worry_observations}}


def reasons_of_told(told: Told) -> tuple[Reason, ...]:
    """Return it as a signal keeps it."""
    parts = ((SEEN, told.seen), (FACTORS, told.factors), (WORDS, (told.words.strip(),) if told.words.strip() else ()))
    return tuple(Reason(code, "", details) for code, details in parts if details)


def names_of_words(pick: Callable[[Any], Sequence[Any]]) -> Mapping[str, str]:
    """Return the names of what may be ticked by code, in the reader's language, as any of the packs in use has them."""
    language = get_language() or ""
    return {each.code: each.name.in_language(language) for loaded in packs() for each in pick(loaded.pack.worries)}


def factor_phrase(codes: Sequence[str]) -> str:
    """Return what weighs on a pupil, as one phrase."""
    names = names_of_words(lambda worries: worries.factors.value)
    return _("weighs on the pupil: {factors}").format(factors=_(", ").join(names.get(code, code) for code in codes))


def seen_phrase(codes: Sequence[str]) -> str:
    """Return what was noticed, as one phrase."""
    names = names_of_words(lambda worries: worries.observations.value)
    return _("noticed in a round: {seen}").format(seen=_(", ").join(names.get(code, code) for code in codes))


def words_phrase(details: Sequence[str]) -> str:
    """Return the teacher's own words."""
    return _("in the teacher's words: {words}").format(words=" ".join(details))
