"""Planning, launching, extending, repeating and closing."""

import datetime as dt

import pytest

from xinqiao.care.screening.jobs import filling
from xinqiao.care.screening.jobs.filling import complete_sittings, fill_campaign
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.coverage import campaign_coverage
from xinqiao.care.screening.services.campaigns import (
    CannotRun,
    change_campaign,
    close_campaign,
    create_campaign,
    discard_campaign,
    extend_campaign,
    launch_campaign,
    open_make_up_round,
)
from xinqiao.care.screening.services.pupils import excuse_pupil, readmit_pupil
from xinqiao.care.screening.tests.conftest import CLOSES
from xinqiao.care.screening.tests.handing_in import hand_in, sitting_of
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.services.sittings import CannotExcuse
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.models import Membership
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.people.models import ConsentForm, Student
from xinqiao.register.people.services.consents import FormText, publish_form, record_consents
from xinqiao.register.policy.tests.local_packs import consent_part, local_pack, put_in_force

LOW = {"phq-9": [0] * 9, "gad-7": [0] * 7}


def states(campaign) -> dict[str, int]:
    found: dict[str, int] = {}
    for sitting in Sitting.objects.for_system(reason="test").filter(origin_id=campaign.id):
        key = sitting.excuse or sitting.state
        found[key] = found.get(key, 0) + 1
    return found


def why(caught) -> set[str]:
    return {reason.code for reason in caught.value.reasons}


def test_a_launch_gives_every_pupil_with_consent_a_sitting(school):
    campaign = school.launched()
    assert states(campaign) == {"waiting": len(school.students)}
    stored = Campaign.objects.for_system(reason="test").get(pk=campaign.pk)
    assert (stored.state, stored.launched_at, stored.pack_revision.partition("@")[0]) == (
        "open", MONDAY_10, "national-default",
    )  # fmt: skip
    events = set(AuditEvent.objects.values_list("event", flat=True))
    assert {"screening.campaign.created", "screening.campaign.launched", "screening.sittings.opened"} <= events


def test_without_consent_nobody_answers_and_a_consent_given_later_lets_them_in(school):
    campaign = school.launched(cohorts=(("junior", 2025),))
    assert states(campaign) == {"no_consent": 3}
    school.consent(school.elders[:2])
    assert complete_sittings(MONDAY_10) == 2
    assert states(campaign) == {"no_consent": 1, "waiting": 2}
    assert complete_sittings(MONDAY_10) == 0


def test_a_consent_withdrawn_before_handing_in_takes_the_pupil_out(school):
    campaign = school.launched()
    hand_in(campaign, school.students[0], LOW)
    with clock.frozen(MONDAY_10 + dt.timedelta(hours=1)) as later:
        school.consent(school.students[:2], "withdrawn")
        assert fill_campaign(campaign, later).withdrawn == 1
    assert sitting_of(campaign, school.students[0]).state == "submitted"
    assert sitting_of(campaign, school.students[1]).excuse == "no_consent"


def opt_out_form(school) -> ConsentForm:
    """Publish an opt-out form, as the pack of the school lets it."""
    text = FormText("知情同意书", "请阅读。", "Consent", "Please read.")
    return publish_form(school.unit, actor=school.actor("psych"), purpose="screening", text=text, is_opt_out=True)


def rule_of_school(folder, settings, **consent):
    put_in_force(folder, settings, local_pack("of-school", "s1", consent=consent_part(**consent)))


def test_silence_lets_in_and_is_asked_again_when_the_pack_in_force_no_longer_takes_it(school, tmp_path, settings):
    rule_of_school(tmp_path, settings, mode="opt_out")
    campaign = school.launched(cohorts=(("junior", 2025),), form_id=opt_out_form(school).id)
    assert states(campaign) == {"waiting": 3}, "the elders are 14 and said nothing"
    assert complete_sittings(MONDAY_10) == 0
    rule_of_school(tmp_path, settings, mode="opt_out", guardian_below=15, opt_out_from=15)
    assert complete_sittings(MONDAY_10) == 3
    assert states(campaign) == {"no_consent": 3}
    (row,) = campaign_coverage(campaign, clock.today()).by_grade
    assert (row.unanswered, row.refused) == (3, 0)


def test_control_under_the_rules_of_the_launch_the_silent_stay(school, tmp_path, settings):
    rule_of_school(tmp_path, settings, mode="opt_out")
    campaign = school.launched(cohorts=(("junior", 2025),), form_id=opt_out_form(school).id)
    rule_of_school(tmp_path, settings, mode="opt_out")
    assert complete_sittings(MONDAY_10) == 0
    assert states(campaign) == {"waiting": 3}


def test_a_no_of_ones_own_that_no_longer_counts_is_unanswered_in_the_coverage(school, tmp_path, settings):
    campaign = school.launched(cohorts=(("junior", 2025),))
    ids = [student.id for student in school.elders]
    record_consents(
        school.class_8, actor=school.actor("psych"), form=school.form, student_ids=ids, decision="refused",
        given_by="student",
    )  # fmt: skip
    (row,) = campaign_coverage(campaign, clock.today()).by_grade
    assert (row.refused, row.unanswered) == (3, 0)
    rule_of_school(tmp_path, settings, guardian_below=15, opt_out_from=15)
    (row,) = campaign_coverage(campaign, clock.today()).by_grade
    assert (row.refused, row.unanswered) == (0, 3)


def test_a_form_that_takes_silence_is_not_launched_where_a_yes_is_needed(school, tmp_path, settings):
    rule_of_school(tmp_path, settings, mode="opt_out")
    form = opt_out_form(school)
    rule_of_school(tmp_path, settings)
    with pytest.raises(CannotRun) as caught:
        school.launched(form_id=form.id)
    assert why(caught) == {"form_takes_silence"}


def test_control_the_consent_decides_and_nothing_else_does(school, monkeypatch):
    monkeypatch.setattr(filling, "consent_state", lambda students, form, on: {s.id: "given" for s in students})
    assert states(school.launched(cohorts=(("junior", 2025),))) == {"waiting": 3}


def test_a_launch_that_was_cut_off_is_completed_by_the_clock(school, monkeypatch):
    monkeypatch.setattr(filling, "CHUNK", 2)
    actor = school.actor("psych")
    campaign = launch_campaign(create_campaign(school.unit, actor=actor, draft=school.draft()), actor=actor)
    whole, made = filling._make_chunk, []

    def cut(campaign, students, now):
        if made:
            raise RuntimeError("cut off")
        made.append(1)
        return whole(campaign, students, now)

    monkeypatch.setattr(filling, "_make_chunk", cut)
    with pytest.raises(RuntimeError, match="cut off"):
        fill_campaign(campaign, MONDAY_10)
    assert states(campaign) == {"waiting": 2}
    monkeypatch.setattr(filling, "_make_chunk", whole)
    assert complete_sittings(MONDAY_10) == len(school.students) - 2
    assert states(campaign) == {"waiting": len(school.students)}


def test_who_joins_moves_or_leaves_is_followed(school):
    campaign = school.launched()
    pupils = Student.objects.for_system(reason="test")
    pupils.filter(pk=school.students[0].pk).update(place=school.class_a.path)
    pupils.filter(pk=school.students[1].pk).update(status="left")
    pupils.filter(pk=school.elders[0].pk).update(place=school.class_b.path)
    school.consent(school.elders[:1])
    done = fill_campaign(campaign, MONDAY_10)
    assert (done.made, done.moved, done.left) == (1, 1, 1)
    assert sitting_of(campaign, school.students[0]).window_code == school.class_a.window_code
    assert sitting_of(campaign, school.students[1]).excuse == "left"
    assert sitting_of(campaign, school.elders[0]).state == "waiting"


def test_a_pupil_whose_other_sitting_is_open_gets_no_second_one(school):
    first = school.launched(cohorts=(("junior", 2026),))
    pupils = Student.objects.for_system(reason="test")
    pupils.filter(pk=school.students[0].pk).update(place=school.class_8.path)
    second = school.launched(cohorts=(("junior", 2025),), name="八年级")
    assert sitting_of(first, school.students[0]).state == "waiting"
    assert (
        not Sitting.objects.for_system(reason="test").filter(origin_id=second.id, student=school.students[0]).exists()
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"scale_ids": ()}, "no_scales"),
        ({"cohorts": ()}, "no_grades"),
        ({"form_id": None}, "no_form"),
        ({"cohorts": (("junior", 2024),)}, "no_pupils"),
        (
            {"opens_at": MONDAY_10 + dt.timedelta(days=70), "closes_at": MONDAY_10 + dt.timedelta(days=72)},
            "outside_term",
        ),
    ],
)
def test_a_plan_that_lacks_something_is_not_launched_and_says_so(school, changes, expected):
    actor = school.actor("psych")
    campaign = create_campaign(school.unit, actor=actor, draft=school.draft(**changes))
    with pytest.raises(CannotRun) as caught:
        launch_campaign(campaign, actor=actor)
    assert expected in why(caught)
    assert states(campaign) == {}


def test_a_scale_without_wording_is_not_launched_and_says_why(school):
    actor = school.actor("psych")
    draft = school.draft(scale_ids=(school.versions["mht"].id,))
    with pytest.raises(CannotRun) as caught:
        launch_campaign(create_campaign(school.unit, actor=actor, draft=draft), actor=actor)
    assert why(caught) == {"scale_no_wording"}


def test_a_scale_is_not_given_below_its_age(school):
    """PHQ-9 begins at 12; grade 5 is 10 or 11."""
    from xinqiao.register.orgs.services.units import ensure_class
    from xinqiao.register.people.registering import StudentDraft, register_students

    unit, _is_new = ensure_class(school.unit, "primary", 2022, 1)
    register_students(school.unit, [StudentDraft("小五", unit, "2022")], clock.today())
    actor = school.actor("psych")
    campaign = create_campaign(school.unit, actor=actor, draft=school.draft(cohorts=(("primary", 2022),)))
    with pytest.raises(CannotRun) as caught:
        launch_campaign(campaign, actor=actor)
    assert "unfit_grades" in why(caught)


def test_a_suicide_item_needs_someone_on_duty_on_every_school_day(school):
    wednesday = MONDAY_10 + dt.timedelta(days=2)
    shifts = DutyShift.objects.for_system(reason="test").filter(start_at__date=wednesday.date())
    assert shifts.update(cancelled_at=MONDAY_10) == 1
    actor = school.actor("psych")
    campaign = create_campaign(school.unit, actor=actor, draft=school.draft())
    with pytest.raises(CannotRun) as caught:
        launch_campaign(campaign, actor=actor)
    (reason,) = caught.value.reasons
    assert (reason.code, reason.details) == ("nobody_on_duty", ("2026-11-25",))


def test_control_without_the_suicide_item_the_same_gap_is_no_obstacle(school):
    DutyShift.objects.for_system(reason="test").update(cancelled_at=MONDAY_10)
    campaign = school.launched(scale_ids=(school.versions["gad-7"].id,))
    assert campaign.state == "open"


def test_nobody_is_screened_twice_at_once(school):
    school.launched()
    actor = school.actor("psych")
    again = create_campaign(school.unit, actor=actor, draft=school.draft(name="又一次"))
    with pytest.raises(CannotRun) as caught:
        launch_campaign(again, actor=actor)
    assert why(caught) == {"screened_twice"}
    other_grade = create_campaign(school.unit, actor=actor, draft=school.draft(cohorts=(("junior", 2025),)))
    assert launch_campaign(other_grade, actor=actor).state == "open"


def test_a_window_that_cannot_be_is_refused_at_the_plan(school):
    actor = school.actor("psych")
    for changes, code in (
        ({"closes_at": MONDAY_10}, "window_turned"),
        ({"opens_at": MONDAY_10 - dt.timedelta(days=3), "closes_at": MONDAY_10 - dt.timedelta(days=1)}, "window_over"),
        ({"closes_at": MONDAY_10 + dt.timedelta(days=90)}, "window_long"),
    ):
        with pytest.raises(CannotRun) as caught:
            create_campaign(school.unit, actor=actor, draft=school.draft(**changes))
        assert why(caught) == {code}


@pytest.mark.parametrize("login", ["head", "teacher", "lead", "officer", "other_psych"])
def test_only_the_schools_psychology_teacher_plans_and_launches(school, login):
    campaign = create_campaign(school.unit, actor=school.actor("psych"), draft=school.draft())
    with pytest.raises(Forbidden):
        create_campaign(school.unit, actor=school.actor(login), draft=school.draft())
    with pytest.raises(Forbidden):
        launch_campaign(campaign, actor=school.actor(login))


def test_a_launched_plan_is_neither_changed_nor_discarded(school):
    campaign = school.launched()
    actor = school.actor("psych")
    for change in (
        lambda: change_campaign(campaign, actor=actor, draft=school.draft(name="改")),
        lambda: discard_campaign(campaign, actor=actor),
        lambda: launch_campaign(campaign, actor=actor),
    ):
        with pytest.raises(CannotRun) as caught:
            change()
        assert why(caught) == {"not_draft"}


def test_a_plan_is_changed_and_discarded(school):
    actor = school.actor("psych")
    campaign = create_campaign(school.unit, actor=actor, draft=school.draft())
    assert change_campaign(campaign, actor=actor, draft=school.draft(name="冬季测评")).name == "冬季测评"
    discard_campaign(campaign, actor=actor)
    assert not Campaign.objects.for_system(reason="test").filter(pk=campaign.pk).exists()


def test_extending_moves_the_end_for_those_who_have_not_handed_in(school):
    campaign = school.launched()
    hand_in(campaign, school.students[0], LOW)
    until = CLOSES + dt.timedelta(days=2)
    extend_campaign(campaign, actor=school.actor("psych"), until=until)
    assert sitting_of(campaign, school.students[0]).closes_at == CLOSES
    assert sitting_of(campaign, school.students[1]).closes_at == until
    with pytest.raises(CannotRun) as caught:
        extend_campaign(campaign, actor=school.actor("psych"), until=CLOSES)
    assert why(caught) == {"not_later"}


def test_a_further_window_needs_someone_on_duty_too(school):
    campaign = school.launched()
    actor, next_week = school.actor("psych"), MONDAY_10 + dt.timedelta(days=7)
    for further in (
        lambda: extend_campaign(campaign, actor=actor, until=next_week),
        lambda: open_make_up_round(
            campaign, actor=actor, opens_at=next_week - dt.timedelta(days=1), closes_at=next_week
        ),
    ):
        with pytest.raises(CannotRun) as caught:
            further()
        assert why(caught) == {"nobody_on_duty"}
    harmless = school.launched(cohorts=(("junior", 2025),), scale_ids=(school.versions["gad-7"].id,))
    assert extend_campaign(harmless, actor=actor, until=next_week).closes_at == next_week


def test_a_make_up_round_is_for_the_missing_and_for_sheets_to_be_answered_again(school):
    campaign = school.launched()
    actor = school.actor("psych")
    hand_in(campaign, school.students[0], LOW)
    hand_in(campaign, school.students[1], LOW)
    excuse_pupil(campaign, actor=actor, student_id=school.students[2].id, excuse="unwell")
    old_code = sitting_of(campaign, school.students[3]).code_mac
    opens, closes = MONDAY_10 + dt.timedelta(days=1), MONDAY_10 + dt.timedelta(days=2)
    again = open_make_up_round(campaign, actor=actor, opens_at=opens, closes_at=closes, again=[school.students[0].id])
    assert again.round == 2
    further = sitting_of(campaign, school.students[0])
    assert (further.round, further.state, further.opens_at) == (2, "waiting", opens)
    assert sitting_of(campaign, school.students[1]).round == 1
    assert sitting_of(campaign, school.students[2]).state == "waiting"
    waiting = sitting_of(campaign, school.students[3])
    assert (waiting.round, waiting.opens_at, waiting.code_mac) == (2, opens, old_code)
    with pytest.raises(CannotRun) as caught:
        open_make_up_round(campaign, actor=actor, opens_at=opens, closes_at=closes, with_missing=False)
    assert why(caught) == {"nobody_to_repeat"}


def test_closing_leaves_nobody_open_and_is_done_once(school):
    campaign = school.launched()
    hand_in(campaign, school.students[0], LOW)
    close_campaign(campaign, actor=school.actor("psych"))
    assert states(campaign) == {"submitted": 1, "absent": len(school.students) - 1}
    event = AuditEvent.objects.get(event="screening.campaign.closed")
    assert f'"missing": {len(school.students) - 1}' in event.facts
    assert close_campaign(campaign, actor=school.actor("psych")) == Unchanged("already_closed")
    assert complete_sittings(MONDAY_10) == 0
    with pytest.raises(CannotRun):
        excuse_pupil(campaign, actor=school.actor("psych"), student_id=school.students[1].id, excuse="unwell")


def test_excusing_is_taken_back_but_consent_and_a_handed_in_sheet_are_not_a_persons_to_change(school):
    campaign = school.launched()
    actor, pupil = school.actor("psych"), school.students[0]
    excuse_pupil(campaign, actor=actor, student_id=pupil.id, excuse="absent")
    assert isinstance(excuse_pupil(campaign, actor=actor, student_id=pupil.id, excuse="absent"), Unchanged)
    readmit_pupil(campaign, actor=actor, student_id=pupil.id)
    hand_in(campaign, pupil, LOW)
    for excuse, code in (("absent", "already_submitted"), ("no_consent", "follows_consent")):
        with pytest.raises(CannotExcuse) as caught:
            excuse_pupil(campaign, actor=actor, student_id=pupil.id, excuse=excuse)
        assert caught.value.code == code
    elders = school.launched(cohorts=(("junior", 2025),))
    with pytest.raises(CannotExcuse):
        readmit_pupil(elders, actor=actor, student_id=school.elders[0].id)


def test_services_follow_a_frozen_clock_into_last_year(school):
    """The demo city makes last year's screening so."""
    actor, year_ago = school.actor("psych"), MONDAY_10 - dt.timedelta(days=365)
    Membership.objects.update(start_on=dt.date(2025, 9, 1))
    with clock.frozen(year_ago):
        DutyShift(
            county_id=school.unit.shard_id, place=school.unit.path, staff_id=school.world.id_of("psych"),
            role="psychology", start_at=year_ago - dt.timedelta(days=1), end_at=year_ago + dt.timedelta(days=5),
        ).save(force_insert=True)  # fmt: skip
        school.consent(school.elders)
        campaign = school.launched(
            actor=actor, cohorts=(("junior", 2025),), opens_at=year_ago, closes_at=year_ago + dt.timedelta(days=3)
        )
        hand_in(campaign, school.elders[0], LOW)
        close_campaign(campaign, actor=actor)
    campaign.refresh_from_db()
    assert (campaign.school_year, campaign.closed_at) == (2025, year_ago)
