"""A referral from its words to its end: what is refused, what is recorded, what runs out."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from xinqiao.care.crisis.models import Partner, Referral
from xinqiao.care.crisis.referral import rules
from xinqiao.care.crisis.referral.states import ENDED, MOVES, ReferralState, answers_from
from xinqiao.care.crisis.referral_rows import every_partner, every_referral
from xinqiao.care.crisis.selectors.partners import partner_rows, reach_of, usable_partners
from xinqiao.care.crisis.selectors.referrals import count_waiting, late_by_clock, loops_of, preview_of
from xinqiao.care.crisis.services import answers
from xinqiao.care.crisis.services import referrals as service
from xinqiao.care.crisis.services.answers import acknowledge_answer, answer_referral
from xinqiao.care.crisis.services.partners import add_partner, change_partner, end_partner
from xinqiao.care.crisis.services.referrals import (
    CannotRefer,
    change_referral,
    close_referral,
    hear_family,
    ready_referral,
    send_referral,
    withdraw_referral,
    write_referral,
)
from xinqiao.care.crisis.tests.referring import SEEN, WHY, build_referring, hospital
from xinqiao.foundation.access.actors import Forbidden, system_actor
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.duty.tests.world import MONDAY_10, build_world
from xinqiao.register.people.models import Consent
from xinqiao.register.people.services.consents import CannotRecord

A_DAY = dt.timedelta(days=1)


@pytest.fixture
def refer(db):
    with clock.frozen(MONDAY_10):
        yield build_referring(build_world())


def clocks_of(referral):
    return sorted(open_clocks().filter(subject_id=referral.id).values_list("kind", flat=True))


def events(code):
    return AuditEvent.objects.filter(event=code).count()


def messages():
    return list(OutboxMessage.objects.for_system(reason="test").filter(about_kind="referral"))


# ---- Institutions


def test_an_institution_serves_all_schools_below_whoever_keeps_it(refer):
    place = refer.world.students[0].place
    assert [each.name for each in usable_partners(place, clock.today())] == ["市心理卫生中心"]
    assert usable_partners(refer.world.other_student.place, clock.today()) == []
    assert [row.may_edit for row in partner_rows(refer.psych, clock.today())] == [False]
    assert [row.may_edit for row in partner_rows(refer.world.actor("officer"), clock.today())] == [True]
    reach = reach_of(refer.world.actor("officer"), clock.today())
    assert (reach.schools, reach.served, reach.without) == (1, 1, ())


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"agreed_until": dt.date(2026, 11, 22)}, "agreement_over"), ({"agreed_from": dt.date(2026, 12, 1)},
      "agreement_not_begun"), ({"agreed_until": None}, "")],
)  # fmt: skip
def test_nobody_is_referred_without_an_agreement_of_the_day(refer, changes, code):
    change_partner(refer.partner, actor=refer.world.actor("officer"), draft=hospital(**changes))
    refer.partner.refresh_from_db()
    if not code:
        assert refer.written().state == "draft"
        return
    with pytest.raises(CannotRefer) as refused:
        refer.written()
    assert refused.value.reasons == (code,)


def test_an_institution_that_left_takes_nobody_and_what_is_ready_does_not_go_out(refer):
    referral = refer.ready(refer.agreed())
    end_partner(refer.partner, actor=refer.world.actor("officer"))
    with pytest.raises(CannotRefer) as refused:
        send_referral(refer.fresh(referral), actor=refer.psych)
    assert refused.value.reasons == ("partner_left",)
    own = add_partner(refer.world.school, actor=refer.psych, draft=hospital(name="县医院"))
    assert usable_partners(referral.student.place, clock.today()) == [own]


def test_a_school_cannot_change_what_the_county_keeps(refer):
    with pytest.raises(Forbidden):
        end_partner(refer.partner, actor=refer.psych)


def test_an_agreement_cannot_end_before_it_begins(refer):
    with pytest.raises(IntegrityError), transaction.atomic():
        every_partner().update(agreed_until=dt.date(2026, 8, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        every_partner().update(left_on=clock.today())


# ---- Words


@pytest.mark.parametrize("field", ["reason", "observed", "advice"])
def test_a_diagnosis_is_refused_wherever_it_stands(refer, field):
    with pytest.raises(CannotRefer) as refused:
        refer.written(**{field: "看起来像抑郁症，请尽快看看。"})
    assert [each.code for each in refused.value.findings] == ["diagnosis"]


def test_guardians_read_no_score_and_no_level(refer):
    with pytest.raises(CannotRefer) as refused:
        refer.written(advice="孩子得了 21 分，属于高危，请尽快就医。")
    assert {"level", "score"} <= {each.code for each in refused.value.findings}
    assert refer.written(reason="孩子在量表上写了 21 分，请医生看看。").state == "draft"  # what is said to a doctor


# ---- The preview is what goes out


def test_the_preview_holds_what_was_chosen_and_nothing_else(refer):
    shown = dict(preview_of(refer.written(shared=())).rows)
    assert WHY in shown.values()
    assert not {"欧阳思源", SEEN} & set(shown.values())
    shown = dict(preview_of(refer.written(1, shared=("name", "observed"))).rows)
    assert {"㛃䶮", SEEN} <= set(shown.values())


def test_what_was_looked_through_is_what_goes_out(refer):
    referral = refer.agreed()
    digest = bytes.fromhex(preview_of(referral).digest)
    change_referral(referral, actor=refer.psych, draft=refer.draft(reason="另一个原因，也很着急。"))
    with pytest.raises(CannotRefer) as refused:
        ready_referral(refer.fresh(referral), actor=refer.psych, shown=digest)
    assert refused.value.reasons == ("changed_meanwhile",)
    referral = refer.ready(refer.fresh(referral))
    change_referral(referral, actor=refer.psych, draft=refer.draft())
    assert refer.fresh(referral).state == "draft"  # has to be looked through again
    with pytest.raises(CannotRefer) as refused:
        send_referral(refer.fresh(referral), actor=refer.psych)
    assert refused.value.reasons == ("not_ready",)


# ---- Consent


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_without_a_yes_nothing_goes_out(refer, monkeypatch, is_guarded):
    referral = refer.ready(refer.written())
    if not is_guarded:
        monkeypatch.setattr(service, "consent_of", lambda student, on: ("given", True))
    if is_guarded:
        with pytest.raises(CannotRefer) as refused:
            send_referral(referral, actor=refer.psych)
        assert refused.value.reasons == ("no_consent",)
    else:
        send_referral(referral, actor=refer.psych)
    assert bool(refer.fresh(referral).link_mac) is not is_guarded


def test_an_emergency_goes_out_with_its_reason_and_the_principal_is_told(refer):
    referral = refer.ready(refer.written())
    send_referral(referral, actor=refer.psych, emergency="今晚说要离家，监护人联系不上。")
    referral = refer.fresh(referral)
    assert (referral.state, referral.is_override) == ("sent", True)
    assert events("crisis.referral.overridden") == 1
    assert len(messages()) == 1
    said = f"{messages()[0].subject} {messages()[0].body}"
    assert "欧阳" not in said
    assert "转介" not in said
    assert loops_of(refer.world.actor("head"), clock.now()).overrides == 1


def test_a_no_is_recorded_and_what_follows_is_set_going(refer):
    referral = refer.ready(refer.written())
    hear_family(referral, actor=refer.psych, is_agreed=False, given_by="guardian", words="想先再看看。")
    referral = refer.fresh(referral)
    assert (referral.state, clocks_of(referral)) == ("refused", ["referral_talk"])
    assert Consent.objects.for_system(reason="test").get().decision == "refused"
    assert len(messages()) == 1  # the principal
    with clock.frozen(MONDAY_10 + 3 * A_DAY):
        assert len(climb_due(clock.now())) == 1
        assert late_by_clock(refer.world.actor("head"), clock.now())[0][1] == 1
        hear_family(refer.fresh(referral), actor=refer.psych, is_agreed=True, given_by="guardian")
        assert clocks_of(referral) == ["referral_step"]
        assert refer.fresh(referral).state == "draft"


def test_the_pupil_alone_does_not_decide_below_the_age(refer):
    with pytest.raises(CannotRecord):
        hear_family(refer.written(), actor=refer.psych, is_agreed=True, given_by="student")
    assert not Consent.objects.for_system(reason="test").exists()


# ---- Answers and clocks


def test_what_waits_for_the_school_climbs_and_writing_it_anew_puts_nothing_off(refer):
    referral = refer.written()
    assert clocks_of(referral) == ["referral_step"]
    due = open_clocks().get(subject_id=referral.id).due_at
    with clock.frozen(MONDAY_10 + 3 * A_DAY):
        change_referral(referral, actor=refer.psych, draft=refer.draft(reason=f"{WHY} 又说了一次。"))
    assert open_clocks().get(subject_id=referral.id).due_at == due
    with clock.frozen(MONDAY_10 + 8 * A_DAY):
        assert climb_due(clock.now())
        assert [number for _words, number in late_by_clock(refer.world.actor("head"), clock.now())] == [1]
        assert [step.kind for step in refer.steps(referral)].count("overdue") == 1


def no_state_is_unwatched(refer):
    """Every open state of a referral has a running clock, on a way that passes through all of them."""
    first = refer.agreed()
    seen = {first.state: clocks_of(first)}
    for referral in (first, refer.agreed(1)):
        ready = refer.ready(referral)
        seen[ready.state] = clocks_of(ready)
        send_referral(ready, actor=refer.psych)
        seen["sent"] = clocks_of(ready)
        way = ("declined",) if referral is first else ("accepted", "visit_dated", "attended", "advice", "returned")
        for target in way:
            fields = {"reason": "full"} if target == "declined" else {"day": clock.today(), "words": "每天有人陪。"}
            referral = refer.answered(ready, target, **fields)
            seen[referral.state] = clocks_of(referral)
    refused = refer.written(2)
    hear_family(refused, actor=refer.psych, is_agreed=False, given_by="guardian")
    seen["refused"] = clocks_of(refused)
    assert set(seen) == set(ReferralState) - set(ENDED)
    assert all(len(kinds) == 1 for kinds in seen.values()), seen


def test_no_open_state_of_a_referral_is_without_a_clock(refer):
    change_partner(refer.partner, actor=refer.world.actor("officer"), draft=hospital(kind="station"))
    no_state_is_unwatched(refer)


def test_control_without_the_clock_of_the_next_step_states_are_unwatched(refer, monkeypatch):
    change_partner(refer.partner, actor=refer.world.actor("officer"), draft=hospital(kind="station"))
    for module in (service, answers):
        monkeypatch.setattr(module, "wait_for_step", lambda referral, *, at: None)
    with pytest.raises(AssertionError):
        no_state_is_unwatched(refer)


def test_the_whole_way_and_its_clocks(refer):
    referral = refer.sent()
    assert clocks_of(referral) == ["referral"]
    referral = refer.answered(referral, "accepted")
    assert clocks_of(referral) == ["referral_visit"]
    referral = refer.answered(referral, "visit_dated", day=clock.today() + 3 * A_DAY)
    assert clocks_of(referral) == ["referral_seen"]
    referral = refer.answered(referral, "visit_dated", day=clock.today() + 7 * A_DAY)
    clock_row = open_clocks().get(subject_id=referral.id)
    assert clock_row.due_at > MONDAY_10 + 7 * A_DAY
    with clock.frozen(MONDAY_10 + 7 * A_DAY):
        referral = refer.answered(referral, "attended", day=clock.today())
        assert clocks_of(referral) == ["referral_step"]
        referral = refer.answered(referral, "advice", words="两周内不要独处，每天有人陪。")
        close_referral(referral, actor=refer.psych, reason="in_care")
    assert refer.fresh(referral).state == "closed"
    assert [step.kind for step in refer.steps(referral)] == [
        "written", "agreed", "ready", "sent", "accepted", "visit_dated", "visit_dated", "attended", "advice", "closed",
    ]  # fmt: skip
    numbers = loops_of(refer.psych, clock.now())
    assert (numbers.out, numbers.ended, numbers.percent) == (1, 1, 100)


@pytest.mark.parametrize("is_answered", [False, True], ids=["silent", "control"])
def test_an_unanswered_referral_climbs_after_the_policys_school_days(refer, is_answered):
    referral = refer.sent()
    if is_answered:
        refer.answered(referral, "declined", reason="full")
    with clock.frozen(MONDAY_10 + 2 * A_DAY):
        assert climb_due(clock.now()) == []
    with clock.frozen(MONDAY_10 + 4 * A_DAY):
        climbed = climb_due(clock.now())
        assert bool(climbed) is not is_answered
        assert events("crisis.referral.overdue") == len(climbed)
        assert count_waiting(refer.psych, clock.now()) == len(climbed)
        if climbed:
            assert len(messages()) == 2  # psychology teacher and principal, those with an address
            assert refer.steps(referral)[-1].kind == "overdue"


def test_an_answer_by_the_link_waits_until_somebody_has_read_it(refer):
    referral = refer.sent()
    answer_referral(referral, actor=system_actor("crisis.door"), answer=rules.Answer("declined", reason="full"))
    referral = refer.fresh(referral)
    assert (referral.state, referral.is_unread, count_waiting(refer.psych, clock.now())) == ("declined", True, 1)
    assert refer.steps(referral)[-1].by is None
    assert len(messages()) == 1
    acknowledge_answer(referral, actor=refer.psych)
    assert count_waiting(refer.psych, clock.now()) == 0
    assert close_referral(refer.fresh(referral), actor=refer.psych, reason="sent_again").state == "closed"


def test_only_a_station_sends_a_pupil_back_and_says_what_to_do(refer):
    referral = refer.answered(refer.answered(refer.sent(), "accepted"), "attended", day=clock.today())
    with pytest.raises(CannotRefer):
        refer.answered(referral, "returned", words="继续每周见面。")
    change_partner(refer.partner, actor=refer.world.actor("officer"), draft=hospital(kind="station"))
    with pytest.raises(CannotRefer) as refused:
        refer.answered(referral, "returned")
    assert refused.value.reasons == ("words_needed",)
    referral = refer.answered(referral, "returned", words="继续每周见面。")
    assert (referral.state, clocks_of(referral)) == ("returned", ["referral_step"])
    assert loops_of(refer.psych, clock.now()).percent == 0  # open until the school says how it ended
    close_referral(referral, actor=refer.psych, reason="back")
    assert loops_of(refer.psych, clock.now()).percent == 100


def test_a_withdrawn_one_runs_no_clock_and_a_new_one_may_begin(refer):
    referral = refer.sent()
    with pytest.raises(CannotRefer) as refused:
        refer.written()
    assert refused.value.reasons == ("runs_already",)
    with pytest.raises(CannotRefer):
        withdraw_referral(referral, actor=refer.psych, reason="")
    withdraw_referral(referral, actor=refer.psych, reason="elsewhere", words="家长选了省里的医院。")
    assert clocks_of(referral) == []
    assert refer.written().state == "draft"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (rules.Answer("declined"), "reason_needed"),
        (rules.Answer("accepted", words="长" * 2000), "too_long"),
        (rules.Answer("attended", day=dt.date(2026, 11, 23)), "not_now"),
        (rules.Answer("closed"), "not_now"),
        (rules.Answer("sent"), "not_now"),
        (rules.Answer("nonsense"), "not_now"),
    ],
)
def test_what_a_sent_one_does_not_take(answer, code):
    assert rules.refusal_to_answer("sent", answer, is_station=False, on=dt.date(2026, 11, 23)) == code


@pytest.mark.parametrize(("days", "code"), [(-1, "day_of_visit_ahead"), (0, ""), (30, ""), (400, "day_of_visit_ahead")])
def test_a_first_visit_lies_ahead(days, code):
    on = dt.date(2026, 11, 23)
    answer = rules.Answer("visit_dated", day=on + days * A_DAY)
    assert rules.refusal_to_answer("accepted", answer, is_station=False, on=on) == code


# ---- Rights, invariants, states


def test_the_principal_counts_and_does_not_run(refer):
    referral, head = refer.sent(), refer.world.actor("head")
    assert loops_of(head, clock.now()).out == 1
    for act in (lambda: close_referral(referral, actor=head, reason="back"),
                lambda: write_referral(refer.world.students[1], actor=head, draft=refer.draft())):  # fmt: skip
        with pytest.raises(Forbidden):
            act()
    assert loops_of(refer.world.actor("other_psych"), clock.now()).out == 0


@pytest.mark.parametrize(
    "wrong",
    [{"state": "sent"}, {"state": "accepted"}, {"state": "closed"}, {"state": "withdrawn"}, {"state": "visit_dated"},
     {"state": "ready"}],
)  # fmt: skip
def test_a_state_without_what_belongs_to_it_cannot_be_stored(refer, wrong):
    referral = refer.written()
    with pytest.raises(IntegrityError), transaction.atomic():
        every_referral().filter(pk=referral.pk).update(**wrong)


def test_one_referral_of_a_pupil_runs_to_an_institution(refer):
    referral = refer.written()
    copy = Referral(student=referral.student, partner=referral.partner, key_id=referral.key_id, reason="x",
                    contact="x", written_by=referral.written_by, written_at=clock.now(),
                    county_id=referral.county_id, place=referral.place)  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_every_state_can_be_reached_and_left():
    reached = {move.target for move in MOVES} | {ReferralState.DRAFT}
    left = {move.source for move in MOVES} | {ReferralState.CLOSED, ReferralState.WITHDRAWN}
    assert reached == set(ReferralState) == left
    assert all(ReferralState.RETURNED not in answers_from(state, is_station=False) for state in ReferralState)


def test_rows_of_institutions_are_scoped():
    assert Partner.SCOPE == ("place",)
