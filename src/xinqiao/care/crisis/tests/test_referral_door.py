"""The institution's door: what a link and a code open, what they do not, and that it cannot be walked."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from xinqiao.care.crisis import referral_consent
from xinqiao.care.crisis.referral.codes import CODE_LENGTH, LINK_LENGTH, grouped, link_mac, new_signs, tidied
from xinqiao.care.crisis.referral_rows import every_referral
from xinqiao.care.crisis.selectors import referrals as reads
from xinqiao.care.crisis.services import answers
from xinqiao.care.crisis.services.referrals import send_referral, withdraw_referral
from xinqiao.care.crisis.tests.referring import SEEN, WHY, at_the_door, build_referring
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.duty.tests.world import MONDAY_10, build_world
from xinqiao.register.people.selectors.consent import current_form
from xinqiao.register.people.services.consents import record_consents

GUARD = pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def refer(db):
    with clock.frozen(MONDAY_10):
        yield build_referring(build_world())


def test_link_and_code_open_their_referral_and_no_other(refer):
    first, second = refer.sent(), refer.sent(1, reason="另一名学生的情况。")
    mine, other = refer.keys(first), refer.keys(second)
    status, text = at_the_door(grouped(mine["link"]).lower(), grouped(mine["code"]))
    assert status == 200
    assert WHY in text
    assert SEEN in text
    assert "欧阳思源" in text
    assert "12356" in text
    assert not {"另一名学生的情况", "㛃䶮", "20260301", "七(3)"} & {word for word in text.split() if word}
    assert "另一名" not in text
    assert "㛃䶮" not in text
    assert at_the_door(mine["link"], other["code"])[0] == 422  # a code belongs to its link
    assert AuditEvent.objects.filter(event="crisis.referral.opened").count() == 1


@GUARD
def test_what_was_not_chosen_is_not_there(refer, is_guarded):
    referral = refer.sent(shared=() if is_guarded else ("name", "observed"))
    text = at_the_door(*refer.keys(referral).values())[1]
    assert ("欧阳思源" not in text) is is_guarded
    assert (SEEN not in text) is is_guarded


@GUARD
def test_wrong_codes_lock_a_referral_for_a_while(refer, monkeypatch, is_guarded):
    keys = refer.keys(refer.sent())
    other = refer.keys(refer.sent(1))
    if not is_guarded:
        monkeypatch.setattr(answers, "F", lambda _name: 0)  # tries are not counted
    for _ in range(5):
        assert at_the_door(keys["link"], new_signs(CODE_LENGTH))[0] == 422
    assert (at_the_door(keys["link"], keys["code"])[0] == 422) is is_guarded
    assert AuditEvent.objects.filter(event="crisis.referral.locked").exists() is is_guarded
    assert at_the_door(other["link"], other["code"])[0] == 200
    with clock.frozen(MONDAY_10 + dt.timedelta(minutes=31)):
        assert at_the_door(keys["link"], keys["code"])[0] == 200


@GUARD
def test_a_link_runs_out(refer, monkeypatch, is_guarded):
    keys = refer.keys(refer.sent())
    if not is_guarded:
        every_referral().update(expires_at=MONDAY_10 + 400 * A_DAY)
    with clock.frozen(MONDAY_10 + 30 * A_DAY):
        assert (at_the_door(keys["link"], keys["code"])[0] == 422) is is_guarded
    assert at_the_door(keys["link"], keys["code"])[0] == 200


@GUARD
def test_nothing_is_shown_once_it_has_ended(refer, monkeypatch, is_guarded):
    referral = refer.sent()
    keys = refer.keys(referral)
    withdraw_referral(referral, actor=refer.psych, reason="elsewhere")
    if not is_guarded:
        monkeypatch.setattr(reads, "WITH_INSTITUTION", ("withdrawn",))
        monkeypatch.setattr("xinqiao.care.crisis.views.referral_door.WITH_INSTITUTION", ("withdrawn",))
    status, text = at_the_door(keys["link"], keys["code"])
    assert (status == 422) is is_guarded
    assert (WHY not in text) is is_guarded


def test_unknown_wrong_locked_run_out_and_ended_look_alike(refer):
    referral = refer.sent()
    keys = refer.keys(referral)
    said = {at_the_door(new_signs(LINK_LENGTH), new_signs(CODE_LENGTH))[1], at_the_door("abc", "1")[1],
            at_the_door(keys["link"], new_signs(CODE_LENGTH))[1]}  # fmt: skip
    with clock.frozen(MONDAY_10 + 30 * A_DAY):
        said.add(at_the_door(keys["link"], keys["code"])[1])
    withdraw_referral(referral, actor=refer.psych, reason="elsewhere")
    said.add(at_the_door(keys["link"], keys["code"])[1])
    assert len({text[: text.index("<form")].replace(" ", "") for text in said}) == 1


@GUARD
def test_the_link_cannot_be_walked(refer, monkeypatch, is_guarded):
    """Links are drawn by chance, found whole or not at all, and no address holds an id."""
    keys = refer.keys(refer.sent())
    near = [keys["link"][:-1] + sign for sign in "23456789ABCDEFGHJKMNPQRSTVWXYZ" if sign != keys["link"][-1]]
    if not is_guarded:  # a finder that looks at the beginning alone
        monkeypatch.setattr(reads, "link_mac", lambda link: link_mac(link[:-1] + keys["link"][-1]))
    opened = [link for link in near if at_the_door(link, keys["code"])[0] == 200]
    assert (opened == []) is is_guarded
    assert len({new_signs(LINK_LENGTH) for _ in range(300)}) == 300
    door = reverse("referrals:open")
    assert Client().get(f"{door}{keys['link']}/").status_code == 404
    assert WHY not in Client().get(f"{door}?link={keys['link']}&code={keys['code']}").content.decode()


def test_nothing_readable_of_link_and_code_is_stored(refer):
    referral = refer.sent()
    keys = refer.keys(referral)
    row = every_referral().values("link", "code", "link_mac", "code_mac", "payload", "reason").get(pk=referral.pk)
    stored = b"|".join(bytes(value) for value in row.values())
    for plain in (*keys.values(), WHY, "欧阳思源"):
        assert plain.encode() not in stored


def test_the_door_keeps_nothing_in_the_browser(refer):
    keys = refer.keys(refer.sent())
    client = Client(enforce_csrf_checks=True)
    for response in (client.get(reverse("referrals:open")), client.post(reverse("referrals:open"), keys)):
        assert not response.cookies
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_the_institution_answers_step_by_step(refer):
    referral = refer.sent()
    keys = refer.keys(referral)
    assert "学校已收到您的回复" in at_the_door(*keys.values(), target="accepted")[1]
    assert at_the_door(*keys.values(), target="visit_dated", day="2026-11-01")[0] == 422
    assert at_the_door(*keys.values(), target="visit_dated", day="2026-11-26")[0] == 200
    with clock.frozen(MONDAY_10 + 3 * A_DAY):
        at_the_door(*keys.values(), target="attended", day="2026-11-26")
        at_the_door(*keys.values(), target="advice", words="近两周请有人陪伴。")
        status, text = at_the_door(*keys.values(), target="closed")
        assert status == 200
        assert WHY not in text
        assert at_the_door(*keys.values())[0] == 422
    referral = refer.fresh(referral)
    assert (referral.state, referral.end_reason, referral.is_unread) == ("closed", "in_care", True)
    by_link = [step.kind for step in refer.steps(referral) if step.way == "link"]
    assert by_link == ["opened", "accepted", "visit_dated", "attended", "advice", "closed"]


def test_what_is_answered_twice_or_out_of_turn_is_refused(refer):
    keys = refer.keys(refer.sent())
    assert at_the_door(*keys.values(), target="withdrawn")[0] == 422
    assert at_the_door(*keys.values(), target="declined")[0] == 422  # without a reason
    assert at_the_door(*keys.values(), target="declined", reason="full")[0] == 200
    assert at_the_door(*keys.values(), target="accepted")[0] == 422


def test_signs_are_read_however_they_are_typed():
    link = new_signs(LINK_LENGTH)
    assert tidied(f" {grouped(link).lower()} ", LINK_LENGTH) == link
    assert [tidied(text, CODE_LENGTH) for text in ("", "K7", "O0I1O0I1", link)] == [""] * 4


# ---- The family takes its consent back


def family_says(refer, decision):
    school, student = refer.world.school, refer.world.students[0]
    record_consents(
        school, actor=refer.psych, form=current_form(student.place, "referral"), student_ids=[student.id],
        decision=decision, given_by="guardian",
    )  # fmt: skip


@GUARD
def test_a_consent_taken_back_closes_the_link_and_the_school_has_a_task(refer, monkeypatch, is_guarded):
    referral = refer.sent()
    keys, reader = refer.keys(referral), refer.psych
    assert at_the_door(keys["link"], keys["code"])[0] == 200
    before = reads.count_waiting(reader, clock.now())
    if not is_guarded:
        monkeypatch.setattr(referral_consent, "_shut", lambda _referral, _decided: None)
    family_says(refer, "withdrawn")

    def check():
        status, text = at_the_door(keys["link"], keys["code"])
        assert status == 410
        assert WHY not in text
        assert "欧阳思源" not in text
        assert at_the_door(keys["link"], keys["code"], target="accepted")[0] == 410

    if not is_guarded:
        with pytest.raises(AssertionError):
            check()
        return
    check()
    assert refer.fresh(referral).state == "sent", "nothing was answered by a closed link"
    assert at_the_door(keys["link"], new_signs(CODE_LENGTH))[0] == 422, "a wrong code learns nothing"
    assert reads.count_waiting(reader, clock.now()) == before + 1
    kinds = set(open_clocks().filter(subject_id=referral.id).values_list("kind", flat=True))
    assert "referral_talk" in kinds
    told = OutboxMessage.objects.for_system(reason="test").filter(about_kind="referral", about_id=referral.id)
    assert told.exists()
    assert all("欧阳" not in f"{row.subject}{row.body}" for row in told)
    assert refer.steps(referral)[-1].kind == "shut"
    assert AuditEvent.objects.filter(event="crisis.referral.shut").count() == 1
    family_says(refer, "withdrawn")
    assert AuditEvent.objects.filter(event="crisis.referral.shut").count() == 1


def test_a_new_yes_opens_it_again_and_ending_it_ends_the_task(refer):
    referral = refer.sent()
    keys = refer.keys(referral)
    family_says(refer, "withdrawn")
    family_says(refer, "given")
    assert at_the_door(keys["link"], keys["code"])[0] == 200
    assert "referral_talk" not in open_clocks().filter(subject_id=referral.id).values_list("kind", flat=True)
    assert AuditEvent.objects.filter(event="crisis.referral.reopened").count() == 1
    family_says(refer, "withdrawn")
    withdraw_referral(refer.fresh(referral), actor=refer.psych, reason="not_needed")
    assert not open_clocks().filter(subject_id=referral.id).exists()
    assert at_the_door(keys["link"], keys["code"])[0] == 422


def test_in_an_emergency_a_no_leaves_it_open_and_a_yes_taken_back_closes_it(refer):
    referral = refer.ready(refer.written())
    send_referral(referral, actor=refer.psych, emergency="有明确的自杀计划，家长暂时联系不上")
    keys = refer.keys(referral)
    family_says(refer, "refused")
    assert at_the_door(keys["link"], keys["code"])[0] == 200
    family_says(refer, "given")
    family_says(refer, "withdrawn")
    assert at_the_door(keys["link"], keys["code"])[0] == 410


def test_the_page_of_the_referral_says_that_it_is_shut(refer, client):
    referral = refer.sent()
    client.force_login(refer.world.users["psych"], backend=settings.AUTHENTICATION_BACKENDS[0])
    url = reverse("referrals:one", args=[referral.id])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert "家长撤回同意" not in client.get(url).content.decode()
    family_says(refer, "withdrawn")
    assert "家长撤回同意" in client.get(url).content.decode()
