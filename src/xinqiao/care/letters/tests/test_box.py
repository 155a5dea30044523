"""The guardians' box: a worry told with the code of a letter is a signal at once, bounded, and names nobody back."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xinqiao.care.alerts.models import Notice, Signal
from xinqiao.care.alerts.services import telling
from xinqiao.care.letters.services import worrying
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.register.policy.selectors import parameters_for

WORRY = "这两周总说活着没意思，夜里不睡"


def tell(code: str, words: str = WORRY, **more) -> tuple[int, str]:
    """Post a worry as a stranger; return the status and what is read."""
    sent = {"code": code, "act": "worry", "words": words, **more}
    response = Client(enforce_csrf_checks=True).post(reverse("letters:open"), sent)
    return response.status_code, response.content.decode()


def signals():
    return Signal.objects.for_system(reason="a test looks at them").filter(source="guardian")


def becomes_a_signal(post):
    """The check: the words are a signal of the policy's urgency, somebody is told, and the guardian hears by when."""
    post.released()
    status, text = tell(post.code())
    assert status == 200
    assert signals().count() == 1
    signal = signals().get()
    assert (signal.student_id, signal.urgency) == (post.student().id, "orange")
    assert Notice.objects.for_system(reason="a test looks at them").filter(signal_id=signal.id).exists()
    assert "学校已收到您的话" in text
    assert "12356" in text
    for name in ("欧阳", "思源", "林若溪"):
        assert name not in text


def test_a_worry_becomes_a_signal_and_the_guardian_hears_by_when(post):
    becomes_a_signal(post)


def test_control_with_another_urgency_it_is_found(post, monkeypatch):
    monkeypatch.setattr(worrying, "urgency_of", lambda *_args: "yellow")
    with pytest.raises(AssertionError):
        becomes_a_signal(post)


def test_what_cannot_wait_is_red_and_says_to_stay_with_the_child(post):
    post.released()
    _status, text = tell(post.code(), cannot_wait="on")
    assert signals().get().urgency == "red"
    assert "请陪在孩子身边" in text


def test_the_psychology_teacher_reads_the_words_in_the_signal(post, client):
    post.released()
    tell(post.code())
    client.force_login(post.school.world.users["psych"], backend=settings.AUTHENTICATION_BACKENDS[0])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    page = client.get(reverse("alerts:signal", args=[signals().get().id])).content.decode()
    assert WORRY in page


def test_the_same_words_again_are_one_signal(post):
    post.released()
    for _ in range(2):
        assert tell(post.code())[0] == 200
    assert signals().count() == 1


def bounded(post):
    """The check: beyond what the policy takes in an hour nothing more is written, and the words are still there."""
    post.released()
    most = parameters_for(post.student().place, timezone.localdate()).help_button.calls_an_hour
    for n in range(most):
        assert tell(post.code(), f"{WORRY}，第{n}次")[0] == 200
    status, text = tell(post.code(), "还有一件事要说")
    assert signals().count() == most
    assert status == 422
    assert "还有一件事要说" in text


def test_it_is_bounded_and_nothing_typed_is_lost(post):
    bounded(post)


def test_control_without_the_bound_there_are_more(post, monkeypatch):
    monkeypatch.setattr(worrying, "AN_HOUR", -worrying.AN_HOUR)
    with pytest.raises(AssertionError):
        bounded(post)


def test_empty_words_are_refused_with_the_letter_still_open(post):
    post.released()
    status, text = tell(post.code(), " ")
    assert status == 422
    assert "请用一两句话写明" in text
    assert not signals().exists()


def test_without_the_right_code_nothing_is_written(post):
    post.released()
    code = post.code()
    last = "2" if code[-1] != "2" else "3"
    assert tell(code[:-1] + last)[0] == 422
    assert not signals().exists()
    assert not AuditEvent.objects.filter(event="letters.worry.told").exists()


def test_where_nobody_can_be_told_the_words_stand_and_the_guardian_hears_it(post, monkeypatch):
    def nobody(*_args, **_more):
        raise telling.NobodyToTell("nobody")

    monkeypatch.setattr(telling, "tell", nobody)
    post.released()
    status, text = tell(post.code())
    assert status == 200
    assert "还没能通知到人" in text
    assert signals().get().told_at is None, "the job of telling tries on"
