"""Every move of a feedback and of a meeting is made by the services, hooks and jobs, and stands in the audit."""

from dataclasses import replace

import pytest

from xinqiao.care.alerts.services.levels import Basis, set_attention
from xinqiao.care.feedback.jobs.calling import keep_meetings
from xinqiao.care.feedback.jobs.keeping import keep_owed
from xinqiao.care.feedback.models import Feedback
from xinqiao.care.feedback.rules import CannotDo
from xinqiao.care.feedback.services.ending import let_go
from xinqiao.care.feedback.services.meetings import ClosingDraft, close_meeting, open_meeting
from xinqiao.care.feedback.services.telling import open_words, release_words
from xinqiao.care.feedback.services.trying import TryDraft, give_up, record_try
from xinqiao.care.feedback.states import MEETING_MOVES, MOVES, NOT_HEARD, FeedbackState
from xinqiao.care.feedback.tests.conftest import ADVICE, SAID, Meeting, rows
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.tests.walking import name_of, unheard, walk
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.models import Membership
from xinqiao.register.duty.tests.world import add_staff
from xinqiao.register.people.services.students import end_enrolment

pytestmark = pytest.mark.django_db
WALKED = (MOVES, MEETING_MOVES)
WHY = "复看后已恢复正常，不再需要"


class Owed:
    """One feedback on the first pupil: of teachers or of a guardian, brought to where a move begins."""

    def __init__(self, house, move):
        self.house, self.psych = house, house.psych
        self.is_of_teachers = move.source == FeedbackState.RELEASED or move.event.startswith("feedback.words.")
        if move.source == FeedbackState.OWED and self.is_of_teachers:
            self.lose_teacher()
        self.signal = house.settle()
        self.id = house.owed("teachers" if self.is_of_teachers else "guardian").pk
        if move.source in NOT_HEARD:
            {"withheld": self.withhold, "refused": self.refuse, "unreachable": self.lose_sight}[str(move.source)]()

    @property
    def row(self):
        return rows(Feedback).select_related("student", "signal__student").get(pk=self.id)

    def lose_teacher(self):
        Membership.objects.filter(user=self.house.world.users["teacher"]).delete()

    def find_teacher(self):
        world = self.house.world
        add_staff(world, "fresh", "新班主任", Role.CLASS_TEACHER, world.class_b, unit=world.school)
        keep_owed(clock.now())

    def follow_teacher(self):
        self.lose_teacher()
        self.find_teacher()

    def release(self, *logins):
        ids = [self.house.world.id_of(login) for login in logins]
        release_words(self.row, actor=self.psych, words=ADVICE, teachers=ids)

    def take_back(self):
        """Two may open the words, one does, and the other no longer may."""
        self.release("teacher", "subject")
        self.open()
        assert self.row.state == FeedbackState.RELEASED
        self.release("teacher")

    def open(self):
        open_words(self.house.word(), actor=self.house.world.actor("teacher"))

    def attempt(self, outcome):
        draft = TryDraft(tried_at=clock.now(), way="phone", outcome=outcome, words=SAID)
        record_try(self.row, actor=self.psych, draft=draft)

    def reach(self):
        self.attempt("reached")

    def refuse(self):
        self.attempt("refused")

    def lose_sight(self):
        for _ in range(3):
            self.attempt("nobody")
        give_up(self.row, actor=self.psych, reason="手机停机，住址搬走，无人知道新址")

    def tell(self):
        self.house.tell(self.signal)

    def withhold(self):
        self.house.tell(self.signal, way="withheld", words="家中有暴力，告知会使孩子处境更危险")

    def leave(self):
        end_enrolment(self.row.student, actor=self.psych, on=clock.today())

    def let_go(self):
        """The pupil has no level any more; then a person lets it go."""
        set_attention(
            self.row.student, actor=self.psych, level="green", advice="", basis=Basis("review"), review_on=None
        )
        let_go(self.row, actor=self.psych, reason=WHY)


ACTS = {
    ("owed", "released", "feedback.words.released"): lambda it: it.release("subject"),
    ("owed", "released", "feedback.words.kept"): Owed.find_teacher,
    ("released", "released", "feedback.words.released"): lambda it: it.release("teacher", "subject"),
    ("released", "released", "feedback.words.kept"): Owed.follow_teacher,
    ("released", "given", "feedback.words.opened"): Owed.open,
    ("released", "given", "feedback.words.released"): Owed.take_back,
    ("owed", "refused", "feedback.guardian.tried"): Owed.refuse,
    ("owed", "unreachable", "feedback.guardian.given_up"): Owed.lose_sight,
    ("owed", "withheld", "feedback.owed.counted"): Owed.withhold,
    **{(source, "given", "feedback.guardian.tried"): Owed.reach for source in ("owed", *NOT_HEARD)},
    **{(source, "given", "feedback.owed.counted"): Owed.tell for source in ("owed", *NOT_HEARD)},
    **{(source, "dropped", "feedback.owed.dropped"): Owed.leave for source in ("owed", "released")},
    **{(source, "dropped", "feedback.owed.let_go"): Owed.let_go for source in ("owed", "released")},
}
BY = {"feedback.words.opened": "teacher"}


def walk_of(house, move, *, act=None):
    """The check of one move: by whom, and about the pupil. What a hook does stands under who did what it follows."""
    it, key = Owed(house, move), (str(move.source), str(move.target), move.event)
    is_clock = move.event == "feedback.words.kept"
    by = system_actor("feedback.keep") if is_clock else house.world.actor(BY.get(move.event, "psych"))
    walk(move, lambda: it.row.state, lambda: (act or ACTS[key])(it), by=by, of=it.row.student_id)


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_every_move_of_a_feedback(house, move):
    walk_of(house, move)


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_control_without_its_event_the_same_walk_is_red(house, monkeypatch, move):
    unheard(monkeypatch, move.event)
    with pytest.raises(AssertionError, match="no event"):
        walk_of(house, move)


def test_control_a_move_that_the_services_refuse_is_red(house):
    invented = replace(MOVES[0], source=FeedbackState.UNREACHABLE, target=FeedbackState.DROPPED)
    with pytest.raises(CannotDo):
        walk_of(house, invented, act=Owed.let_go)


def meeting_walk_of(house, move):
    """The check of one move of the meeting that the clock has dated: by the principal, about the meeting."""
    head, world = house.world.actor("head"), house.world
    keep_meetings(clock.now())
    meeting = rows(Meeting).get(school_id=world.school.id)
    present = tuple(world.id_of(login) for login in ("head", "psych", "teacher"))
    draft = ClosingDraft(present=present, words="近来考试焦虑较多，安排一次主题班会")
    if move.source == "open":
        open_meeting(meeting, actor=head)
    act = {
        "open": lambda: open_meeting(meeting, actor=head),
        "held": lambda: close_meeting(meeting, actor=head, draft=draft),
    }[str(move.target)]
    walk(move, lambda: rows(Meeting).get(pk=meeting.pk).state, act, by=head, of=meeting.pk)


@pytest.mark.parametrize("move", MEETING_MOVES, ids=name_of)
def test_every_move_of_a_meeting(house, move):
    meeting_walk_of(house, move)


@pytest.mark.parametrize("move", MEETING_MOVES, ids=name_of)
def test_control_without_its_event_the_same_meeting_is_red(house, monkeypatch, move):
    unheard(monkeypatch, move.event)
    with pytest.raises(AssertionError, match="no event"):
        meeting_walk_of(house, move)
