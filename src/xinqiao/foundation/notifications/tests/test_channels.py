"""The channels: what each service is asked, what its answer means, what may be set up, and who holds up whom."""

import base64
import datetime as dt
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from xinqiao.foundation.core import clock, ids
from xinqiao.foundation.keys.store import new_key
from xinqiao.foundation.notifications import delivering, robots, sending
from xinqiao.foundation.notifications.configs import BadConfig, checked_config, filled, host_of
from xinqiao.foundation.notifications.models import PERSONAL, ChannelSetting, OutboxMessage
from xinqiao.foundation.notifications.outbox import Address, post_messages, unreached_since
from xinqiao.foundation.notifications.robots import Wire, Word, send_dingtalk, send_feishu, send_sms, send_wecom
from xinqiao.foundation.notifications.sending import URGENT_FOR, pause_after, send_due, send_lane
from xinqiao.foundation.notifications.webhooks import CannotSend
from xinqiao.foundation.notifications.wording import channel_words, config_fault_words, error_words

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
WORD = Word("zhang.san", "有事项", "0001")
HOSTS = ("robot.example", "gateway.example")
DINGTALK = {"url": "https://robot.example/robot/send?access_token=t", "secret": "SEC1"}
FEISHU = {"url": "https://robot.example/open-apis/bot/v2/hook/x", "secret": "s2"}
GATEWAY = {
    "url": "https://gateway.example/send", "shape": "json", "header": "Authorization: Bearer k", "success": "code=0",
    "template": '{"to": ["{phone}"], "say": {"text": "{text}"}, "key": "{id}"}',
}  # fmt: skip


def wire(*answers, seen=None):
    left = list(answers)

    def reply(request):
        if seen is not None:
            seen.append(request)
        answer = left.pop(0) if len(left) > 1 else left[0]
        return httpx.Response(200, json=answer)

    return Wire(HOSTS, httpx.MockTransport(reply), lambda host, port: ["93.184.216.34"])


# ---- what is asked


def test_dingtalk_is_signed_with_milliseconds_in_the_address_and_mentions_the_person():
    seen = []
    with clock.frozen(NOW):
        send_dingtalk(DINGTALK, WORD, wire({"errcode": 0}, seen=seen))
    query = parse_qs(urlsplit(str(seen[0].url)).query)
    moment = str(int(NOW.timestamp() * 1000))
    sign = base64.b64encode(hmac.new(b"SEC1", f"{moment}\nSEC1".encode(), hashlib.sha256).digest()).decode()
    assert query == {"access_token": ["t"], "timestamp": [moment], "sign": [sign]}
    assert json.loads(seen[0].content) == {
        "msgtype": "text", "text": {"content": "有事项"}, "at": {"atUserIds": ["zhang.san"]},
    }  # fmt: skip


def test_feishu_is_signed_with_seconds_in_the_body_by_its_own_way_round():
    seen = []
    with clock.frozen(NOW):
        send_feishu(FEISHU, WORD, wire({"code": 0}, seen=seen))
    body = json.loads(seen[0].content)
    moment = str(int(NOW.timestamp()))
    assert body["timestamp"] == moment
    assert body["sign"] == base64.b64encode(hmac.new(f"{moment}\ns2".encode(), b"", hashlib.sha256).digest()).decode()
    assert body["content"] == {"text": '<at user_id="zhang.san"></at> 有事项'}


def test_wecom_by_robot_or_by_an_app_that_renews_its_token():
    seen = []
    send_wecom(
        {"url": "https://robot.example/hook?key=k"}, Word("13800000000", "x", "1"), wire({"errcode": 0}, seen=seen)
    )
    assert json.loads(seen[0].content)["text"]["mentioned_mobile_list"] == ["13800000000"]
    app = {"corp": "c", "agent": "7", "secret": "s", "url": "https://robot.example"}
    robots._tokens.clear()
    send_wecom(app, WORD, wire({"errcode": 0, "access_token": "a1"}, {"errcode": 0}))
    seen.clear()
    answers = ({"errcode": 42001}, {"errcode": 0, "access_token": "a2"}, {"errcode": 0})
    send_wecom(app, WORD, wire(*answers, seen=seen))
    assert [urlsplit(str(request.url)).path.rpartition("/")[2] for request in seen] == ["send", "gettoken", "send"]
    body = json.loads(seen[-1].content)
    assert (body["touser"], body["agentid"]) == ("zhang.san", 7)
    assert "enable_duplicate_check" not in body, "it compares contents, and ours never differ"
    with pytest.raises(CannotSend, match="account_unknown"):
        send_wecom(app, WORD, wire({"errcode": 0, "invaliduser": "zhang.san"}))


def test_a_gateway_is_asked_by_its_template_with_a_key_that_stays_the_same():
    seen = []
    send_sms(GATEWAY, Word("13800000000", "有事项", "0001"), wire({"code": 0}, seen=seen))
    assert json.loads(seen[0].content) == {"to": ["13800000000"], "say": {"text": "有事项"}, "key": "0001"}
    assert seen[0].headers["Authorization"] == "Bearer k"
    form = GATEWAY | {"shape": "form", "template": '{"mobile": "{phone}", "content": "{text}"}'}
    send_sms(form, WORD, wire({"code": 0}, seen=seen))
    assert parse_qs(seen[1].content.decode())["mobile"] == ["zhang.san"]


@pytest.mark.parametrize(
    ("send", "config", "answer"),
    [
        (send_dingtalk, DINGTALK, {"errcode": 310000, "errmsg": "sign not match"}),
        (send_feishu, FEISHU, {"code": 19021}),
        (send_wecom, {"url": "https://robot.example/x"}, {"errcode": 93000}),
        (send_sms, GATEWAY, {"code": 5}),
        (send_dingtalk, DINGTALK, {}),
    ],
)
def test_a_good_status_with_a_refusal_inside_has_not_left(send, config, answer):
    with pytest.raises(CannotSend, match="refused_"):
        send(config, WORD, wire(answer))


def test_no_answer_of_a_service_gets_into_our_records_but_a_code():
    with pytest.raises(CannotSend) as refused:
        send_dingtalk(DINGTALK, WORD, wire({"errcode": "欧阳 <b>" + "x" * 500}))
    assert len(refused.value.code) < 60
    assert "<" not in refused.value.code


def test_a_template_is_filled_wherever_its_words_stand():
    assert filled({"a": ["{phone}", 3, {"b": "{text}/{id}"}]}, {"phone": "1", "text": "t", "id": "9"}) == {
        "a": ["1", 3, {"b": "t/9"}]
    }


# ---- what may be set up


@pytest.mark.parametrize(
    ("channel", "values", "place", "code"),
    [
        ("dingtalk", {"url": "https://robot.example/"}, "secret", "is_missing"),
        ("feishu", {"url": "robot", "secret": "s"}, "url", "bad_address"),
        ("wecom", {}, "url", "robot_or_app"),
        ("wecom", {"corp": "c", "agent": "7"}, "secret", "is_missing"),
        ("wecom", {"corp": "c", "agent": "seven", "secret": "s"}, "agent", "not_a_number"),
        ("sms", GATEWAY | {"template": "{phone}"}, "template", "not_json"),
        ("sms", GATEWAY | {"template": '{"a": "b"}'}, "template", "no_phone"),
        ("sms", GATEWAY | {"shape": "form"}, "template", "form_is_flat"),
        ("sms", GATEWAY | {"success": "code"}, "success", "no_equals"),
        ("sms", GATEWAY | {"header": "Bearer"}, "header", "no_colon"),
        ("mail", {"url": "https://robot.example"}, "url", "bad_address"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(channel, values, place, code):
    with pytest.raises(BadConfig) as refused:
        checked_config(channel, values)
    assert (refused.value.place, refused.value.code) == (place, code)
    assert config_fault_words(code) != code


def test_what_is_kept_and_where_it_leads():
    assert checked_config("dingtalk", DINGTALK | {"other": "x"}) == DINGTALK
    assert host_of("wecom", {"corp": "c", "agent": "7", "secret": "s"}) == "qyapi.weixin.qq.com"
    assert host_of("file", {}) == ""


# ---- lanes


@pytest.fixture
def post(db, settings):
    settings.XINQIAO_WEBHOOK_HOSTS = HOSTS
    settings.XINQIAO_MAIL = "smtp://mail.example?from=x@school.example"
    for channel, config in (("dingtalk", DINGTALK), ("feishu", FEISHU)):
        ChannelSetting(county_id=ids.new_id(), place="abc/", key_id=new_key("unit"), channel=channel,
                       config=json.dumps(config), set_by=ids.new_id(), set_at=NOW).save(force_insert=True)  # fmt: skip

    def put(*channels, at=NOW, is_urgent=True, key=None):
        about, key = ids.new_id(), key or new_key("staff")
        to = [
            Address(channel, "" if channel == "none" else "a@b.example", key, "abc/", ids.new_id())
            for channel in channels
        ]
        post_messages(to, about_kind="signal", about_id=about, at=at, is_urgent=is_urgent)
        return about

    return put


@pytest.fixture
def services(monkeypatch):
    """Which channels are down, and what left."""
    state = {"down": set(), "left": [], "asked": []}

    def ask(channel):
        def send(*args, **_more):
            state["asked"].append(channel)
            if channel in state["down"]:
                raise CannotSend("timeout")
            state["left"].append(channel)

        return send

    monkeypatch.setattr(delivering, "send_mail", ask("mail"))
    monkeypatch.setattr(delivering, "_BY_HTTP", {channel: ask(channel) for channel in ("sms", "dingtalk", "feishu")})
    return state


def rows(**what):
    return OutboxMessage.objects.for_system(reason="test").filter(**what)


def check_no_channel_holds_up_another(services, send=send_lane):
    """Mail hangs: what goes by the other channels leaves in the first run, and mail was asked once, not once each."""
    for lane in sending.LANES:
        send(lane, NOW)
    assert services["left"].count("dingtalk") == 5
    assert services["asked"].count("mail") == 1, "the rest waits for the next run instead of waiting in a row"


def test_a_channel_that_hangs_holds_up_no_other(post, services):
    for _ in range(5):
        post("mail", "dingtalk")
    services["down"] = {"mail"}
    check_no_channel_holds_up_another(services)


def test_control_one_queue_without_a_memory_of_what_is_down_would(post, services, monkeypatch):
    for _ in range(5):
        post("mail", "dingtalk")
    services["down"] = {"mail"}
    monkeypatch.setattr(sending, "UNREACHABLE", ())
    with pytest.raises(AssertionError):
        check_no_channel_holds_up_another(services)


def check_it_leaves_once_the_channel_is_back(post, services):
    """Mail is down for a quarter of an hour: it leaves within half a minute of its coming back, and by then once."""
    post("mail")
    services["down"] = {"mail"}
    for second in range(0, 900, 2):
        send_due(NOW + second * SECOND)
    services["down"] = set()
    for second in range(900, 932, 2):
        send_due(NOW + second * SECOND)
    assert services["left"] == ["mail"]


def test_an_urgent_one_is_tried_every_half_minute_and_leaves_once(post, services):
    check_it_leaves_once_the_channel_is_back(post, services)


def test_control_without_the_retry_it_never_leaves(post, services, monkeypatch):
    monkeypatch.setattr(sending, "_is_enough", lambda *_: True)
    with pytest.raises(AssertionError):
        check_it_leaves_once_the_channel_is_back(post, services)


def test_once_it_is_back_what_is_urgent_does_not_wait_its_pause_out(post, services):
    services["down"] = {"mail"}
    post("mail")
    send_lane("mail", NOW)
    post("mail", at=NOW + SECOND)
    services["down"] = set()
    assert send_lane("mail", NOW + 2 * SECOND) == 1
    assert send_lane("mail", NOW + 3 * SECOND) == 1, "its pause was five seconds"


def test_what_is_urgent_goes_first_and_is_given_up_after_a_day_only(post, services):
    post("mail", is_urgent=False, at=NOW - SECOND)
    about = post("mail")
    services["down"] = {"mail"}
    send_lane("mail", NOW)
    assert rows(tries=1).get().about_id == about
    at = NOW
    while at < NOW + URGENT_FOR + dt.timedelta(minutes=1):
        send_lane("mail", at)
        at += dt.timedelta(minutes=30)
    assert rows(about_id=about).get().status == "failed"
    assert [pause_after(n, is_urgent=True).total_seconds() for n in (1, 2, 3, 4, 500)] == [5, 10, 20, 30, 30]


def test_what_is_not_set_up_is_given_up_by_name(post):
    post("sms")
    send_lane("sms", NOW)
    assert (rows().get().status, rows().get().last_error) == ("failed", "channel_not_set_up")


# ---- what reached nobody


def late(_place):
    return 60 * SECOND


def test_what_left_by_no_channel_in_its_time_is_found(post, services):
    services["down"] = {"mail", "dingtalk"}
    about = post("mail", "dingtalk")
    send_due(NOW)
    assert unreached_since(NOW - 60 * SECOND, NOW + 59 * SECOND, late) == []
    (found,) = unreached_since(NOW - 60 * SECOND, NOW + 61 * SECOND, late)
    assert (found.about_id, found.errors) == (about, ("timeout",))
    services["down"] = {"mail"}
    send_due(NOW + 62 * SECOND)
    assert unreached_since(NOW - 60 * SECOND, NOW + 63 * SECOND, late) == [], "one channel is enough"


def test_whom_nothing_reaches_is_found_at_once_and_counts_as_nothing_sent(post, db):
    about = post("none")
    (found,) = unreached_since(NOW - SECOND, NOW, late)
    assert (found.about_id, found.errors) == (about, ("no_channel",))
    assert "staff page" in error_words("no_channel") or "教职工" in error_words("no_channel")


def test_usual_ones_count_once_every_channel_gave_up(post, services):
    post("sms", "mail", is_urgent=False)
    services["down"] = {"mail"}
    send_due(NOW)
    assert unreached_since(NOW - SECOND, NOW + 3600 * SECOND, late) == []
    rows(channel="mail").update(status="failed")
    assert len(unreached_since(NOW - SECOND, NOW, late)) == 1


@pytest.mark.parametrize("channel", [*PERSONAL, "none"])
def test_every_channel_has_a_name(channel):
    assert channel_words(channel)
