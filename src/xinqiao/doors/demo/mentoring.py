"""Mentors of the first school: everybody is dealt in one step, and a few talks are noted."""

import datetime as dt

from xinqiao.care.alerts.finding import place_held
from xinqiao.care.support.selectors.mentees import mentees_of
from xinqiao.care.support.services.mentors import TalkDraft, deal_mentors, note_talks
from xinqiao.doors.demo.cast import City
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.accounts.actors import actor_for

DEALT_DAYS_BEFORE, SEVERAL = 20, 3


def add_mentors(built: Built, city: City) -> None:
    """Deal the school some weeks ago, and let mentors note what they talked about."""
    seed = city.mentors
    if seed.at not in built.units or seed.psych not in built.users:
        return
    with clock.frozen(clock.now() - dt.timedelta(days=DEALT_DAYS_BEFORE)):
        deal_mentors(built.units[seed.at], actor=actor_for(built.users[seed.psych], clock.today()))
    for order, talk in enumerate(seed.talks):
        if talk.by not in built.users:
            continue
        with clock.frozen(clock.now() - dt.timedelta(days=talk.days_ago)):
            actor = actor_for(built.users[talk.by], clock.today())
            own = mentees_of(actor)[order : order + (SEVERAL if talk.form == "one_to_many" else 1)]
            if own:
                draft = TalkDraft(clock.today(), talk.kind, talk.form, talk.words, new_id())
                place = place_held(actor, Permission.MENTEE_OWN, own[0])
                note_talks(place, actor=actor, pupils=[pupil.pk for pupil in own], draft=draft)
