"""Setting up, ending and trying out; the own choice; who is reached by what; and what reached nobody."""

import json

import pytest
from django.core.management import call_command

from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import ids
from xinqiao.foundation.notifications import delivering, outbox, services
from xinqiao.foundation.notifications.configs import BadConfig
from xinqiao.foundation.notifications.models import ChannelSetting, OutboxMessage, OwnChannel
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.foundation.notifications.sending import send_due
from xinqiao.foundation.notifications.services import OwnChoice, end_channel, set_channel, set_own_channels
from xinqiao.foundation.notifications.webhooks import CannotSend
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.reach.selectors import channel_rows, unreached
from xinqiao.register.reach.tests.conftest import CONFIGS, DINGTALK, MAIL
from xinqiao.register.reach.ways import addresses_of_staff

pytestmark = pytest.mark.django_db


def choose(world, login, *choices):
    staff = world.staff[login]
    return set_own_channels(
        world.school.path, actor=world.actor(login), kept_at=staff.place, county_id=staff.county_id, choices=choices
    )


def reached(world, login, *, is_urgent=False):
    found = addresses_of_staff([world.id_of(login)], is_urgent=is_urgent)
    return {(each.channel, each.address) for addresses in found.values() for each in addresses}


# ---- setting up


def test_what_is_set_up_is_sealed_dated_and_audited(world, set_up):
    (row,) = set_up("dingtalk")
    raw = bytes(ChannelSetting.objects.for_system(reason="test").get().config)
    assert b"SEC-hidden" not in raw
    assert (row.host, row.set_by) == ("robot.example", world.id_of("admin"))
    event = AuditEvent.objects.get(event="notifications.channel.set")
    assert "dingtalk" in event.facts
    assert "hidden" not in event.facts


def test_setting_up_anew_ends_the_old_one_and_ending_lets_the_one_above_hold(world, set_up):
    above = set_up("dingtalk")[0]
    set_up("dingtalk", at=world.school)
    here = set_up("dingtalk", at=world.school)[0]
    open_rows = ChannelSetting.objects.for_system(reason="test").filter(ended_at=None)
    assert set(open_rows.values_list("id", flat=True)) == {above.id, here.id}
    assert delivering.nearest("dingtalk", world.class_a.path).setting == here
    end_channel(here, actor=world.actor("admin"))
    assert isinstance(end_channel(here, actor=world.actor("admin")), Unchanged)
    assert delivering.nearest("dingtalk", world.class_a.path).setting == above
    assert delivering.nearest("dingtalk", world.other_school.path) is None, "another county"


def test_only_the_administrator_of_the_place_may(world):
    for login in ("psych", "head", "officer"):
        with pytest.raises(Forbidden):
            set_channel(world.school.path, actor=world.actor(login), county_id=world.county.id, channel="dingtalk",
                        values=DINGTALK)  # fmt: skip
    with pytest.raises(Forbidden):
        set_channel(world.other_school.path, actor=world.actor("admin"), county_id=world.county.id, channel="dingtalk",
                    values=DINGTALK)  # fmt: skip


@pytest.mark.parametrize(
    ("channel", "values", "code"),
    [
        ("dingtalk", DINGTALK | {"url": "https://evil.example/"}, "host_not_listed"),
        ("mail", {"url": "smtp://evil.example?from=a@b.example"}, "host_not_listed"),
        ("file", {}, "demo_only"),
    ],
)
def test_where_a_channel_may_not_lead(world, channel, values, code):
    with pytest.raises(BadConfig, match=code):
        set_channel(world.school.path, actor=world.actor("admin"), county_id=world.county.id, channel=channel,
                    values=values)  # fmt: skip


def test_what_was_given_up_for_want_of_it_is_tried_again(world, set_up, asked, frozen):
    choose(world, "psych", OwnChoice("sms", is_on=True, address="13800000000"))
    set_up("sms")
    found = addresses_of_staff([world.id_of("psych")], is_urgent=True)[world.id_of("psych")]
    post_messages(found, about_kind="signal", about_id=ids.new_id(), at=frozen, is_urgent=True)
    ChannelSetting.objects.for_system(reason="test").update(ended_at=frozen)
    send_due(frozen)
    rows = OutboxMessage.objects.for_system(reason="test").filter(channel="sms")
    assert (rows.get().status, rows.get().last_error) == ("failed", "channel_not_set_up")
    set_up("sms")
    send_due(frozen)
    assert rows.get().status == "sent"


# ---- by what people are reached


def test_mail_comes_unless_it_was_switched_off_and_red_comes_by_all(world, set_up):
    set_up("mail", "sms", "dingtalk")
    assert reached(world, "psych") == {("mail", "psych@school.example")}
    choose(world, "psych", OwnChoice("mail", is_on=False), OwnChoice("sms", is_on=False, address="13800000000"),
           OwnChoice("dingtalk", is_on=True, address="ruoxi.lin"))  # fmt: skip
    assert reached(world, "psych") == {("dingtalk", "ruoxi.lin")}
    assert reached(world, "psych", is_urgent=True) == {
        ("mail", "psych@school.example"), ("sms", "13800000000"), ("dingtalk", "ruoxi.lin"),
    }  # fmt: skip


def test_a_channel_that_does_not_leave_from_there_reaches_nobody(world):
    choose(world, "psych2", OwnChoice("dingtalk", is_on=True, address="w.su"))
    assert reached(world, "psych2") == set()
    assert reached(world, "psych2", is_urgent=True) == {("none", "")}


def test_whoever_left_is_not_written_to(world, set_up, frozen):
    world.staff["psych"].left_on = frozen.date()
    world.staff["psych"].save()
    assert addresses_of_staff([world.id_of("psych")], is_urgent=True) == {}


def test_the_own_choice_is_sealed_audited_and_safe_against_a_double_click(world):
    said = OwnChoice("dingtalk", is_on=True, address="ruoxi.lin")
    choose(world, "psych", said)
    assert isinstance(choose(world, "psych", said), Unchanged)
    row = OwnChannel.objects.for_system(reason="test").get()
    assert b"ruoxi" not in bytes(row.address)
    assert row.key_id == world.staff["psych"].key_id, "it ends with the person's key"
    assert AuditEvent.objects.filter(event="notifications.own.set").count() == 1


def test_people_cost_the_same_number_of_queries(world, set_up, django_assert_num_queries):
    set_up("mail", "dingtalk")
    choose(world, "psych", OwnChoice("dingtalk", is_on=True, address="ruoxi.lin"))
    ids_of = [world.id_of(login) for login in ("psych", "psych2", "head", "officer", "teacher")]
    addresses_of_staff(ids_of)  # keys are opened once
    with django_assert_num_queries(3):
        addresses_of_staff(ids_of[:1])
    with django_assert_num_queries(3):
        addresses_of_staff(ids_of)


# ---- pages


def test_the_administrator_sets_up_and_never_sees_it_again(world, sign_in):
    browser = sign_in("admin")
    url = f"/channels/units/{world.county.id}/dingtalk/"
    bad = browser.post(url, {"url": "https://robot.example/x", "secret": ""})
    assert bad.status_code == 422
    assert "https://robot.example/x" in bad.content.decode(), "what was typed is still there"
    assert browser.post(url, DINGTALK, follow=True).status_code == 200
    for page in ("/channels/", url):
        shown = browser.get(page).content.decode()
        assert "SEC-hidden" not in shown
        assert "access_token" not in shown
    assert "robot.example" in browser.get("/channels/").content.decode()
    evil = browser.post(url, DINGTALK | {"url": "https://evil.example/"})
    assert (evil.status_code, "XINQIAO_WEBHOOK_HOSTS" in evil.content.decode()) == (422, True)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_of_every_channel_opens(world, sign_in, set_up, language):
    browser = sign_in("admin", language)
    assert ("还没有设置任何渠道" if language != "en" else "No channel is set up yet") in browser.get(
        "/channels/"
    ).content.decode()
    for channel in CONFIGS:
        assert browser.get(f"/channels/units/{world.county.id}/{channel}/").status_code == 200
    assert browser.get(f"/channels/units/{world.county.id}/none/").status_code == 404
    assert browser.get(f"/channels/?unit={world.school.id}").status_code == 200
    assert browser.get(f"/channels/?unit={world.other_school.id}").status_code == 404
    (row,) = set_up("sms")
    assert browser.post(f"/channels/set/{row.id}/end/").status_code == 302
    assert browser.post(f"/channels/set/{row.id}/end/").status_code == 302, "a second click changes nothing"


def test_a_trial_sends_the_wording_and_says_what_became_of_it(world, sign_in, set_up, asked, monkeypatch):
    set_up("mail")
    browser = sign_in("admin")
    url = f"/channels/units/{world.county.id}/try/"
    assert browser.post(url, {"channel": "mail", "address": "me@county.example"}).status_code == 302
    assert [body["to"] for _url, _text, body in asked] == ["me@county.example"]
    assert browser.post(url, {"channel": "mail", "address": "me"}).status_code == 422

    def fail(*_args, **_more):
        raise CannotSend("mail_server_unreachable")

    monkeypatch.setattr(delivering, "send_mail", fail)
    shown = browser.post(url, {"channel": "mail", "address": "me@county.example"})
    assert (shown.status_code, "邮件服务器" in shown.content.decode()) == (422, True)
    outcomes = AuditEvent.objects.filter(event="notifications.channel.tested").values_list("facts", flat=True)
    assert sorted(json.loads(facts)["outcome"] for facts in outcomes) == ["failed", "sent"]


def test_the_own_page_keeps_what_was_typed_and_refuses_what_leads_nowhere(world, sign_in, set_up):
    set_up("mail", "dingtalk")
    browser = sign_in("psych2")
    shown = browser.get("/channels/mine/").content.decode()
    assert "没有渠道能联系到您" in shown
    assert "checked" not in shown, "what leads nowhere is not ticked, so that saving the page as it is works"
    assert browser.post("/channels/mine/", {}).status_code == 302
    bad = browser.post("/channels/mine/", {"dingtalk_on": "on", "dingtalk_address": "苏 晚晴", "mail_on": "on"})
    assert bad.status_code == 422
    assert "苏 晚晴" in bad.content.decode()
    assert not OwnChannel.objects.for_system(reason="test").exists()
    good = browser.post("/channels/mine/", {"dingtalk_on": "on", "dingtalk_address": "w.su"})
    assert good.status_code == 302
    assert reached(world, "psych2") == {("dingtalk", "w.su")}
    assert 'value="w.su"' in browser.get("/channels/mine/").content.decode()


# ---- what reached nobody


def post_red(world, login, at):
    found = addresses_of_staff([world.id_of(login)], is_urgent=True)[world.id_of(login)]
    post_messages(found, about_kind="signal", about_id=ids.new_id(), at=at, is_urgent=True)


def check_the_school_and_the_operator_see_it(world, sign_in, frozen, capsys):
    """Somebody without any channel has a red notice: the duty page names them, the operator's pages name the unit."""
    post_red(world, "psych2", frozen)
    assert [(row.unit, row.errors) for row in unreached([world.county.path], frozen)] == [("学校1", ("no_channel",))]
    assert unreached([world.other_school.path], frozen) == []
    shown = sign_in("head").get("/duty/").content.decode()
    assert "没有送达任何人的通知" in shown
    assert "苏晚晴" in shown
    operator = sign_in("admin").get("/channels/").content.decode()
    assert "学校1" in operator
    assert "苏晚晴" not in operator, "the operator learns where, the school for whom"
    with pytest.raises(SystemExit) as ended:
        call_command("channels", "list", "--json")
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out)["unreached"][0]["why"] == ["no_channel"]


def test_a_notice_that_reached_nobody_is_seen_by_the_school_and_the_operator(world, sign_in, frozen, capsys):
    check_the_school_and_the_operator_see_it(world, sign_in, frozen, capsys)


def test_control_where_nobody_looks_for_them_it_is_unseen(world, sign_in, frozen, capsys, monkeypatch):
    monkeypatch.setattr(outbox, "_is_overdue", lambda *_: False)
    with pytest.raises(AssertionError):
        check_the_school_and_the_operator_see_it(world, sign_in, frozen, capsys)


def test_the_command_lists_and_tries(world, set_up, asked, capsys):
    set_up("mail", "sms")
    call_command("channels", "list", "--json")
    said = json.loads(capsys.readouterr().out)
    assert [row["channel"] for row in said["channels"]] == ["mail", "sms"]
    assert said["sound"]
    assert "hidden" not in json.dumps(said)
    call_command("channels", "list")
    assert "gateway.example" in capsys.readouterr().out
    call_command("channels", "test", "k1", "sms", "13800000000", "--json")
    assert json.loads(capsys.readouterr().out) == {"channel": "sms", "left": True, "error": ""}
    with pytest.raises(SystemExit):
        call_command("channels", "test", "k1", "feishu", "x", "--json")


def test_counts_of_what_waits(world, set_up, frozen):
    set_up("mail")
    post_red(world, "psych", frozen)
    row = next(row for row in channel_rows(world.county, frozen) if row.channel == "mail")
    assert (row.source, row.waiting, row.given_up) == ("here", 1, 0)
    assert MAIL["url"] not in repr(row)


# ---- the demo's file


def test_the_demo_citys_channel_writes_a_line_that_a_person_can_read(world, set_up, settings, tmp_path, frozen):
    settings.XINQIAO_DEMO, settings.XINQIAO_HOME = True, str(tmp_path)
    set_up("file")
    post_red(world, "psych2", frozen)
    assert send_due(frozen) == 1
    line = json.loads((tmp_path / "demo-messages.jsonl").read_text("utf-8"))
    assert (line["to"], "请登录" in line["text"]) == ("psych2", True)
    settings.XINQIAO_DEMO = False
    assert reached(world, "psych2") == set(), "outside a demo it is none"


# ---- two at once


def check_the_later_of_two_holds(world, set_up, monkeypatch):
    """Two administrators set the same channel up at once: neither sees an error, one row is open."""
    real, seen = services.new_key, []

    def meanwhile(kind):
        if not seen:
            seen.append(kind)
            set_up_raw(world)
        return real(kind)

    monkeypatch.setattr(services, "new_key", meanwhile)
    set_up("dingtalk")
    open_rows = ChannelSetting.objects.for_system(reason="test").filter(ended_at=None, channel="dingtalk")
    assert open_rows.get().host == "robot.example"


def set_up_raw(world):
    """What another process wrote after ours had ended the open row."""
    ChannelSetting(
        county_id=world.county.id, place=world.county.path, key_id=world.staff["psych"].key_id, channel="dingtalk",
        config="{}", host="other.example", set_by=world.id_of("admin"), set_at=MONDAY_10,
    ).save(force_insert=True)  # fmt: skip


def test_two_administrators_at_once(world, set_up, monkeypatch):
    check_the_later_of_two_holds(world, set_up, monkeypatch)


def test_two_clicks_on_the_own_choice_at_once(world, monkeypatch):
    said = OwnChoice("dingtalk", is_on=True, address="ruoxi.lin")
    choose(world, "psych", said)
    real, asked = services.own_rows, []

    def late(staff_ids):
        asked.append(staff_ids)
        return [] if len(asked) == 1 else real(staff_ids)

    monkeypatch.setattr(services, "own_rows", late)
    choose(world, "psych", OwnChoice("dingtalk", is_on=False, address="ruoxi"))
    assert OwnChannel.objects.for_system(reason="test").get().is_on is False
