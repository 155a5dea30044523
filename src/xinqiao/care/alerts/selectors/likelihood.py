"""How likely need is after what was flagged, and why: for the order of the queue. Nobody's diagnosis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.weighing import Key, Weights, asked_of, weights_at
from xinqiao.engines.triage import OWN, Odds, Ratio, Reason, weigh
from xinqiao.engines.triage.judging import FLAG, VOID
from xinqiao.foundation.core.clock import now
from xinqiao.register.policy.selectors import parameters_for


@dataclass(frozen=True)
class Likelihood:
    """Of a hundred pupils flagged alike `in_100` are expected to need help; `lines` say from what it was multiplied."""

    share: float
    in_100: int
    lines: tuple[str, ...]


def likelihoods(signals: Sequence[Signal], reasons: Mapping[UUID, Sequence[Reason]]) -> dict[UUID, Likelihood]:
    """Return the likelihood of each pupil of some signals of whom a ratio is known, by student id.

    `reasons` are those of the signals that the reader may see. Queries do not depend on the number of signals.
    """
    flags: dict[UUID, set[Key]] = {}
    void: dict[UUID, set[str]] = {}
    for signal in signals:
        for reason in reasons.get(signal.id, ()):
            if reason.code == FLAG:
                flags.setdefault(signal.student_id, set()).update((reason.scale, flag) for flag in reason.details)
            elif reason.code == VOID:
                void.setdefault(signal.student_id, set()).add(reason.scale)
    flagged = [signal for signal in signals if signal.student_id in flags]
    if not flagged:
        return {}
    asked = _asked(flagged, void)
    schools = {signal.student_id: signal.student.school_place for signal in flagged}
    weights = weights_at(set(schools.values()))
    shares = {place: _prevalence(place) for place in weights}
    found = {}
    for student, place in schools.items():
        odds = weigh(flags[student], weights[place].ratios, shares[place], asked=asked.get(student, ()))
        if odds is not None:
            found[student] = _likelihood(odds, weights[place])
    return found


def _asked(signals: Sequence[Signal], void: Mapping[UUID, set[str]]) -> dict[UUID, set[Key]]:
    """What each pupil's sheets could have flagged; a sheet whose scores are void was not quiet, it said nothing."""
    found: dict[UUID, set[Key]] = {}
    by_signal = asked_of(signals)
    for signal in signals:
        known = by_signal.get(signal.id, frozenset())
        said = {key for key in known if key[0] not in void.get(signal.student_id, ())}
        found.setdefault(signal.student_id, set()).update(said)
    return found


def _prevalence(place: str) -> float:
    return parameters_for(place, timezone.localtime(now()).date()).capacity.prevalence


def _likelihood(odds: Odds, weights: Weights) -> Likelihood:
    lines = [ratio_words(ratio, weights) for ratio in odds.ratios]
    lines += [quiet_words(ratio, weights) for ratio in odds.quiet]
    return Likelihood(odds.share, round(100 * odds.share), tuple(lines))


def quiet_words(ratio: Ratio, weights: Weights) -> str:
    """Return what an answered scale without a flag takes away."""
    return _("{construct} ({scale}) without a flag: × {value}").format(
        construct=weights.constructs.get(ratio.construct, ratio.construct), scale=ratio.scale.upper(),
        value=f"{ratio.quiet:.2f}",
    )  # fmt: skip


def ratio_words(ratio: Ratio, weights: Weights) -> str:
    """Return one ratio as a reader sees it: what it speaks of, by how much, and from where."""
    construct = weights.constructs.get(ratio.construct, ratio.construct)
    if ratio.origin == OWN:
        return _("{construct} ({scale}): × {value} ({low} to {high}), from this school's own talks: {source}").format(
            construct=construct, scale=ratio.scale.upper(), value=_number(ratio.value), low=_number(ratio.low),
            high=_number(ratio.high), source=ratio.source,
        )  # fmt: skip
    return _("{construct} ({scale}): × {value}, as published: {source}").format(
        construct=construct, scale=ratio.scale.upper(), value=_number(ratio.value), source=ratio.source
    )


def _number(value: float) -> str:
    return f"{value:.1f}"
