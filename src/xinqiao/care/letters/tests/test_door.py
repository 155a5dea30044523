"""The guardians' door: what a code opens, what it does not, and what is never in it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from xinqiao.care.letters import codes
from xinqiao.care.letters.codes import grouped, new_letter_code, tidied
from xinqiao.care.letters.rows import every_letter
from xinqiao.care.letters.selectors.wishes import wishes
from xinqiao.care.letters.services import opening
from xinqiao.care.letters.services.releasing import settle_wish, withdraw_letter
from xinqiao.care.letters.tests.conftest import TITLE, WORDS
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.duty.tests.world import MONDAY_10

UNGUARDED = pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
CLOSED = "这个代码现在打不开"


def ask(code: str, act: str = "") -> tuple[int, str]:
    """Post a code as a stranger; return the status and what is read."""
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("letters:open"), {"code": code, "act": act})
    assert not response.cookies
    return response.status_code, response.content.decode()


def wrong_code(right: str) -> str:
    """A code that begins like the right one."""
    last = "2" if right[-1] != "2" else "3"
    return right[:-1] + last


def test_a_code_is_read_however_it_is_typed():
    code = new_letter_code()
    assert tidied(f" {grouped(code).lower()} ") == code
    assert tidied(grouped(code).replace("-", " ")) == code
    assert [tidied(text) for text in ("", "K7", f"{code}A", "O0I1O0I1O0I1")] == ["", "", "", ""]


def test_a_code_opens_the_letter_and_names_nobody(post):
    post.released()
    status, text = ask(grouped(post.code()))
    assert status == 200
    assert TITLE in text
    assert WORDS.splitlines()[0] in text
    assert "12356" in text
    for name in ("欧阳", "思源", "七(3)", "20260301", "秋季测评", "林若溪"):
        assert name not in text
    letter = post.letter()
    assert (letter.state, letter.way, letter.opened_at) == ("delivered", "code", clock.now())
    ask(post.code())
    assert AuditEvent.objects.filter(event="letters.letter.opened").count() == 1


def test_the_door_keeps_nothing_in_the_browser(post):
    post.released()
    client = Client(enforce_csrf_checks=True)
    for response in (client.get(reverse("letters:open")), client.post(reverse("letters:open"), {"code": post.code()})):
        assert not response.cookies
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "?" not in reverse("letters:open")


def test_whoever_reads_says_so_and_asks_for_a_talk(post):
    post.released()
    ask(post.code(), "read")
    status, text = ask(post.code(), "talk")
    assert status == 200
    assert "心理老师会给您打电话" in text
    letter = post.letter()
    assert (letter.state, letter.confirmed_at, letter.answered_at) == ("answered", clock.now(), clock.now())
    ask(post.code(), "talk")
    assert AuditEvent.objects.filter(event="letters.letter.answered").count() == 1
    messages = list(OutboxMessage.objects.for_system(reason="test").filter(about_kind="letter"))
    assert len(messages) == 1  # one psychology teacher has an address
    said = f"{messages[0].subject} {messages[0].body}"
    assert "欧阳" not in said
    assert "家长" not in said
    with clock.frozen(MONDAY_10 + dt.timedelta(days=4)):
        (wish,) = wishes(post.psych, clock.now())
        assert (wish.name, wish.is_late) == ("欧阳思源", True)
        settle_wish(post.letter(), actor=post.psych)
        assert wishes(post.psych, clock.now()) == []
        ask(post.code(), "talk")
        assert len(wishes(post.psych, clock.now())) == 1


@UNGUARDED
def test_wrong_codes_lock_a_letter_for_a_while(post, monkeypatch, is_guarded):
    post.released()
    if not is_guarded:
        monkeypatch.setattr(opening, "F", lambda _name: 0)  # tries are not counted
    for _ in range(5):
        assert ask(wrong_code(post.code()))[0] == 422
    assert (ask(post.code())[0] == 422) is is_guarded
    assert AuditEvent.objects.filter(event="letters.code.locked").exists() is is_guarded
    assert ask(post.code(1))[0] == 200  # another letter stays open
    with clock.frozen(MONDAY_10 + dt.timedelta(minutes=11)):
        assert ask(post.code())[0] == 200


def test_a_right_code_forgives_wrong_ones(post):
    post.released()
    for _ in range(3):
        for _ in range(4):
            ask(wrong_code(post.code()))
        assert ask(post.code())[0] == 200


def test_unknown_wrong_locked_withdrawn_and_expired_look_alike(post):
    post.released()
    answers = {ask(new_letter_code())[1], ask("K7")[1]}
    right = post.code(), post.code(1)
    answers.add(ask(wrong_code(right[0]))[1])
    withdraw_letter(post.letter(0), actor=post.psych)
    answers.add(ask(right[0])[1])
    with clock.frozen(MONDAY_10 + dt.timedelta(days=61)):
        answers.add(ask(right[1])[1])
    assert len({text[: text.index("<form")].replace(" ", "") for text in answers}) == 1


@UNGUARDED
def test_a_letter_that_is_not_released_is_opened_by_nothing(post, monkeypatch, is_guarded):
    post.released()
    code = post.code()
    every_letter().update(state="read", read_digest=b"x")
    if not is_guarded:
        monkeypatch.setattr("xinqiao.care.letters.selectors.letters.WITH_GUARDIANS", ("read",))
    assert (ask(code)[0] == 200) is not is_guarded


def test_codes_are_of_enough_signs_and_found_by_their_beginning_alone():
    drawn = {new_letter_code() for _ in range(200)}
    assert len(drawn) == 200
    assert {len(code) for code in drawn} == {codes.CODE_LENGTH}
    code = new_letter_code()
    assert codes.locator_mac(code) == codes.locator_mac(code[:4] + "22222222")


def test_the_door_speaks_both_languages(post):
    post.released()
    with translation.override("en"):
        response = Client().post(reverse("letters:open"), {"code": post.code()}, headers={"accept-language": "en"})
    assert "Please call me" in response.content.decode()
