"""What class teachers saw and what is planned for classes, in the demo city's screenings."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.care.screening.services.educating import EducationDraft, write_education_plan, write_observation
from xinqiao.doors.demo.cast import ForClassesSeed
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core import clock

SEEN = ("tired", "pressure")
WEEKS = 8


def observe(campaign: Campaign, actors: Iterable[Actor], words: ForClassesSeed) -> int:
    """Let each class teacher of the campaign's classes say what the class is like; return how many did."""
    teachers = list(actors)
    written = 0
    for unit in classes_of(campaign):
        teacher = next((each for each in teachers if each.can(Permission.OBSERVATION_WRITE, unit.path)), None)
        if teacher is not None:
            write_observation(unit, actor=teacher, campaign=campaign, marks=SEEN, words=words.seen)
            written += 1
    return written


def plan(campaign: Campaign, actor: Actor, category: str, owner_id: UUID, words: ForClassesSeed) -> None:
    """Plan something for two classes of a campaign that is over."""
    classes = classes_of(campaign)[:2]
    draft = EducationDraft(
        category=category, title=words.title, class_ids=tuple(unit.id for unit in classes),
        aim=words.aim, measures=words.measures, owner_id=owner_id,
        starts_on=clock.today(), due_on=clock.today() + dt.timedelta(weeks=WEEKS),
    )  # fmt: skip
    write_education_plan(campaign, actor=actor, draft=draft)
