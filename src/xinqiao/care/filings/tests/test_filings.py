"""A filing is owed when a level is ordered up, is written, checked by somebody else, sent once, and confirmed."""

import datetime as dt
from contextlib import suppress

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from xinqiao.care.crisis.judged import Judged
from xinqiao.care.crisis.rows import every_case, every_running_case
from xinqiao.care.crisis.services import judging
from xinqiao.care.crisis.tests.conftest import fresh
from xinqiao.care.crisis.tests.watching import Watching
from xinqiao.care.filings import following, rules
from xinqiao.care.filings.clocks import TO_CONFIRM, TO_SEND
from xinqiao.care.filings.editions import payload_of
from xinqiao.care.filings.errors import CannotFile
from xinqiao.care.filings.jobs import owing
from xinqiao.care.filings.jobs.owing import owe_missing
from xinqiao.care.filings.payload import shown_rows
from xinqiao.care.filings.rows import every_edition, every_filing
from xinqiao.care.filings.selectors.bureau import received, received_page
from xinqiao.care.filings.selectors.school import filing_page
from xinqiao.care.filings.services.receiving import pass_on_filing
from xinqiao.care.filings.services.writing import lapse_filing, return_edition
from xinqiao.care.filings.states import MOVES, FilingState, diagram
from xinqiao.care.filings.tests.conftest import DONE, REPLY
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.people.registering import StudentDraft, register_students

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def refused(act, *codes):
    with pytest.raises(CannotFile) as error:
        act()
    assert error.value.codes == codes
    return error.value


def clocks(filing):
    return {row.kind: row for row in open_clocks().filter(subject_id=filing.id)}


# ---- owed


def owed_by_level(care, desk, level):
    """The check: a level that is ordered up makes one filing with a clock; any other makes none."""
    case = care.judged(level)
    found = desk.of(case)
    assert len(found) == (1 if level in ("red", "orange") else 0)
    for filing in found:
        assert filing.state == FilingState.WRITING
        assert filing.bureau == care.world.county.id
        assert filing.due_at == dt.datetime(2026, 11, 24, 15, 59, tzinfo=dt.UTC), "the end of the next school day"
        assert clocks(filing)[TO_SEND].due_at == filing.due_at


@pytest.mark.parametrize("level", ["red", "orange", "yellow", "green"])
def test_a_level_that_is_ordered_up_makes_a_filing_owed(care, desk, level):
    owed_by_level(care, desk, level)


def test_control_without_the_hook_nothing_is_owed(care, desk, monkeypatch):
    monkeypatch.setattr(following, "owe_for_case", lambda *_args, **_more: 0)
    with pytest.raises(AssertionError):
        owed_by_level(care, desk, "orange")


def test_a_pack_that_orders_nothing_makes_nothing_owed(care, desk, ordered):
    ordered(units=("s2",))
    assert desk.of(care.judged("red")) == []


def test_the_same_level_again_owes_nothing_twice(care, desk):
    case = care.judged("orange")
    care.judge(case, "orange", after=1)
    assert len(desk.of(case)) == 1


def test_a_level_that_rises_makes_it_due_sooner_and_never_later(care, desk, ordered, later):
    ordered(within={"school_days": 3})
    case = care.judged("orange")
    (before,) = desk.of(case)
    ordered(within={"minutes": 60})
    care.judge(case, "red", after=1)
    (after,) = desk.of(case)
    assert after.level == "red"
    assert after.due_at < before.due_at
    assert clocks(after)[TO_SEND].due_at == after.due_at
    ordered(within={"school_days": 5})
    with later(1):
        care.judge(case, "red", after=2)
    assert desk.of(case)[0].due_at == after.due_at


def test_back_at_the_level_after_a_step_down_it_is_owed_anew(care, desk, ordered):
    ordered(visits_every_days={})
    case = care.judged("orange")
    filing = desk.sent(case)
    desk.acknowledge(filing)
    assert len(desk.of(case)) == 1, "this order asks for no visits"
    with clock.frozen(clock.now() + DAY):
        case = care.judge(care.follow(case), "yellow", after=1)
        assert len(desk.of(case)) == 1
        case = care.judge(case, "orange", after=2)
    first, second = desk.of(case)
    assert (first.number, second.number) == (1, 2)
    assert second.reference == first.reference, "the bureau knows that it is the same pupil"


def is_owed_anew_after_a_talk(care, desk):
    """The check: after a step down a talk about a new signal raises the level, and only then people judge again."""
    case = care.judged("orange")
    desk.acknowledge(desk.sent(case))
    with clock.frozen(clock.now() + DAY):
        case = care.judge(care.follow(case), "yellow", after=1)
        for filing in desk.of(case):
            if filing.state == FilingState.WRITING:
                words = "会后查明已经平稳，家长已知"
                lapse_filing(filing, actor=care.world.actor("head"), words=words)
        talks = Watching(care.world)
        talks.talk(talks.signal(case.student), "case", "orange")
        case = care.judge(fresh(case), "orange", after=2)
    assert desk.of(case)[-1].state == FilingState.WRITING, "it stands at an ordered level again"
    assert desk.of(case)[-1].kind == "first"
    return case


@pytest.mark.parametrize("visits", [{}, {"red": 7, "orange": 14}], ids=["no-visits", "visits"])
def test_back_at_the_level_after_a_talk_that_raised_it_already_it_is_owed_anew(care, desk, ordered, visits):
    ordered(visits_every_days=visits)
    is_owed_anew_after_a_talk(care, desk)


def test_control_held_against_the_level_that_stood_nothing_would_be_owed(care, desk, ordered, monkeypatch):
    ordered(visits_every_days={})
    monkeypatch.setattr(
        judging, "Judged", lambda case_id, level, before, by, at: Judged(case_id, level, before and "orange", by, at)
    )
    with pytest.raises(AssertionError, match="ordered level again"):
        is_owed_anew_after_a_talk(care, desk)


def test_the_job_finds_a_case_whose_last_filing_lapsed_and_that_is_ordered_up_again(care, desk):
    case = is_owed_anew_after_a_talk(care, desk)
    every_filing().filter(pk=desk.of(case)[-1].pk).delete()  # as it was left before
    assert desk.of(case)[-1].state == FilingState.LAPSED
    assert owe_missing(clock.now()) == 1
    assert desk.of(case)[-1].state == FilingState.WRITING
    assert owe_missing(clock.now()) == 0


def test_a_pack_that_comes_into_force_meanwhile_is_followed_once_by_the_job(care, desk, ordered):
    ordered(units=("s2",))
    case = care.judged("red")
    assert owe_missing(clock.now()) == 0
    ordered()
    assert owe_missing(clock.now()) == 1
    assert owe_missing(clock.now()) == 0
    assert len(desk.of(case)) == 1


def job_asks_as_much_of_many(care):
    """With nothing missing, six running cases cost as many queries as one."""
    asked = []
    for first, count in ((0, 1), (1, 5)):
        drafts = [StudentDraft(f"案{n}", care.world.class_b, f"2026090{n}") for n in range(first, first + count)]
        for child in register_students(care.world.school, drafts, clock.today()):
            care.judged("red", child)
        with CaptureQueriesContext(connection) as seen:
            assert owe_missing(clock.now()) == 0
        asked.append(len(seen.captured_queries))
    assert asked[0] == asked[1]


def test_the_job_does_not_ask_for_each_case(care):
    job_asks_as_much_of_many(care)


def test_control_if_each_case_were_asked_for_the_same_check_would_fail(care, monkeypatch):
    rules = owing.parameters_by_place
    monkeypatch.setattr(
        owing, "parameters_by_place",
        lambda places, on: [every_edition().exists() for _case in every_running_case()] and rules(places, on),
    )  # fmt: skip
    with pytest.raises(AssertionError):
        job_asks_as_much_of_many(care)


def test_the_database_holds_one_that_is_owed(care, desk):
    case = care.judged("red")
    (filing,) = desk.of(case)
    filing.pk, filing.number = None, 2
    from xinqiao.foundation.core.ids import new_id

    filing.id = new_id()
    with pytest.raises(IntegrityError), transaction.atomic():
        filing.save(force_insert=True)


# ---- written


def goes_up_as_shown(care, desk):
    """The check: what the school looks at, what is checked and what the bureau reads are the same rows."""
    filing = desk.sent(care.judged("red"))
    school = filing_page(care.world.actor("psych"), filing, clock.now()).rows
    head = filing_page(care.world.actor("head"), filing, clock.now()).rows
    bureau = received_page(care.world.actor("officer"), filing, clock.now()).newest.rows
    assert list(school) == list(head) == list(bureau)
    assert any(DONE in value for _label, value in bureau)


def test_what_is_previewed_is_exactly_what_goes_up(care, desk):
    goes_up_as_shown(care, desk)


def test_control_with_a_row_more_at_the_bureau_they_part(care, desk, monkeypatch):
    from xinqiao.care.filings.models import Filing
    from xinqiao.care.filings.selectors import bureau

    more = bureau.edition_rows

    def with_one_more(filing: Filing, **how):
        from dataclasses import replace

        return [replace(row, rows=[*row.rows, ("姓名", "欧阳思源")]) for row in more(filing, **how)]

    monkeypatch.setattr(bureau, "edition_rows", with_one_more)
    with pytest.raises(AssertionError):
        goes_up_as_shown(care, desk)


def test_no_name_no_note_and_no_reason_goes_up(care, desk):
    case = care.judged("red")
    care.plan(case)
    care.follow(case)
    edition = desk.write(desk.of(case)[0])
    text = "".join(value for _label, value in shown_rows(payload_of(edition)))
    for secret in ("欧阳思源", "20260301", "家里有变故", "会诊研究", "当面谈了二十分钟", "每天睡够八小时", "七年级1班"):
        assert secret not in text
    facts = payload_of(edition).facts
    assert (facts.visits, facts.family_talks, facts.has_plan, facts.referral) == (1, 0, True, "none")
    assert facts.grade


def test_a_pack_that_asks_for_the_name_gets_it(care, desk, ordered):
    ordered(is_named=True)
    assert payload_of(desk.write(desk.of(care.judged("red"))[0])).facts.name == "欧阳思源"


def test_words_that_name_the_pupil_or_a_diagnosis_are_refused(care, desk):
    (filing,) = desk.of(care.judged("red"))
    refused(lambda: desk.write(filing, "欧阳 思源已有人陪"), rules.NAMES_THE_PUPIL)
    refused(lambda: desk.write(filing, "  "), rules.NO_WORDS)
    error = refused(lambda: desk.write(filing, "学生确诊抑郁症"))
    assert {finding.code for finding in error.findings} == {"diagnosis"}
    assert not every_edition().exists()


def test_of_two_who_write_at_once_one_is_told(care, desk):
    (filing,) = desk.of(care.judged("red"))
    desk.write(filing)
    refused(lambda: desk.write(filing, "另一位老师写的", by="psych2", seen=0), rules.CHANGED_MEANWHILE)
    assert every_edition().count() == 1


# ---- checked


def checked_by_another(care, desk):
    """The check: whoever wrote it does not check it, and unchecked it is not sent."""
    (filing,) = desk.of(care.judged("red"))
    desk.write(filing)
    with suppress(CannotFile):
        desk.send(filing)
    assert desk.fresh(filing).state == FilingState.COMPOSED
    desk.check(filing)
    desk.send(filing)
    assert desk.fresh(filing).state == FilingState.SENT


def test_unchecked_it_is_not_sent(care, desk):
    checked_by_another(care, desk)


def test_control_with_an_order_that_asks_for_no_check_it_is(care, desk, ordered):
    ordered(is_checked=False)
    with pytest.raises(AssertionError):
        checked_by_another(care, desk)


def test_nobody_checks_the_own_words_even_with_both_roles(care, desk):
    (filing,) = desk.of(care.judged("red"))
    desk.write(filing)
    every_edition().update(composed_by=care.world.id_of("head"))
    refused(lambda: desk.check(filing), rules.SAME_PERSON)
    with pytest.raises(IntegrityError), transaction.atomic():
        every_edition().update(checked_by=care.world.id_of("head"))


def test_given_back_it_is_written_anew_and_the_reason_is_read(care, desk):
    (filing,) = desk.of(care.judged("red"))
    desk.write(filing)
    head = care.world.actor("head")
    refused(lambda: return_edition(desk.fresh(filing), actor=head, seen=1, words=" "), rules.NO_RETURN_WORDS)
    return_edition(desk.fresh(filing), actor=head, seen=1, words="请写明家长的态度")
    page = filing_page(care.psych, desk.fresh(filing), clock.now())
    assert page.editions[0].return_words == "请写明家长的态度"
    assert desk.fresh(filing).state == FilingState.WRITING
    desk.write(filing, "家长同意，已安排陪伴")
    assert desk.fresh(filing).version == 2


@pytest.mark.parametrize("act", ["check", "send"])
def test_what_no_longer_holds_is_neither_checked_nor_sent(care, desk, act):
    case = care.judged("red")
    (filing,) = desk.of(case)
    desk.write(filing)
    if act == "send":
        desk.check(filing)
    with clock.frozen(clock.now() + DAY):
        care.follow(case)
        refused(lambda: getattr(desk, act)(filing), rules.FACTS_CHANGED)
        assert filing_page(care.psych, desk.fresh(filing), clock.now()).is_stale


@pytest.mark.parametrize(("act", "by"), [
    ("write", "head"), ("write", "teacher"), ("write", "other_psych"), ("write", "officer"), ("check", "psych"),
    ("check", "teacher"), ("send", "officer"), ("acknowledge", "psych"), ("acknowledge", "officer2"),
])  # fmt: skip
def test_nobody_else_does_it(care, desk, act, by):
    (filing,) = desk.of(care.judged("red"))
    with pytest.raises(Forbidden):
        getattr(desk, act)(filing, by=by)


# ---- sent


def test_sent_twice_it_goes_up_once(care, desk):
    filing = desk.sent(care.judged("red"))
    assert isinstance(desk.send(filing), Unchanged)
    assert AuditEvent.objects.filter(event="filings.filing.sent").count() == 1
    assert set(clocks(filing)) == {TO_CONFIRM}


def test_a_second_sender_with_the_same_row_in_hand_changes_nothing(care, desk, monkeypatch):
    """Two processes that both read the row before either wrote: the conditional update lets one through."""
    (filing,) = desk.of(care.judged("red"))
    desk.write(filing)
    desk.check(filing)
    one, two = desk.fresh(filing), desk.fresh(filing)
    desk.send(one)
    monkeypatch.setattr(type(two), "refresh_from_db", lambda *_args, **_more: None)
    from xinqiao.care.filings.services.writing import send_edition

    refused(lambda: send_edition(two, actor=care.world.actor("psych2"), seen=1), rules.CHANGED_MEANWHILE)
    assert AuditEvent.objects.filter(event="filings.filing.sent").count() == 1


def test_after_the_first_the_visits_are_owed_in_their_rhythm_until_the_case_stands_lower(care, desk):
    case = care.judged("orange")
    desk.sent(case)
    first, visit = desk.of(case)
    assert (visit.kind, visit.reference) == ("visit", first.reference)
    assert visit.due_at == dt.datetime(2026, 12, 7, 15, 59, tzinfo=dt.UTC)
    with clock.frozen(clock.now() + 7 * DAY):
        case = care.judge(care.follow(case), "yellow", after=1)
        desk.write(visit)
        facts = payload_of(every_edition().get(filing=visit)).facts
        assert (facts.visits, facts.visited_on, facts.level) == (1, "2026-11-30", "yellow")
        desk.check(visit)
        desk.send(visit)
    assert len(desk.of(case)) == 2, "that one told that the level went down; no more is owed"


def test_a_correction_is_a_new_version_and_the_old_one_stays(care, desk):
    filing = desk.sent(care.judged("red"))
    desk.acknowledge(filing)
    sent_at = desk.fresh(filing).sent_at
    with clock.frozen(clock.now() + DAY):
        desk.write(filing, "更正：家长改为周三到校")
        assert set(clocks(filing)) == {TO_SEND}, "a correction is to be sent soon, too"
        officer = care.world.actor("officer")
        page = received_page(officer, desk.fresh(filing), clock.now())
        assert page.is_being_corrected
        assert [each.number for each in page.editions] == [1], "unsent words do not reach the bureau"
        desk.check(filing)
        desk.send(filing)
        page = received_page(officer, desk.fresh(filing), clock.now())
    assert [each.number for each in page.editions] == [2, 1]
    assert page.editions[1].reply == REPLY
    assert desk.fresh(filing).sent_at == sent_at, "in time stays in time"
    assert page.may_acknowledge


# ---- received


def test_the_bureau_confirms_once_with_a_reply_that_the_school_reads(care, desk):
    filing = desk.sent(care.judged("red"))
    refused(lambda: desk.acknowledge(filing, reply=" "), rules.NO_REPLY)
    desk.acknowledge(filing)
    assert isinstance(desk.acknowledge(filing, reply="第二次"), Unchanged)
    assert clocks(filing) == {}
    page = filing_page(care.psych, desk.fresh(filing), clock.now())
    assert page.editions[0].reply == REPLY


def only_what_came_in(care, desk):
    """The check: before it has come in, the bureau knows school, level and hours, and nothing else."""
    filing = desk.of(care.judged("red"))[0]
    officer = care.world.actor("officer")
    with clock.frozen(filing.due_at + dt.timedelta(hours=3, minutes=5)):
        shown = received(officer, clock.now())
        assert shown.rows == ()
        (gap,) = shown.gaps
        assert (gap.school, gap.level, gap.hours) == ("学校1", "red", 3)
        assert set(vars(gap)) == {"school", "level", "hours"}
        assert not type(filing).objects.visible_to(officer, "filings.filing:receive").exists()


def test_before_it_has_come_in_the_bureau_sees_a_gap_without_a_name(care, desk):
    only_what_came_in(care, desk)


def test_control_with_the_schools_scope_the_bureau_would_reach_it(care, desk, monkeypatch):
    from xinqiao.care.filings.models import Filing
    from xinqiao.foundation.access.scoped import ScopedModel

    monkeypatch.setattr(Filing, "scope", classmethod(ScopedModel.scope.__func__))
    with pytest.raises(AssertionError):
        only_what_came_in(care, desk)


def test_before_the_deadline_the_bureau_sees_nothing(care, desk):
    desk.of(care.judged("red"))
    shown = received(care.world.actor("officer"), clock.now())
    assert (shown.gaps, shown.rows) == ((), ())


@pytest.mark.parametrize("login", ["officer2", "city"])
def test_another_bureau_sees_neither_gap_nor_filing(care, desk, login):
    filing = desk.sent(care.judged("red"))
    case = care.judged("red", care.world.students[1])
    with clock.frozen(desk.of(case)[0].due_at + DAY):
        shown = received(care.world.actor(login), clock.now())
    assert (shown.gaps, shown.rows, shown.schools) == ((), (), ())
    assert filing.sent_at


def test_passed_on_it_is_read_further_up_without_a_name(care, desk, ordered):
    ordered(is_named=True)
    filing = desk.sent(care.judged("red"))
    officer, city = care.world.actor("officer"), care.world.actor("city")
    refused(lambda: pass_on_filing(filing, actor=officer, to="province"), rules.NOT_PASSED_ON)
    refused(lambda: pass_on_filing(filing, actor=city, to="city"), rules.NOT_ADDRESSED)
    pass_on_filing(filing, actor=officer, to="city")
    assert isinstance(pass_on_filing(filing, actor=officer, to="city"), Unchanged)
    (row,) = received(city, clock.now()).rows
    assert row.is_passed_here
    rows = received_page(city, desk.fresh(filing), clock.now()).newest.rows
    assert "欧阳思源" not in str(rows)
    assert "欧阳思源" in str(received_page(officer, desk.fresh(filing), clock.now()).newest.rows)
    refused(lambda: desk.acknowledge(filing, by="city"), rules.NOT_ADDRESSED)


# ---- needed no more


def test_a_closed_case_still_owes_until_the_principal_says_why_not(care, desk, ordered):
    case = care.judged("orange")
    (filing,) = desk.of(case)
    head = care.world.actor("head")
    words = "会后查明为误报，已与家长核实"
    refused(lambda: lapse_filing(desk.fresh(filing), actor=head, words=words), rules.STILL_ORDERED)
    every_case().filter(pk=case.pk).update(level="yellow")
    assert clocks(filing), "it is still owed"
    refused(lambda: lapse_filing(desk.fresh(filing), actor=head, words="误报"), rules.NO_REASON)
    with pytest.raises(Forbidden):
        lapse_filing(desk.fresh(filing), actor=care.psych, words=words)
    lapse_filing(desk.fresh(filing), actor=head, words=words)
    assert desk.fresh(filing).state == FilingState.LAPSED
    assert clocks(filing) == {}
    assert isinstance(lapse_filing(desk.fresh(filing), actor=head, words=words), Unchanged)
    refused(lambda: desk.write(filing), rules.NOT_NOW)


def test_where_the_pack_lets_nothing_be_dropped_it_is_sent(care, desk, ordered):
    ordered(may_lapse=False)
    case = care.judged("orange")
    (filing,) = desk.of(case)
    every_case().filter(pk=case.pk).update(level="yellow")
    head = care.world.actor("head")
    refused(lambda: lapse_filing(filing, actor=head, words="会后查明确为误报"), rules.NOT_DROPPABLE)
    desk.sent(case)
    assert desk.fresh(filing).state == FilingState.SENT


# ---- late


def test_late_it_climbs_to_the_head_and_the_bureau_in_neutral_words(care, desk):
    (filing,) = desk.of(care.judged("red"))
    with clock.frozen(filing.due_at + dt.timedelta(minutes=1)):
        assert [climb.kind for climb in climb_due(clock.now()) if climb.subject_id == filing.id] == [TO_SEND]
    event = AuditEvent.objects.get(event="filings.filing.overdue")
    assert '"sent": 3' in event.facts, "the psychology teacher, the principal and the officer with addresses"


def test_the_pages_of_states_are_drawn_from_the_table():
    assert "writing --> composed: filings.filing.written" in diagram()
    assert {move.source for move in MOVES} | {FilingState.LAPSED} == set(FilingState)
