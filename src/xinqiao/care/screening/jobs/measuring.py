"""Measuring how exact each score was, once a campaign is over: what a later change of one pupil is held against."""

import datetime as dt

from django.db.models import Exists, OuterRef
from django.utils import timezone

from xinqiao.care.screening.models import Campaign, MeasuredScore
from xinqiao.care.screening.selectors.answers import RawSheet, Score, raw_sheets, scores_of_campaign
from xinqiao.care.screening.states import CampaignState
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.register.policy.selectors import parameters_for

_REASON = "the clock measures the scores of campaigns that are over"


def measure_scores(now: dt.datetime) -> int:
    """Measure every closed campaign that was not measured yet; return how many scores were written."""
    measured = MeasuredScore.objects.for_system(reason=_REASON).filter(campaign_id=OuterRef("pk"))
    closed = Campaign.objects.for_system(reason=_REASON).filter(~Exists(measured), state=CampaignState.CLOSED)
    return sum(measure_campaign(campaign, now) for campaign in closed.order_by("closed_at"))


def measure_campaign(campaign: Campaign, now: dt.datetime) -> int:
    """Measure each score of a closed campaign's battery; return how many were written."""
    actor = system_actor("screening.measure_scores")
    sheets = raw_sheets(actor, campaign)
    least = parameters_for(campaign.place, timezone.localtime(now).date()).reliability_sheets
    rows = [_measured(campaign, score, sheets, now, least) for score in scores_of_campaign(campaign)]
    with recording(actor):
        MeasuredScore.objects.bulk_create(rows)
        record(
            "screening.scores.measured", subject_kind="campaign", subject_id=campaign.id, place=campaign.place,
            county_id=campaign.county_id, facts={"scores": len(rows)},
        )  # fmt: skip
    return len(rows)


def _measured(campaign: Campaign, score: Score, sheets: list[RawSheet], now: dt.datetime, least: int) -> MeasuredScore:
    from xinqiao.care.screening.selectors.figures import score_figures  # scipy loads with the job, not with the server

    found = score_figures(score, sheets, least=least)
    alpha = found.reliability.alpha if found.reliability else None
    return MeasuredScore(
        county_id=campaign.county_id, place=campaign.place, campaign=campaign, scale_id=score.scale_id,
        score_id=score.subscale.id, complete=found.complete, alpha=alpha.value if alpha else None, sem=found.sem,
        measured_at=now,
    )  # fmt: skip
