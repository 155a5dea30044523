"""Taking named results out: the second person cannot be walked around."""

import datetime as dt

import pytest

from tests.permissions.canaries import texts_of
from tests.permissions.walking import Walker
from tests.permissions.world import World
from xinqiao.care.screening.models import Campaign, ExportRequest
from xinqiao.care.screening.services import exports
from xinqiao.care.screening.services.exports import CannotExport, fetch_export, request_export
from xinqiao.care.sheets.models import AnswerSheet, Sitting
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.people.registering import StudentDraft, register_students

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("permissions")]  # one worker, so one walk
MANY = 60


@pytest.fixture
def psych(undone: World) -> Actor:
    return actor_for(undone.user_of("psych_teacher"), today())


@pytest.fixture
def campaign(undone: World) -> Campaign:
    rows = Campaign.objects.for_system(reason="a test")
    return rows.get(pk=undone.spots["own_class"].ids["campaign"])


def answer(world: World, campaign: Campaign, count: int) -> list[str]:
    """Let that many further pupils of the class hand in a sheet; return their names."""
    spot = world.spots["own_class"]
    names = [f"后来者{index:02d}" for index in range(count)]
    drafts = [StudentDraft(name=name, class_unit=spot.group, number=f"9{i:05d}") for i, name in enumerate(names)]
    first = AnswerSheet.objects.for_system(reason="a test").get(pk=spot.ids["sheet"])
    model = Sitting.objects.for_system(reason="a test").get(pk=spot.ids["sitting"])
    for index, student in enumerate(register_students(spot.school, drafts, today())):
        sitting = Sitting(
            county_id=student.county_id, place=student.place, student=student, key_id=student.key_id,
            origin_id=campaign.id, paper_id=model.paper_id, class_id=model.class_id, window_code=model.window_code,
            opens_at=model.opens_at, closes_at=model.closes_at, state="submitted", started_at=now(),
            submitted_at=now(), receipt=f"L{index:08d}", key="k" * 16, payload_digest=b"\0" * 32,
        )  # fmt: skip
        sitting.save(force_insert=True)
        AnswerSheet(
            county_id=student.county_id, place=student.place, sitting=sitting, student=student, key_id=student.key_id,
            origin_id=campaign.id, scale_code=first.scale_code, scale_id=first.scale_id, answers=b"\1" * 9,
            result=world.plain_result, submitted_at=now(),
        ).save(force_insert=True)  # fmt: skip
    return names


def fetched(world: World, request_id: object) -> str:
    """Return everything readable in what the address of an export gives the psychology teacher."""
    client = Walker(world).client("psych_teacher")
    return "".join(texts_of(client.post(f"/screening/exports/{request_id}/file/")))


def test_few_pupils_are_approved_at_once_and_many_wait(undone: World, campaign: Campaign, psych: Actor):
    assert request_export(campaign, actor=psych, purpose="care").state == "approved"
    answer(undone, campaign, MANY)
    waiting = request_export(campaign, actor=psych, purpose="care")
    assert waiting.state == "waiting"
    with pytest.raises(CannotExport, match="not_approved"):
        fetch_export(waiting, actor=psych)


def test_a_request_made_while_few_had_answered_does_not_fetch_the_many(undone: World, campaign: Campaign, psych: Actor):
    """Approved for three alone, fetched when sixty more have answered: the second person was never asked."""
    request = request_export(campaign, actor=psych, purpose="care")
    names = answer(undone, campaign, MANY)
    body = fetched(undone, request.id)
    assert sum(name in body for name in names) + request.pupils <= 50


def test_control_the_file_does_hold_the_names_it_was_approved_for(undone: World, campaign: Campaign, psych: Actor):
    names = answer(undone, campaign, 5)
    request = request_export(campaign, actor=psych, purpose="care")
    body = fetched(undone, request.id)
    assert all(name in body for name in names)


def take_two_slices(undone: World, campaign: Campaign, psych: Actor) -> tuple[ExportRequest, ExportRequest]:
    """Ask for two classes of one screening, each below the bound, together above it."""
    answer(undone, campaign, 45)
    own, grade = undone.spots["own_class"], undone.spots["own_grade"]
    first = request_export(campaign, actor=psych, purpose="care", class_unit=own.group)
    assert first.state == "approved"
    sheets = AnswerSheet.objects.for_system(reason="a test").filter(sitting__class_id=own.group.id)
    moved = list(sheets.values_list("sitting_id", flat=True)[:20])
    Sitting.objects.for_system(reason="a test").filter(pk__in=moved).update(class_id=grade.group.id)
    second = request_export(campaign, actor=psych, purpose="care", class_unit=grade.group)
    assert first.pupils + second.pupils > 50
    return first, second


def test_slice_by_slice_is_still_many(undone: World, campaign: Campaign, psych: Actor):
    """Class after class, each below the bound, adds up to the school: the later slices need the second person."""
    _, second = take_two_slices(undone, campaign, psych)
    assert second.state == "waiting"


def test_control_without_the_sum_each_slice_is_few(undone: World, campaign: Campaign, psych: Actor, monkeypatch):
    monkeypatch.setattr(exports, "_taken_alone", lambda *of: 0)
    _, second = take_two_slices(undone, campaign, psych)
    assert second.state == "approved"


def test_the_same_class_again_is_not_counted_twice(undone: World, campaign: Campaign, psych: Actor):
    answer(undone, campaign, 40)
    own = undone.spots["own_class"].group
    for _ in range(3):
        assert request_export(campaign, actor=psych, purpose="care", class_unit=own).state == "approved"


def test_the_link_ends_after_a_day_and_is_nobody_elses(undone: World, campaign: Campaign, psych: Actor):
    request = request_export(campaign, actor=psych, purpose="care")
    colleague = actor_for(undone.spots["own_class"].staff_user, today())
    with pytest.raises(CannotExport, match="not_yours"):
        fetch_export(request, actor=colleague)
    with clock.frozen(now() + dt.timedelta(hours=25)), pytest.raises(CannotExport, match="expired"):
        fetch_export(request, actor=psych)
