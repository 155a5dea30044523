"""A file from one school to the next: what goes, once taken in, once acknowledged; sent back, called back, kept."""

import pytest
from django.urls import reverse

from xinqiao.care.alerts.models import Signal
from xinqiao.care.transfers import composing, rules
from xinqiao.care.transfers.errors import CannotHand
from xinqiao.care.transfers.parcel import read_parcel
from xinqiao.care.transfers.rows import every_arrival, every_handover
from xinqiao.care.transfers.services import taking
from xinqiao.care.transfers.services.handing import keep_files, note_consent, recall_file, send_files
from xinqiao.care.transfers.services.taking import acknowledge_files, decline_file
from xinqiao.care.transfers.tests.conftest import AIM, UPBRINGING, fresh
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.models import KeySubject
from xinqiao.register.people.moving import place_students

pytestmark = pytest.mark.django_db


def opened(arrival):
    return read_parcel(open_sealed([arrival], "parcel")[0]["parcel"])


def codes_of(parcel):
    return {part.code for part in parcel.parts}


def demand_the_least_goes(house):
    """Without consent the least goes; what was told of the family does not."""
    student = house.world.students[0]
    house.write(student)
    parcel = opened(house.sent(student))
    assert codes_of(parcel) == {"classes", "plan"}
    assert AIM in str(parcel)
    assert UPBRINGING not in str(parcel)


def test_without_consent_the_least_goes(house):
    demand_the_least_goes(house)


def test_control_a_rule_that_sends_all_is_seen(house, monkeypatch):
    monkeypatch.setattr(rules, "chosen_sections", lambda least, more, _consent: (*least, *more))
    with pytest.raises(AssertionError):
        demand_the_least_goes(house)


def test_with_consent_more_goes_and_against_a_no_nothing(house):
    first, second, _third = house.world.students
    house.write(first)
    house.write(second)
    house.agree(first)
    parcel = opened(house.sent(first))
    assert "family" in codes_of(parcel)
    assert UPBRINGING in str(parcel)
    handover = house.leave(second)
    note_consent(handover, actor=house.psych, decision="refused", given_by="guardian")
    with pytest.raises(CannotHand) as refused:
        house.send(handover)
    assert refused.value.codes == (rules.CONSENT_REFUSED,)
    assert keep_files(house.world.school, actor=house.psych, handover_ids=[handover.id], reason="家长不同意") == 1
    handover.refresh_from_db()
    assert handover.state == "kept"


def demand_opened_once(house):
    """Taken in, the text is under the pupil's key and the key of the way is gone; a second taking is refused."""
    student = house.world.students[0]
    house.write(student)
    arrival = house.sent(student)
    here, way = house.enrol(student), arrival.key_id
    assert house.take(arrival, here) == 1
    arrival.refresh_from_db()
    assert (arrival.state, arrival.key_id, arrival.student_id) == ("taken", here.key_id, here.id)
    assert AIM in str(opened(arrival))
    assert KeySubject.objects.get(pk=way).destroyed_at is not None
    with pytest.raises(CannotHand) as twice:
        house.take(arrival, here)
    assert twice.value.codes == (rules.NOT_WAITING,)


def test_a_file_is_opened_once(house):
    demand_opened_once(house)


def test_control_a_key_of_the_way_that_stays_is_seen(house, monkeypatch):
    monkeypatch.setattr(taking, "destroy_keys", lambda _ids: 0)
    with pytest.raises(AssertionError):
        demand_opened_once(house)


def test_acknowledged_once_and_seen_at_both_schools(house):
    student = house.world.students[0]
    arrival = house.sent(student)
    other = house.world.other_school
    with pytest.raises(CannotHand) as early:
        acknowledge_files(other, actor=house.other, arrival_ids=[arrival.id])
    assert early.value.codes == (rules.NOT_TAKEN,)
    house.take(arrival, house.enrol(student))
    assert acknowledge_files(other, actor=house.other, arrival_ids=[arrival.id]) == 1
    handover = every_handover().get(student=student)
    assert handover.state == "done"
    with pytest.raises(CannotHand) as twice:
        acknowledge_files(other, actor=house.other, arrival_ids=[arrival.id])
    assert twice.value.codes == (rules.NOT_TAKEN,)
    told = AuditEvent.objects.filter(event="transfers.file.acknowledged")
    assert {each.place for each in told} == {house.world.school.path, other.path}


def test_a_file_that_is_not_ours_goes_back_and_can_go_on(house):
    student = house.world.students[0]
    house.write(student)
    arrival = house.sent(student)
    decline_file(arrival, actor=house.other, reason="没有来报到")
    arrival.refresh_from_db()
    assert (arrival.state, arrival.parcel) == ("declined", None)
    handover = every_handover().get(student=student)
    assert handover.state == "returned"
    assert open_sealed([handover], "reason")[0]["reason"] == "没有来报到"
    assert house.send(handover) == 1
    again = every_arrival().get(handover=handover, state="waiting")
    recall_file(every_handover().select_related("student").get(pk=handover.pk), actor=house.psych)
    again.refresh_from_db()
    assert (again.state, again.parcel) == ("recalled", None)
    assert every_handover().get(pk=handover.pk).state == "returned"
    with pytest.raises(CannotHand) as gone:
        recall_file(handover, actor=house.psych)
    assert gone.value.codes == (rules.NOT_WAITING,)


def demand_whoever_was_cared_for_is_looked_at(house):
    """A level or an open case of the school before raises a signal at the next one, as urgent as the level."""
    student = house.world.students[0]
    case = house.care.judged("orange", student)
    arrival = house.sent(student)
    parcel = opened(arrival)
    assert (parcel.level, parcel.has_case) == ("orange", True)
    here = house.enrol(student)
    house.take(arrival, here)
    signal = Signal.objects.for_system(reason="a test looks").get(student=here)
    assert (signal.source, signal.urgency, signal.place) == ("school_before", "orange", here.place)
    assert case.student_id == student.id


def test_whoever_was_cared_for_is_looked_at_by_the_next_school(house):
    demand_whoever_was_cared_for_is_looked_at(house)


def test_control_a_case_that_ends_with_the_school_is_seen(house, monkeypatch):
    monkeypatch.setattr(taking, "_look_at", lambda *_a: None)
    with pytest.raises(Signal.DoesNotExist):
        demand_whoever_was_cared_for_is_looked_at(house)


def test_whoever_was_well_raises_nothing(house):
    student = house.world.students[1]
    here = house.enrol(student)
    house.take(house.sent(student), here)
    assert not Signal.objects.for_system(reason="a test looks").filter(student=here).exists()


def test_who_comes_back_is_owed_nothing(house):
    student = house.world.students[0]
    handover = house.leave(student)
    from xinqiao.foundation.access.actors import system_actor
    from xinqiao.foundation.audit.recording import recording
    from xinqiao.foundation.core.clock import today

    with recording(system_actor("people.roster")):
        place_students([(fresh(student), house.world.class_b)], today())
    handover.refresh_from_db()
    assert handover.state == "back"


def test_all_or_none(house):
    first, second, _third = house.world.students
    one, two = house.leave(first), house.leave(second)
    house.send(two)
    targets = {each.id: house.world.other_school for each in (one, two)}
    with pytest.raises(CannotHand):
        send_files(house.world.school, actor=house.psych, targets=targets)
    one.refresh_from_db()
    assert one.state == "owed"
    with pytest.raises(CannotHand) as same:
        send_files(house.world.school, actor=house.psych, targets={one.id: house.world.school})
    assert same.value.codes == (rules.SAME_SCHOOL,)


def test_what_the_section_of_the_file_shows(house, sign_in):
    student = house.world.students[0]
    house.write(student)
    here = house.enrol(student)
    house.take(house.sent(student), here)
    page = sign_in("other_psych").get(reverse("archives:file", args=[here.id]))
    assert AIM in page.content.decode()
    assert "原学校转来" in page.content.decode()


def test_every_code_of_the_pack_is_a_section_and_the_least_can_be_printed(house):
    from xinqiao.foundation.core.clock import today
    from xinqiao.register.people.sections import sections
    from xinqiao.register.policy.selectors import parameters_for

    known = {each.code: each for each in sections()}
    pack = parameters_for(house.world.school.path, today()).transfers
    assert set(pack.minimum) | set(pack.by_consent) <= set(known)
    assert all(known[code].printed is not None for code in pack.minimum)
    assert composing.going(house.psych, house.world.students[0], (), ()) == []
