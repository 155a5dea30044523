"""The audit as a page: who sees what, and that looking is seen too."""

import datetime as dt
import string
import uuid

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from xinqiao.foundation.access.actors import SYSTEM_ID, Actor, Grant
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit import events, presenters, selectors
from xinqiao.foundation.audit.events import event_kinds, sentence_of
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.selectors import EventFilter, read_events
from xinqiao.foundation.audit.tests.some_events import ACTOR, newest, write_some
from xinqiao.foundation.audit.views import index
from xinqiao.foundation.core import clock

pytestmark = pytest.mark.django_db
TOP, SCHOOL, OTHER = "aaaaaaaa/", "aaaaaaaa/bbbbbbbb/", "aaaaaaaa/cccccccc/"


def auditor(place=TOP, *more):
    roles = (Role.AUDITOR, *more)
    return Actor(id=uuid.uuid4(), name="审计员", grants=tuple(Grant(role, place) for role in roles))


def look(actor, **wanted):
    request = RequestFactory().get(reverse("audit:index"), wanted)
    request.actor = actor
    request.user = type("User", (), {"is_authenticated": True})()
    return index(request)


def test_events_are_shown_as_sentences_and_looking_is_one():
    write_some(2, place=SCHOOL)
    answer = look(auditor())
    assert answer.status_code == 200
    assert "r1" in answer.content.decode()
    event = newest()
    assert (event.event, event.facts) == ("audit.read", '{"rows": 2}')


def test_an_auditor_sees_the_own_places_only():
    write_some(1, place=SCHOOL)
    write_some(1, place=OTHER)
    write_some(1, place="")
    assert {row.place for row in read_events(auditor(SCHOOL), EventFilter()).rows} == {SCHOOL}
    assert {row.place for row in read_events(auditor(TOP), EventFilter()).rows} == {SCHOOL, OTHER, ""}
    assert read_events(Actor(id=uuid.uuid4()), EventFilter()).rows == []


@pytest.mark.parametrize("role", [Role.PSYCH_TEACHER, Role.PRINCIPAL, Role.SYSTEM_ADMIN, Role.SECURITY_OFFICER])
def test_nobody_else_may_look(role):
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        look(Actor(id=uuid.uuid4(), grants=(Grant(role, TOP),)))


def test_names_show_only_to_those_who_may_look_them_up():
    write_some(1, place=SCHOOL, names=("欧阳𠮷",))
    (row,) = read_events(auditor(), EventFilter(event="access.refused")).rows
    assert "欧阳" not in str(row)
    assert row.subject.startswith("#")
    (row,) = read_events(auditor(SCHOOL, Role.PSYCH_TEACHER), EventFilter(event="access.refused")).rows
    assert row.subject == "欧阳𠮷"
    elsewhere = Actor(id=uuid.uuid4(), grants=(Grant(Role.AUDITOR, TOP), Grant(Role.PSYCH_TEACHER, OTHER)))
    (row,) = read_events(elsewhere, EventFilter(event="access.refused")).rows
    assert "欧阳" not in str(row)


def test_control_with_the_question_patched_out_names_show(monkeypatch):
    write_some(1, place=SCHOOL, names=("欧阳𠮷",))
    monkeypatch.setattr(presenters, "may_see_names", lambda event, reader: True)
    (row,) = read_events(auditor(), EventFilter(event="access.refused")).rows
    assert row.subject == "欧阳𠮷"


def test_who_acted_is_named_by_those_who_know(monkeypatch):
    monkeypatch.setattr(presenters, "_actor_names", [])
    write_some(1)
    (row,) = read_events(auditor(), EventFilter()).rows
    assert row.actor == presenters.short_id(ACTOR.id)
    presenters.register_actor_names(lambda ids: {ACTOR.id: "刘老师"})
    (row,) = read_events(auditor(), EventFilter()).rows
    assert row.actor == "刘老师"
    assert "刘老师" in row.sentence
    assert presenters.names_of_actors({SYSTEM_ID})[SYSTEM_ID]


def test_filters():
    with clock.frozen(dt.datetime(2026, 11, 20, 15, 59, tzinfo=dt.UTC)):
        write_some(1)
    with clock.frozen(dt.datetime(2026, 11, 20, 16, 1, tzinfo=dt.UTC)):
        write_some(2)
    day = dt.date(2026, 11, 21)
    assert len(read_events(auditor(), EventFilter(since=day)).rows) == 2, "the day begins at midnight in Shanghai"
    assert len(read_events(auditor(), EventFilter(until=day - dt.timedelta(days=1))).rows) == 1
    assert len(read_events(auditor(), EventFilter(actor_id=ACTOR.id)).rows) == 3
    assert read_events(auditor(), EventFilter(actor_id=uuid.uuid4())).rows == []
    assert read_events(auditor(), EventFilter(event="audit.read")).rows == []


def test_pages_follow_each_other_without_loss_or_repeat(monkeypatch):
    monkeypatch.setattr(selectors, "PAGE_ROWS", 3)
    write_some(7)
    seen, before = [], None
    while True:
        page = read_events(auditor(), EventFilter(before=before))
        seen += [row.id for row in page.rows]
        before = page.older_than
        if before is None:
            break
    assert seen == list(AuditEvent.objects.order_by("-id").values_list("id", flat=True))
    assert "before=" in look(auditor()).content.decode()


def test_a_faulty_filter_is_said_and_shows_nothing():
    write_some(1)
    answer = look(auditor(), since="yesterday")
    assert answer.status_code == 422
    assert "r0" not in answer.content.decode()


def test_one_row_or_twenty_cost_the_same(django_assert_num_queries, django_assert_max_num_queries):
    who = auditor(SCHOOL, Role.PSYCH_TEACHER)
    write_some(1, place=SCHOOL, names=("甲",))
    with django_assert_max_num_queries(3) as one:
        read_events(who, EventFilter())
    write_some(19, place=SCHOOL, names=("甲", "乙"))
    with django_assert_num_queries(len(one)):
        read_events(who, EventFilter())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_speaks_both_languages(language):
    write_some(1)
    with translation.override(language):
        told = look(auditor()).content.decode()
    assert ("操作审计" in told) is (language == "zh-hans")
    assert ("What happened" in told) is (language == "en")


def faulty_sentences():
    """Events whose sentence is missing, untranslated, or has other placeholders in Chinese."""
    faults = []
    for code, kind in event_kinds().items():
        told = {}
        for language in ("en", "zh-hans"):
            with translation.override(language):
                told[language] = str(kind.sentence)
        if not told["en"].strip() or told["en"] == told["zh-hans"]:
            faults.append(f"{code}: not translated")
        if placeholders(told["zh-hans"]) != placeholders(told["en"]):
            faults.append(f"{code}: {told}")
    return faults


def placeholders(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_event_has_a_sentence_in_both_languages():
    assert faulty_sentences() == []
    assert len(event_kinds()) >= 4


@pytest.mark.parametrize("sentence", ["{actor} did it, untranslated", ""])
def test_control_an_event_without_its_translation_is_seen(monkeypatch, sentence):
    before = len(faulty_sentences())
    monkeypatch.setitem(events._kinds, "x.y.z", events.EventKind("x.y.z", sentence))
    assert len(faulty_sentences()) == before + 1


def test_unknown_values_show_as_a_gap():
    with translation.override("en"):
        assert sentence_of("audit.read", {"actor": "A"}) == "A read … events of the audit"


def test_the_door_is_for_auditors():
    from xinqiao.foundation.audit.apps import _may_read

    request = RequestFactory().get("/")
    assert not _may_read(request)
    request.actor = auditor()
    assert _may_read(request)
    assert Permission.AUDIT_READ in Permission
