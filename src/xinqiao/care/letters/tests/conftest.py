"""The school of screening's tests, whose screening has ended, with a colleague to each promise that letters make."""

from dataclasses import dataclass

import pytest

from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.letters.codes import tidied
from xinqiao.care.letters.judging import shared_digest
from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.letters.rows import every_letter
from xinqiao.care.letters.services.releasing import release_class
from xinqiao.care.letters.services.writing import read_mailing, write_mailing
from xinqiao.care.letters.texts import texts_for
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.services.campaigns import close_campaign
from xinqiao.care.screening.tests.conftest import School, frozen, school
from xinqiao.care.screening.tests.handing_in import hand_in
from xinqiao.engines.triage import Reason
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.people.models import Student

__all__ = ["frozen", "school"]
LOW = {"phq-9": [0] * 9, "gad-7": [0] * 7}
TITLE, WORDS = "致家长", texts_for("shared")[1].words.zh_hans
OWN = "孩子愿意和我聊天，我们约好下周再见面。"


@dataclass
class Post:
    """A screening that has ended, and its letters."""

    school: School
    campaign: Campaign

    @property
    def psych(self):
        return self.school.actor("psych")

    @property
    def unit(self):
        return self.school.class_b

    def student(self, number: int = 0) -> Student:
        """A pupil of class 3 who took part: the first or the second."""
        return self.school.students[number]

    def written(self, words: str = WORDS) -> Mailing:
        return write_mailing(self.campaign, actor=self.psych, title=TITLE, words=words)

    def read(self, login: str = "psych") -> Mailing:
        mailing = self.written()
        return read_mailing(mailing, actor=self.school.actor(login), shown=shared_digest(mailing))

    def letter(self, number: int = 0) -> Letter:
        rows = every_letter().exclude(state="withdrawn").select_related("mailing__campaign", "student")
        return rows.get(student=self.student(number))

    def released(self) -> Mailing:
        mailing = self.read()
        release_class(self.unit, actor=self.psych, mailing=mailing)
        return mailing

    def code(self, number: int = 0) -> str:
        """The code on a pupil's paper."""
        return tidied(open_sealed([self.letter(number)], "code")[0]["code"])

    def words(self, number: int = 0) -> str:
        return open_sealed([self.letter(number)], "words")[0]["words"]

    def red(self, number: int = 0) -> None:
        """Raise an open red signal of a pupil."""
        child = self.student(number)
        prepare_signal(
            student_id=child.id, county_id=child.county_id, place=child.place, key_id=child.key_id,
            source="critical_answer", urgency="red", evidence=90, basis=[Reason("critical_item", "phq-9", ("9",))],
            origin_kind="sitting", origin_id=child.id, once=f"critical_answer:{child.id}", at=clock.now(),
        ).save(force_insert=True)  # fmt: skip


@pytest.fixture
def post(school) -> Post:
    campaign = school.launched()
    for student in school.students[:3]:  # two of class 3, one of class 1
        hand_in(campaign, student, LOW)
    return Post(school, close_campaign(campaign, actor=school.actor("psych")))
