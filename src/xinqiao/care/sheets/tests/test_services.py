"""Papers, sittings, excuses and the reading of results, in the suite's own database."""

import datetime as dt
import json

import pytest
from django.core.exceptions import FieldError
from django.db import DatabaseError, connection, transaction

from xinqiao.care.alerts.models import Attention
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.packs import read_pack, scale_folder
from xinqiao.care.scales.selectors import plan_for
from xinqiao.care.scales.services.publishing import publish_pack
from xinqiao.care.sheets import selectors
from xinqiao.care.sheets.models import AnswerSheet, CriticalTick, Paper, Sitting
from xinqiao.care.sheets.pupil.page import render_paper
from xinqiao.care.sheets.scoring import read_result, result_text, score_sheet
from xinqiao.care.sheets.services.papers import CannotBuildPaper, build_paper
from xinqiao.care.sheets.services.sittings import (
    mark_excused,
    open_sittings,
)
from xinqiao.care.sheets.states import Excuse, SittingState
from xinqiao.engines.scoring import pack_answers
from xinqiao.foundation.access.actors import Actor, Grant, system_actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.access.scoped import Unscoped
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.store import destroy_keys
from xinqiao.register.orgs.services.units import build_unit, ensure_class
from xinqiao.register.people.pins import pin_mac
from xinqiao.register.people.registering import StudentDraft, register_students

pytestmark = pytest.mark.django_db
ORIGIN = new_id()


@pytest.fixture
def school():
    county = build_unit(None, "county", "C1", "测试县")
    county.save()
    unit = build_unit(county, "school", "S1", "测试学校", stages="junior")
    unit.save()
    return unit


@pytest.fixture
def classes(school):
    return [ensure_class(school, "junior", 2025, number)[0] for number in (1, 2)]


@pytest.fixture
def students(school, classes):
    drafts = [
        StudentDraft(name=f"王{n}", class_unit=classes[n % 2], number=f"2025{n:04d}", sex="female") for n in range(4)
    ]
    drafts.append(StudentDraft(name="无号", class_unit=classes[0]))
    return register_students(school, drafts, dt.date(2026, 9, 1))


def published(*codes):
    with recording(system_actor("test")):
        return [publish_pack(read_pack(scale_folder() / f"{code}.yaml")) for code in codes]


@pytest.fixture
def paper(school):
    return build_paper(published("phq-9", "asq"), place=school.path, county_id=school.county_id)


@pytest.fixture
def sittings(paper, students):
    opened = open_sittings(ORIGIN, paper, students, opens_at=now(), closes_at=now() + dt.timedelta(days=1))
    return list(opened.sittings)


def actor(role, unit, **more):
    return Actor(id=new_id(), name="测试", grants=(Grant(role, unit.path),), **more)


def hand_in(sitting, answers):
    version = ScaleVersion.objects.get(code="phq-9")
    packed = pack_answers(answers)
    scored = score_sheet(plan_for(version.id), packed, [30] * 9)
    return AnswerSheet.objects.create(
        county_id=sitting.county_id, place=sitting.place, sitting=sitting, student_id=sitting.student_id,
        key_id=sitting.key_id, origin_id=sitting.origin_id, scale_code="phq-9", scale_id=version.id, answers=packed,
        seconds=(30).to_bytes(2, "little") * 9, result=result_text(scored), submitted_at=now(),
    )  # fmt: skip


def events(code):
    return list(AuditEvent.objects.filter(event=code))


class TestPapers:
    def test_a_paper_shows_questions_and_no_key(self, paper):
        content = json.loads(paper.content)
        assert [scale["id"] for scale in content["scales"]] == ["phq-9", "asq"]
        assert content["scales"][0]["items"][8]["critical"] == [1, 2, 3]
        assert content["scales"][1]["items"][4]["show_if"] == {"any_of": [1, 2, 3, 4], "code": 1}
        assert content["title"]["zh-hans"] != content["title"]["en"]
        assert "14" in content["intro"]["en"]
        assert paper.has_suicide_item
        page = render_paper(content).decode()
        assert "12356" in page
        assert "moderate" not in page

    def test_the_same_battery_is_stored_once_and_another_order_is_another_paper(self, paper, school):
        versions = {v.code: v for v in ScaleVersion.objects.all()}
        again = build_paper([versions["phq-9"], versions["asq"]], place=school.path, county_id=school.county_id)
        turned = build_paper([versions["asq"], versions["phq-9"]], place=school.path, county_id=school.county_id)
        assert again.id == paper.id != turned.id

    def test_a_scale_without_wording_and_an_empty_battery_are_refused_with_reasons(self, school):
        (mht,) = published("mht")
        with pytest.raises(CannotBuildPaper) as caught:
            build_paper([mht], place=school.path, county_id=school.county_id)
        assert caught.value.reasons == {"mht": ["no_wording"]}
        with pytest.raises(CannotBuildPaper):
            build_paper([], place=school.path, county_id=school.county_id)

    def test_a_paper_without_a_suicide_item_needs_no_duty(self, school):
        paper = build_paper(published("gad-7"), place=school.path, county_id=school.county_id)
        assert not paper.has_suicide_item


class TestSittings:
    def test_one_sitting_a_pupil_with_a_code_of_its_own(self, sittings, classes, students):
        assert len(sittings) == 4
        codes = [row["code"] for row in open_sealed(sittings, "code")]
        assert len(set(codes)) == 4
        for sitting, code in zip(sittings, codes, strict=True):
            assert bytes(sitting.code_mac) == pin_mac(sitting.id, code)
            assert sitting.window_code in {unit.window_code for unit in classes}
            assert sitting.number_index == sitting.student.number_index

    def test_pupils_who_could_not_be_found_at_the_door_are_named(self, paper, students, school):
        adrift = students[0]
        adrift.place = school.path
        opened = open_sittings(new_id(), paper, students, opens_at=now(), closes_at=now() + dt.timedelta(days=1))
        assert opened.without_class == (adrift.id,)
        assert opened.without_number == (students[4].id,)
        assert len(opened.sittings) == 3

    def test_a_second_sitting_of_the_same_round_is_refused_by_the_database(self, sittings, paper, students):
        with pytest.raises(DatabaseError), transaction.atomic():
            open_sittings(ORIGIN, paper, students[:1], opens_at=now(), closes_at=now() + dt.timedelta(days=1))
        again = open_sittings(
            ORIGIN, paper, students[:1], opens_at=now(), closes_at=now() + dt.timedelta(1), round_number=2
        )
        assert again.sittings[0].round == 2

    def test_handed_in_without_a_receipt_is_refused_by_the_database(self, sittings):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE sheets_sitting SET state = 'submitted'")

    def test_an_excuse_is_given_once_with_each_reason(self, sittings):
        assert mark_excused(sittings[0], Excuse.UNWELL)
        sittings[0].refresh_from_db()
        assert (sittings[0].state, sittings[0].excuse) == (SittingState.EXCUSED, Excuse.UNWELL)
        assert not mark_excused(sittings[0], Excuse.ABSENT)

    def test_a_handed_in_sitting_cannot_be_excused(self, sittings):
        Sitting.objects.for_system(reason="test").filter(pk=sittings[0].pk).update(
            state="submitted", receipt="AAAA-BBBB", submitted_at=now()
        )
        assert not mark_excused(sittings[0], Excuse.OTHER)


class TestReading:
    def test_everything_for_the_psychology_teacher_and_one_line_in_the_audit(self, sittings, school, students):
        for sitting in sittings[:2]:
            hand_in(sitting, [1] * 8 + [None])
        rows = selectors.results_for(actor(Role.PSYCH_TEACHER, school), ORIGIN)
        assert {row.student_name for row in rows} == {"王0", "王1"}
        assert rows[0].answers == (1,) * 8 + (None,)
        assert rows[0].seconds == (3.0,) * 9
        assert rows[0].result["faults"] == ["missing_answer:9"]
        (event,) = events("sheets.result.read")
        assert json.loads(event.facts)["count"] == 2
        assert "王" not in event.facts

    def test_reading_many_costs_as_many_queries_as_reading_one(
        self, sittings, school, django_assert_num_queries, django_assert_max_num_queries
    ):
        psych = actor(Role.PSYCH_TEACHER, school)
        hand_in(sittings[0], [0] * 9)
        with django_assert_max_num_queries(9) as first:
            selectors.results_for(psych, ORIGIN)
        for sitting in sittings[1:]:
            hand_in(sitting, [0] * 9)
        with django_assert_num_queries(len(first)):
            assert len(selectors.results_for(psych, ORIGIN)) == 4

    def test_nothing_for_others_and_nothing_in_the_audit(self, sittings, school, classes):
        hand_in(sittings[0], [0] * 9)
        other = build_unit(school.parent, "school", "S2", "另一所")
        other.save()
        for nobody in (actor(Role.CLASS_TEACHER, classes[0]), actor(Role.PSYCH_TEACHER, other),
                       actor(Role.PRINCIPAL, school)):  # fmt: skip
            assert selectors.results_for(nobody, ORIGIN) == []
            assert selectors.sheets_of(nobody, sittings[0].student_id) == []
        assert events("sheets.result.read") == []

    def test_one_pupil_after_the_key_was_destroyed(self, sittings, school):
        hand_in(sittings[0], [0] * 9)
        destroy_keys([sittings[0].key_id])
        (row,) = selectors.sheets_of(actor(Role.PSYCH_TEACHER, school), sittings[0].student_id)
        assert (row.student_name, row.answers, row.seconds, row.result) == ("（已删除）", (), (), {})

    def test_ticks_are_read_in_order(self, sittings, school):
        for n, answer in enumerate((1, 0)):
            CriticalTick.objects.create(
                county_id=sittings[0].county_id, place=sittings[0].place, sitting=sittings[0],
                student_id=sittings[0].student_id, key_id=sittings[0].key_id, scale_code="phq-9",
                answer=json.dumps({"item": 9, "answer": answer}), ticked_at=now(), once=f"t{n}",
            )  # fmt: skip
        rows = selectors.ticks_of(actor(Role.PSYCH_TEACHER, school), sittings[0].student_id)
        assert [(row.item, row.answer) for row in rows] == [(9, 1), (9, 0)]
        assert len(events("sheets.result.read")) == 1

    def test_a_class_teacher_sees_level_and_state_of_the_own_class_only(self, sittings, school, classes):
        hand_in(sittings[0], [3] * 9)
        Attention.objects.create(
            county_id=sittings[0].county_id, place=sittings[0].place, student_id=sittings[0].student_id,
            key_id=sittings[0].key_id, level="orange", basis_kind="interview", set_by=new_id(), set_at=now(),
        )  # fmt: skip
        rows = selectors.levels_for(actor(Role.CLASS_TEACHER, classes[0]), ORIGIN)
        assert [(row.student_name, row.level) for row in rows] == [("王0", "orange"), ("王2", "")]
        assert not {"answers", "result", "scores"} & set(vars(rows[0]))
        assert len(events("sheets.level.read")) == 1

    def test_seat_list_codes_for_the_own_class(self, sittings, school, classes):
        rows = selectors.codes_for(actor(Role.CLASS_TEACHER, classes[1]), ORIGIN)
        assert [row.student_number for row in rows] == ["20250001", "20250003"]
        everything = selectors.codes_for(actor(Role.PSYCH_TEACHER, school), ORIGIN, classes[0].path)
        assert [row.student_name for row in everything] == ["王0", "王2"]
        assert all(len(row.code) == 8 for row in everything)

    def test_results_cannot_be_asked_without_a_scope_or_searched(self, sittings):
        with pytest.raises(Unscoped):
            list(AnswerSheet.objects.filter(origin_id=ORIGIN))
        with pytest.raises(FieldError):
            AnswerSheet.objects.for_system(reason="test").filter(result__contains="total")
        assert isinstance(selectors.paper_by_id(Paper.objects.for_system(reason="test").get().id), Paper)


def test_a_result_is_read_as_it_was_written(school):
    (version,) = published("phq-9")
    scored = score_sheet(plan_for(version.id), pack_answers([1] * 9), None)
    read = read_result(result_text(scored))
    assert (read["scores"], read["critical"], read["care"]["seconds_per_item"]) == ({"total": 9}, [9], None)
    quick = score_sheet(plan_for(version.id), pack_answers([1] * 9), [5] * 9)
    assert read_result(result_text(quick))["care"]["because"] == ["too_fast"]
    assert score_sheet(plan_for(version.id), pack_answers([1] * 9), [0] * 9).care.indices.seconds_per_item is None
