"""The invariants that the database keeps, each by violating it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from xinqiao.care.screening.models import Campaign, ExportRequest
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.duty.tests.world import MONDAY_10


def campaign_of(school, **changes) -> Campaign:
    fields = {
        "county_id": school.unit.shard_id, "place": school.unit.path, "name": "x", "school_id": school.unit.id,
        "school_year": 2026, "opens_at": MONDAY_10, "closes_at": MONDAY_10 + dt.timedelta(days=1),
        "created_by": new_id(), "created_at": MONDAY_10,
    }  # fmt: skip
    return Campaign(**{**fields, **changes})


LAUNCHED = {"launched_at": MONDAY_10, "paper_id": new_id(), "form_id": new_id()}


@pytest.mark.parametrize(
    "changes",
    [
        {"closes_at": MONDAY_10},
        {"state": "open"},
        {**LAUNCHED, "state": "open", "paper_id": None, "scale_ids": '["a scale"]'},
        {**LAUNCHED, "state": "open", "form_id": None},
        {**LAUNCHED, "state": "closed"},
    ],
)
def test_a_campaign_that_cannot_be_is_refused(school, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        campaign_of(school, **changes).save(force_insert=True)


def test_control_the_same_campaign_made_whole_is_stored(school):
    campaign_of(school).save(force_insert=True)
    campaign_of(school, **LAUNCHED, state="open").save(force_insert=True)
    campaign_of(school, **{**LAUNCHED, "paper_id": None}, state="open").save(force_insert=True)  # asks others alone
    campaign_of(school, **LAUNCHED, state="closed", closed_at=MONDAY_10).save(force_insert=True)


def export_of(campaign: Campaign, **changes) -> ExportRequest:
    fields = {
        "county_id": campaign.county_id, "place": campaign.place, "campaign": campaign, "purpose": "care",
        "pupils": 51, "requested_by": new_id(), "requested_at": MONDAY_10,
    }  # fmt: skip
    return ExportRequest(**{**fields, **changes})


SAME = new_id()


@pytest.mark.parametrize(
    "changes",
    [
        {"requested_by": SAME, "decided_by": SAME},
        {"state": "approved", "expires_at": MONDAY_10},
        {"state": "approved", "decided_by": SAME},
    ],
)
def test_an_export_of_many_is_never_approved_by_one_person(school, changes):
    campaign = campaign_of(school)
    campaign.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        export_of(campaign, **changes).save(force_insert=True)


def test_control_a_second_person_or_few_pupils_are_enough(school):
    campaign = campaign_of(school)
    campaign.save(force_insert=True)
    export_of(campaign, state="approved", decided_by=SAME, expires_at=MONDAY_10).save(force_insert=True)
    export_of(campaign, state="approved", pupils=50, expires_at=MONDAY_10).save(force_insert=True)
