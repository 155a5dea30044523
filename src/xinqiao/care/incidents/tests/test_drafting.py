"""Drafts of messages: composed from data, held against the guidance, looked at twice, given out by hand."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from xinqiao.care.incidents import facts, rules
from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.messages import (
    FACTS as CODES,
)
from xinqiao.care.incidents.messages import (
    LANGUAGES,
    composed_message,
    flags_in,
    guidance,
    has_gap,
    messages,
)
from xinqiao.care.incidents.rows import every_draft
from xinqiao.care.incidents.services import drafting
from xinqiao.care.incidents.services.drafting import drop_draft, write_draft
from xinqiao.care.incidents.services.opening import close_incident
from xinqiao.care.incidents.states import Audience
from xinqiao.care.incidents.tests.conftest import MINUTE
from xinqiao.care.incidents.tests.speaking import FACTS, Speaking, refuses
from xinqiao.care.incidents.tests.test_opinion import read
from xinqiao.care.incidents.tests.test_pages import moment
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock, ids
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.policy.selectors import parameters_for

NAME = "欧阳思源"
KINDS = ("death", "self-harm", "violence", "accident", "disaster", "missing", "other")


@pytest.fixture
def it(world, incident):
    return Speaking(world, incident)


def text_of(it, draft) -> str:
    return open_sealed([it.message(draft)], "text")[0]["text"]


# ---- The shipped wording


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", Audience.values)
@pytest.mark.parametrize("kind", [*KINDS, "a kind of a pack"])
def test_there_is_a_draft_for_every_kind_audience_and_language(kind, audience, language):
    help_at = "12356"
    whole = composed_message(kind, audience, language, FACTS, help_at)
    assert not has_gap(whole)
    assert "{" not in whole
    assert help_at in whole
    assert FACTS["number"] in whole
    assert FACTS["does"] in whole
    assert flags_in(whole, language) == (), "the shipped wording is held against the guidance itself"
    empty = composed_message(kind, audience, language, {}, help_at)
    gaps = messages().gaps
    assert has_gap(empty)
    assert all(gaps[code][language] in empty for code in ("does", "number", "next"))


@pytest.mark.parametrize("audience", Audience.values)
@pytest.mark.parametrize("kind", ["death", "self-harm"])
def test_of_a_death_or_self_harm_no_place_is_told(kind, audience):
    for language in LANGUAGES:
        told = composed_message(kind, audience, language, {**FACTS, "place": "教学楼西侧"}, "12356")
        assert "教学楼西侧" not in told


def test_every_kind_of_the_national_pack_has_an_opening(world):
    kinds = {each.code for each in parameters_for(world.school.path, clock.today()).emergency.kinds}
    assert kinds <= set(messages().openings)
    assert set(messages().gaps) == set(CODES)


def test_words_of_a_fact_are_taken_as_they_are():
    assert "{number}" in composed_message("other", "staff", "zh-Hans", {**FACTS, "does": "见{number}"}, "12356")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("他从楼上跳 楼", "方式或工具"), ("都怪班主任", "责怪"), ("据说和同学吵过架", "猜测"),
        ("一名学生自杀未遂", "渲染或不当说法"), ("He took an Overdose.", "方式或工具"),
    ],
)  # fmt: skip
def test_words_of_the_guidance_are_found(text, name):
    assert [flag.name for flag in flags_in(text, "zh-Hans")] == [name]


def test_a_word_within_another_is_not_found():
    assert flags_in("The slithering snake of the biology lesson", "en") == ()


def test_the_guidance_says_where_it_comes_from_in_both_languages():
    known = guidance()
    assert "世界卫生组织" in known.source["zh-Hans"]
    assert "WHO" in known.source["en"]
    lines = [*known.advice, known.source, *(each.name for each in known.words)]
    assert all(set(line) == set(LANGUAGES) for line in lines)


# ---- What may be done


def test_a_gap_is_neither_looked_at_nor_given_out(it):
    draft = it.begin(facts={**FACTS, "next": ""})
    assert messages().gaps["next"]["zh-Hans"] in text_of(it, draft)
    with pytest.raises(CannotDo, match=rules.GAPS_LEFT):
        it.check(draft)


def the_second_person_is_another(it):
    """The check: the writer does not look at the own text, and what nobody looked at is not given out."""
    draft = it.begin()
    with pytest.raises(CannotDo, match=rules.NOT_CHECKED):
        it.give(draft)
    try:
        refuses(rules.SAME_PERSON, lambda: it.check(draft, login="head"))
    except IntegrityError as error:
        raise AssertionError("only the database held it") from error
    it.check(draft)
    it.give(draft)
    assert it.message(draft).state == "given"


def test_a_second_person_looks_at_it(it):
    the_second_person_is_another(it)


def test_control_a_writer_who_may_look_is_found(it, monkeypatch):
    monkeypatch.setattr(drafting, "demand", lambda code: None if code == rules.SAME_PERSON else _demand(code))
    with pytest.raises(AssertionError), transaction.atomic():
        the_second_person_is_another(it)


def _demand(code):
    if code:
        raise CannotDo(code)


def test_the_database_holds_it_too(it):
    draft = it.begin()
    with pytest.raises(IntegrityError), transaction.atomic():
        every_draft().filter(pk=draft.pk).update(checked_by=it.message(draft).written_by)


def test_what_was_changed_is_looked_at_again_and_of_two_writers_one_is_refused(it):
    draft = it.begin()
    it.check(draft)
    row = it.message(draft)
    write_draft(row, actor=it.actor("psych"), text="第二稿", after=1)
    assert (it.message(draft).state, it.message(draft).checked_by) == ("written", None)
    with pytest.raises(CannotDo, match=rules.CHANGED):
        write_draft(row, actor=it.actor(), text="另一稿", after=1)
    assert isinstance(write_draft(row, actor=it.actor(), text="第二稿", after=1), Unchanged)
    with pytest.raises(CannotDo, match=rules.NOT_CHECKED):
        it.give(draft)


def no_message_names_a_pupil(it):
    """The check: an exposed pupil's name is refused when it is written, and when it was exposed after the writing."""
    draft = it.begin(facts={**FACTS, "does": f"{NAME}已送医"})
    it.check(draft)
    it.expose(it.world.students[0])
    refuses(rules.NAMES_PUPIL, lambda: it.give(draft))
    for text in (f"{NAME}平安", f"{NAME[:2]} {NAME[2:]}平安"):
        with pytest.raises(CannotDo, match=rules.NAMES_PUPIL):
            write_draft(it.message(draft), actor=it.actor(), text=text, after=1)
    with pytest.raises(CannotDo, match=rules.NAMES_PUPIL):
        it.begin(facts={**FACTS, "does": f"{NAME}已送医"})


def test_a_named_pupil_is_refused(it):
    no_message_names_a_pupil(it)


def test_control_without_the_check_of_names_it_goes_out(it, monkeypatch):
    monkeypatch.setattr(facts, "names_of_exposed", lambda _incident: [])
    with pytest.raises(AssertionError):
        no_message_names_a_pupil(it)


def test_the_same_form_twice_is_one_draft_and_giving_out_counts_once(it):
    once = ids.new_id()
    draft = it.begin(once=once)
    assert isinstance(it.begin(once=once), Unchanged)
    it.check(draft)
    assert isinstance(it.check(draft), Unchanged)
    it.give(draft)
    assert isinstance(it.give(draft, to="又一次"), Unchanged)
    assert every_draft().count() == 1
    assert open_sealed([it.message(draft)], "given_to")[0]["given_to"] == "教职工群"
    for event in ("begun", "checked", "given"):
        assert AuditEvent.objects.filter(event=f"incidents.draft.{event}").count() == 1


def test_it_is_not_given_out_before_it_was_looked_at_or_in_the_future(it):
    draft = it.begin()
    with clock.frozen(clock.now() + 10 * MINUTE):
        it.check(draft)
        for at, code in ((clock.now() - 5 * MINUTE, rules.BEFORE_IT), (clock.now() + MINUTE, rules.AHEAD)):
            with pytest.raises(CannotDo, match=code):
                it.give(draft, at=at)


@pytest.mark.parametrize("login", ["teacher", "officer", "other_psych"])
def test_nobody_else_begins_one(it, login):
    with pytest.raises(Forbidden):
        it.begin(login=login)


def test_an_incident_does_not_close_over_a_draft(it):
    draft = it.begin()
    it.settle_all()
    with pytest.raises(CannotDo) as refused:
        close_incident(it.incident, actor=it.actor(), words="结束")
    assert refused.value.codes == (rules.DRAFTS_OPEN,)
    drop_draft(it.message(draft), actor=it.actor(), words="不再需要")
    close_incident(it.incident, actor=it.actor(), words="结束")
    with pytest.raises(CannotDo, match=rules.IS_CLOSED):
        it.begin()


# ---- Pages


def test_from_the_form_to_the_paper(it, sign_in):
    head = sign_in("head")
    form = {"once": str(ids.new_id()), "audience": "public", "language": "zh-Hans", "hour": moment(clock.now())}
    assert "操场东侧" in read(head, "incidents:draft-new", it.incident.id)
    read(head, "incidents:draft-new", it.incident.id, status=422, **{**form, "audience": "everybody"})
    read(head, "incidents:draft-new", it.incident.id, status=302, **form, place="操场")
    draft = every_draft().get()
    text = read(head, "incidents:draft", draft.id)
    assert "12356" in text
    assert "【请填写：学校正在做什么】" in text
    refused = read(head, "incidents:draft", draft.id, status=422, text="  ", after="1")
    assert "What stands written now" not in refused
    read(head, "incidents:draft", draft.id, status=302, text="据说有人跳楼，学校正在核实。", after="1")
    text = read(head, "incidents:draft", draft.id)
    assert '<mark lang="zh-Hans">跳楼</mark>' in text
    assert ">据说</mark>" in text
    assert "尚未由第二人核对" in read(head, "incidents:draft-print", draft.id)
    stale = read(head, "incidents:draft", draft.id, status=422, text="别的话", after="1")
    assert "别的话" in stale
    read(sign_in("psych"), "incidents:draft", draft.id, status=302, text="学校正在核实。求助电话12356。", after="2")
    head = sign_in("head")
    read(head, "incidents:draft-check", draft.id, status=302, after="3")
    read(head, "incidents:draft-give", draft.id, status=422, to="", at=moment(clock.now()))
    read(head, "incidents:draft-give", draft.id, status=302, to="学校公众号", at=moment(clock.now()))
    assert "学校公众号" in read(head, "incidents:one", it.incident.id)
    paper = read(head, "incidents:draft-print", draft.id)
    assert "求助电话12356" in paper
    assert AuditEvent.objects.filter(event="incidents.draft.read").exists()


def test_an_english_message_has_its_hour_in_english(it, sign_in):
    form = {"once": str(ids.new_id()), "audience": "media", "language": "en", "hour": moment(clock.now())}
    read(sign_in("head"), "incidents:draft-new", it.incident.id, status=302, **form)
    assert "月" not in text_of(it, every_draft().get())


def test_both_languages_and_an_empty_list(it, sign_in):
    assert "还没有通报" in read(sign_in("head"), "incidents:one", it.incident.id)
    draft = it.begin()
    for language in ("zh-hans", "en"):
        client = sign_in("lead", language)
        for name in ("draft", "draft-print", "draft-drop"):
            read(client, f"incidents:{name}", draft.id)
        read(client, "incidents:draft-new", it.incident.id)
    for login in ("teacher", "officer"):
        assert sign_in(login).get(reverse("incidents:draft", args=[draft.id])).status_code == 403
