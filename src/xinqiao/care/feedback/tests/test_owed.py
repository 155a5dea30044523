"""Two feedbacks are owed on every flagged pupil, and end by what somebody did, or with a reason; never by the clock."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from xinqiao.care.alerts.models import GuardianTold
from xinqiao.care.alerts.services.levels import Basis, set_attention
from xinqiao.care.crisis.services.following_up import FollowUpDraft, record_follow_up
from xinqiao.care.crisis.services.opening import open_case
from xinqiao.care.feedback import following
from xinqiao.care.feedback.jobs.keeping import keep_owed
from xinqiao.care.feedback.models import Feedback, GuardianTry, TeacherWord
from xinqiao.care.feedback.rules import CannotDo
from xinqiao.care.feedback.selectors.owed import count_rows
from xinqiao.care.feedback.selectors.words import find_word, own_words
from xinqiao.care.feedback.services.ending import let_go
from xinqiao.care.feedback.services.telling import open_words, release_words
from xinqiao.care.feedback.services.trying import TryDraft, give_up, record_try
from xinqiao.care.feedback.tests.conftest import ADVICE, SAID, rows
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.accounts.models import Membership
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.duty.tests.world import add_staff
from xinqiao.register.people.hooks import Moved, students_moved
from xinqiao.register.people.models import Student

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WORDS = "上课多鼓励，请假当面说明，有事找我"


def tried(house, outcome="reached", **more):
    fields = {"tried_at": clock.now(), "way": "phone", "outcome": outcome, "words": SAID}
    return record_try(house.owed(), actor=house.psych, draft=TryDraft(**{**fields, **more}))


@pytest.mark.parametrize(("outcome", "level"), [("watch", "yellow"), ("case", "orange")])
def test_a_pupil_who_stays_in_view_or_in_care_is_owed_both_with_clocks(house, outcome, level):
    house.settle(outcome=outcome, level=level)
    teachers, guardian = house.owed("teachers"), house.owed()
    assert (teachers.state, guardian.state) == ("released", "owed")
    for row in (teachers, guardian):
        assert house.clock(row).due_at == row.due_at
        assert house.clock(row).met_at is None
    assert teachers.due_at < guardian.due_at


def owes_of_nothing(house):
    house.settle(outcome="nothing", level="")
    assert rows(Feedback).count() == 0


def test_of_one_with_nothing_to_it_nothing_is_owed(house):
    owes_of_nothing(house)


def test_control_if_every_end_flagged_the_same_check_would_fail(house, monkeypatch):
    monkeypatch.setattr(following, "FLAGGED", ("case", "watch", "nothing"))
    with pytest.raises(AssertionError):
        owes_of_nothing(house)


def test_a_second_flag_while_both_run_owes_nothing_new(house):
    house.settle()
    house.settle(house.signal(), level="orange")
    assert rows(Feedback).count() == 2
    again = house.owed()
    again.pk = Feedback().id
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_class_teachers_may_open_the_advice_of_the_level_and_the_last_receipt_ends_it(house):
    house.settle()
    word = house.word()
    assert not word.feedback.done_at
    open_words(word, actor=house.world.actor("teacher"))
    row = house.owed("teachers")
    assert (row.state, row.through, row.done_by) == ("given", "words", house.world.id_of("teacher"))
    assert house.clock(row).met_at == clock.now()
    assert isinstance(open_words(house.word(), actor=house.world.actor("teacher")), Unchanged)
    assert open_sealed([row], "words")[0]["words"] == ADVICE


def waits_for_all(house):
    house.settle()
    ids = [house.world.id_of("teacher"), house.world.id_of("subject")]
    release_words(house.owed("teachers"), actor=house.psych, words=WORDS, teachers=ids)
    open_words(house.word(), actor=house.world.actor("teacher"))
    assert house.owed("teachers").state == "released"
    open_words(house.word("subject"), actor=house.world.actor("subject"))
    assert house.owed("teachers").state == "given"


def test_words_released_to_two_wait_for_both(house):
    waits_for_all(house)


def test_control_if_one_receipt_were_enough_the_same_check_would_fail(house, monkeypatch):
    from xinqiao.care.feedback.services import telling

    monkeypatch.setattr(telling, "all_opened", lambda _row: True)
    with pytest.raises(AssertionError):
        waits_for_all(house)


def test_nobody_opens_the_words_of_somebody_else(house):
    house.settle()
    with pytest.raises(Forbidden):
        open_words(house.word(), actor=house.world.actor("other_psych"))
    own = TeacherWord.objects.visible_to(house.world.actor("teacher_a"), "feedback.words:own")
    assert list(own) == []


@pytest.mark.parametrize(
    "words", ["他的 PHQ-9 偏高，请多关心他", "得了抑郁症，请大家让着他一点", "测评得了 21 分，请多关心他"]
)
def test_words_that_say_why_are_refused(house, words):
    house.settle()
    with pytest.raises(CannotDo) as refused:
        release_words(house.owed("teachers"), actor=house.psych, words=words, teachers=[house.world.id_of("teacher")])
    assert refused.value.codes == ("forbidden_words",)
    assert refused.value.spots


def test_a_stranger_to_the_pupil_is_no_reader(house):
    house.settle()
    with pytest.raises(CannotDo, match="not_concerned"):
        release_words(house.owed("teachers"), actor=house.psych, words=WORDS, teachers=[house.world.id_of("teacher_a")])


def test_without_a_class_teacher_it_is_missing_until_one_is_named(house):
    Membership.objects.filter(user=house.world.users["teacher"]).delete()
    house.settle()
    assert house.owed("teachers").state == "owed"
    assert keep_owed(clock.now()) == 0
    add_staff(house.world, "fresh", "新班主任", Role.CLASS_TEACHER, house.world.class_b, unit=house.world.school)
    assert keep_owed(clock.now()) == 1
    assert house.word("fresh").opened_at is None
    assert keep_owed(clock.now()) == 0, "run twice it changes nothing"


def test_a_talk_written_down_with_the_signal_is_the_feedback(house):
    signal = house.settle()
    told = house.tell(signal)
    row = house.owed()
    assert (row.state, row.through, row.origin_id) == ("given", "told", told.id)
    assert rows(GuardianTry).count() == 0, "nobody writes it a second time"


def test_one_that_was_told_before_the_talk_counts_at_once(house):
    signal = house.signal(urgency="red")
    house.tell(signal)
    house.settle(signal, outcome="case", level="red")
    assert (house.owed().state, house.owed().through) == ("given", "told")


def test_control_without_the_hook_the_same_talk_is_not_counted(house, monkeypatch):
    monkeypatch.setattr("xinqiao.care.feedback.following.count_as_given", lambda *_args, **_more: False)
    with pytest.raises(AssertionError):
        test_a_talk_written_down_with_the_signal_is_the_feedback(house)


def test_who_is_not_told_for_the_childs_protection_is_not_called_given(house):
    house.tell(house.settle(), way="withheld", words="家中有暴力，告知会使孩子处境更危险")
    assert (house.owed().state, house.owed().through) == ("withheld", "withheld")
    assert house.clock(house.owed()).cancel_reason == "withheld"


def test_a_talk_with_guardians_in_the_case_counts(house):
    case = open_case(house.world.students[0], actor=house.psych, urgency="orange", why="家里有变故，情绪低落")
    assert keep_owed(clock.now()) == 2, "a case opened by hand flags, too"
    draft = FollowUpDraft(held_at=clock.now(), way="phone", whom="guardian", words=SAID)
    record_follow_up(case, actor=house.psych, draft=draft)
    assert (house.owed().state, house.owed().through) == ("given", "follow_up")


def test_a_try_that_reached_a_guardian_is_written_with_the_signal_and_ends_its_clock(house):
    signal = house.settle(house.signal(urgency="red"), outcome="case", level="red")
    made = tried(house, way="visit")
    row = house.owed()
    assert (row.state, row.through, row.origin_id) == ("given", "here", made.id)
    told = rows(GuardianTold).get()
    assert (told.signal_id, told.way) == (signal.id, "in_person")
    assert house.clock(signal, "guardian").met_at == clock.now()


def test_a_refusal_ends_it_with_its_words_and_a_later_talk_counts_after_all(house):
    house.settle()
    tried(house, "refused", words="父亲说不谈这件事，挂了电话")
    assert house.owed().state == "refused"
    tried(house)
    assert house.owed().state == "given"


def why_not(act, house, reason):
    try:
        act(house.owed(), actor=house.psych, reason=reason)
    except CannotDo as error:
        return error.codes
    return ()


def gives_up_after_three(house):
    house.settle()
    for _ in range(2):
        tried(house, "nobody", words="打了两次都没有人接听")
    assert why_not(give_up, house, "手机停机，住址搬走，无人知道新址") == ("too_few_tries",)
    tried(house, "nobody", words="上门家访，邻居说已经搬走")
    give_up(house.owed(), actor=house.psych, reason="手机停机，住址搬走，无人知道新址")
    assert house.owed().state == "unreachable"


def test_nobody_is_unreachable_before_the_tries_that_the_rules_ask_for(house):
    gives_up_after_three(house)


def test_control_without_the_rule_the_same_check_would_fail(house, monkeypatch):
    monkeypatch.setattr("xinqiao.care.feedback.rules.refusals_to_give_up", lambda **_facts: ())
    with pytest.raises(AssertionError):
        gives_up_after_three(house)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"words": "短"}, "no_words"), ({"tried_at": "ahead"}, "in_future"), ({"tried_at": "before"}, "before_flag"),
     ({"guardian_id": "stranger"}, "not_a_guardian")],
)  # fmt: skip
def test_a_try_that_cannot_have_been_is_refused(house, more, code):
    house.settle()
    values = {"ahead": clock.now() + DAY, "before": clock.now() - 9 * DAY, "stranger": house.world.id_of("head")}
    with pytest.raises(CannotDo) as refused:
        tried(house, **{name: values.get(value, value) for name, value in more.items()})
    assert refused.value.codes == (code,)
    assert rows(GuardianTry).count() == 0


def lets_go_when_over(house):
    house.settle()
    assert why_not(let_go, house, "复看后已恢复正常，不再需要") == ("still_flagged",)
    set_attention(
        house.world.students[0], actor=house.psych, level="green", advice="", basis=Basis("review"), review_on=None
    )
    assert house.owed().state == "owed", "nothing ends by itself"
    assert why_not(let_go, house, "短") == ("no_words",)
    assert why_not(let_go, house, "复看后已恢复正常，不再需要") == ()
    assert house.owed().state == "dropped"
    assert house.clock(house.owed()).cancel_reason == "dropped"
    assert why_not(let_go, house, "复看后已恢复正常，不再需要") == ("not_running",)


def test_it_is_let_go_by_a_person_once_the_pupil_is_not_flagged_any_more(house):
    lets_go_when_over(house)
    (row,) = count_rows(house.world.actor("head"))
    assert (row.flagged, row.both) == (1, 0), "it still counts, as never given"


def test_control_if_anybody_could_be_let_go_the_same_check_would_fail(house, monkeypatch):
    monkeypatch.setattr("xinqiao.care.feedback.services.ending.is_flagged", lambda _student_id: False)
    with pytest.raises(AssertionError):
        lets_go_when_over(house)


def test_two_at_once_end_it_once(house):
    house.settle()
    first, second = house.owed(), house.owed()
    record_try(first, actor=house.psych, draft=TryDraft(clock.now(), "phone", "reached", SAID))
    with pytest.raises(CannotDo, match="not_running"):
        record_try(second, actor=house.psych, draft=TryDraft(clock.now(), "phone", "reached", SAID))
    assert rows(GuardianTry).count() == 1


def test_what_is_overdue_climbs_in_neutral_words(house):
    house.settle()
    row = house.owed()
    OutboxMessage.objects.for_system(reason="test").delete()
    with clock.frozen(row.due_at + dt.timedelta(minutes=1)):
        climbed = climb_due(clock.now())
    assert {climb.subject_kind for climb in climbed} >= {"feedback"}
    assert OutboxMessage.objects.for_system(reason="test").filter(about_id=row.id).exists()
    assert AuditEvent.objects.filter(event="feedback.clock.overdue", subject_id=row.id).exists()
    assert house.owed().state == "owed", "time moves no state"


def test_of_a_pupil_who_left_nothing_is_owed_any_more(house):
    house.settle()
    child = house.world.students[0]
    with_actor = Moved(child.id, child.county_id, child.place, child.school_place, is_at_school=False, on=clock.today())
    from xinqiao.foundation.access.actors import system_actor
    from xinqiao.foundation.audit.recording import recording

    with recording(system_actor("test")):
        students_moved.send([with_actor])
    assert {house.owed("teachers").state, house.owed().state} == {"dropped"}
    assert not house.clock(house.owed()).next_climb_at


def reads_nothing_after_a_move(house):
    house.settle()
    word, teacher = house.word(), house.world.actor("teacher")
    open_words(word, actor=teacher)
    assert len(own_words(teacher)) == 1
    Student.objects.for_system(reason="test").filter(pk=house.world.students[0].pk).update(
        place=house.world.class_a.path
    )
    assert own_words(teacher) == []
    assert find_word(teacher, word.id) is None


def test_of_a_pupil_who_moved_to_another_class_the_old_teacher_reads_nothing_any_more(house):
    reads_nothing_after_a_move(house)


def test_control_if_the_place_were_not_asked_the_same_check_would_fail(house, monkeypatch):
    monkeypatch.setattr("xinqiao.care.feedback.selectors.words.covers", lambda _outer, _inner: True)
    with pytest.raises(AssertionError):
        reads_nothing_after_a_move(house)


def test_a_level_set_anew_after_green_and_a_case_opened_by_hand_are_flags_of_their_own_and_owed_once(house):
    student = house.world.students[0]
    house.tell(house.settle())
    open_words(house.word(), actor=house.world.actor("teacher"))
    for hours, level, advice in ((1, "green", ""), (2, "yellow", ADVICE)):
        with clock.frozen(clock.now() + dt.timedelta(hours=hours)):
            day = clock.today() + 14 * DAY if level == "yellow" else None
            set_attention(student, actor=house.psych, level=level, advice=advice, basis=Basis("review"), review_on=day)
            assert keep_owed(clock.now()) == (0 if level == "green" else 2)
    with clock.frozen(clock.now() + dt.timedelta(hours=3)):
        assert keep_owed(clock.now()) == 0, "both run"
        tried(house)
    with clock.frozen(clock.now() + dt.timedelta(hours=4)):
        open_case(student, actor=house.psych, urgency="orange", why="家里有变故，情绪低落")
        assert keep_owed(clock.now()) == 1, "the guardian hears of the case, the teachers' words still run"
        assert keep_owed(clock.now()) == 0


def asks_for_new_receipts(house):
    house.settle()
    both = [house.world.id_of("teacher"), house.world.id_of("subject")]
    release_words(house.owed("teachers"), actor=house.psych, words=ADVICE, teachers=both)
    open_words(house.word(), actor=house.world.actor("teacher"))
    release_words(house.owed("teachers"), actor=house.psych, words=WORDS, teachers=both)
    open_words(house.word("subject"), actor=house.world.actor("subject"))
    assert house.owed("teachers").state == "released", "the class teacher has not opened these words"
    open_words(house.word(), actor=house.world.actor("teacher"))
    assert house.owed("teachers").state == "given"


def test_other_words_ask_for_receipts_of_their_own(house):
    asks_for_new_receipts(house)


def test_control_if_an_old_receipt_would_do_the_same_check_would_fail(house, monkeypatch):
    monkeypatch.setattr("xinqiao.care.feedback.services.telling.open_sealed", lambda *_a: [{"words": WORDS}])
    with pytest.raises(AssertionError):
        asks_for_new_receipts(house)
