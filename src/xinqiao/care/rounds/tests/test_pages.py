"""Pages of rounds in both languages, what can be done on them, and what they tell to whom."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.alerts.models import Signal
from xinqiao.care.rounds.models import DormVisit
from xinqiao.care.rounds.reasons import Told
from xinqiao.care.rounds.services.calls import call_round
from xinqiao.care.rounds.services.lists import note_nothing, note_worry, sign_list
from xinqiao.care.rounds.states import ListState
from xinqiao.care.rounds.tests.conftest import WHY, every_line, every_list, every_round
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.models import Membership
from xinqiao.register.duty.tests.world import add_staff
from xinqiao.register.orgs.services.units import ensure_class
from xinqiao.register.people.registering import StudentDraft, register_students

WORDS = "说奶奶住院了，这几天总趴在桌上"


def url(name, *args):
    return reverse(f"rounds:{name}", args=args)


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(sign_in, world, own_list, language):
    student = world.students[0]
    teacher = sign_in("teacher", language)
    for name, args in {
        "index": (), "list": (own_list.id,), "worry": (own_list.id, student.id), "visits": (world.class_b.id,),
    }.items():  # fmt: skip
        assert teacher.get(url(name, *args)).status_code == 200, name
    psych = sign_in("psych", language)
    for name, args in {"index": (), "round": (own_list.round_id,), "call": ()}.items():
        assert psych.get(url(name, *args)).status_code == 200, name
    assert sign_in("head", language).get(url("counts")).status_code == 200
    assert sign_in("officer", language).get(url("call")).status_code == 200


def test_a_teacher_goes_through_the_list_and_signs(sign_in, world, own_list):
    client, (first, second, _other) = sign_in("teacher"), world.students
    there = url("list", own_list.id)
    assert there in text_of(client.get("/"))
    page = text_of(client.get(there))
    assert "欧阳思源" in page
    assert "㛃䶮" in page
    assert "张伟" not in page, "of the other class"
    worry = url("worry", own_list.id, first.id)
    assert client.post(worry, {}).status_code == 422
    assert client.post(worry, {"seen": ["made-up"]}).status_code == 422
    assert client.post(worry, {"seen": ["withdrawn"], "words": WORDS}).status_code == 302
    assert WORDS in text_of(client.get(worry)), "it can be looked at again until it is signed"
    client.post(url("nothing", own_list.id), {"pupil": [str(second.id), "nonsense"]})
    assert "本班学生我已逐一了解" in text_of(client.get(there))
    assert "1 名学生的情况已告知心理教师" in text_of(client.post(url("sign", own_list.id), follow=True))
    assert client.post(worry, {"words": "还有"}).status_code == 422, "signed is signed"
    assert there not in text_of(client.get("/"))


def test_a_tap_answers_with_the_list_alone(sign_in, world, own_list):
    client = sign_in("teacher")
    answer = client.post(
        url("nothing", own_list.id), {"pupil": str(world.students[0].id)}, headers={"hx-request": "true"}
    )
    assert text_of(answer).lstrip().startswith('<div id="round-list">')
    assert every_line().count() == 1


def test_all_who_are_left_are_those_who_stood_on_the_page(sign_in, world, own_list):
    client = sign_in("teacher")
    shown = text_of(client.get(url("list", own_list.id)))
    register_students(world.school, [StudentDraft("新同学", world.class_b, "20260399")], clock.today())
    chosen = [str(student.id) for student in world.students if str(student.id) in shown]
    client.post(url("nothing", own_list.id), {"pupil": chosen})
    assert every_line().count() == 2, "who joined meanwhile was not seen and is not noted"


def test_what_was_told_is_read_by_the_psychology_teacher_in_the_signal(sign_in, world, own_list):
    teacher, first = world.actor("teacher"), world.students[0]
    told = Told(("family-change",), ("is-bullied",), WORDS)
    note_worry(own_list, actor=teacher, student=first, told=told)
    signal = Signal.objects.for_system(reason="a test looks at it").get()
    page = text_of(sign_in("psych").get(reverse("alerts:signal", args=[signal.id])))
    assert "排查中留意到：被欺负、被孤立或被索要财物" in page
    assert "家庭变故" in page
    assert WORDS in page
    assert WORDS not in text_of(sign_in("head").get(reverse("alerts:signal", args=[signal.id])))


def test_the_one_who_follows_sees_who_signed_who_is_late_and_where_nobody_is(sign_in, world, called):
    teacher = world.actor("teacher_a")
    note_nothing(called[world.class_a.path], actor=teacher, student_ids=[s.id for s in world.students])
    sign_list(called[world.class_a.path], actor=teacher)
    Membership.objects.filter(user=world.users["teacher"]).update(end_on=clock.today())
    round_id = every_round().get().id
    page = text_of(sign_in("psych").get(url("round", round_id)))
    assert "陆清和" in page
    assert "未发现情况" in page
    assert "没有班主任" in page
    with clock.frozen(clock.now() + dt.timedelta(days=14)):
        client = sign_in("psych")
        assert "逾期" in text_of(client.get(url("round", round_id)))
        assert "1 份班级排查表逾期" in text_of(client.get("/"))


def test_a_grade_head_follows_the_own_grade_and_is_not_told_of_how_many_there_was_a_worry(sign_in, world, called):
    add_staff(world, "grade", "沈知远", Role.GRADE_HEAD, world.class_b.parent, unit=world.school)
    teacher, (first, second, _other) = world.actor("teacher"), world.students
    own = called[world.class_b.path]
    note_worry(own, actor=teacher, student=first, told=Told(words=WORDS))
    note_nothing(own, actor=teacher, student_ids=[second.id])
    sign_list(own, actor=teacher)
    page = text_of(sign_in("grade").get(url("round", own.round_id)))
    assert "1 名有担心" not in page
    assert "已收到" in page
    assert "1 名有担心" in text_of(sign_in("psych").get(url("round", own.round_id))), "the control"


def test_who_counts_sees_schools_and_lists_and_nothing_else(sign_in, world, own_list):
    note_worry(own_list, actor=world.actor("teacher"), student=world.students[0], told=Told(words=WORDS))
    with clock.frozen(clock.now() + dt.timedelta(days=14)):
        for login in ("head", "officer"):
            main = text_of(sign_in(login).get(url("counts"))).split("<main", 1)[1]
            assert "0 / 2" in main
            assert "学校1" in main
            for hidden in ("欧阳思源", WORDS, "周海宁", "有担心"):
                assert hidden not in main


def test_a_round_is_called_for_and_taken_back_on_pages(sign_in, world):
    officer = sign_in("officer")
    sent = {"unit": str(world.county.id), "window": "epidemic", "reason": "流感停课后返校"}
    assert officer.post(url("call"), {**sent, "unit": str(world.other_school.id)}).status_code == 422
    assert officer.post(url("call"), {**sent, "reason": ""}).status_code == 422
    assert officer.post(url("call"), {**sent, "window": "spring"}).status_code == 422
    assert officer.post(url("call"), sent).url == url("counts")
    psych = sign_in("psych")
    own = {"unit": str(world.school.id), "window": "disaster", "reason": WHY}
    assert psych.post(url("call"), own).url == url("index")
    assert WHY in text_of(psych.get(url("index")))
    call_id = every_round().get().call_id
    assert sign_in("officer").post(url("withdraw", call_id)).status_code == 404, "the school's own"
    assert sign_in("head").post(url("withdraw", call_id)).url == url("counts")
    assert set(every_list().values_list("state", flat=True)) == {ListState.DROPPED}


def test_the_psychology_teacher_does_not_take_back_what_the_bureau_called_for(sign_in, world):
    call = call_round(world.county, actor=world.actor("officer"), window="epidemic", reason=WHY)
    assert sign_in("psych").post(url("withdraw", call.id)).status_code == 404


@pytest.mark.parametrize(
    ("login", "status"), [("teacher_a", 404), ("other_psych", 404), ("head", 403), ("officer", 403)]
)
def test_a_list_is_not_there_for_others(sign_in, world, own_list, login, status):
    client, first = sign_in(login), world.students[0]
    for name, args in {"list": (own_list.id,), "worry": (own_list.id, first.id)}.items():
        assert client.get(url(name, *args)).status_code == status, name
    for name, args in {"nothing": (own_list.id,), "sign": (own_list.id,)}.items():
        assert client.post(url(name, *args)).status_code == status, name
    assert AuditEvent.objects.filter(event="access.refused").count() == 4, "every try to reach a child is noted"


def test_a_pupil_of_another_class_is_not_on_the_list(sign_in, world, own_list):
    assert sign_in("teacher").get(url("worry", own_list.id, world.students[2].id)).status_code == 404


def test_reading_a_list_is_an_event(sign_in, world, own_list):
    sign_in("teacher").get(url("list", own_list.id))
    assert AuditEvent.objects.filter(event="rounds.list.read").count() == 1


def test_a_dormitory_visit_is_noted_sealed_and_counted(sign_in, world):
    client, there = sign_in("teacher"), url("visits", world.class_b.id)
    sent = {"visited_on": "2026-11-20", "rooms": "一号楼 301–306", "seen": WORDS}
    assert client.post(there, {**sent, "visited_on": "2026-11-24"}).status_code == 422, "tomorrow"
    assert client.post(there, {**sent, "rooms": ""}).status_code == 422
    assert client.post(there, sent).status_code == 302
    assert WORDS in text_of(client.get(there))
    with connection.cursor() as cursor:
        cursor.execute("SELECT seen FROM rounds_dormvisit")
        assert WORDS.encode() not in bytes(cursor.fetchone()[0])
    main = text_of(sign_in("psych").get(url("index"))).split("<main", 1)[1]
    assert "每月宿舍走访" in main
    assert WORDS not in main
    assert sign_in("teacher_a").get(there).status_code == 404
    assert DormVisit.objects.for_system(reason="a test looks at it").get().visited_by == world.id_of("teacher")


def queries(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as made:
        assert client.get(address).status_code == 200
    return len(made)


def test_twenty_pupils_and_twenty_classes_cost_no_more_queries_than_few(sign_in, world, own_list):
    teacher = sign_in("teacher")
    before = queries(teacher, url("list", own_list.id))
    drafts = [StudentDraft(f"学生{n}", world.class_b, f"2026039{n:02}") for n in range(20)]
    register_students(world.school, drafts, clock.today())
    assert queries(teacher, url("list", own_list.id)) <= before
    pages = {"index": ("psych", ()), "round": ("psych", (own_list.round_id,)), "counts": ("head", ())}
    few = {name: queries(sign_in(login), url(name, *args)) for name, (login, args) in pages.items()}
    for n in range(10, 30):
        unit, _new = ensure_class(world.school, "junior", 2026, n)
        register_students(world.school, [StudentDraft(f"生{n}", unit, f"3026{n}")], clock.today())
    for _ in range(3):
        call_round(world.school, actor=world.actor("psych"), window="disaster", reason=WHY)
    newest = every_round().order_by("-opened_at", "-id").first().id
    many = {
        name: queries(sign_in(login), url(name, *((newest,) if args else ()))) for name, (login, args) in pages.items()
    }
    assert all(many[name] <= few[name] for name in pages), (few, many)
