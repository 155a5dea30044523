"""Mentors of the first school: everybody is dealt in one step, and a few talks are noted; and families reached."""

import datetime as dt

from xinqiao.care.alerts.finding import place_held
from xinqiao.care.support.selectors.dealing import pupils_at
from xinqiao.care.support.selectors.mentees import mentees_of
from xinqiao.care.support.services.contacts import ContactDraft, note_contact
from xinqiao.care.support.services.mentors import TalkDraft, deal_mentors, note_talks
from xinqiao.care.support.services.parents import SessionDraft, note_session
from xinqiao.doors.demo.cast import City, ContactSeed
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.orgs.selectors import unit_by_path
from xinqiao.register.people.models import Student
from xinqiao.register.people.selectors.students import guardians_of

DEALT_DAYS_BEFORE, SEVERAL = 20, 3
ONE_IN = 3  # families of a class that were not reached yet


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


def add_families(built: Built, city: City) -> None:
    """A class teacher has reached two families in three."""
    seed = city.families
    if seed.teacher not in built.users:
        return
    place = next(iter(actor_for(built.users[seed.teacher], clock.today()).places(Permission.CONTACT_WRITE)), "")
    for order, pupil in enumerate(pupils_at(place).order_by("pk")):
        if order % ONE_IN:
            _reach(built, seed.teacher, pupil, seed.contacts[order % len(seed.contacts)])


def _reach(built: Built, login: str, pupil: Student, seed: ContactSeed) -> None:
    adults = guardians_of(pupil)
    with clock.frozen(clock.now() - dt.timedelta(days=seed.days_ago)):
        draft = ContactDraft(
            clock.today(), seed.channel, adults[0].guardian_id if adults else None, seed.is_answered,
            tuple(seed.topics), seed.words, new_id(),
        )  # fmt: skip
        note_contact(pupil, actor=actor_for(built.users[login], clock.today()), draft=draft)


def add_parents(built: Built, city: City) -> None:
    """Parents of the whole school and of one class were taught."""
    seed = city.parents
    for each in seed.sessions:
        if seed.at not in built.units or each.by not in built.users:
            continue
        with clock.frozen(clock.now() - dt.timedelta(days=each.days_ago)):
            actor = actor_for(built.users[each.by], clock.today())
            place = next(iter(actor.places(Permission.PARENTS_EDIT)), "")
            unit = built.units[seed.at] if each.whole_school else unit_by_path(place)
            if unit is not None:
                families = pupils_at(unit.path).count() * each.share // 100
                draft = SessionDraft(
                    each.kind, each.way, each.title, each.topic, clock.today(), each.led_by, families, new_id()
                )
                note_session(unit, actor=actor, draft=draft)
