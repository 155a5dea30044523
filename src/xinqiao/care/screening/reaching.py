"""Keeping what an ended campaign reached. Private body of the command that ends it."""

from xinqiao.care.screening.models import Campaign, ClassReach
from xinqiao.care.screening.selectors.campaigns import classes_of, day_of
from xinqiao.care.screening.selectors.coverage import reach_facts
from xinqiao.foundation.core.clock import today


def keep_reach(campaign: Campaign) -> int:
    """Keep per class what became of its pupils, once the campaign is closed; return how many classes."""
    classes = classes_of(campaign)
    facts = reach_facts(campaign, classes, day_of(campaign, today()))
    rows = [
        ClassReach(county_id=campaign.county_id, place=unit.path, campaign=campaign, class_id=unit.id, **facts[unit.id])
        for unit in classes
    ]
    ClassReach.objects.bulk_create(rows)
    return len(rows)
