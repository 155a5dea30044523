"""Every notice says the one wording and nothing else, whatever it is about and by whichever channel it goes."""

import ast
from pathlib import Path

import pytest

import xinqiao
from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.engines.triage import Reason
from xinqiao.foundation.core import ids
from xinqiao.foundation.notifications import outbox
from xinqiao.foundation.notifications.models import PERSONAL, OutboxMessage
from xinqiao.foundation.notifications.outbox import Address, post_messages
from xinqiao.foundation.notifications.sending import send_due
from xinqiao.foundation.notifications.services import OwnChoice, set_own_channels
from xinqiao.foundation.notifications.words import neutral_words, subject_words

pytestmark = pytest.mark.django_db
CALLS = ("post_messages", "send_neutral_word")
CHANNELS = [channel.value for channel in PERSONAL if channel != "file"]
ACCOUNT = "account.77"
CANARIES = ("欧阳", "思源", "20260301", "七年级", "(3)", "学校1", "红", "red", "phq", "signal", "周海宁", "林若溪")


def kinds_in_the_code() -> set[str]:
    """Every kind of thing that a message is posted about, read from the calls themselves."""
    found = set()
    for path in Path(xinqiao.__file__).parent.rglob("*.py"):
        text = path.read_text("utf-8")
        if "tests" in path.parts or not any(call in text for call in CALLS):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
                values = [word.value for word in node.keywords if word.arg == "about_kind"]
                assert values, f"{path.name}: a call that does not say what it is about"
                found |= {value.value for value in values if isinstance(value, ast.Constant)}
    return found


KINDS = sorted(kinds_in_the_code())


def leaves(body) -> set[str]:
    """Every text in what a channel was asked."""
    if isinstance(body, dict):
        return set().union(*(leaves(each) for each in body.values())) if body else set()
    if isinstance(body, list):
        return set().union(*(leaves(each) for each in body)) if body else set()
    return {str(body)}


def check_it_says_the_wording_and_nothing_else(world, asked, kind):
    """Post one about a kind by every channel; what is asked carries the wording, the account, and signs of its own."""
    staff = world.staff["psych"]
    to = [Address(channel, ACCOUNT, staff.key_id, staff.place, staff.county_id) for channel in CHANNELS]
    post_messages(to, about_kind=kind, about_id=staff.id, at=world.now)
    assert send_due(world.now) == len(CHANNELS)
    assert len(asked) == len(CHANNELS)
    ids_of = {str(row.id) for row in OutboxMessage.objects.for_system(reason="test")}
    words = {neutral_words(), f'<at user_id="{ACCOUNT}"></at> {neutral_words()}', subject_words()}
    for _url, _text, body in asked:
        said = leaves(body) - {"text", ACCOUNT} - ids_of
        said -= {value for key, value in body.items() if key in ("timestamp", "sign")}
        assert said & words, "it carries the wording"
        assert said <= words, said


def test_the_kinds_are_found():
    assert {"signal", "digest", "worry", "class_report", "round", "letter", "cadence", "order", "attention"} <= set(
        KINDS
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_by_every_channel(world, set_up, asked, frozen, kind):
    set_up(*CHANNELS)
    world.now = frozen
    check_it_says_the_wording_and_nothing_else(world, asked, kind)


@pytest.mark.parametrize("more", ["欧阳思源", "七年级(3)班", "red", "signal"])
def test_control_one_word_more_is_found(world, set_up, asked, frozen, monkeypatch, more):
    set_up(*CHANNELS)
    world.now = frozen
    monkeypatch.setattr(outbox, "neutral_words", lambda: f"{neutral_words()} {more}")
    with pytest.raises(AssertionError):
        check_it_says_the_wording_and_nothing_else(world, asked, "signal")


def check_a_red_signal_tells_nobody_outside_anything(world, asked, frozen):
    """A child's red signal, from its writing to the wire: by all channels, and none knows whom it is about or why."""
    child = world.students[0]
    signal = prepare_signal(
        student_id=child.id, county_id=child.county_id, place=child.place, key_id=child.key_id,
        source="critical_answer", urgency="red", evidence=50, basis=[Reason("critical_item", "phq-9", ("9",))],
        origin_kind="sitting", origin_id=ids.new_id(), once="x", at=frozen,
    )  # fmt: skip
    Signal.objects.for_system(reason="test").bulk_create([signal])
    assert tell_new_signals(frozen) == 1
    send_due(frozen)
    assert asked
    for _url, text, _body in asked:
        for word in CANARIES:
            assert word not in text, word


def reach_psych_everywhere(world):
    actor, staff = world.actor("psych"), world.staff["psych"]
    choices = [OwnChoice("sms", is_on=False, address="13800000000")]
    choices += [OwnChoice(channel, is_on=False, address=ACCOUNT) for channel in ("wecom", "dingtalk", "feishu")]
    set_own_channels(world.school.path, actor=actor, kept_at=staff.place, county_id=staff.county_id, choices=choices)


def test_a_red_signal_goes_by_every_channel_and_says_nothing(world, set_up, asked, frozen):
    set_up(*CHANNELS)
    reach_psych_everywhere(world)
    check_a_red_signal_tells_nobody_outside_anything(world, asked, frozen)
    rows = OutboxMessage.objects.for_system(reason="test").filter(key_id=world.staff["psych"].key_id)
    assert sorted(rows.values_list("channel", flat=True)) == sorted(CHANNELS), "every one, chosen or not"


def test_control_a_wording_that_tells_the_level_is_found(world, set_up, asked, frozen, monkeypatch):
    set_up(*CHANNELS)
    monkeypatch.setattr(outbox, "neutral_words", lambda: "心桥：红色")
    with pytest.raises(AssertionError):
        check_a_red_signal_tells_nobody_outside_anything(world, asked, frozen)
