"""One pupil's file: each reader sees the own part, one event of reading, and who read is known afterwards."""

import json

import pytest
from django.db.models import Q
from django.urls import reverse

from xinqiao.care.archives.selectors import access as access_module
from xinqiao.care.archives.tests.conftest import AIM, UPBRINGING
from xinqiao.care.crisis.tests.conftest import ADVICE, FOR_HELPER, GOALS, REASONS, WHY
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.people import sections
from xinqiao.register.people.sections import Section

pytestmark = pytest.mark.django_db
FILE = "archives:file"
INNER = (WHY, REASONS, GOALS, FOR_HELPER, UPBRINGING)


def text(response):
    return response.content.decode()


def readings(event="archives.file.read"):
    return [json.loads(each.facts) for each in AuditEvent.objects.filter(event=event).order_by("at", "id")]


@pytest.fixture
def lived(care, house):
    """A pupil in care with a plan, family sections, a growth plan and a level."""
    student = house.world.students[0]
    case = care.judged("orange", student)
    care.plan(case)
    care.follow(case)
    house.family(student)
    house.plan(student)
    return student


def demand_own_parts(lived, sign_in):
    """Every role sees its part and nothing beyond, in one event each; others are refused, which is noted too."""
    there = reverse(FILE, args=[lived.id])
    psych = text(sign_in("psych").get(there))
    assert not [words for words in (WHY, REASONS, GOALS, UPBRINGING, ADVICE, AIM) if words not in psych]
    assert readings()[-1]["sections"][:3] == ["classes", "consent", "before"]
    for login in ("head", "teacher", "grade"):
        page = text(sign_in(login).get(there))
        assert ADVICE in page
        assert AIM in page
        assert not [words for words in INNER if words in page], login
        assert ("个案决定" in page) == (login == "head")
        for code in ("cases", "family", "talks", "signals", "screening"):
            assert f'data-section="{code}"' not in page, "absent, and nothing says that it is"
    assert len(readings()) == 4, "one event a reading"
    for login, status in (("teacher_a", 404), ("other_psych", 404), ("officer", 403), ("helper", 403)):
        assert sign_in(login).get(there).status_code == status
    assert AuditEvent.objects.filter(event="access.refused", subject_id=lived.id).count() == 4


def test_each_reader_sees_the_own_part_and_leaves_one_event(lived, sign_in):
    demand_own_parts(lived, sign_in)


def test_control_without_the_right_asked_at_the_place_a_class_teacher_would_see_more(lived, sign_in, monkeypatch):
    monkeypatch.setattr(Section, "is_open_to", lambda *_a: True)
    monkeypatch.setattr(
        "xinqiao.foundation.access.scoped.ScopedQuerySet.visible_to", lambda rows, *_a: rows.for_system(reason="off")
    )
    with pytest.raises(AssertionError):
        demand_own_parts(lived, sign_in)


def test_the_file_tells_what_comes_next_who_answers_and_all_by_time(lived, sign_in):
    client, there = sign_in("psych"), reverse(FILE, args=[lived.id])
    page = text(client.get(there))
    assert "方思齐" in page
    assert "回看成长方案" in page
    by_time = client.get(there, {"show": "timeline"})
    moments = [entry.at for entry in by_time.context["events"]]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) >= 6
    only = client.get(there, {"show": "timeline", "kind": "plan"}).context["events"]
    assert {entry.title.split(" · ")[0] for entry in only} == {"成长方案"}
    assert client.get(there, {"show": "timeline", "kind": "nonsense"}).context["kind"] == ""


def test_a_section_of_a_later_app_joins_by_one_line(house, lived, sign_in, monkeypatch):
    monkeypatch.setattr(sections, "_sections", dict(sections._sections))
    first = sections.sections()[0]
    later = Section(
        code="later", title="来访", order=99, permission=first.permission, empty="还没有来访",
        entries=lambda _actor, _student: [],
    )  # fmt: skip
    sections.register_section(later)
    page = text(sign_in("psych").get(reverse(FILE, args=[lived.id])))
    assert "来访" in page
    assert "还没有来访" in page
    with pytest.raises(sections.SectionTaken):
        sections.register_section(later)


def demand_readings_known(house, lived, sign_in, monkeypatch):
    """Whoever read the file, alone or on a list, stands among the readings: in full for the psychology teacher, who and
    when for the head, roughly on paper."""
    sign_in("teacher").get(reverse(FILE, args=[lived.id]))
    sign_in("teacher").get(reverse("archives:class", args=[house.world.class_b.id]))
    there = reverse("archives:access", args=[lived.id])
    found = sign_in("psych").get(there).context["found"].rows
    by_teacher = [row for row in found if row.who == "周海宁"]
    assert [row.is_list for row in by_teacher] == [True, False]
    assert all(row.what for row in by_teacher)
    head = sign_in("head").get(there)
    assert "周海宁" in text(head)
    assert not any(row.what for row in head.context["found"].rows)
    printed = []
    monkeypatch.setattr(
        "xinqiao.care.archives.views.files.pdf_of", lambda report, _at: printed.append(report) or b"%PDF"
    )
    assert sign_in("psych").get(reverse("archives:access-pdf", args=[lived.id])).status_code == 200
    told = str(printed[0])
    assert "周海宁" in told
    assert "查看了" not in told, "no sentence that tells why"
    assert AuditEvent.objects.filter(event="archives.access.printed").count() == 1


def test_who_read_is_known(house, lived, sign_in, monkeypatch):
    demand_readings_known(house, lived, sign_in, monkeypatch)


def test_control_lists_forgotten_would_be_seen(house, lived, sign_in, monkeypatch):
    monkeypatch.setattr(access_module, "_of_classes", lambda _student: Q(pk__in=[]))
    whole = access_module._readings
    monkeypatch.setattr(
        access_module, "_readings", lambda student, now: whole(student, now).filter(subject_id=student.id)
    )
    with pytest.raises(AssertionError):
        demand_readings_known(house, lived, sign_in, monkeypatch)


def test_files_by_class_count_everybody_and_last_entries(lived, house, sign_in, django_assert_max_num_queries):
    client = sign_in("psych")
    with django_assert_max_num_queries(70):
        page = client.get(reverse("archives:index"))
    rows = {row.name: row for row in page.context["rows"]}
    one = next(row for row in rows.values() if row.id == house.world.class_b.id)
    assert (one.pupils, one.planned, one.family, one.fresh, one.without_plan) == (2, 1, 1, 1, 1)
    assert one.is_plan_late is False, "this calendar names no term, so nothing can be late"
    lines = client.get(reverse("archives:class", args=[house.world.class_b.id])).context["rows"]
    assert {line.name: line.last_on for line in lines} == {"欧阳思源": clock.today(), "㛃䶮": None}
    own = sign_in("teacher_a").get(reverse("archives:index"))
    assert [row.id for row in own.context["rows"]] == [house.world.class_a.id]
    assert sign_in("teacher_a").get(reverse("archives:class", args=[house.world.class_b.id])).status_code == 404
