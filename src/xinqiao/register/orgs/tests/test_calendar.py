"""School years, terms and changed days: what is refused, which unit's word holds, and the pages."""

import datetime as dt

import pytest
from django.urls import reverse

from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.register.orgs.browsing import changed_days, years_of
from xinqiao.register.orgs.models import CalendarDay, Term
from xinqiao.register.orgs.rules import refusal_to_set_year
from xinqiao.register.orgs.services.calendar import CannotSetYear, change_day, drop_day, set_school_year
from xinqiao.register.orgs.tests.conftest import ON

pytestmark = pytest.mark.django_db
D = dt.date
START, END = D(2026, 9, 1), D(2027, 7, 6)
TERMS = [(D(2026, 9, 1), D(2027, 1, 24)), (D(2027, 2, 22), D(2027, 7, 6))]


@pytest.mark.parametrize(
    ("start", "end", "terms", "code"),
    [
        (START, END, TERMS, ""),
        (START, END, [], ""),
        (END, START, TERMS, "bad_year"),
        (START, D(2028, 9, 1), TERMS, "bad_year"),
        (START, END, [(D(2027, 1, 1), D(2027, 1, 1))], "bad_term"),
        (START, END, [(D(2026, 8, 31), D(2027, 1, 1))], "outside_year"),
        (START, END, [TERMS[0], (D(2027, 1, 23), END)], "overlapping"),
        (START, END, [TERMS[0], (D(2027, 1, 24), END)], ""),
    ],
)
def test_what_a_school_year_must_look_like(start, end, terms, code):
    assert refusal_to_set_year(start, end, terms) == code


def test_a_year_is_set_again_and_loses_the_terms_it_no_longer_has(tree):
    actor = tree.actor(Role.CITY_OFFICER, "city")
    year = set_school_year(tree.city, actor=actor, start_on=START, end_on=END, terms=TERMS)
    again = set_school_year(tree.city, actor=actor, start_on=START, end_on=END, terms=TERMS[:1])
    assert again.id == year.id
    assert Term.objects.filter(year=year).count() == 1
    with pytest.raises(CannotSetYear, match="overlapping"):
        set_school_year(tree.city, actor=actor, start_on=START, end_on=END, terms=[TERMS[0], TERMS[0]])
    with pytest.raises(Forbidden):
        set_school_year(tree.city, actor=tree.actor(Role.PRINCIPAL, "school"), start_on=START, end_on=END, terms=TERMS)


def test_the_nearest_units_year_and_day_hold(tree):
    set_school_year(tree.city, actor=tree.actor(Role.CITY_OFFICER, "city"), start_on=START, end_on=END, terms=TERMS)
    head = tree.actor(Role.PRINCIPAL, "school")
    later = D(2026, 9, 7)
    set_school_year(tree.school, actor=head, start_on=later, end_on=END, terms=[(later, TERMS[0][1]), TERMS[1]])
    (own,), (inherited,) = years_of(tree.group), years_of(tree.other)
    assert (own.start_on, own.unit, own.last_on) == (later, "sh-one", D(2027, 7, 5))
    assert (inherited.start_on, inherited.is_own) == (START, False)
    day = D(2026, 12, 5)
    change_day(tree.city, actor=tree.actor(Role.CITY_OFFICER, "city"), day=day, is_school_day=True, reason="补课")
    change_day(tree.school, actor=head, day=day, is_school_day=False, reason="运动会")
    assert [row.is_school_day for row in changed_days(tree.group, ON)] == [False]
    assert [row.is_school_day for row in changed_days(tree.other, ON)] == [True]


def test_a_day_is_changed_once_and_taken_back(tree):
    head = tree.actor(Role.PRINCIPAL, "school")
    given = {"day": D(2026, 12, 5), "is_school_day": True, "reason": "补课"}
    row = change_day(tree.school, actor=head, **given)
    assert isinstance(change_day(tree.school, actor=head, **given), Unchanged)
    assert AuditEvent.objects.filter(event="orgs.calendar.day_changed").count() == 1
    drop_day(tree.school, actor=head, day=row)
    assert not CalendarDay.objects.exists()
    assert AuditEvent.objects.get(event="orgs.calendar.day_dropped").place == tree.school.path


def test_the_pages(tree, browse):
    client = browse(Role.PRINCIPAL, "school")
    assert "还没有设置学年" in client.get(reverse("orgs:calendar")).content.decode()
    url = reverse("orgs:year-edit", args=[tree.school.id])
    form = {
        "first_start": "2026-09-01",
        "first_last": "2027-01-23",
        "second_start": "2027-02-22",
        "second_last": "2027-07-05",
    }
    faulty = client.post(url, form | {"second_start": "2027-01-23"})
    assert faulty.status_code == 422
    assert "第二学期要在第一学期结束之后开始" in faulty.content.decode()
    assert client.post(url, form).status_code == 302
    assert [(t.start_on, t.end_on) for t in Term.objects.order_by("number")] == TERMS
    day_url = reverse("orgs:day-add", args=[tree.school.id])
    assert client.post(day_url, {"day": "2026-12-05", "is_school_day": "maybe", "reason": "x"}).status_code == 422
    assert client.post(day_url, {"day": "2026-12-05", "is_school_day": "no", "reason": "运动会"}).status_code == 302
    text = client.get(reverse("orgs:calendar")).content.decode()
    assert "运动会" in text
    assert "不上课" in text
    day = CalendarDay.objects.get()
    assert client.post(reverse("orgs:day-drop", args=[day.id])).status_code == 302
    assert not CalendarDay.objects.exists()


def test_another_schools_day_is_not_found(tree, browse):
    head = tree.actor(Role.PRINCIPAL, "other")
    day = change_day(tree.other, actor=head, day=D(2026, 12, 5), is_school_day=True, reason="补课")
    client = browse(Role.PRINCIPAL, "school")
    assert client.post(reverse("orgs:day-drop", args=[day.id])).status_code == 404
    assert client.get(reverse("orgs:calendar"), {"unit": str(tree.other.id)}).status_code == 404
    assert CalendarDay.objects.exists()
