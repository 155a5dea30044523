"""Mentors: dealt in one step, moved by hand, ended with the mentor's stay; talks, and who reads them."""

import datetime as dt
import random
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from xinqiao.care.alerts.services.levels import Basis, set_attention
from xinqiao.care.support import following
from xinqiao.care.support.dealing import Mentor, Pupil, Rules, deal
from xinqiao.care.support.models import MentorTalk
from xinqiao.care.support.selectors.counts import mentor_counts
from xinqiao.care.support.selectors.dealing import mentor_of, plan_deal
from xinqiao.care.support.selectors.mentees import own_talks, talks_of
from xinqiao.care.support.services.mentors import CannotMentor, TalkDraft, deal_mentors, note_talks, set_mentor
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.accounts.hooks import staff_left
from xinqiao.register.accounts.services.staff import end_staff
from xinqiao.register.duty.tests.world import add_staff
from xinqiao.register.people.models import Tie
from xinqiao.register.people.registering import GuardianDraft, StudentDraft, register_students
from xinqiao.register.people.services.students import end_enrolment

WORDS = "想学修理钟表，爷爷教他"
FREE = Rules(most=40, own_class=True, siblings=True)


def draft(words=WORDS, key=None, **said):
    base = {"held_on": clock.today(), "kind": "career", "form": "one_to_one"}
    return TalkDraft(**{**base, **said}, words=words, key=key or new_id())


def check_dealt_evenly(dealing=deal):
    """Everybody gets a mentor, loads differ by one at most, and the own class comes first."""
    drawn = random.Random(7)
    for _ in range(25):
        mentors = [Mentor(new_id(), (f"/s/{n}/",), (f"/s/{n}/",), ("junior",)) for n in range(drawn.randint(1, 6))]
        mentors += [Mentor(new_id(), stages=("",)) for _ in range(drawn.randint(0, 5))]
        pupils = [Pupil(new_id(), f"/s/{drawn.randint(0, 5)}/", "junior") for _ in range(drawn.randint(1, 80))]
        found = dealing(pupils, mentors, FREE, {})
        loads = Counter(found.values())
        assert len(found) == len(pupils)
        counts = [loads[mentor.id] for mentor in mentors]
        assert max(counts) - min(counts) <= 1
        for mentor in mentors:
            for place in mentor.own_classes:
                own = [pupil for pupil in pupils if pupil.place == place]
                taken = sum(found[pupil.id] == mentor.id for pupil in own)
                assert taken >= min(len(own), len(pupils) // len(mentors))


def test_pupils_are_dealt_evenly_and_near():
    check_dealt_evenly()


def test_control_dealing_to_whoever_comes_first_is_seen():
    with pytest.raises(AssertionError):
        check_dealt_evenly(lambda pupils, mentors, rules, kept: {each.id: mentors[0].id for each in pupils})


def test_siblings_go_together_class_teachers_can_be_left_out_and_nobody_takes_too_many():
    own, other = Mentor(new_id(), ("/s/a/",), ("/s/a/",), ("junior",)), Mentor(new_id(), stages=("",))
    family = (new_id(),)
    pupils = [Pupil(new_id(), "/s/a/", "junior", family), Pupil(new_id(), "/s/b/", "junior", family)]
    found = deal(pupils, [own, other], FREE, {family[0]: other.id})
    assert set(found.values()) == {other.id}
    assert other.id not in set(deal(pupils[:1], [own, other], Rules(40, own_class=True, siblings=False), {}).values())
    assert deal(pupils[:1], [own], Rules(40, own_class=False, siblings=True), {}) == {}
    assert len(deal(pupils, [own], Rules(1, own_class=True, siblings=True), {})) == 1


def test_a_school_is_dealt_in_one_step_and_newcomers_alone_later(world):
    add_staff(world, "subject", "钱语桐", Role.SUBJECT_TEACHER, world.school)
    psych, on = world.actor("psych"), clock.today()
    assert len(plan_deal(world.school, on).dealt) == 3, "the preview writes nothing"
    assert mentor_of(world.school.path, on) == {}
    assert deal_mentors(world.school, actor=psych) == 3
    before = mentor_of(world.school.path, on)
    assert before[world.students[2].id] == world.id_of("teacher_a"), "the own class first"
    assert deal_mentors(world.school, actor=psych) == Unchanged("nobody_to_deal"), "a second click"
    (newcomer,) = register_students(world.school, [StudentDraft("新同学", world.class_a, "20260109")], on)
    assert deal_mentors(world.school, actor=psych) == 1
    after = mentor_of(world.school.path, on)
    assert {**after, newcomer.id: None} == {**before, newcomer.id: None}
    set_mentor(newcomer, actor=world.actor("head"), mentor=world.id_of("subject"))
    assert mentor_of(world.school.path, on)[newcomer.id] == world.id_of("subject")
    with pytest.raises(CannotMentor):
        set_mentor(newcomer, actor=psych, mentor=world.id_of("other_psych"))
    for login in ("teacher", "other_psych", "officer"):
        with pytest.raises(Forbidden):
            deal_mentors(world.school, actor=world.actor(login))
    end_enrolment(newcomer, actor=psych, on=on)
    assert not Tie.objects.for_system(reason="a test looks").filter(student=newcomer, end_on=None).exists()


def check_without_at_once(world):
    """A mentor leaves: the pupils stand as without one in the same moment, and are dealt anew."""
    on, pupil = clock.today(), world.students[0]
    set_mentor(pupil, actor=world.actor("psych"), mentor=world.id_of("teacher_a"))
    end_staff(world.staff["teacher_a"], actor=world.actor("head"), heir=world.staff["psych2"])
    assert not Tie.objects.for_system(reason="a test looks").filter(kind="mentor", end_on=None).exists()
    assert AuditEvent.objects.filter(event="support.mentor.left").count() == 1
    assert pupil.id in plan_deal(world.school, on).without


def test_whose_mentor_leaves_is_without_one_at_once(world):
    check_without_at_once(world)


def test_control_a_school_that_does_not_listen_keeps_the_tie(world, monkeypatch):
    monkeypatch.setattr(
        staff_left, "_receivers", [each for each in staff_left._receivers if each is not following.end_with_mentors]
    )
    with pytest.raises(AssertionError):
        check_without_at_once(world)


def test_talks_are_noted_once_sealed_and_read_by_mentor_and_psychology_teacher_alone(world):
    psych, pupil, other = world.actor("psych"), world.students[0], world.students[2]
    for student in (pupil, other):
        set_mentor(student, actor=psych, mentor=world.id_of("teacher"))
    teacher, place = world.actor("teacher"), world.class_b.path
    said = draft(form="one_to_many")
    assert note_talks(place, actor=teacher, pupils=[pupil.id, other.id], draft=said) == 2, "also of another class"
    assert note_talks(place, actor=teacher, pupils=[pupil.id, other.id], draft=said) == Unchanged("noted_already")
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM support_mentortalk")
        assert all(WORDS.encode() not in bytes(row[0]) for row in cursor.fetchall())
    assert [row.words for row in own_talks(teacher, pupil)] == [WORDS]
    assert [row.words for row in talks_of(psych, pupil)] == [WORDS]
    assert own_talks(world.actor("teacher_a"), pupil) == []
    assert talks_of(world.actor("head"), pupil) == []
    with pytest.raises(CannotMentor):
        note_talks(place, actor=teacher, pupils=[world.students[1].id], draft=draft())
    with pytest.raises(CannotMentor):
        note_talks(place, actor=teacher, pupils=[pupil.id], draft=draft(held_on=clock.today() + dt.timedelta(days=1)))
    set_mentor(pupil, actor=psych, mentor=world.id_of("teacher_a"))
    assert own_talks(teacher, pupil) == [], "a mentor of yesterday reads nothing more"
    assert all(WORDS not in event.facts for event in AuditEvent.objects.all())


def test_counts_are_exact_for_the_principal_and_tell_no_handful_above(world):
    for student in world.students[:2]:
        set_mentor(student, actor=world.actor("psych"), mentor=world.id_of("teacher"))
    (own,) = mentor_counts(world.actor("head"), clock.today())
    assert (own.pupils, own.with_mentor, own.with_mentees, own.share) == (3, 2, 1, 66)
    (told,) = mentor_counts(world.actor("officer"), clock.today())
    assert (told.pupils, told.with_mentor) == (3, None)


def test_from_the_dealing_to_a_talk_and_a_worry_on_the_pages(world, client):
    def sign_in(login):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])

    register_students(
        world.school, [StudentDraft("双胞胎", world.class_a, "9", guardians=(GuardianDraft("母亲", "", "mother"),))],
        clock.today(),
    )  # fmt: skip
    set_attention(world.students[0], actor=world.actor("psych"), level="orange", advice="上课多给一点鼓励",
                  basis=Basis("review"), review_on=clock.today() + dt.timedelta(days=9))  # fmt: skip
    sign_in("teacher")
    assert "您还没有指导的学生" in client.get(reverse("support:mentees")).content.decode()
    sign_in("head")
    assert "4 名学生得到导师" in client.get(reverse("support:mentors")).content.decode()
    client.post(reverse("support:deal", args=[world.school.id]))
    there = reverse("support:mentors-class", args=[world.class_b.id])
    assert "欧阳思源" in client.get(there).content.decode()
    by_hand = reverse("support:mentor", args=[world.students[0].id])
    assert client.post(by_hand, {"mentor": "x"}).status_code == 422
    assert client.post(by_hand, {"mentor": str(world.id_of("teacher_a"))}).url == there
    assert "双胞胎" not in client.get(reverse("support:counts")).content.decode()
    sign_in("teacher_a")
    page = client.get(reverse("support:mentees")).content.decode()
    assert "上课多给一点鼓励" in page
    assert f"?student={world.students[0].id}" in page
    typed = {"key": str(new_id()), "pupils": [str(world.students[0].id)], "kind": "", "form": "one_to_one",
             "held_on": "2026-11-23", "words": WORDS}  # fmt: skip
    refused = client.post(reverse("support:mentees"), typed)
    assert refused.status_code == 422
    assert WORDS in refused.content.decode(), "nothing typed is lost"
    assert client.post(reverse("support:mentees"), {**typed, "kind": "life"}).status_code == 302
    own = reverse("support:mentee", args=[world.students[0].id])
    assert WORDS in client.get(own).content.decode()
    assert "欧阳思源" in client.get(reverse("alerts:report") + f"?student={world.students[0].id}").content.decode()
    sign_in("teacher")
    assert client.get(own).status_code == 404
    assert AuditEvent.objects.filter(event__contains="refused").exists()
    assert "别校生" not in client.get(reverse("alerts:report") + f"?student={world.other_student.id}").content.decode()
    sign_in("psych")
    assert WORDS in client.get(reverse("support:pupil", args=[world.students[0].id])).content.decode()
    assert MentorTalk.objects.for_system(reason="a test counts").count() == 1
