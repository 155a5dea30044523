"""The outbox: sent once, tried again, given up with a reason; and where a webhook may not lead."""

import datetime as dt

import httpx
import pytest
from django.core import mail

from xinqiao.foundation.core import clock, ids
from xinqiao.foundation.keys.store import new_key
from xinqiao.foundation.notifications import delivering, sending
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.foundation.notifications.outbox import Address, post_messages, recent_troubles, troubles_about
from xinqiao.foundation.notifications.sending import LEASE_SECONDS, MOST_TRIES, pause_after, send_due
from xinqiao.foundation.notifications.webhooks import CannotSend, check_target, send_webhook
from xinqiao.foundation.notifications.wording import error_words

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
MAIL = "smtp://user:secret@mail.school.example:2525?from=xinqiao@school.example"
ROBOT = "https://robot.example/send?key=1"


@pytest.fixture
def post(db, settings):
    settings.XINQIAO_MAIL = MAIL
    settings.XINQIAO_WEBHOOK_HOSTS = ("robot.example",)

    def put(channel="mail", address="a@school.example", **more):
        key = new_key("staff")
        about = ids.new_id()
        where = Address(channel, address, key, "abc/", ids.new_id())
        with clock.frozen(NOW):
            post_messages([where], about_kind="signal", about_id=about, at=NOW, **more)
        return about

    return put


def only():
    return OutboxMessage.objects.for_system(reason="test").get()


def test_mail_leaves_once_with_neutral_words(post):
    post()
    assert send_due(NOW) == 1
    assert send_due(NOW) == 0
    (message,) = mail.outbox
    assert message.to == ["a@school.example"]
    assert message.from_email == "xinqiao@school.example"
    assert "Sign in" in message.body
    assert "请登录" in message.body
    assert only().status == "sent"


def test_without_a_server_it_fails_at_once_and_says_why(post, settings):
    about = post()
    settings.XINQIAO_MAIL = ""
    settings.ENVIRONMENT = type("E", (), {"mail_url": ""})
    send_due(NOW)
    (trouble,) = troubles_about([about])[about]
    assert (trouble.error, trouble.is_final) == ("mail_not_set_up", True)
    assert "XINQIAO_MAIL" in error_words(trouble.error)
    assert recent_troubles(["abc/"], NOW - dt.timedelta(days=1)) == [trouble]


def test_a_failure_is_tried_again_ever_more_slowly_and_given_up(post, monkeypatch):
    post()

    def fail(*_args, **_more):
        raise CannotSend("mail_server_unreachable")

    monkeypatch.setattr(delivering, "send_mail", fail)
    at, pauses = NOW, []
    for _ in range(MOST_TRIES + 2):
        send_due(at)
        pauses.append(only().next_try_at - at)
        at = only().next_try_at
    row = only()
    assert (row.status, row.tries, row.last_error) == ("failed", MOST_TRIES, "mail_server_unreachable")
    assert pauses[:4] == [dt.timedelta(seconds=s) for s in (30, 60, 120, 240)]
    assert pause_after(50) == dt.timedelta(hours=1)


def test_two_senders_at_once_send_it_once(post, monkeypatch):
    post()
    sent = []

    def second_sender_comes(*args, **_more):
        sent.append(args)
        send_due(NOW)

    monkeypatch.setattr(delivering, "send_mail", second_sender_comes)
    send_due(NOW)
    assert len(sent) == 1


def test_a_killed_sender_holds_it_up_for_its_lease_only(post, monkeypatch):
    post()

    class Killed(BaseException):
        pass

    def die(*_args, **_more):
        raise Killed

    monkeypatch.setattr(delivering, "send_mail", die)
    with pytest.raises(Killed):
        send_due(NOW)
    monkeypatch.undo()
    assert send_due(NOW + dt.timedelta(seconds=LEASE_SECONDS - 1)) == 0
    assert send_due(NOW + dt.timedelta(seconds=LEASE_SECONDS + 1)) == 1


def check_what_a_killed_process_held_is_taken_up_at_once(post, monkeypatch):
    post()

    class Killed(BaseException):
        pass

    def die(*_args, **_more):
        raise Killed

    monkeypatch.setattr(delivering, "send_mail", die)
    with pytest.raises(Killed):
        send_due(NOW)
    monkeypatch.setattr(delivering, "send_mail", lambda *_args, **_more: None)
    sending._begun.clear()  # another process
    assert send_due(NOW + dt.timedelta(seconds=5)) == 1


def test_what_a_killed_process_held_is_taken_up_by_the_next_one_at_once(post, monkeypatch):
    check_what_a_killed_process_held_is_taken_up_at_once(post, monkeypatch)


def test_control_without_taking_leases_back_it_would_wait(post, monkeypatch):
    monkeypatch.setattr(sending, "void_leases", lambda *_: 0)
    with pytest.raises(AssertionError):
        check_what_a_killed_process_held_is_taken_up_at_once(post, monkeypatch)


def test_an_unexpected_fault_of_one_does_not_stop_the_others(post, monkeypatch):
    post(address="bad@school.example")
    post(address="good@school.example")
    real = delivering.send_mail

    def stumble(address, *rest, **more):
        if address.startswith("bad"):
            raise RuntimeError(address)
        real(address, *rest, **more)

    monkeypatch.setattr(delivering, "send_mail", stumble)
    assert send_due(NOW) == 1
    assert OutboxMessage.objects.for_system(reason="test").filter(last_error="unexpected").count() == 1


def test_the_digest_waits(post):
    post(not_before=NOW + dt.timedelta(hours=12))
    assert send_due(NOW) == 0
    assert send_due(NOW + dt.timedelta(hours=12)) == 1


@pytest.mark.parametrize("url", ["ftp://x", "smtp://nohost", "nonsense"])
def test_a_mail_setting_that_cannot_be_meant(post, settings, url):
    post()
    settings.XINQIAO_MAIL = url
    send_due(NOW)
    assert only().last_error == "mail_set_up_wrongly"


# ---- webhooks


def at(*addresses):
    return lambda host, port: list(addresses)


PUBLIC = at("93.184.216.34")


@pytest.mark.parametrize(
    ("url", "hosts", "resolver", "code"),
    [
        ("https://evil.example/", ("robot.example",), PUBLIC, "host_not_listed"),
        ("https://robot.example/", (), PUBLIC, "host_not_listed"),
        ("https://robot.example@evil.example/", ("robot.example",), PUBLIC, "bad_address"),
        ("file:///etc/passwd", ("",), PUBLIC, "bad_address"),
        ("http://robot.example/", ("robot.example",), PUBLIC, "needs_https"),
        (ROBOT, ("robot.example",), at("127.0.0.1"), "address_is_internal"),
        (ROBOT, ("robot.example",), at("10.1.2.3"), "address_is_internal"),
        (ROBOT, ("robot.example",), at("169.254.169.254"), "address_is_internal"),
        (ROBOT, ("robot.example",), at("::1"), "address_is_internal"),
        (ROBOT, ("robot.example",), at("::ffff:10.0.0.1"), "address_is_internal"),
        (ROBOT, ("robot.example",), at("93.184.216.34", "10.0.0.1"), "address_is_internal"),
        (ROBOT, ("robot.example",), at(), "address_is_internal"),
    ],
)
def test_where_a_webhook_may_not_lead(url, hosts, resolver, code):
    with pytest.raises(CannotSend) as refused:
        check_target(url, hosts, resolver)
    assert (refused.value.code, refused.value.is_final) == (code, True)


def test_an_internal_address_that_is_listed_itself_may_be_used():
    assert check_target("http://10.1.2.3/hook", ("10.1.2.3",), at("10.1.2.3")).address == "10.1.2.3"
    assert check_target(ROBOT, ("robot.example", "10.1.2.3"), at("10.1.2.3")).address == "10.1.2.3"


def test_a_name_that_cannot_be_resolved_is_tried_again():
    def unknown(host, port):
        raise OSError

    with pytest.raises(CannotSend) as refused:
        check_target(ROBOT, ("robot.example",), unknown)
    assert (refused.value.code, refused.value.is_final) == ("host_unknown", False)


def answer(status=200, seen=None, **headers):
    def reply(request):
        if seen is not None:
            seen.append(request)
        return httpx.Response(status, headers=headers)

    return httpx.MockTransport(reply)


def test_it_goes_to_the_checked_address_under_the_hosts_name():
    seen = []
    send_webhook(ROBOT, "有事项", ("robot.example",), resolver=PUBLIC, transport=answer(seen=seen))
    (request,) = seen
    assert request.url.host == "93.184.216.34"
    assert request.headers["Host"] == "robot.example"
    assert request.extensions["sni_hostname"] == "robot.example"
    assert "有事项" in request.content.decode("utf-8")


def test_a_redirect_is_not_followed():
    seen = []
    transport = answer(302, seen, Location="http://127.0.0.1/")
    with pytest.raises(CannotSend, match="http_302"):
        send_webhook(ROBOT, "x", ("robot.example",), resolver=PUBLIC, transport=transport)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("error", "code"), [(httpx.ConnectTimeout("t"), "timeout"), (httpx.ConnectError("c"), "no_connection")]
)
def test_silence_and_refusal(error, code):
    def fail(_request):
        raise error

    with pytest.raises(CannotSend, match=code):
        send_webhook(ROBOT, "x", ("robot.example",), resolver=PUBLIC, transport=httpx.MockTransport(fail))


def test_a_webhook_message_uses_the_settings(post, monkeypatch):
    post("webhook", ROBOT)
    calls = []
    monkeypatch.setattr(delivering, "send_webhook", lambda *args: calls.append(args))
    assert send_due(NOW) == 1
    assert calls[0][0] == ROBOT
    assert calls[0][2] == ("robot.example",)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_error_has_words(language):
    from django.utils.translation import override

    with override(language):
        assert "502" in error_words("http_502")
        assert error_words("timeout") != "timeout"
