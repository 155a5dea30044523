"""Printed sheets: what may be typed, twice, by whom; and each becomes the sheet the intake would have written."""

import datetime as dt
import json
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from xinqiao.care.alerts.models import Signal
from xinqiao.care.scales.packs import read_pack, scale_folder
from xinqiao.care.scales.selectors import plan_for
from xinqiao.care.scales.services.publishing import publish_pack
from xinqiao.care.sheets import typed
from xinqiao.care.sheets.intake.replies import Reply
from xinqiao.care.sheets.jobs.sweeping import sweep_typings
from xinqiao.care.sheets.models import AnswerSheet, CriticalTick, PaperTyping, Sitting
from xinqiao.care.sheets.scoring import result_text, score_sheet
from xinqiao.care.sheets.services import typing
from xinqiao.care.sheets.services.papers import build_paper
from xinqiao.care.sheets.services.sittings import mark_excused, open_sittings
from xinqiao.care.sheets.services.typing import CannotType, discard_typings, settle_typings, type_sheet
from xinqiao.care.sheets.typed import Mistyped, Question, read_typing, refusal_of_second
from xinqiao.engines.scoring import pack_answers
from xinqiao.foundation.access.actors import Actor, Forbidden, Grant, system_actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged, recording
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.services.units import build_unit, ensure_class
from xinqiao.register.people.registering import StudentDraft, register_students

READ = "a test reads all"
CALM, CRY = "000000000" + "0000-" + "-", "111111112" + "0000-" + "-"  # PHQ-9, ASQ, the box for a talk
SLIP = "000300000" + "0000-" + "-"  # the fourth answer mistyped


def question(item=1, codes=(0, 1, 2, 3), scale="a", **more) -> Question:
    return Question(scale, item, codes, **more)


GATED = (question(1, (0, 1)), question(2, (0, 1)), question(3, (0, 1), asked_if=((1, 2), 1)))


class TestWhatMayBeTyped:
    @pytest.mark.parametrize("as_typed", ["01-", " 0 1 - ", "０１—", "01."])
    def test_a_sheet_is_read_however_it_was_grouped_or_widened(self, as_typed):
        assert read_typing(as_typed, [question(n) for n in (1, 2, 3)]) == "01-"

    @pytest.mark.parametrize(
        ("as_typed", "code", "place"),
        [("014", "wrong_code", 3), ("0x1", "wrong_code", 2), ("01", "too_short", 3), ("0123", "too_long", 4)],
    )
    def test_what_is_no_sheet_of_this_paper_is_refused_with_its_place(self, as_typed, code, place):
        with pytest.raises(Mistyped) as caught:
            read_typing(as_typed, [question(n) for n in (1, 2, 3)])
        assert (caught.value.code, caught.value.place) == (code, place)

    def test_a_question_that_was_not_to_be_answered_is_blank_as_on_the_pupils_page(self):
        assert read_typing("001", GATED) == "00-"
        assert read_typing("011", GATED) == "011"

    def test_codes_of_two_digits_have_a_letter(self):
        assert typed.can_be_typed([question(codes=(9, 10))])
        assert typed.answers_of("a", [question(codes=(9, 10))]) == {"a": [10]}
        assert not typed.can_be_typed([question(codes=(0, 200))])

    def test_differences_are_settled_with_what_the_paper_says_and_none_is_left_open(self):
        assert typed.differences("0123", "0223") == (1,)
        assert typed.settled("0123", "0223", {1: "-"}) == "0-23"
        with pytest.raises(Mistyped):
            typed.settled("0123", "0223", {})

    @pytest.mark.parametrize(
        ("rule", "is_same", "is_done", "code"),
        [("after_class", False, False, ""), ("after_class", True, False, "pile_first"),
         ("after_class", True, True, ""), ("other_person", True, True, "needs_other_person"),
         ("other_person", False, False, "")],
    )  # fmt: skip
    def test_who_may_type_a_sheet_the_second_time(self, rule, is_same, is_done, code):
        assert refusal_of_second(rule=rule, is_same_person=is_same, is_pile_done=is_done) == code


@pytest.fixture
def place(db):
    county = build_unit(None, "county", "C1", "测试县")
    county.save()
    school = build_unit(county, "school", "S1", "测试学校", stages="junior")
    school.save()
    unit, _is_new = ensure_class(school, "junior", 2025, 1)
    drafts = [StudentDraft(name=f"王{n}", class_unit=unit, number=f"2025{n:04d}", sex="female") for n in range(3)]
    students = register_students(school, drafts, dt.date(2026, 9, 1))
    with recording(system_actor("test")):
        versions = [publish_pack(read_pack(scale_folder() / f"{code}.yaml")) for code in ("phq-9", "asq")]
    paper = build_paper(versions, place=school.path, county_id=school.county_id)
    opens_at = now() - dt.timedelta(hours=1)
    opened = open_sittings(new_id(), paper, students, opens_at=opens_at, closes_at=opens_at + dt.timedelta(days=1))
    return SimpleNamespace(school=school, unit=unit, versions=versions, sittings=opened.sittings)


def somebody(place, role=Role.PSYCH_TEACHER, *more: Grant) -> Actor:
    return Actor(id=new_id(), name="测试", grants=(Grant(role, place.school.path), *more))


def enter(sitting, actor, text, key, **more):
    return type_sheet(sitting, actor=actor, typed=text, key=f"key-{key}-00000000", **more)


def as_stored(sitting) -> Sitting:
    return Sitting.objects.for_system(reason=READ).get(pk=sitting.pk)


def rows(model, sitting):
    return list(model.objects.for_system(reason=READ).filter(**_of(model, sitting)))


def _of(model, sitting):
    return {"origin_id": sitting.pk} if model is Signal else {"sitting_id": sitting.pk}


def twice(sitting, place, first, second):
    enter(sitting, somebody(place), first, "first")
    return enter(sitting, somebody(place, Role.PAPER_TYPIST), second, "second")


class TestTwice:
    def test_two_typings_that_agree_are_handed_in_as_the_intake_writes_them(self, place):
        sitting = place.sittings[0]
        assert enter(sitting, somebody(place), CALM, "first").standing == "once"
        assert as_stored(sitting).state == "waiting"
        assert enter(sitting, somebody(place, Role.PAPER_TYPIST), CALM, "second").standing == "checked"
        stored = as_stored(sitting)
        assert (stored.state, stored.device, len(stored.receipt)) == ("submitted", "paper", 9)
        sheets = sorted(rows(AnswerSheet, sitting), key=lambda sheet: sheet.scale_code)
        opened = open_sealed(sheets, "answers", "seconds", "result")
        by_code = {"phq-9": pack_answers([0] * 9), "asq": pack_answers([0, 0, 0, 0, None])}
        for sheet, words in zip(sheets, opened, strict=True):
            packed = by_code.pop(sheet.scale_code)
            digital = score_sheet(plan_for(sheet.scale_id), packed, None, sex="female", grade=None, age=None)
            assert (words["answers"], words["seconds"]) == (packed, None)
            assert words["result"] == result_text(digital)
        assert by_code == {}
        assert rows(PaperTyping, sitting) == []

    def wrong_digit(self, place) -> None:
        """A digit typed wrong once must not become a result."""
        sitting = place.sittings[0]
        assert twice(sitting, place, SLIP, CALM).standing == "differs"
        assert as_stored(sitting).state == "waiting"
        assert rows(AnswerSheet, sitting) == []

    def test_a_digit_typed_wrong_once_never_becomes_a_result(self, place):
        self.wrong_digit(place)

    def test_control_without_the_comparison_it_does(self, place, monkeypatch):
        monkeypatch.setattr(typing, "differences", lambda first, second: ())
        with pytest.raises(AssertionError):
            self.wrong_digit(place)

    def test_differences_are_settled_against_the_paper(self, place):
        sitting = place.sittings[0]
        twice(sitting, place, SLIP, CALM)
        with pytest.raises(CannotType) as caught:
            settle_typings(sitting, actor=somebody(place), chosen={})
        assert (caught.value.code, caught.value.place) == ("wrong_code", 4)
        with pytest.raises(CannotType):
            settle_typings(sitting, actor=somebody(place), chosen={3: "7"})
        actor = somebody(place)
        assert settle_typings(sitting, actor=actor, chosen={3: "2"}).standing == "checked"
        assert settle_typings(sitting, actor=actor, chosen={3: "2"}) == Unchanged("checked")
        (sheet,) = (sheet for sheet in rows(AnswerSheet, sitting) if sheet.scale_code == "phq-9")
        assert open_sealed([sheet], "answers")[0]["answers"][3] == 2
        assert rows(PaperTyping, sitting) == []

    def test_the_same_person_waits_for_the_end_of_the_pile(self, place):
        actor, sitting = somebody(place), place.sittings[0]
        enter(sitting, actor, CALM, "first")
        with pytest.raises(CannotType) as caught:
            enter(sitting, actor, CALM, "second")
        assert caught.value.code == "pile_first"
        assert enter(sitting, actor, CALM, "second", is_pile_done=True).standing == "checked"

    def test_the_same_typing_sent_again_is_not_the_second_one(self, place):
        actor, sitting = somebody(place), place.sittings[0]
        enter(sitting, actor, CALM, "first")
        assert enter(sitting, actor, CALM, "first", is_pile_done=True) == Unchanged("once")
        with pytest.raises(CannotType) as caught:
            enter(sitting, actor, SLIP, "first")
        assert caught.value.code == "changed"
        enter(sitting, actor, CALM, "second", is_pile_done=True)
        receipt = as_stored(sitting).receipt
        assert enter(sitting, actor, CALM, "second", is_pile_done=True) == Unchanged("checked")
        assert as_stored(sitting).receipt == receipt

    def test_what_was_handed_in_excused_or_has_no_consent_is_refused_in_a_word(self, place):
        twice(place.sittings[0], place, CALM, CALM)
        mark_excused(place.sittings[1], "no_consent")
        mark_excused(place.sittings[2], "absent")
        codes = []
        for sitting in place.sittings:
            with pytest.raises(CannotType) as caught:
                enter(sitting, somebody(place), CALM, "third")
            codes.append(caught.value.code)
        assert codes == ["already_submitted", "no_consent", "excused"]

    def test_a_third_typing_waits_until_the_two_are_settled_or_given_up(self, place):
        sitting = place.sittings[0]
        twice(sitting, place, SLIP, CALM)
        with pytest.raises(CannotType) as caught:
            enter(sitting, somebody(place), CALM, "third")
        assert caught.value.code == "settle_first"
        discard_typings(sitting, actor=somebody(place))
        assert rows(PaperTyping, sitting) == []
        assert enter(sitting, somebody(place), CALM, "fourth").standing == "once"


class TestCriticalAnswer:
    def cry(self, place) -> None:
        """The first typing alone must reach the people on duty."""
        sitting = place.sittings[0]
        assert enter(sitting, somebody(place), CRY, "first").is_critical
        (signal,) = rows(Signal, sitting)
        assert (signal.urgency, signal.source, signal.once) == ("red", "critical_answer", f"critical:{sitting.pk}")
        assert len(rows(CriticalTick, sitting)) == 1
        assert as_stored(sitting).state == "waiting"

    def test_it_raises_a_red_signal_before_the_sheet_is_checked(self, place):
        self.cry(place)

    def test_control_without_the_tick_nobody_would_hear_of_it(self, place, monkeypatch):
        monkeypatch.setattr(typing, "write_typed_ticks", lambda *args, **kwargs: Reply(200))
        with pytest.raises(ValueError):
            self.cry(place)

    def test_handing_in_joins_that_signal(self, place):
        sitting = place.sittings[0]
        twice(sitting, place, CRY, CRY)
        assert [signal.urgency for signal in rows(Signal, sitting)] == ["red"]

    def test_a_critical_answer_that_was_a_slip_is_told_as_a_changed_tick(self, place):
        sitting = place.sittings[0]
        twice(sitting, place, CRY, CRY[:8] + "0" + CRY[9:])
        settle_typings(sitting, actor=somebody(place), chosen={8: "0"})
        ticks = sorted(rows(CriticalTick, sitting), key=lambda tick: tick.ticked_at)
        assert ['"answer": 2' in words["answer"] for words in open_sealed(ticks, "answer")] == [True, False]
        assert "red" in {signal.urgency for signal in rows(Signal, sitting)}  # a person closes it

    def test_one_seen_only_the_second_time_is_red_once_settled(self, place):
        sitting = place.sittings[0]
        twice(sitting, place, CALM, CALM[:8] + "1" + CALM[9:])
        assert rows(Signal, sitting) == []
        settle_typings(sitting, actor=somebody(place), chosen={8: "1"})
        assert [signal.urgency for signal in rows(Signal, sitting)] == ["red"]


class TestAskingToTalk:
    WISH = CALM[:-1] + "1"

    @pytest.mark.parametrize(("first", "second"), [(WISH, WISH), (CALM, WISH)], ids=["at once", "seen only later"])
    def test_the_box_for_a_talk_reaches_people_once_and_is_no_answer(self, place, first, second):
        sitting = place.sittings[0]
        twice(sitting, place, first, second)
        if first != second:
            settle_typings(sitting, actor=somebody(place), chosen={14: "1"})
        assert [(signal.source, signal.urgency) for signal in rows(Signal, sitting)] == [("student", "orange")]
        assert sum(len(words["answers"]) for words in open_sealed(rows(AnswerSheet, sitting), "answers")) == 14

    def test_nobody_is_told_of_an_empty_box(self, place):
        twice(place.sittings[0], place, CALM, CALM)
        assert rows(Signal, place.sittings[0]) == []


class TestWhoAndWhatIsKept:
    @pytest.mark.parametrize("role", [Role.CLASS_TEACHER, Role.GRADE_HEAD, Role.PRINCIPAL, Role.LEADING_GROUP])
    def test_others_do_not_type(self, place, role):
        with pytest.raises(Forbidden):
            enter(place.sittings[0], somebody(place, role), CALM, "first")

    def teacher_types(self, place) -> None:
        """Who teaches the class never sees its answers, whatever other duty they were given."""
        actor = somebody(place, Role.PAPER_TYPIST, Grant(Role.CLASS_TEACHER, place.unit.path))
        with pytest.raises(CannotType, match="class_teacher"):
            enter(place.sittings[0], actor, CALM, "first")

    def test_a_class_teacher_with_the_duty_does_not_type_the_own_class(self, place):
        self.teacher_types(place)

    LEADERS = (Role.GRADE_HEAD, Role.PRINCIPAL, Role.LEADING_GROUP, Role.COUNTY_OFFICER)

    @pytest.mark.parametrize("role", LEADERS)
    def test_who_leads_and_was_given_the_duty_neither_types_nor_settles(self, place, role):
        self.leader_types(place, role)

    def leader_types(self, place, role) -> None:
        leader = somebody(place, Role.PAPER_TYPIST, Grant(role, place.unit.path))
        twice(place.sittings[0], place, CALM, SLIP)
        for act in (lambda: enter(place.sittings[1], leader, CALM, "first"),
                    lambda: settle_typings(place.sittings[0], actor=leader, chosen={3: "0"}),
                    lambda: discard_typings(place.sittings[0], actor=leader)):  # fmt: skip
            with pytest.raises(CannotType, match="leads"):
                act()

    def test_who_leads_and_reads_answers_as_a_psychology_teacher_types(self, place):
        actor = somebody(place, Role.PSYCH_TEACHER, Grant(Role.LEADING_GROUP, place.unit.path),
                         Grant(Role.PAPER_TYPIST, place.unit.path))  # fmt: skip
        assert enter(place.sittings[0], actor, CALM, "first").standing == "once"

    def test_control_without_the_rule_who_leads_would(self, place, monkeypatch):
        monkeypatch.setattr(typing, "refusal_to_type", lambda actor, at: "")
        with pytest.raises(pytest.fail.Exception):
            self.leader_types(place, Role.PRINCIPAL)

    def test_control_without_that_rule_they_would(self, place, monkeypatch):
        monkeypatch.setattr(typing, "refusal_to_type", lambda actor, at: "")
        with pytest.raises(pytest.fail.Exception):
            self.teacher_types(place)

    def test_what_is_typed_is_sealed_and_the_audit_names_the_typist_and_no_answer(self, place):
        sitting, actor = place.sittings[0], somebody(place)
        enter(sitting, actor, CRY, "first")
        with connection.cursor() as cursor:
            cursor.execute("SELECT answers FROM sheets_papertyping")
            assert CRY.encode() not in bytes(cursor.fetchone()[0])
        (event,) = AuditEvent.objects.filter(event="sheets.paper.typed")
        assert (event.actor_id, event.subject_id) == (actor.id, sitting.pk)
        assert json.loads(event.facts) == {"turn": 1, "origin_id": str(sitting.origin_id)}
        assert not AuditEvent.objects.filter(subject_id=sitting.pk, actor_kind="student").exists()

    def test_a_sheet_typed_once_is_not_excused_away(self, place):
        enter(place.sittings[0], somebody(place), CALM, "first")
        assert not mark_excused(place.sittings[0], "absent")

    def test_the_clock_deletes_what_nobody_waits_for(self, place):
        for sitting in place.sittings:
            enter(sitting, somebody(place), CALM, "first")
        kept, gone, _other = place.sittings
        Sitting.objects.for_system(reason=READ).exclude(pk=kept.pk).update(state="excused", excuse="no_consent")
        assert sweep_typings(now()) == 2
        assert len(rows(PaperTyping, kept)) == 1
        assert rows(PaperTyping, gone) == []
        assert sweep_typings(now()) == 0

    def test_the_database_holds_one_typing_a_turn(self, place):
        sitting = place.sittings[0]
        enter(sitting, somebody(place), CALM, "first")
        (row,) = rows(PaperTyping, sitting)
        for turn in (1, 3):
            again = PaperTyping(
                county_id=row.county_id, place=row.place, sitting_id=sitting.pk, student_id=row.student_id,
                key_id=row.key_id, turn=turn, answers=CALM, key="another-key", typed_by=row.typed_by, typed_at=now(),
            )  # fmt: skip
            with pytest.raises(IntegrityError), transaction.atomic():
                again.save(force_insert=True)
