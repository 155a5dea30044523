"""Letters to guardians after the screening that is over: two classes have theirs, one guardian asks for a talk."""

import datetime as dt

from xinqiao.care.letters.codes import words_digest
from xinqiao.care.letters.judging import shared_digest
from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.letters.rows import at_red
from xinqiao.care.letters.services.opening import ask_for_talk, confirm_letter, open_letter
from xinqiao.care.letters.services.releasing import hand_over, release_class
from xinqiao.care.letters.services.writing import read_mailing, read_own, write_mailing, write_own
from xinqiao.care.letters.texts import texts_for
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.care.screening.states import CampaignState
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.actors import Actor, system_actor
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.orgs.models import Unit

SCHOOL, PSYCH = "songhu-junior", "psych.songhu"
SYSTEM = "the demo city is being built"
RELEASED_DAYS_AGO, CLASSES_OUT, HANDED_OVER, OPENED = 5, 2, 20, 6


def add_letters(built: Built) -> None:
    """Write to the guardians of the last screening that is over, some days ago."""
    if SCHOOL not in built.units or PSYCH not in built.users:
        return
    rows = Campaign.objects.for_system(reason=SYSTEM).filter(place=built.units[SCHOOL].path)
    campaign = rows.filter(state=CampaignState.CLOSED).order_by("-closes_at").first()
    if campaign is None:
        return
    with clock.frozen(max(clock.now() - dt.timedelta(days=RELEASED_DAYS_AGO), campaign.closes_at)):
        psych, text = actor_for(built.users[PSYCH], clock.today()), texts_for("shared")[0]
        mailing = write_mailing(campaign, actor=psych, title=text.title.zh_hans, words=text.words.zh_hans)
        read_mailing(mailing, actor=psych, shown=shared_digest(mailing))
        for number, unit in enumerate(classes_of(campaign)[: CLASSES_OUT + 1]):
            _own_words(mailing, unit, psych)
            if number < CLASSES_OUT:
                release_class(unit, actor=psych, mailing=mailing, is_calling_confirmed=True)
                _arrive(mailing, unit, psych)


def _letters(mailing: Mailing, unit: Unit) -> list[Letter]:
    rows = Letter.objects.for_system(reason=SYSTEM).filter(mailing=mailing, class_id=unit.id)
    return list(rows.select_related("mailing__campaign").order_by("id"))


def _own_words(mailing: Mailing, unit: Unit, psych: Actor) -> None:
    """One pupil of the class, who is not at red, agreed that the teacher writes in her own words."""
    letters = _letters(mailing, unit)
    red = at_red([letter.student_id for letter in letters])
    words = next(text for text in texts_for("own") if text.id == "please-call").words.zh_hans
    for letter in [letter for letter in letters if letter.student_id not in red][:1]:
        written = write_own(letter, actor=psych, words=words)
        read_own(written, actor=psych, shown=words_digest(letter.id, words))


def _arrive(mailing: Mailing, unit: Unit, psych: Actor) -> None:
    letters, holder = _letters(mailing, unit), system_actor("demo.guardian")
    hand_over(unit, actor=psych, mailing=mailing, student_ids=[letter.student_id for letter in letters[:HANDED_OVER]])
    for letter in letters[:OPENED]:
        open_letter(letter, actor=holder)
        confirm_letter(letter, actor=holder)
    for letter in letters[1:2]:
        ask_for_talk(letter, actor=holder)
