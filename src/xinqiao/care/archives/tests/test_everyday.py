"""Hours, counselling, signed letters, the mentor's talks and contact at home stand in the file, each for its reader."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse

from xinqiao.care.archives.sections import everyday
from xinqiao.care.centre.models import Slot
from xinqiao.care.centre.services.bookings import book_slot, note_came
from xinqiao.care.centre.services.roster import write_term
from xinqiao.care.centre.services.visits import VisitDraft, note_visit
from xinqiao.care.centre.terms import rules_at
from xinqiao.care.centre.tests.conftest import with_pattern, with_rooms, with_term
from xinqiao.care.counselling.services.courses import open_course
from xinqiao.care.counselling.services.noting import keep_note
from xinqiao.care.counselling.tests.conftest import Sealed
from xinqiao.care.counselling.tests.test_courses import SECRET, WHOLE, agreed, held
from xinqiao.care.mailbox.tests.conftest import letter_of
from xinqiao.care.support.services.contacts import ContactDraft, note_contact
from xinqiao.care.support.services.mentors import TalkDraft, note_talks, set_mentor
from xinqiao.foundation.core import clock
from xinqiao.register.people.sections import Section

pytestmark = pytest.mark.django_db
REASON, AT_HOME, TOLD, LETTER = "想换座位", "外婆说他睡得晚", "期中后想补数学", "信里写的是一桩心事"
CODES = {"contacts", "mentor-talks", "hours", "counselling", "letters-written"}


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch):
    monkeypatch.setattr("xinqiao.foundation.keys.boxes.ROUNDS", 2**4)


@pytest.fixture
def lived(world, house):
    """The first pupil: booked and came, came to the door, is counselled by psych alone, signed a letter and left one
    unsigned, talked to the mentor; the family was called."""
    student, psych, teacher = world.students[0], world.actor("psych"), world.actor("teacher")
    with_pattern(with_term(world), with_rooms(world))
    write_term(world.school, actor=world.actor("head"))
    slots = list(Slot.objects.for_system(reason="test").order_by("start_at", "id")[:2])
    first = book_slot(student, actor=teacher, slot_id=slots[0].id, reason=REASON)
    with clock.frozen(slots[0].end_at):
        note_came(first, actor=psych)
    book_slot(student, actor=psych, slot_id=slots[1].id)
    topic = rules_at(world.school.path, clock.today()).topics[0].code
    note_visit(world.school, actor=psych, draft=VisitDraft(uuid4(), student, 10, (topic,)))
    Sealed(world).found()
    keep_note(open_course(student, actor=psych, draft=agreed()), actor=psych, draft=held(), note=WHOLE)
    letter_of(world, signed=True, words=LETTER)
    letter_of(world, words=LETTER)
    set_mentor(student, actor=psych, mentor=world.id_of("helper"))
    talk = TalkDraft(clock.today(), "study", "one_to_one", TOLD, uuid4())
    note_talks(student.place, actor=world.actor("helper"), pupils=[student.id], draft=talk)
    note_contact(student, actor=teacher, draft=ContactDraft(clock.today(), "phone", None, True, (), AT_HOME, uuid4()))
    return student


def shown(sign_in, login, student):
    page = sign_in(login).get(reverse("archives:file", args=[student.id]))
    return page.content.decode(), {each.code: each for each in page.context["file"].sections}


def demand_own_parts(sign_in, lived, world):
    page, parts = shown(sign_in, "psych", lived)
    assert parts.keys() >= CODES
    assert all(parts[code].entries for code in CODES)
    assert not [words for words in (REASON, AT_HOME, TOLD) if words not in page]
    assert SECRET not in page, "sealed notes are read where they are opened"
    assert LETTER not in page
    assert len(parts["letters-written"].entries) == 1, "an unsigned letter is nobody's"
    assert [entry.title for entry in parts["counselling"].entries] == ["会谈，个别面谈，50 分钟", "辅导开始"]
    titles = [entry.title for entry in parts["hours"].entries]
    assert sorted(titles) == sorted(["辅导室时段：已预约", "辅导室时段：来了", "到访，10 分钟"])
    assert "方思齐" in page, "the mentor stands among who is responsible"

    page, parts = shown(sign_in, "psych2", lived)
    assert parts.keys() >= CODES
    assert not parts["counselling"].entries, "who is not on the course does not learn that there is one"

    page, parts = shown(sign_in, "teacher", lived)
    assert parts.keys() & CODES == {"contacts"}
    assert AT_HOME in page
    assert not [words for words in (REASON, TOLD) if words in page]

    page, parts = shown(sign_in, "head", lived)
    assert not parts.keys() & CODES
    assert not [words for words in (REASON, TOLD, AT_HOME) if words in page]


def test_each_reads_the_own_part_of_the_everyday(sign_in, lived, world):
    demand_own_parts(sign_in, lived, world)


def test_control_a_course_found_by_the_pupil_alone_would_show_a_colleagues(sign_in, lived, world, monkeypatch):
    every = everyday.Course.objects.for_system(reason="test")
    monkeypatch.setattr(everyday, "courses_of_pupil", lambda _actor, student: list(every.filter(student=student)))
    with pytest.raises(AssertionError, match="not on the course"):
        demand_own_parts(sign_in, lived, world)


def test_control_without_the_right_asked_at_the_place_the_head_would_read_them(sign_in, lived, world, monkeypatch):
    monkeypatch.setattr(Section, "is_open_to", lambda *_a: True)
    with pytest.raises(AssertionError):
        demand_own_parts(sign_in, lived, world)


def test_the_hour_ahead_is_what_comes_next(sign_in, lived):
    page = sign_in("psych").get(reverse("archives:file", args=[lived.id]))
    ahead = [each for each in page.context["file"].next_days if each.what == "辅导室时段"]
    assert len(ahead) == 1
    assert ahead[0].on >= clock.today()


def test_what_was_noted_is_the_newest_entry_of_a_class(lived, world):
    for section in everyday.EVERYDAY:
        assert set(section.latest(world.school.path)) == {lived.id}, section.code
        assert all(isinstance(at, dt.datetime) for at in section.latest(world.school.path).values())


def test_nothing_yet_says_what_to_do(house, world, sign_in):
    page, parts = shown(sign_in, "psych", world.students[1])
    assert not any(parts[code].entries for code in CODES)
    assert "还没有人与家庭谈过" in page
