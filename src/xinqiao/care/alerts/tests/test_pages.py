"""Pages of alerts in both languages, their refusals, and what open pages ask."""

import datetime as dt

import pytest
from django.conf import settings

from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Attention, Interview, Signal

pytestmark = pytest.mark.django_db


@pytest.fixture
def signal(raise_one, frozen):
    row = raise_one()
    tell_new_signals(frozen)
    return row


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


FORM = {
    "held_at": "2026-11-23T10:00", "is_face_to_face": "in_person", "asked_about_suicide": "yes", "risk_found": "some",
    "note": "谈了半小时", "outcome": "case", "level": "orange", "advice": "多留意", "review_on": "2026-12-07",
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(sign_in, signal, world, language):
    client = sign_in("psych", language)
    student = world.students[0].id
    paths = ["/alerts/", "/alerts/notices/", "/alerts/attention/", f"/alerts/{signal.id}/",
             f"/alerts/{signal.id}/talk/", f"/alerts/attention/{student}/"]  # fmt: skip
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        text = response.content.decode()
        assert f'lang="{language[:2]}' in text.lower().replace("zh-hans", "zh"), path
        if path not in ("/alerts/attention/",):
            assert "欧阳思源" in text, path


def test_pages_say_what_to_do_when_they_are_empty(sign_in):
    client = sign_in("psych", "en")
    assert "Nobody waits for a talk" in client.get("/alerts/").content.decode()
    assert "Nothing has called on you" in client.get("/alerts/notices/").content.decode()
    assert "Nobody is marked for attention" in client.get("/alerts/attention/").content.decode()


@pytest.mark.parametrize(
    ("login", "path", "status"),
    [
        ("teacher", "/alerts/", 403), ("head", "/alerts/", 403), ("teacher", "/alerts/poll/", 403),
        ("teacher", "/alerts/{signal}/", 403), ("other_psych", "/alerts/{signal}/", 404),
        ("head", "/alerts/{signal}/", 200), ("head", "/alerts/{signal}/talk/", 403),
        ("other_psych", "/alerts/{signal}/talk/", 404), ("teacher", "/alerts/attention/", 200),
        ("teacher", "/alerts/attention/{student}/", 403), ("other_psych", "/alerts/attention/{student}/", 404),
        ("officer", "/alerts/attention/", 403),
    ],
)  # fmt: skip
def test_who_may_open_what(sign_in, signal, world, login, path, status):
    url = path.format(signal=signal.id, student=world.students[0].id)
    assert sign_in(login).get(url).status_code == status


def test_the_principals_page_holds_no_reason(sign_in, signal):
    text = sign_in("head", "en").get(f"/alerts/{signal.id}/").content.decode()
    assert "PHQ-9" not in text
    assert "PHQ-9" in sign_in("psych", "en").get(f"/alerts/{signal.id}/").content.decode()


def test_taking_it_by_a_plain_form(sign_in, signal, world):
    response = sign_in("psych").post(f"/alerts/{signal.id}/take/")
    assert (response.status_code, response["Location"]) == (302, f"/alerts/{signal.id}/")
    assert Signal.objects.for_system(reason="test").get(pk=signal.pk).acknowledged_by == world.id_of("psych")
    assert sign_in("teacher").post(f"/alerts/{signal.id}/take/").status_code == 403
    assert sign_in("other_psych").post(f"/alerts/{signal.id}/take/").status_code == 404


def test_recording_a_talk_by_the_form(sign_in, signal):
    response = sign_in("psych").post(f"/alerts/{signal.id}/talk/", FORM)
    assert response.status_code == 302
    assert Interview.objects.for_system(reason="test").get().outcome == "case"
    assert Attention.objects.for_system(reason="test").get().level == "orange"


def test_a_refused_talk_keeps_what_was_typed_and_says_how_to_mend_it(sign_in, signal):
    response = sign_in("psych", "en").post(f"/alerts/{signal.id}/talk/", FORM | {"is_face_to_face": "distance"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "closed only after a talk in person" in text
    assert "谈了半小时" in text
    assert not Interview.objects.for_system(reason="test").exists()


def test_an_undecided_talk_by_the_form_keeps_it_open(sign_in, signal):
    undecided = {"outcome": "undecided", "level": "", "advice": "", "review_on": ""}
    assert sign_in("psych").post(f"/alerts/{signal.id}/talk/", FORM | undecided).status_code == 302
    assert Signal.objects.for_system(reason="test").get(pk=signal.pk).state == "acknowledged"


def test_another_signal_of_the_child_is_offered_and_settled(sign_in, signal, raise_one, world):
    other = raise_one("orange", source="screening")
    strange = raise_one("orange", source="screening", student=world.students[1])
    client = sign_in("psych")
    assert str(other.id) in client.get(f"/alerts/{signal.id}/talk/").content.decode()
    also = FORM | {"also": [str(other.id)]}
    assert client.post(f"/alerts/{signal.id}/talk/", FORM | {"also": [str(strange.id)]}).status_code == 422
    assert client.post(f"/alerts/{signal.id}/talk/", also).status_code == 302
    assert Signal.objects.for_system(reason="test").get(pk=other.pk).state == "closed"
    assert Signal.objects.for_system(reason="test").get(pk=strange.pk).state == "open"


def test_setting_a_level_by_the_form(sign_in, world):
    student = world.students[0]
    url = f"/alerts/attention/{student.id}/"
    client = sign_in("psych", "en")
    assert client.post(url, {"level": "yellow", "advice": "", "review_on": "2026-12-07"}).status_code == 422
    assert client.post(url, {"level": "yellow", "advice": "鼓励", "review_on": "2026-12-07"}).status_code == 302
    assert "鼓励" in client.get(url).content.decode(), "the form begins with what holds"
    assert "鼓励" in sign_in("teacher").get("/alerts/attention/").content.decode()
    assert "鼓励" not in sign_in("teacher_a").get("/alerts/attention/").content.decode()


def test_the_poll_says_who_waits_and_for_how_long(sign_in, signal, frozen):
    feed = sign_in("psych").get("/alerts/poll/").json()
    assert feed["waiting"] == 1
    (notice,) = feed["notices"]
    assert "(3)班" in notice["title"]
    assert "欧阳思源" not in str(feed), "the page that is open may be on a projector"
    assert (notice["urgency"], notice["minutes_left"]) == ("red", 15)
    assert notice["url"] == f"/alerts/{signal.id}/"
    assert "no-store" in sign_in("psych").get("/alerts/poll/")["Cache-Control"]


def test_the_poll_tells_the_unasked_nothing(client, signal):
    assert client.get("/alerts/poll/").status_code in (302, 401)


def test_every_staff_page_of_a_notified_person_polls(sign_in, world):
    assert 'data-url="/alerts/poll/"' in sign_in("head").get("/alerts/notices/").content.decode()
    assert "poll-notices" not in sign_in("teacher").get("/alerts/attention/").content.decode()


def test_the_pack_keeps_polling_within_fifteen_seconds(world, frozen):
    from xinqiao.register.policy.selectors import parameters_for

    assert parameters_for(world.school.path, dt.date(2026, 11, 23)).poll_seconds <= 15
