"""What a flag is worth: published first, a school's own talks once there are enough, one construct once."""

import json
from pathlib import Path

import pytest
import yaml

from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.selectors import likelihood, queue
from xinqiao.care.alerts.services.interviewing import Talk, record_interview
from xinqiao.care.alerts.weighing import Weights
from xinqiao.care.screening import weights
from xinqiao.care.screening.forecast import constructs
from xinqiao.care.screening.jobs.measuring_flags import measure_flags
from xinqiao.care.screening.models import MeasuredFlag
from xinqiao.care.screening.services.campaigns import close_campaign
from xinqiao.care.screening.tests.handing_in import hand_in
from xinqiao.engines.scoring import scale_from_mapping
from xinqiao.engines.triage import Ratio, Reason
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.policy.tests.local_packs import local_pack, put_in_force

pytestmark = pytest.mark.django_db
OVER = {"phq-9": [2] * 8 + [0], "gad-7": [0] * 7}
BOTH = {"phq-9": [2] * 8 + [0], "gad-7": [2] * 7}
WORRIED = {"phq-9": [0] * 9, "gad-7": [2] * 7}
FLAG = ("phq-9", "adolescent_positive")


def at(school):
    return weights.weights_of_schools([school.unit.path])[school.unit.path]


def settle(school, student, outcome):
    signal = Signal.objects.for_system(reason="test").select_related("student").get(student=student)
    level = "orange" if outcome == "case" else ""
    talk = Talk(
        held_at=clock.now(), is_face_to_face=True, asked_about_suicide="yes", risk_found="none",
        note="看错了题目，以为问的是电影", outcome=outcome, level=level, advice="多留意" if level else "",
        review_on=clock.today().replace(month=12) if level else None,
    )  # fmt: skip
    record_interview(signal, actor=school.actor("psych"), talk=talk)


def test_without_talks_the_published_figure_holds(school):
    found = at(school).ratios
    assert found[FLAG].origin == "published"
    assert found[FLAG].construct == "mood"
    assert round(found[FLAG].value, 3) == 3.978  # Richardson 2010: .895 / .225
    assert ("gad-7", "positive") not in found, "nothing is published here of it, so it weighs nothing"


def test_every_construct_names_flags_that_exist_and_no_flag_stands_in_two(settings):
    files = sorted((Path(settings.XINQIAO_PACKS) / "scales").glob("*.yaml"))
    scales = [scale_from_mapping(yaml.safe_load(file.read_text("utf-8"))) for file in files]
    flags = {f"{scale.id}/{flag.id}" for scale in scales for flag in scale.flags}
    named = [flag for construct in constructs() for flag in construct.flags]
    assert set(named) <= flags
    assert len(named) == len(set(named))


@pytest.fixture
def ended(school):
    """Three over the line, two of them talked to (a case, a false alarm), and the campaign is over."""
    campaign = school.launched()
    for pupil in school.students[:3]:
        hand_in(campaign, pupil, OVER)
    hand_in(campaign, school.students[3], WORRIED)
    tell_new_signals(clock.now())
    settle(school, school.students[0], "case")
    settle(school, school.students[1], "nothing")
    close_campaign(campaign, actor=school.actor("psych"))
    campaign.refresh_from_db()
    return campaign


def test_the_job_counts_a_campaign_once_and_again_after_another_talk(school, ended):
    assert measure_flags(clock.now()) == 1
    assert measure_flags(clock.now()) == 0
    row = MeasuredFlag.objects.for_system(reason="test").get(scale_code="phq-9")
    assert json.loads(row.strata)[0] == [True, 3, 2, 1]
    settle(school, school.students[2], "case")
    assert measure_flags(clock.now()) == 1
    row = MeasuredFlag.objects.for_system(reason="test").get(scale_code="phq-9")
    assert json.loads(row.strata)[0] == [True, 3, 3, 2]
    assert AuditEvent.objects.filter(event="screening.flags.measured").count() == 2


def test_a_campaign_that_runs_is_not_counted(school):
    campaign = school.launched()
    hand_in(campaign, school.students[0], OVER)
    tell_new_signals(clock.now())
    settle(school, school.students[0], "case")
    assert measure_flags(clock.now()) == 0


def keep(school, campaign, strata):
    MeasuredFlag(
        county_id=campaign.county_id, place=campaign.place, campaign=campaign, scale_code=FLAG[0], flag=FLAG[1],
        strata=json.dumps(strata), talks=1, measured_at=clock.now(),
    ).save(force_insert=True)  # fmt: skip


ENOUGH = [[True, 100, 80, 24], [False, 900, 50, 1]]


def test_enough_own_talks_replace_the_published_figure(school, ended):
    keep(school, ended, ENOUGH)
    found = at(school).ratios[FLAG]
    assert found.origin == "own"
    assert round(found.value, 6) == 8.5
    assert "130" in found.source


@pytest.mark.parametrize(("at_least", "is_own"), [(50, True), (51, False)])
def test_the_pack_says_how_many_talks_are_enough(school, ended, tmp_path, settings, at_least, is_own):
    keep(school, ended, ENOUGH)
    part = {"accuracy": {"own_talks_at_least": {"value": at_least, "source": ["ours"]}}}
    put_in_force(tmp_path, settings, local_pack("stricter", school.unit.code, **part))
    assert (FLAG in at(school).ratios) is is_own, (
        "these packs publish nothing, so only the school's own can stand there"
    )


def test_a_campaign_in_which_nobody_unflagged_was_talked_to_counts_for_nothing(school, ended):
    keep(school, ended, [[True, 100, 80, 24], [False, 900, 0, 0]])
    assert at(school).ratios[FLAG].origin == "published"


def test_another_schools_talks_are_not_ours(school, ended):
    keep(school, ended, ENOUGH)
    other = weights.weights_of_schools(["0/elsewhere/"])
    assert other["0/elsewhere/"].ratios[FLAG].origin == "published"


def test_the_queue_says_the_share_and_orders_those_of_one_day_by_it(school):
    campaign = school.launched()
    worried, low = school.students[0], school.students[1]
    hand_in(campaign, worried, WORRIED)
    hand_in(campaign, low, OVER)
    tell_new_signals(clock.now())
    rows = queue(school.actor("psych"), clock.now())
    by_student = {row.student_id: row for row in rows}
    assert by_student[low.id].likelihood.in_100 == 17  # 5 % before, x 3.98
    assert by_student[worried.id].likelihood is None
    same = [row for row in rows if row.urgency == by_student[low.id].urgency]
    assert same[0].student_id == low.id or by_student[worried.id].urgency != by_student[low.id].urgency


def test_what_was_asked_without_a_flag_takes_away_and_what_is_void_does_not(school):
    campaign = school.launched()
    hand_in(campaign, school.students[0], OVER)
    tell_new_signals(clock.now())
    (signal,) = Signal.objects.for_system(reason="test")
    assert weights.flags_asked([signal])[signal.id] == {FLAG, ("gad-7", "positive")}
    quiet = Ratio("gad-7", "positive", "worry", 4.0, 4.0, 4.0, 0.5, "published", "invented")
    known = {signal.student.school_place: Weights({**at(school).ratios, ("gad-7", "positive"): quiet}, {})}
    flagged = Reason("flag", "phq-9", ("adolescent_positive",))

    def share(*reasons):
        return likelihood.likelihoods([signal], {signal.id: reasons})[signal.student_id].in_100

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(likelihood, "weights_at", lambda schools: known)
        assert share(flagged) == 9  # odds 1/19 x 3.978 x .5
        assert share(flagged, Reason("void", "gad-7")) == 17, "void sheets say nothing"


def test_the_page_says_where_the_order_comes_from(school, client):
    campaign = school.launched()
    hand_in(campaign, school.students[0], BOTH)
    tell_new_signals(clock.now())
    client.force_login(school.world.users["psych"])
    page = client.get("/alerts/").content.decode()
    assert "Richardson 2010" in page
    assert "× 4.0" in page
