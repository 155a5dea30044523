"""What the public says is judged, answered and closed, each step under a clock; its words are nobody else's."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.incidents import rules
from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.facts import end_facts
from xinqiao.care.incidents.models import OpinionItem
from xinqiao.care.incidents.rows import every_opinion
from xinqiao.care.incidents.services import caring, opening, opinion
from xinqiao.care.incidents.services.opening import close_incident
from xinqiao.care.incidents.tests.conftest import MINUTE
from xinqiao.care.incidents.tests.speaking import PLACE, SAYS, Speaking, refuses
from xinqiao.care.incidents.tests.test_pages import moment
from xinqiao.care.incidents.tests.test_plan import leaves, running
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock, ids
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.policy.tests.local_packs import local_pack, put_in_force

NAME = "欧阳思源"


@pytest.fixture
def it(world, incident):
    return Speaking(world, incident)


def clocks(item):
    rows = Deadline.objects.for_system(reason="a test looks at all rows").filter(subject_id=item.pk)
    return {row.kind: row for row in rows}


def each_step_has_its_clock(it):
    """The check: collected, judged and answered, an item has a clock of that step, and closed none."""
    item = it.collect()
    for kind, act in (("opinion_judge", it.judge), ("opinion_answer", it.answer), ("opinion_close", it.close)):
        ran = clocks(item).get(kind)
        assert ran is not None, f"no clock: {kind}"
        assert ran.met_at is None
        assert ran.due_at == it.item(item).due_at
        with clock.frozen(clock.now() + 5 * MINUTE):
            act(item)
        assert clocks(item)[kind].met_at is not None
    assert not running(item.pk)


def test_each_step_has_its_clock(it):
    each_step_has_its_clock(it)


def test_control_steps_without_clocks_are_found(it, monkeypatch):
    monkeypatch.setattr(opinion, "start", lambda *_args, at, **_more: at)
    with pytest.raises(AssertionError):
        each_step_has_its_clock(it)


@pytest.mark.parametrize(("grave", "minutes"), [("severe", 180), ("moderate", 480), ("slight", 24 * 60)])
def test_the_graver_the_sooner(it, grave, minutes):
    item = it.collect()
    it.judge(item, grave=grave)
    assert clocks(item)["opinion_answer"].due_at == clock.now() + minutes * MINUTE


def test_each_pack_has_its_own_times(it, tmp_path, settings):
    within = {"value": {"minutes": 20}, "source": ["ours"]}
    put_in_force(
        tmp_path, settings, local_pack("here", it.world.county.code, emergency={"opinion_judged_within": within})
    )
    assert it.collect().due_at == clock.now() + 20 * MINUTE


def test_overdue_it_climbs_the_ladder_of_the_incident(it):
    item = it.collect()
    at = clock.now()
    for _rung in range(3):
        at = clocks(item)["opinion_judge"].next_climb_at
        with clock.frozen(at):
            climb_due(at)
    assert clocks(item)["opinion_judge"].rung == 3
    officer = it.world.staff["officer"].key_id
    heard = OutboxMessage.objects.for_system(reason="test").filter(about_id=it.incident.id, key_id=officer)
    assert heard.exists()
    assert all(SAYS not in row.body and PLACE not in row.body for row in heard)
    told = AuditEvent.objects.filter(event="incidents.overdue.told")
    assert "opinion_judge" in {json.loads(each.facts)["clock"] for each in told}


def test_the_same_form_twice_is_one_item_and_of_two_at_once_the_first_counts(it):
    once = ids.new_id()
    item = it.collect(once=once)
    assert isinstance(it.collect(once=once), Unchanged)
    it.judge(item)
    assert isinstance(it.judge(item), Unchanged)
    with pytest.raises(CannotDo, match=rules.SETTLED):
        it.judge(item, login="psych", grave="severe")
    assert it.item(item).grave == "moderate"
    it.answer(item)
    assert isinstance(it.answer(item), Unchanged)
    it.close(item)
    assert isinstance(it.close(item), Unchanged)
    assert every_opinion().count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"where": " "}, rules.NO_WORDS),
        ({"says": "字" * 4001}, rules.TOO_LONG),
        ({"link": "论坛第三页"}, rules.NO_LINK),
        ({"link": "javascript:alert(1)"}, rules.NO_LINK),
        ({"link": "https://forum.example/a b"}, rules.NO_LINK),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_says_why(it, change, code):
    with pytest.raises(CannotDo, match=code):
        it.collect(**change)
    assert every_opinion().count() == 0


def test_moments_and_people_must_fit(it):
    with pytest.raises(CannotDo, match=rules.AHEAD):
        it.collect(found_at=clock.now() + MINUTE)
    with pytest.raises(CannotDo, match=rules.BEFORE_IT):
        it.collect(found_at=it.incident.happened_at - dt.timedelta(hours=1))
    item = it.collect()
    with pytest.raises(CannotDo, match=rules.NO_OWNER):
        it.judge(item, answerer=it.world.id_of("teacher"))
    with pytest.raises(CannotDo, match=rules.NO_SUCH_WORD):
        it.judge(item, grave="terrible")
    with pytest.raises(CannotDo, match=rules.NOT_NOW):
        it.close(item)
    with pytest.raises(CannotDo, match=rules.NOT_NOW):
        it.answer(item)


@pytest.mark.parametrize("login", ["teacher", "officer", "other_psych"])
def test_nobody_else_collects(it, login):
    with pytest.raises(Forbidden):
        it.collect(login=login)


def no_item_holds_a_name(it):
    """The check: a name is refused at every step, and one that is exposed later is struck out."""
    item = it.collect(says=f"有人说{NAME[:2]} {NAME[2:]}受伤")
    it.expose(it.world.students[0])
    said = open_sealed([it.item(item)], "says")[0]["says"]
    assert not rules.named_in(said, [NAME])
    assert rules.STRUCK_OUT in said
    refuses(rules.NAMES_PUPIL, lambda: it.collect(where=f"{NAME}的班级群"))
    refuses(rules.NAMES_PUPIL, lambda: it.judge(item, words=f"{NAME}无事"))
    it.judge(item)
    refuses(rules.NAMES_PUPIL, lambda: it.answer(item, words=f"{NAME}已送医"))
    refuses(rules.NAMES_PUPIL, lambda: it.close(item, words=f"{NAME}已返校"))


def test_no_item_holds_the_name_of_an_exposed_pupil(it):
    no_item_holds_a_name(it)


def test_control_without_striking_out_a_name_stays(it, monkeypatch):
    monkeypatch.setattr(caring, "strike_out_names", lambda _incident: 0)
    with pytest.raises(AssertionError):
        no_item_holds_a_name(it)


def the_incident_stays_open(it):
    """The check: while an item waits, the incident does not close."""
    item = it.collect()
    it.settle_all()
    refuses(rules.OPINIONS_OPEN, lambda: close_incident(it.incident, actor=it.actor(), words="结束"))
    it.judge(item)
    it.close(item, words="无人关注")
    close_incident(it.incident, actor=it.actor(), words="结束")
    assert it.fresh().state == "closed"


def test_an_incident_does_not_close_over_what_the_public_says(it):
    the_incident_stays_open(it)


def test_control_an_end_that_looks_away_is_found(it, monkeypatch):
    monkeypatch.setattr(opening, "end_facts", lambda incident: replace(end_facts(incident), opinions=0))
    with pytest.raises(AssertionError):
        the_incident_stays_open(it)


def test_nothing_is_collected_in_a_closed_incident(it):
    it.settle_all()
    close_incident(it.incident, actor=it.actor(), words="结束")
    with pytest.raises(CannotDo, match=rules.IS_CLOSED):
        it.collect()


def test_whoever_leaves_hands_over_the_answer(it):
    item = it.collect()
    it.judge(item)
    leaves(it.world.id_of("psych"), it)
    assert it.item(item).answerer == it.world.id_of("head")
    assert AuditEvent.objects.filter(event="incidents.opinion.handed_over").count() == 1


def test_words_are_sealed_under_the_key_of_the_incident(it):
    item = it.item(it.collect())
    assert item.key_id == it.incident.key_id
    raw = OpinionItem.objects.for_system(reason="test").values("says", "where").get(pk=item.pk)
    assert all(SAYS.encode() not in bytes(value) and PLACE.encode() not in bytes(value) for value in raw.values())


# ---- Pages


def read(client, name, *args, status=200, **data) -> str:
    answer = client.post(reverse(name, args=args), data) if data else client.get(reverse(name, args=args))
    assert answer.status_code == status, (name, answer.status_code)
    assert "/accounts/login/" not in answer.get("Location", ""), "the session is over"
    return answer.content.decode()


def test_from_the_form_to_the_end_with_the_hours_of_each_step(it, sign_in):
    client = sign_in("head")
    form = {"once": str(ids.new_id()), "where": PLACE, "says": SAYS, "found_at": moment(clock.now())}
    text = read(client, "incidents:opinion-new", it.incident.id, status=422, **form, link="第三页")
    assert "链接不是完整的网址" in text
    assert SAYS in text
    read(client, "incidents:opinion-new", it.incident.id, status=302, **form, link="https://forum.example/1")
    item = every_opinion().get()
    assert SAYS in read(client, "incidents:one", it.incident.id)
    judged = {"grave": "severe", "truth": "rumour", "answerer": str(it.world.id_of("psych")), "words": "记录可查"}
    text = read(client, "incidents:opinion-judge", item.id, status=422, **{**judged, "grave": ""})
    assert "记录可查" in text
    with clock.frozen(clock.now() + 30 * MINUTE):
        client = sign_in("head")
        read(client, "incidents:opinion-judge", item.id, status=302, **judged)
    with clock.frozen(clock.now() + 90 * MINUTE):
        client, at = sign_in("head"), moment(clock.now())
        text = read(client, "incidents:opinion-answer", item.id, status=422, words="已送医", where="", at=at)
        assert "已送医" in text
        read(client, "incidents:opinion-answer", item.id, status=302, words="已送医", where="回帖", at=at)
        read(client, "incidents:opinion-close", item.id, status=302, words="已平息")
        text = read(client, "incidents:opinion", item.id)
    assert "30 分钟后研判" in text
    assert "1 小时后回应" in text
    assert "已平息" in text
    assert AuditEvent.objects.filter(event="incidents.opinion.read").exists()


def test_both_languages_and_nothing_found_yet(it, sign_in):
    assert "还没有发现舆情" in read(sign_in("head"), "incidents:one", it.incident.id)
    item = it.collect()
    for act in (it.judge, it.answer, it.close, None):
        for language in ("zh-hans", "en"):
            assert SAYS in read(sign_in("lead", language), "incidents:opinion", item.id)
        if act:
            act(item)


def the_bureau_counts_and_reads_no_word(it, sign_in, tmp_path, settings):
    """The check: where the pack says so a bureau sees number and hours, elsewhere nothing, and never a word."""
    item = it.collect()
    counted = {"value": True, "source": ["ours"]}
    put_in_force(tmp_path, settings, local_pack("here", it.world.county.code, emergency={"opinion_counted": counted}))
    text = read(sign_in("officer"), "incidents:counts")
    assert "1 条" not in text, "the item is older than the order"
    item = it.collect()
    with clock.frozen(clock.now() + 40 * MINUTE):
        it.judge(item)
    text = read(sign_in("officer"), "incidents:counts")
    assert "1 条" in text
    assert "40 分钟" in text
    for words in (SAYS, PLACE, "不实"):
        assert words not in text
    assert sign_in("officer").get(reverse("incidents:opinion", args=[item.id])).status_code == 403


def test_the_bureau_counts_where_the_pack_says_so(it, sign_in, tmp_path, settings):
    the_bureau_counts_and_reads_no_word(it, sign_in, tmp_path, settings)


def test_control_counted_whatever_the_pack_says_is_found(it, sign_in, tmp_path, settings, monkeypatch):
    from xinqiao.care.incidents.selectors import opinion_figures

    real = opinion_figures.OpinionItem.objects.visible_to

    class Blind:
        def filter(self, **more):
            return self.rows.filter(**{key: value for key, value in more.items() if key != "is_counted"})

    def visible_to(actor, permission):
        blind = Blind()
        blind.rows = real(actor, permission)
        return blind

    stand_in = type("M", (), {"objects": type("O", (), {"visible_to": staticmethod(visible_to)})})
    monkeypatch.setattr(opinion_figures, "OpinionItem", stand_in)
    with pytest.raises(AssertionError):
        the_bureau_counts_and_reads_no_word(it, sign_in, tmp_path, settings)


def test_the_page_of_the_incident_costs_the_same_for_one_and_for_many(it, sign_in):
    it.collect()
    client = sign_in("head")
    read(client, "incidents:one", it.incident.id)
    with CaptureQueriesContext(connection) as one:
        read(client, "incidents:one", it.incident.id)
    for _each in range(6):
        it.judge(it.collect())
    with CaptureQueriesContext(connection) as many:
        read(client, "incidents:one", it.incident.id)
    assert len(many) <= len(one) + 1


def test_a_colleague_was_first_and_what_was_typed_is_kept(it, sign_in):
    item = it.collect()
    it.judge(item, login="psych")
    typed = {"grave": "slight", "truth": "true", "answerer": str(it.world.id_of("psych")), "words": "只是询问"}
    text = read(sign_in("head"), "incidents:opinion-judge", item.id, status=422, **typed)
    assert "只是询问" in text
    assert "已有人登记" in text
    ids_of = [part.split('"')[0] for part in text.split(' id="')[1:]]
    assert len(ids_of) == len(set(ids_of)), "two things on the page have the same id"
    assert it.item(item).grave == "moderate"
