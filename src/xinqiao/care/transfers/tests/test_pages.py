"""Pages of both schools: lists, one file, refusals that keep what was typed, and who may see what."""

import pytest
from django.urls import reverse

from xinqiao.care.transfers.rows import every_arrival, every_handover
from xinqiao.care.transfers.tests.conftest import AIM, UPBRINGING
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.register.orgs.models import Unit

pytestmark = pytest.mark.django_db
TRANSFER, CAME = "transfers:index", "transfers:came"


def text(response):
    return response.content.decode()


def group_of(handover):
    return reverse("transfers:group", args=[handover.student.school_id, handover.class_id, handover.left_on])


def test_a_class_that_left_is_sent_in_one_step(house, sign_in):
    students = house.world.students
    for student in students:
        house.write(student)
    handovers = [house.leave(student) for student in students]
    for student in students[:2]:
        house.enrol(student)
    psych = sign_in("psych")
    assert "2026级3班" in text(psych.get(reverse(TRANSFER))) or "七年级" in text(psych.get(reverse(TRANSFER)))
    there = group_of(handovers[0])
    shown = psych.get(there)
    assert text(shown).count("学校2") >= 2, "the register finds two of them"
    ticked = {"picked": [str(each.id) for each in handovers]}
    refused = psych.post(there, ticked)
    assert refused.status_code == 422
    assert "查不到去向" in text(refused)
    assert not every_arrival().exists()
    assert psych.post(there, {"picked": [], "school": ""}).status_code == 422
    wrong = psych.post(there, {**ticked, "code": "no-such"})
    assert wrong.status_code == 422
    assert "no-such" in text(wrong)
    assert psych.post(there, {"picked": ticked["picked"][:2]}).status_code == 302
    assert every_arrival().count() == 2
    late = psych.post(there, ticked)
    assert late.status_code == 422
    empty = psych.post(
        reverse("transfers:keep", args=there.strip("/").split("/")[2:]), {"picked": ticked["picked"][2:]}
    )
    assert empty.status_code == 422
    keep = reverse("transfers:keep", args=there.strip("/").split("/")[2:])
    assert psych.post(keep, {"picked": ticked["picked"][2:], "reason": "出国"}).status_code == 302
    assert every_handover().get(pk=handovers[2].pk).state == "kept"
    counted = sign_in("head").get(reverse("transfers:counts")).context
    assert [(row.left, row.handed, row.kept) for row in counted["rows"] if row.left] == [(3, 2, 1)]


def test_the_next_school_takes_in_and_acknowledges(house, sign_in):
    first, second, _third = house.world.students
    house.write(first)
    for student in (first, second):
        house.sent(student)
    here = house.enrol(first)
    other = sign_in("other_psych")
    page = other.get(reverse(CAME))
    assert "学生1" in text(page)
    assert AIM not in text(page), "nothing is read before it is taken in"
    one, two = (every_arrival().get(handover__student=each) for each in (first, second))
    assert AIM not in text(other.get(reverse("transfers:arrival", args=[one.id])))
    both = {"picked": [str(one.id), str(two.id)]}
    refused = other.post(reverse("transfers:take-many"), both)
    assert refused.status_code == 422
    assert "本校没有这个号码" in text(refused)
    assert other.post(reverse("transfers:take-many"), {"picked": []}).status_code == 422
    assert other.post(reverse("transfers:take-many"), {"picked": [str(one.id)]}).status_code == 302
    assert other.post(reverse("transfers:take-many"), {"picked": [str(one.id)]}).status_code == 422
    assert AIM in text(other.get(reverse("transfers:arrival", args=[one.id])))
    by_hand = reverse("transfers:arrival", args=[two.id])
    unknown = other.post(by_hand, {"number": "404"})
    assert unknown.status_code == 422
    assert 'value="404"' in text(unknown)
    made = house.enrol(second)
    assert other.post(by_hand, {"number": "90022"}).status_code == 302
    assert every_arrival().get(pk=two.pk).student_id == made.id
    done = {"picked": [str(one.id), str(two.id)]}
    assert other.post(reverse("transfers:acknowledge-many"), done).status_code == 302
    assert {each.state for each in every_handover().filter(student__in=(first, second))} == {"done"}
    again = other.post(reverse("transfers:acknowledge", args=[one.id]))
    assert again.status_code == 302
    assert "已经确认" in text(other.get(reverse(CAME)))
    counted = sign_in("officer").get(reverse("transfers:counts")).context
    assert counted["share"] == 100
    assert here.place


def test_one_file_alone_with_consent_noted_and_called_back(house, sign_in):
    first, second, _third = house.world.students
    house.write(first)
    house.agree(second)
    handover = house.leave(first)
    there = reverse("transfers:handover", args=[handover.id])
    psych = sign_in("psych")
    page = text(psych.get(there))
    assert AIM in page
    assert UPBRINGING not in page
    young = psych.post(reverse("transfers:consent", args=[handover.id]), {"decision": "given", "given_by": "student"})
    assert young.status_code == 422
    yes = {"decision": "given", "given_by": "guardian"}
    assert psych.post(reverse("transfers:consent", args=[handover.id]), yes).status_code == 302
    assert UPBRINGING in text(psych.get(there))
    assert psych.post(there, {"school": "", "code": ""}).status_code == 422
    assert psych.post(there, {"school": "", "code": house.world.other_school.code}).status_code == 302
    assert "撤回" in text(psych.get(there))
    assert psych.post(reverse("transfers:recall", args=[handover.id])).status_code == 302
    assert every_handover().get(pk=handover.pk).state == "returned"
    assert psych.post(reverse("transfers:recall", args=[handover.id])).status_code == 302
    assert psych.post(there, {"school": "", "code": house.world.other_school.code}).status_code == 302
    arrival = every_arrival().get(state="waiting")
    other = sign_in("other_psych")
    decline = reverse("transfers:decline", args=[arrival.id])
    assert other.post(decline, {"reason": " "}).status_code == 422
    assert other.post(decline, {"reason": "没有来报到"}).status_code == 302
    assert "没有来报到" in text(sign_in("psych").get(there))


def test_who_may_not(house, sign_in):
    arrival = house.sent(house.world.students[0])
    handover = arrival.handover
    here, there = reverse("transfers:arrival", args=[arrival.id]), reverse("transfers:handover", args=[handover.id])
    for login, status in (("teacher", 403), ("head", 403), ("officer", 403)):
        assert sign_in(login).get(there).status_code == status
        assert sign_in(login).get(here).status_code == status
    assert sign_in("psych").get(here).status_code == 404, "what came to the other school is that school's"
    assert sign_in("other_psych").get(there).status_code == 404
    assert AuditEvent.objects.filter(event="access.refused").exists()
    assert sign_in("other_psych").get(group_of(handover)).status_code == 404
    assert sign_in("psych").get(group_of(handover)[:-1] + "x/").status_code == 404
    assert sign_in("teacher").get(reverse("transfers:counts")).status_code == 403


def test_empty_pages_say_what_comes(world, sign_in):
    psych = sign_in("psych")
    assert "还没有" in text(psych.get(reverse(TRANSFER))) or "学生毕业或转走后" in text(psych.get(reverse(TRANSFER)))
    assert "没有待处理的档案" in text(psych.get(reverse(CAME)))


@pytest.mark.parametrize("kind", ["school", "kindergarten", "university"])
def test_every_kind_of_school_hands_files_over(house, sign_in, kind):
    """Control: of a unit that is no school there is no such page."""
    handover = house.leave(house.world.students[0])
    Unit.objects.filter(pk__in=(house.world.school.pk, house.world.other_school.pk)).update(kind=kind)
    psych = sign_in("psych")
    assert psych.get(group_of(handover)).status_code == 200
    there = reverse("transfers:handover", args=[handover.id])
    assert psych.post(there, {"school": "", "code": house.world.other_school.code}).status_code == 302
    Unit.objects.filter(pk=house.world.school.pk).update(kind="campus")
    assert psych.get(group_of(handover)).status_code == 404
