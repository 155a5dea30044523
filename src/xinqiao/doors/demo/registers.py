"""The register of the first school: entries, a proposal that waits, and a screening that asks those on it alone."""

import datetime as dt
from collections.abc import Sequence

from xinqiao.care.scales.selectors import best_version
from xinqiao.care.screening.jobs.filling import fill_campaign
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import cohorts_of
from xinqiao.care.screening.services.campaigns import CampaignDraft, create_campaign, launch_campaign
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.support.services.entries import EntryDraft, add_entry, propose_entry
from xinqiao.doors.demo.cast import City, EntrySeed
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.people.models import Student

A_MINUTE = dt.timedelta(minutes=1)  # the screening of everyone stays the newest
ENTERED_DAYS_BEFORE, LONG_AGO_DAYS = 6, 92  # the policy looks at an entry again after 90 days


def add_register(built: Built, city: City) -> None:
    """Enter a few pupils of the grade that is being screened, and ask them as well."""
    seed = city.register
    running = _running(built, seed.at)
    if running is None or seed.psych not in built.users:
        return
    pupils = _pupils(built, seed.at, running, len(seed.entries))
    entered_at = running.opens_at - dt.timedelta(days=ENTERED_DAYS_BEFORE)
    for order, (pupil, entry) in enumerate(zip(pupils, seed.entries, strict=False)):
        at = entered_at if order else clock.now() - dt.timedelta(days=LONG_AGO_DAYS)
        with clock.frozen(at):
            add_entry(pupil, actor=actor_for(built.users[seed.psych], clock.today()), draft=_draft(entry))
    _propose(built, city, pupils)
    _screen(built, city, running)


def _running(built: Built, at: str) -> Campaign | None:
    if at not in built.units:
        return None
    rows = Campaign.objects.for_system(reason="the demo city is being built")
    found: Campaign | None = rows.filter(place=built.units[at].path, state=CampaignState.OPEN).first()
    return found


def _pupils(built: Built, at: str, running: Campaign, most: int) -> Sequence[Student]:
    cohorts = set(cohorts_of(running))
    places = {unit.path for unit in built.classes.values() if (unit.stage, unit.entry_year) in cohorts}
    here = [student for student in built.students[at] if student.place in places]
    return here[:: max(1, len(here) // most)][:most]


def _draft(entry: EntrySeed) -> EntryDraft:
    return EntryDraft(entry.category, entry.kind, entry.reason)


def _propose(built: Built, city: City, taken: Sequence[Student]) -> None:
    """The class teacher proposes a pupil of the own class who is not on it."""
    teacher = actor_for(built.users[city.register.teacher], clock.today())
    known = {student.id for student in taken}
    own = [s for s in built.students[city.register.at] if teacher.can(Permission.REGISTER_PROPOSE, s.place)]
    pupil = next((student for student in own if student.id not in known), None)
    if pupil is not None:
        propose_entry(pupil, actor=teacher, draft=_draft(city.register.proposal))


def _screen(built: Built, city: City, beside: Campaign) -> None:
    seed, school = city.register, built.units[city.register.at]
    versions = [best_version(code, school.path) for code in seed.scales]
    with clock.frozen(beside.opens_at):
        psych = actor_for(built.users[seed.psych], clock.today())
        draft = CampaignDraft(
            name=seed.screening, cohorts=cohorts_of(beside), opens_at=beside.opens_at - A_MINUTE,
            closes_at=beside.closes_at,
            scale_ids=tuple(version.id for version in versions if version), form_id=beside.form_id,
            register=tuple(dict.fromkeys(entry.category for entry in seed.entries)),
        )  # fmt: skip
        launched = launch_campaign(create_campaign(school, actor=psych, draft=draft), actor=psych)
        fill_campaign(launched, clock.now())
