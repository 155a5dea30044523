"""Letters from their coming to their end, names opened by two people or to save a life, and the controls of both."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from xinqiao.care.alerts.models import Signal
from xinqiao.care.mailbox import rules
from xinqiao.care.mailbox.errors import CannotDo
from xinqiao.care.mailbox.rows import every_letter, every_request, every_word
from xinqiao.care.mailbox.selectors.counts import counts_for
from xinqiao.care.mailbox.services.letters import (
    TypedIn,
    answer_letter,
    close_letter,
    hand_over,
    keep_draft,
    lay_letter_aside,
    make_urgent,
    type_in,
)
from xinqiao.care.mailbox.services.names import ask_name, decide_name, rescue_name, show_name
from xinqiao.care.mailbox.tests.conftest import CANARY, TOLD, WHY, letter_of
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock, ids
from xinqiao.foundation.notifications.outbox import every_message
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def running(row):
    rows = Deadline.objects.for_system(reason="a test").filter(subject_id=row.pk, met_at=None, cancelled_at=None)
    return set(rows.values_list("kind", flat=True))


def code_of(error):
    return error.value.code


def test_a_letter_is_answered_once_handed_over_and_closed(world, write_letter):
    psych, other = world.actor("psych"), world.actor("psych2")
    letter = write_letter()
    assert running(letter) == {"letter_answer"}
    assert every_letter().get(pk=letter.pk).due_at is not None
    message = every_message().filter(about_id=letter.id).first()
    assert message is not None
    keep_draft(letter, actor=psych, words="我在")
    hand_over(letter, actor=psych, to=world.id_of("psych2"))
    assert isinstance(hand_over(letter, actor=psych, to=world.id_of("psych2")), Unchanged)
    with pytest.raises(CannotDo) as error:
        hand_over(letter, actor=psych, to=world.id_of("teacher"))
    assert code_of(error) == rules.NOT_ABLE
    answer_letter(letter, actor=other, words="谢谢你写来，明天中午来辅导室好吗", seen=1)
    assert isinstance(answer_letter(letter, actor=other, words="谢谢你写来，明天中午来辅导室好吗", seen=1), Unchanged)
    with pytest.raises(CannotDo) as error:  # somebody who read before the answer came does not answer past it
        answer_letter(letter, actor=psych, words="你好", seen=1)
    assert code_of(error) == rules.SETTLED_ALREADY
    assert every_word().filter(letter=letter, writer="answer").count() == 1
    assert running(letter) == set()
    close_letter(letter, actor=psych, reason="已经面谈，约好下周再见")
    row = every_letter().get(pk=letter.pk)
    assert (row.state, row.holder, row.draft) == ("closed", world.id_of("psych2"), None)


def test_an_urgent_letter_climbs_until_it_is_taken_up(world, frozen):
    letter = letter_of(world, urgent=True)
    assert running(letter) == {"letter_answer", "letter_urgent"}
    told = every_message().filter(about_id=letter.id, is_urgent=True).count()
    assert told
    later = frozen + 16 * MINUTE
    with clock.frozen(later):
        climb_due(later)
    assert every_message().filter(about_id=letter.id, is_urgent=True).count() > told
    with pytest.raises(CannotDo) as error:
        close_letter(letter, actor=world.actor("psych"), reason=WHY)
    assert code_of(error) == rules.STILL_URGENT
    lay_letter_aside(letter, actor=world.actor("psych"), reason="和好友开的玩笑，已核实")
    assert running(letter) == {"letter_answer"}
    assert not Signal.objects.for_system(reason="a test").exists()
    signed = letter_of(world, signed=True)
    make_urgent(signed, actor=world.actor("psych"))
    assert isinstance(make_urgent(signed, actor=world.actor("psych")), Unchanged)
    (signal,) = Signal.objects.for_system(reason="a test")
    assert (signal.student_id, signal.urgency, signal.source) == (world.students[0].id, "red", "mailbox")


def open_by_two(world, *, second):
    """A name opened by request: nobody sees it before a second person, who is not the first, agreed; then once."""
    letter = letter_of(world)
    psych = world.actor("psych")
    request = ask_name(letter, actor=psych, reason=WHY, told=TOLD)
    assert isinstance(ask_name(letter, actor=psych, reason=WHY, told=TOLD), Unchanged)
    assert running(request) == {"name_decide"}
    with pytest.raises(CannotDo):
        show_name(request, actor=psych)
    decide_name(request, actor=world.actor(second), agrees=True, words="理由充分，应当打开")
    row = every_request().get(pk=request.pk)
    assert row.decided_by != row.asked_by
    with pytest.raises(CannotDo) as error:
        show_name(request, actor=world.actor("psych2"))
    assert code_of(error) == rules.NOT_THE_ASKER
    assert show_name(request, actor=psych).id == world.students[0].id
    with pytest.raises(CannotDo) as error:
        show_name(request, actor=psych)
    assert code_of(error) == rules.SHOWN_ALREADY
    assert every_word().filter(letter=letter, writer="opened").count() == 1
    return letter


def test_a_name_opens_by_two_people_and_is_shown_once(world):
    letter = open_by_two(world, second="head")
    assert running(letter) == {"letter_answer"}
    named = AuditEvent.objects.filter(subject_id=world.students[0].id, event="mailbox.pupil.named")
    assert named.count() == 1
    about = AuditEvent.objects.filter(subject_id=letter.id).values_list("facts", flat=True)
    assert not any(str(world.students[0].id) in facts for facts in about)


def test_control_without_the_rule_the_database_still_wants_a_second_person(world, monkeypatch):
    """A head who also answers letters asks; with the rule off the constraint refuses what it would have refused."""
    from xinqiao.register.accounts.models import Membership

    Membership.objects.create(
        user=world.users["psych"], role="principal", place=world.school.path, start_on=dt.date(2026, 9, 1)
    )
    with pytest.raises(CannotDo) as error:
        open_by_two(world, second="psych")
    assert code_of(error) == rules.SAME_PERSON
    monkeypatch.setattr(rules, "refusal_to_decide", lambda **_how: "")
    with pytest.raises(IntegrityError), transaction.atomic():
        open_by_two(world, second="psych")


def test_control_without_asking_who_shows_the_same_story_is_red(world, monkeypatch):
    asked = rules.refusal_to_show
    monkeypatch.setattr(rules, "refusal_to_show", lambda state, asked_by, by: asked(state=state, asked_by=by, by=by))
    with pytest.raises(pytest.fail.Exception):
        open_by_two(world, second="head")


def test_to_save_a_life_the_name_opens_at_once_and_a_second_person_looks_at_it(world, frozen):
    letter = letter_of(world, urgent=True)
    psych = world.actor("psych")
    asked = ask_name(letter, actor=world.actor("psych2"), reason=WHY, told=TOLD)
    signal = rescue_name(letter, actor=psych, reason=WHY, told=TOLD)
    assert isinstance(rescue_name(letter, actor=psych, reason=WHY, told=TOLD), Unchanged)
    assert (signal.student_id, signal.urgency) == (world.students[0].id, "red")
    assert running(letter) == {"letter_answer"}
    request = every_request().get(letter=letter)
    assert (request.pk, request.state, request.asked_by) == (asked.pk, "rescue", world.id_of("psych"))
    assert running(request) == {"name_confirm"}
    sent = every_message().filter(about_id=request.id).count()
    assert sent
    later = request.due_at + MINUTE
    with clock.frozen(later):
        climb_due(later)
    assert AuditEvent.objects.filter(event="mailbox.name.climbed", subject_id=letter.id).count() == 1
    with pytest.raises(CannotDo):
        close_letter(letter, actor=psych, reason=WHY)
    decide_name(request, actor=world.actor("head"), agrees=False, words="信里没有写到生命危险")
    assert every_request().get(letter=letter).state == "objected"
    assert running(request) == set()
    close_letter(letter, actor=psych, reason="已面谈，转入个案")


def test_letters_that_came_another_way_count_with_the_others(world, frozen):
    psych = world.actor("psych")
    typed = TypedIn(ids.new_id(), "paper", CANARY, frozen - DAY, is_urgent=False, student=None)
    letter = type_in(world.school, actor=psych, typed=typed)
    assert isinstance(type_in(world.school, actor=psych, typed=typed), Unchanged)
    assert running(letter) == {"letter_answer"}
    for fault, code in (
        ({"channel": "web"}, rules.NO_SUCH_WAY),
        ({"came_at": frozen + DAY}, rules.NOT_YET),
        ({"words": " "}, rules.NO_WORDS),
        ({"student": world.other_student}, rules.ANOTHER_SCHOOL),
    ):
        fields = {"once": ids.new_id(), "channel": "mail", "words": "x", "came_at": frozen, "is_urgent": False,
                  "student": None} | fault  # fmt: skip
        with pytest.raises(CannotDo) as error:
            type_in(world.school, actor=psych, typed=TypedIn(**fields))
        assert code_of(error) == code
    few = counts_for(world.actor("head"), frozen)
    assert (few.rows, few.total, few.answered, few.hours, few.late) == ((), None, None, None, 0)
    for channel in ("paper", "mail") * 7:
        answer_letter(letter_of(world, weeks_ago=1, channel=channel), actor=psych, words="收到", seen=1)
    many = counts_for(world.actor("head"), frozen)
    assert many.total == 15
    assert many.hours == 7 * 24
    assert all(count is None or count >= 5 or count == 0 for row in many.rows for count in row.counts)
