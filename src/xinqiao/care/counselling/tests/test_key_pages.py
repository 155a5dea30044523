"""The page of sealed notes: from the first sentence to a recovery; what lies in session and cookie; how it shuts."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from xinqiao.care.counselling import opening
from xinqiao.care.counselling.rows import every_recovery, is_admitted, is_recoverable, own_key_of
from xinqiao.care.counselling.services.groups import admit_member, end_member, join_group, name_holders
from xinqiao.foundation.core import clock

HOME = "/counselling/keys/"


def open_with(client, words, there=""):
    return client.post(reverse("counselling:open"), {"words": words, "next": there})


def chosen(words):
    return {"new_words": words, "again": words}


def text_of(client) -> str:
    return client.get(HOME).content.decode()


def test_from_the_first_sentence_to_a_colleague_who_is_admitted(world, sealed, sign_in):
    client = sign_in("psych")
    assert "您还没有设定口令句" in text_of(client)
    assert client.get(reverse("counselling:open")).url == reverse("counselling:sentence")
    short = client.post(reverse("counselling:sentence"), chosen("太短了"))
    assert short.status_code == 422
    assert "忘记" in short.content.decode(), "what forgetting costs is said before a sentence is chosen"
    assert client.post(reverse("counselling:sentence"), chosen(sealed.words("psych"))).url == HOME
    assert "辅导小组还没有建立" in text_of(client)
    client.post(reverse("counselling:join", args=[world.school.id]))
    sealed.choose("psych2")
    join_group(world.school, actor=world.actor("psych2"))
    admit = reverse("counselling:admit", args=[sealed.member("psych2").id])
    assert admit in text_of(client)
    assert client.post(admit).url == reverse("counselling:open"), "the sentence first"
    wrong = open_with(client, "不是这一句话呀")
    assert (wrong.status_code, "这句话打不开" in wrong.content.decode()) == (422, True)
    assert open_with(client, sealed.words("psych"), "https://elsewhere.example/").url == HOME
    client.post(admit)
    assert is_admitted(sealed.group(), world.id_of("psych2"))
    assert "目前还无法找回钥匙" in text_of(client)
    sealed.choose("head", "security")
    people = {"first": str(world.id_of("head")), "second": str(world.id_of("head"))}
    holders = reverse("counselling:holders", args=[sealed.group().id])
    same = client.post(holders, people)
    assert (same.status_code, "必须是两位不同的人" in same.content.decode()) == (422, True)
    client.post(holders, {**people, "second": str(world.id_of("security"))})
    assert is_recoverable(sealed.group())
    assert "Sealed notes" in sign_in("psych", "en").get(HOME).content.decode()


def test_two_holders_and_an_heir_do_it_on_their_pages(world, sealed, sign_in):
    sealed.choose("psych", "head", "security")
    join_group(world.school, actor=world.actor("psych"))
    holders = (world.id_of("head"), world.id_of("security"))
    name_holders(sealed.group(), actor=world.actor("psych"), private=sealed.private("psych"), staff_ids=holders)
    sealed.choose("psych")
    client = sign_in("head")
    open_with(client, sealed.words("head"))
    recover = reverse("counselling:recover", args=[sealed.member("psych").id])
    assert recover in text_of(client)
    client.post(recover)
    recovery = every_recovery().get()
    client = sign_in("security")
    open_with(client, sealed.words("security"))
    second = reverse("counselling:recover-second", args=[recovery.id])
    assert second in text_of(client)
    client.post(second)
    client = sign_in("psych")
    open_with(client, sealed.words("psych"))
    take = reverse("counselling:take-notes", args=[recovery.id])
    assert take in text_of(client)
    client.post(take)
    assert is_admitted(sealed.group(), world.id_of("psych"))


def raw_of(sealed, login) -> bytes:
    return sealed.private(login).private_bytes_raw()


def check_session_opens_nothing(raw) -> None:
    """The session table holds no private half that can be read without the browser's cookie."""
    for row in Session.objects.all():
        box = opening.base64.b64decode(row.get_decoded()[opening.SLOT]["box"])
        assert raw not in box


def test_the_session_holds_ciphertext_and_shuts_when_idle_signed_out_or_struck_off(world, sealed, sign_in, frozen):
    sealed.found()
    client = sign_in("psych2")
    response = open_with(client, sealed.words("psych2"))
    cookie = response.cookies[opening.COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert not cookie["max-age"], "it goes with the browser"
    assert "已在本浏览器中打开" in text_of(client)
    check_session_opens_nothing(raw_of(sealed, "psych2"))
    kept = client.cookies.pop(opening.COOKIE)
    assert "已在本浏览器中打开" not in text_of(client), "the session alone, as a thief of the table has it"
    client.cookies[opening.COOKIE] = kept.value
    with clock.frozen(frozen + dt.timedelta(minutes=14)):
        assert "已在本浏览器中打开" in text_of(client)
    with clock.frozen(frozen + dt.timedelta(minutes=29)):
        assert "已在本浏览器中打开" not in text_of(client)
    open_with(client, sealed.words("psych2"))
    end_member(sealed.member("psych2"), actor=world.actor("psych"))
    join_group(world.school, actor=world.actor("psych2"))
    third = sealed.member("psych2")
    client.post(reverse("counselling:admit", args=[third.id]))
    assert not is_admitted(sealed.group(), world.id_of("psych2")), "an open session admits nobody, not even oneself"
    client.post(reverse("counselling:shut"))
    assert "已在本浏览器中打开" not in text_of(client)
    admit_member(third, actor=world.actor("psych"), private=sealed.private("psych"))
    open_with(client, sealed.words("psych2"))
    client.post(reverse("account_logout"))
    assert opening.SLOT not in client.session


def test_control_a_session_that_keeps_the_key_as_it_is_would_be_found(world, sealed, sign_in, monkeypatch):
    class Bare:
        def __init__(self, key):
            pass

        def encrypt(self, nonce, plain, bound_to):
            return plain

    sealed.found()
    client = sign_in("psych")
    assert own_key_of(world.id_of("psych")) is not None
    monkeypatch.setattr(opening, "AESGCM", Bare)
    open_with(client, sealed.words("psych"))
    with pytest.raises(AssertionError):
        check_session_opens_nothing(raw_of(sealed, "psych"))
