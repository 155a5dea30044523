"""What a flag is worth at a school: from its own talks once there are enough, else as published."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.utils.translation import get_language, ngettext

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.alerts.weighing import Key, Weights
from xinqiao.care.scales.selectors import scale_of, versions_by_id
from xinqiao.care.screening.forecast import Accuracy, Construct, accuracies, constructs
from xinqiao.care.screening.models import Campaign, MeasuredFlag
from xinqiao.care.sheets.models import Sitting
from xinqiao.engines.accuracy import Stratum
from xinqiao.engines.triage import PUBLISHED, Ratio, own_ratio, positive_ratio, quiet_ratio
from xinqiao.foundation.core.clock import today
from xinqiao.register.policy.selectors import parameters_for

_REASON = "counts of a school's talks, for the order of its own queue"


def weights_of_schools(schools: Collection[str]) -> dict[str, Weights]:
    """Return what flags are worth at some schools, by place; one query however many."""
    groups = constructs()
    known, named = {key: each for each in groups for key in _keys(each)}, _names(groups)
    published = {(each.scale, each.flag): _published(each, known) for each in accuracies()}
    strata: dict[str, dict[Key, list[Stratum]]] = {place: {} for place in schools}
    rows = MeasuredFlag.objects.for_system(reason=_REASON).filter(place__in=list(schools))
    for place, scale, flag, text in rows.values_list("place", "scale_code", "flag", "strata"):
        strata[place].setdefault((scale, flag), []).extend(usable(text))
    return {place: Weights({**published, **_own(place, found, known)}, named) for place, found in strata.items()}


def usable(text: str) -> list[Stratum]:
    """Read the strata of one campaign; none of them where pupils of one were never talked to, for nobody stands for
    those then."""
    strata = [Stratum(bool(flagged), pupils, talked, needed) for flagged, pupils, talked, needed in json.loads(text)]
    filled = [stratum for stratum in strata if stratum.pupils]
    return filled if all(stratum.talked_to for stratum in filled) else []


def strata_text(strata: Iterable[Stratum]) -> str:
    """Write strata as `MeasuredFlag.strata` holds them."""
    return json.dumps([[s.is_flagged, s.pupils, s.talked_to, s.needed] for s in strata])


def _own(place: str, strata: Mapping[Key, list[Stratum]], known: Mapping[Key, Construct]) -> dict[Key, Ratio]:
    at_least = parameters_for(place, today()).own_talks_at_least
    found = {}
    for (scale, flag), each in strata.items():
        talks = sum(stratum.talked_to for stratum in each)
        source = ngettext("{count} talk", "{count} talks", talks).format(count=talks)
        construct = _construct((scale, flag), known)
        ratio = own_ratio(each, scale=scale, flag=flag, construct=construct, source=source, at_least=at_least)
        if ratio is not None:
            found[scale, flag] = ratio
    return found


def _published(entry: Accuracy, known: Mapping[Key, Construct]) -> Ratio:
    key = (entry.scale, entry.flag)
    value = positive_ratio(entry.sensitivity, entry.specificity)
    silent = quiet_ratio(entry.sensitivity, entry.specificity)
    return Ratio(*key, _construct(key, known), value, value, value, silent, PUBLISHED, entry.source)


def _construct(key: Key, known: Mapping[Key, Construct]) -> str:
    """A flag that stands in no construct is one by itself."""
    return known[key].code if key in known else "/".join(key)


def _keys(construct: Construct) -> list[Key]:
    pairs = (text.split("/", 1) for text in construct.flags)
    return [(scale, flag) for scale, flag in pairs]


def _names(found: Iterable[Construct]) -> dict[str, str]:
    language = "zh-Hans" if (get_language() or "zh-hans").lower().startswith("zh") else "en"
    return {each.code: each.name[language] for each in found}


def flags_asked(signals: Sequence[Signal]) -> Mapping[UUID, frozenset[Key]]:
    """Return which flags the battery behind each signal of a screening could have raised, by the signal's id.

    Signals of other sources say nothing of what was quiet: a critical answer comes before the sheet is finished.
    """
    judged = [signal for signal in signals if signal.source == Source.SCREENING]
    sittings = Sitting.objects.for_system(reason=_REASON).filter(pk__in=[signal.origin_id for signal in judged])
    campaign_of = dict(sittings.values_list("pk", "origin_id"))
    campaigns = Campaign.objects.for_system(reason=_REASON).filter(pk__in=set(campaign_of.values()))
    batteries = {pk: [UUID(each) for each in json.loads(ids)] for pk, ids in campaigns.values_list("pk", "scale_ids")}
    versions = versions_by_id({scale_id for ids in batteries.values() for scale_id in ids})
    of_scale = {
        pk: [(scale.id, flag.id) for scale in [scale_of(version)] for flag in scale.flags]
        for pk, version in versions.items()
    }
    flags = {pk: frozenset(key for i in ids for key in of_scale.get(i, ())) for pk, ids in batteries.items()}
    return {
        signal.id: flags[campaign]
        for signal in judged
        if (campaign := campaign_of.get(signal.origin_id)) is not None and campaign in flags
    }
