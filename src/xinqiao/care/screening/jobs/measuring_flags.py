"""Counting what flags were worth, once a campaign is over and whenever another talk about it is settled."""

import datetime as dt

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.states import SignalState
from xinqiao.care.screening.models import OF_EVERYONE, Campaign, LotDraw, MeasuredFlag
from xinqiao.care.screening.selectors.accuracy import accuracy_ledger
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.screening.weights import strata_text
from xinqiao.care.sheets.models import Sitting
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording

_REASON = "the clock counts what the flags of ended campaigns were worth"


def measure_flags(now: dt.datetime) -> int:
    """Count the flags of every ended campaign that has talks not counted yet; return how many campaigns were.

    A campaign of the register alone is left out: its pupils are not like the school's.
    """
    ended = Campaign.objects.for_system(reason=_REASON).filter(state=CampaignState.CLOSED, register=OF_EVERYONE)
    counted = dict(MeasuredFlag.objects.for_system(reason=_REASON).values_list("campaign_id", "talks"))
    done = 0
    for campaign in ended.order_by("closed_at"):
        talks = talks_about(campaign)
        if talks and counted.get(campaign.id) != talks:
            count_campaign(campaign, talks, now)
            done += 1
    return done


def talks_about(campaign: Campaign) -> int:
    """Return how many talks about a campaign were settled, those with pupils drawn by lot included."""
    sittings = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    signals = Signal.objects.for_system(reason=_REASON).filter(origin_id__in=sittings.values("pk"))
    draws = LotDraw.objects.for_system(reason=_REASON).filter(lot__campaign=campaign).exclude(outcome="")
    settled: int = signals.filter(state=SignalState.CLOSED).count()
    return settled + int(draws.count())


def count_campaign(campaign: Campaign, talks: int, now: dt.datetime) -> None:
    """Count every flag of a campaign and keep it in the place of what was counted before."""
    actor = system_actor("screening.measure_flags")
    ledger = accuracy_ledger(actor, campaign)
    with recording(actor):
        rows = [
            MeasuredFlag(
                county_id=campaign.county_id, place=campaign.place, campaign=campaign, scale_code=row.scale,
                flag=row.flag, strata=strata_text(row.strata), talks=talks, measured_at=now,
            )
            for row in ledger
        ]  # fmt: skip
        MeasuredFlag.objects.for_system(reason=_REASON).filter(campaign=campaign).delete()
        MeasuredFlag.objects.bulk_create(rows)
        record(
            "screening.flags.measured", subject_kind="campaign", subject_id=campaign.id, place=campaign.place,
            county_id=campaign.county_id, facts={"flags": len(rows), "talks": talks},
        )  # fmt: skip
