"""Scales as rows for pages: what is asked, of whom, how it is scored, under which licence, and what keeps it back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from xinqiao.care.scales.messages import after_colon, in_brackets, listed, refusal_message, spans_of
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import NO_WORDING, launchable, scale_of
from xinqiao.engines.scoring import Scale, Text, number_text
from xinqiao.engines.scoring.checks import score_range
from xinqiao.engines.scoring.model import Band, Comparison, Condition, Flag, Span, Subscale


@dataclass(frozen=True)
class ScaleRow:
    """One scale in the list."""

    id: UUID
    code: str
    title: str
    version: str
    item_count: int
    who: tuple[str, ...]
    licence: str
    unit: str
    needs_duty: bool
    reasons: tuple[str, ...]
    may_import: bool


@dataclass(frozen=True)
class Fact:
    """A named fact of one or more lines."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class BandRow:
    """One band: from which score on, and what it is called."""

    start: str
    title: str
    is_confirmed: bool


@dataclass(frozen=True)
class Norm:
    """Bands for the persons that `who` describes ("" for everybody)."""

    who: str
    bands: tuple[BandRow, ...]


@dataclass(frozen=True)
class ScoreRow:
    """How one score is made and read."""

    title: str
    code: str
    items: str
    method: str
    reach: str
    norms: tuple[Norm, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ItemRow:
    """One question as it is asked, with its answers in words and what is special about it."""

    number: int
    text: str
    answers: str
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class RuleRow:
    """A rule that looks at answers or scores; `is_assumption` where the line is ours or not confirmed."""

    kind: str
    text: str
    source: str
    is_assumption: bool


@dataclass(frozen=True)
class SourceRow:
    """Where numbers come from. `language` is that of the citation where it is not the reader's, else empty."""

    id: str
    citation: str
    language: str
    note: str
    is_ours: bool


def phrase(text: Text | None) -> str:
    """Return a phrase in the reader's language; empty for none."""
    return text.in_language(get_language() or "") if text else ""


def title_of(version: ScaleVersion) -> str:
    """Return the scale's title in the reader's language."""
    return phrase(scale_of(version).title)


def scale_row(version: ScaleVersion, place: str, unit_name: str, *, may_import: bool) -> ScaleRow:
    """Return one line of the list, judged for the unit at `place`."""
    scale = scale_of(version)
    codes = launchable(version, place)
    return ScaleRow(
        id=version.id, code=version.code, title=phrase(scale.title), version=version.version,
        item_count=len(scale.items), who=tuple(_who(scale)), licence=licence_words(scale), unit=unit_name,
        needs_duty=scale.needs_duty, reasons=tuple(map(refusal_message, codes)),
        may_import=may_import and NO_WORDING in codes,
    )  # fmt: skip


def licence_words(scale: Scale) -> str:
    """Return in a word or two what the licence lets us show."""
    if scale.wording_licence:
        return _("Licensed wording")
    return _("Free to use") if scale.licence.status == "full" else _("Key only")


def facts_of(version: ScaleVersion, *, with_scores: bool = True) -> list[Fact]:
    """Return what one would put side by side of two scales, always the same labels in the same order."""
    scale = scale_of(version)
    count = len(scale.items)
    scores = tuple(in_brackets(phrase(s.title), _reach(scale, s)) for s in scale.subscales)
    return [
        Fact(_("Questions"), (ngettext("{n} question", "{n} questions", count).format(n=count), *_answers(scale))),
        Fact(_("Asks about"), (phrase(scale.period) or "—",)),
        Fact(_("Who answers"), tuple(_who(scale, is_marked=True))),
        *([Fact(_("Scores"), scores)] if with_scores else []),
        Fact(_("Missing answers"), (_missing(scale),)),
        Fact(_("Void when"), tuple(phrase(rule.title) for rule in scale.validity) or ("—",)),
        Fact(_("Critical answers"), tuple(_critical(scale)) or ("—",)),
        Fact(_("Only with someone on duty"), (_("required") if scale.needs_duty else _("not required"),)),
        Fact(_("Licence"), _licence_lines(scale)),
        Fact(_("Version"), (version.version,)),
    ]


def score_rows(scale: Scale) -> list[ScoreRow]:
    """Return every score in the order of the scale."""
    return [_score_row(scale, subscale) for subscale in scale.subscales]


def _score_row(scale: Scale, subscale: Subscale) -> ScoreRow:
    norms = tuple(Norm(_condition(b.when), tuple(map(_band, b.bands))) for b in subscale.band_sets)
    sources = dict.fromkeys((subscale.source, *(bands.source for bands in subscale.band_sets)))
    return ScoreRow(
        title=phrase(subscale.title), code=subscale.id, items=spans_of(subscale.items), method=_method(subscale),
        reach=_reach(scale, subscale), norms=norms, sources=tuple(sources),
    )  # fmt: skip


def item_rows(scale: Scale) -> list[ItemRow]:
    """Return the questions, where their wording may be shown; nothing otherwise."""
    if not scale.has_wording:
        return []
    return [
        ItemRow(
            item.number,
            phrase(item.text),
            " · ".join(f"{option.code} {phrase(option.label)}" for option in item.options),
            tuple(remarks_on(scale, item.number)),
        )
        for item in scale.items
    ]


def remarks_on(scale: Scale, number: int) -> Iterator[str]:
    """Yield what is special about an item."""
    item = scale.items[number - 1]
    if item.reversed:
        yield _("reversed")
    if item.asked_if:
        yield _("asked only after {items} with {code} or more").format(
            items=spans_of(item.asked_if.items), code=item.asked_if.at_least
        )
    for rule in scale.critical:
        if rule.item == number:
            yield _("critical from {code} on").format(code=rule.at_least)


def rule_rows(scale: Scale) -> list[RuleRow]:
    """Return validity rules, critical answers and flags with their sources."""
    ours = _own_sources(scale)
    critical = [
        RuleRow(
            _("Critical answer"),
            _("Question {item}: {code} or more raises a signal, whatever the rest of the sheet says").format(
                item=rule.item, code=rule.at_least
            ),
            rule.source,
            rule.assumption or rule.source in ours,
        )
        for rule in scale.critical
    ]
    void = [RuleRow(_("Validity"), phrase(rule.title), rule.source, rule.source in ours) for rule in scale.validity]
    return [*critical, *void, *(_flag(scale, flag, is_ours=flag.source in ours) for flag in scale.flags)]


def source_rows(scale: Scale) -> list[SourceRow]:
    """Return the sources; our own assumptions are marked. Prose in the scale files is translated by the catalogue."""
    return [
        SourceRow(s.id, _(s.citation), foreign_language(_(s.citation)), _(s.note) if s.note else "", s.kind == "own")
        for s in scale.sources
    ]


def foreign_language(citation: str) -> str:
    """Return the language of a citation where it is not the reader's; else nothing."""
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in citation)
    if (get_language() or "").startswith("en"):
        return "zh-Hans" if is_chinese else ""
    return "" if is_chinese else "en"


def _flag(scale: Scale, flag: Flag, *, is_ours: bool) -> RuleRow:
    who = _condition(flag.when)
    tests = listed(_comparison(scale, each) for each in flag.any_of)
    text = in_brackets(phrase(flag.title), after_colon(who, tests) if who else tests)
    return RuleRow(_("Second look"), text, flag.source, is_ours or not flag.confirmed)


def _comparison(scale: Scale, comparison: Comparison) -> str:
    signs = {"at_least": "≥", "above": ">", "at_most": "≤", "below": "<"}
    title = phrase(scale.subscale(comparison.subscale).title)
    return f"{title} {signs[comparison.operator]} {number_text(comparison.threshold)}"


def _answers(scale: Scale) -> Iterator[str]:
    """The codes, and what they mean where all items share their words."""
    first = scale.items[0]
    if all(item.codes == first.codes for item in scale.items):
        yield _("Answers {codes}").format(codes=listed(map(str, first.codes)))
    turned = [item.number for item in scale.items if item.reversed]
    if turned:
        yield _("Reversed: {items}").format(items=spans_of(turned))


def _who(scale: Scale, *, is_marked: bool = False) -> Iterator[str]:
    """Who may be asked; `is_marked` says which limits are our assumption."""
    ours = _own_sources(scale) if is_marked else frozenset()
    names = {"self": _("Pupils themselves"), "parent": _("Parents"), "teacher": _("Teachers")}
    if scale.audience == "staff":
        names["self"] = _("Staff themselves")
    for informant in scale.informants:
        offers = [each for each in scale.offered if each.informant == informant]
        limits = [_marked(_offer(each.ages, each.grades), is_ours=each.source in ours) for each in offers]
        yield after_colon(names[informant], listed(limits)) if limits else names[informant]


def _offer(ages: Span | None, grades: Span | None) -> str:
    return listed(part for part in (_age_words(ages), _grade_words(grades)) if part)


def _age_words(span: Span | None) -> str:
    if span is None:
        return ""
    if span.high is None:
        return _("from {low} years on").format(low=span.low)
    if span.low is None:
        return _("up to {high} years").format(high=span.high)
    return _("{low}–{high} years").format(low=span.low, high=span.high)


def _grade_words(span: Span | None) -> str:
    if span is None:
        return ""
    if span.high is None:
        return _("from grade {low} on").format(low=span.low)
    if span.low is None:
        return _("up to grade {high}").format(high=span.high)
    return _("grades {low}–{high}").format(low=span.low, high=span.high)


def _condition(when: Condition | None) -> str:
    if when is None:
        return ""
    sexes = {"male": _("boys"), "female": _("girls")}
    forms = {"self": _("pupil's form"), "parent": _("parent's form"), "teacher": _("teacher's form")}
    sex, form = sexes.get(when.sex or "", ""), forms.get(when.informant or "", "")
    parts = [sex, _age_words(when.ages), _grade_words(when.grades), form]
    return listed(part for part in parts if part)


def _missing(scale: Scale) -> str:
    told = _("With an answer missing there is no score.")
    if scale.missing.rule == "prorate":
        told = _("Up to {n} missing answers a score are made up for by the others.").format(n=scale.missing.up_to)
    return _marked(told, is_ours=scale.missing.source in _own_sources(scale))


def _own_sources(scale: Scale) -> frozenset[str]:
    return frozenset(source.id for source in scale.sources if source.kind == "own")


def _marked(text: str, *, is_ours: bool) -> str:
    return in_brackets(text, _("our assumption")) if is_ours else text


def _critical(scale: Scale) -> Iterator[str]:
    for rule in scale.critical:
        told = _("Question {item} from {code} on").format(item=rule.item, code=rule.at_least)
        yield _marked(told, is_ours=rule.assumption or rule.source in _own_sources(scale))


def _licence_lines(scale: Scale) -> tuple[str, ...]:
    lines = [phrase(scale.licence.text)]
    if scale.wording_licence:
        lines.append(_("Licensed wording: {licence}").format(licence=scale.wording_licence))
    elif scale.rendering == "own":
        lines.append(_("The wording shown is our own rendering."))
    return tuple(lines)


def _method(subscale: Subscale) -> str:
    words = {
        "sum": _("Sum"),
        "mean": _("Mean"),
        "count": _("Number of answers of {code} or more").format(code=subscale.at_least),
        "steps": _("Steps passed one after the other"),
    }
    numerator, denominator = subscale.multiply
    factor = f" × {number_text(numerator / denominator)}" if (numerator, denominator) != (1, 1) else ""
    return words[subscale.method] + factor + (_(", cut to a whole number") if subscale.truncate else "")


def _reach(scale: Scale, subscale: Subscale) -> str:
    low, high = score_range(scale, subscale)
    better = _(", higher is better") if subscale.higher_means == "better" else ""
    return f"{number_text(low)}–{number_text(high)}{better}"


def _band(band: Band) -> BandRow:
    return BandRow(f"{'>' if band.strict else '≥'} {number_text(band.threshold)}", phrase(band.title), band.confirmed)


def band_title(subscale: Subscale, code: str) -> str:
    """Return what a band is called; empty where there is none."""
    return next((phrase(b.title) for each in subscale.band_sets for b in each.bands if b.code == code), "")


def names_of(scales: Sequence[ScaleVersion]) -> list[tuple[str, str]]:
    """Return choices for a form: id and title."""
    return [(str(version.id), f"{title_of(version)} · {version.version}") for version in scales]
