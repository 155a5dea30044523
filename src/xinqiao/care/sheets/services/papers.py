"""Papers: a battery of published scales as pupils see it. Private bodies of whoever gives scales."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from xinqiao.care.scales.adapting import Adapted
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import launchable, scale_of
from xinqiao.care.sheets.adapting import kept_text, shown_table
from xinqiao.care.sheets.form_words import words_of_form
from xinqiao.care.sheets.models import Paper
from xinqiao.care.sheets.pupil.page import DEFAULT_HOTLINES, render_paper
from xinqiao.care.sheets.states import Informant
from xinqiao.engines.scoring import Scale, Text
from xinqiao.foundation.core.clock import now

ITEMS_A_MINUTE = 10  # our assumption, for "about n minutes"; upper primary pupils read slower than that at times

TITLE = gettext_noop("How have you been lately?")
INTRO = gettext_noop(
    "There are {items} questions, about {minutes} minutes. It is not an exam: nothing is right or wrong."
)
INTRO_ADAPTING = gettext_noop(
    "There are usually about {usual} questions, {items} at most, about {minutes} minutes. Which come next follows from "
    "your answers. It is not an exam: nothing is right or wrong."
)
PURPOSE = gettext_noop(
    "It helps your school notice early who could do with some care. It changes no mark and no ranking."
)
WHO_SEES = gettext_noop(
    "Your school's psychology teacher reads your answers. Classmates and other teachers do not. "
    "If an answer shows that you may be in danger, someone comes to help you."
)


class CannotBuildPaper(ValueError):
    """These scales cannot be put before pupils here; `reasons` maps a scale's code to why-not codes."""

    def __init__(self, reasons: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(f"{code}: {', '.join(why)}" for code, why in reasons.items()))
        self.reasons = reasons


def build_paper(
    versions: Sequence[ScaleVersion],
    *,
    place: str,
    county_id: UUID,
    hotlines: Sequence[Mapping[str, Any]] = DEFAULT_HOTLINES,
    words: Mapping[str, Mapping[str, str]] | None = None,
    informant: str = Informant.SELF,
    adapted: Sequence[Adapted] = (),
) -> Paper:
    """Return the paper of these scales in this order, stored once for the same content at the same place.

    Scales in `adapted` are asked by adapting, with these very parameters for as long as the paper stands.
    `words` may replace `title`, `intro`, `purpose` and `who_sees` (each `{"zh-hans": …, "en": …}`).
    `informant` is who answers it; a paper of another's is worded for adults and has room for a note.
    Raises CannotBuildPaper if a scale may not be launched here, and PaperFault if the page could not be shown.
    """
    reasons = {version.code: why for version in versions if (why := _why_not(version, place, informant))}
    if reasons or not versions:
        raise CannotBuildPaper(reasons or {"": ["no_scales"]})
    scales = [scale_of(version) for version in versions]
    by_code, adapting = {each.code: each for each in adapted}, kept_text(adapted)
    counts = _counts(scales, by_code)
    usual = _default_words(counts) if informant == Informant.SELF else words_of_form(informant, counts[0])
    content: dict[str, Any] = {**usual, **(words or {}), "hotlines": list(hotlines)}
    if informant != Informant.SELF:
        content["informant"] = str(informant)
    content["scales"] = [_shown_scale(scale, number, by_code) for number, scale in enumerate(scales, 1)]
    render_paper(content)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=dict)
    named = [text, *(version.digest for version in versions), *filter(None, [adapting])]
    digest = hashlib.sha256("|".join(named).encode()).hexdigest()
    kept = Paper.objects.for_system(reason="the same battery is stored once").filter(place=place, digest=digest).first()
    if isinstance(kept, Paper):
        return kept
    made: Paper = Paper.objects.create(
        place=place, county_id=county_id, digest=digest, content=text, created_at=now(),
        scale_ids=json.dumps([str(version.id) for version in versions]), adapting=adapting,
        has_suicide_item=any(scale.needs_duty for scale in scales), informant=informant,
    )  # fmt: skip
    return made


def _why_not(version: ScaleVersion, place: str, informant: str) -> list[str]:
    scale = scale_of(version)
    hidden = [item for item in scale.items if item.asked_if and len(_gate_codes(scale, item.number)) != 1]
    return launchable(version, place, informant) + (["gate_not_plain"] if hidden else [])


def _gate_codes(scale: Scale, number: int) -> set[int]:
    """The answers that open an item asked only after others; a page can show the question for exactly one code."""
    rule = scale.items[number - 1].asked_if
    if rule is None:
        return set()
    return {code for gate in rule.items for code in scale.items[gate - 1].codes if code >= rule.at_least}


def _counts(scales: Sequence[Scale], adapted: Mapping[str, Adapted]) -> tuple[int, int]:
    """How many questions there are at most, and how many a pupil is usually asked."""
    usual = [adapted[s.id].expected.items_mean if s.id in adapted else len(s.items) for s in scales]
    return sum(len(s.items) for s in scales), round(sum(usual))


def _shown_scale(scale: Scale, number: int, adapted: Mapping[str, Adapted]) -> dict[str, Any]:
    """A scale's name is a label, and pupils get none: they see which part of the paper it is."""
    shown: dict[str, Any] = {"id": scale.id, "title": _part_title(number), "items": _shown_items(scale)}
    if scale.instruction is not None:
        shown["instructions"] = _both(scale.instruction)
    if scale.id in adapted:
        shown["asking"] = shown_table(adapted[scale.id])
    return shown


def _shown_items(scale: Scale) -> list[dict[str, Any]]:
    lowest = {rule.item: rule.at_least for rule in scale.critical}
    items = []
    for item in scale.items:
        options = [{"code": o.code, "label": _both(o.label)} for o in item.options if o.label]
        shown: dict[str, Any] = {"n": item.number, "text": _both(item.text), "options": options}
        if item.number in lowest:
            shown["critical"] = [code for code in item.codes if code >= lowest[item.number]]
        if item.asked_if is not None:
            shown["show_if"] = {"any_of": list(item.asked_if.items), "code": min(_gate_codes(scale, item.number))}
        items.append(shown)
    return items


def _both(text: Text | None) -> dict[str, str]:
    return {} if text is None else {k: v for k, v in (("zh-hans", text.zh_hans), ("en", text.en)) if v}


def _part_title(number: int) -> dict[str, str]:
    titles = {}
    for language in ("zh-hans", "en"):
        with override(language):
            titles[language] = _("Part {number}").format(number=number)
    return titles


def _default_words(counts: tuple[int, int]) -> dict[str, Any]:
    most, usual = counts
    numbers = {"{items}": most, "{usual}": usual, "{minutes}": max(1, round(usual / ITEMS_A_MINUTE))}
    intro = INTRO if most == usual else INTRO_ADAPTING
    found: dict[str, Any] = {}
    for name, msgid in (("title", TITLE), ("intro", intro), ("purpose", PURPOSE), ("who_sees", WHO_SEES)):
        found[name] = {}
        for language in ("zh-hans", "en"):
            with override(language):
                text = _(msgid)
            for place, number in numbers.items():
                text = text.replace(place, str(number))
            found[name][language] = text
    return found
