"""Words are judged, read through as they stand, and released together or not at all; each promise with its control."""

import json
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from xinqiao.care.letters import rows as letter_rows
from xinqiao.care.letters import rules
from xinqiao.care.letters.codes import words_digest
from xinqiao.care.letters.judging import shared_digest
from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.letters.rows import every_letter
from xinqiao.care.letters.selectors.classes import class_rows, hand_rows, pupil_rows
from xinqiao.care.letters.selectors.letters import printed_letters
from xinqiao.care.letters.selectors.wishes import cells_of, count_rows, wishes
from xinqiao.care.letters.services import writing
from xinqiao.care.letters.services.refusing import CannotDo, ForbiddenWords
from xinqiao.care.letters.services.releasing import hand_over, release_class, settle_wish, withdraw_letter
from xinqiao.care.letters.services.writing import (
    prepare_letters,
    read_mailing,
    read_own,
    share_words,
    write_mailing,
    write_own,
)
from xinqiao.care.letters.tests.conftest import OWN, TITLE, WORDS
from xinqiao.care.screening.disclosure import answered_cell
from xinqiao.care.screening.tests.whole_school import enrol
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id

UNGUARDED = pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])


def release(post, mailing, **confirmed):
    return release_class(post.unit, actor=post.psych, mailing=mailing, **confirmed)


def why(call) -> list[str]:
    with pytest.raises(CannotDo) as refused:
        call()
    return [reason.code for reason in refused.value.reasons]


def own_read(post, number=0, words=OWN):
    letter = write_own(post.letter(number), actor=post.psych, words=words)
    return read_own(letter, actor=post.psych, shown=words_digest(letter.id, words))


def test_everybody_who_took_part_gets_a_letter_and_nobody_else(post):
    post.written()
    assert set(every_letter().values_list("student_id", flat=True)) == {s.id for s in post.school.students[:3]}
    assert AuditEvent.objects.filter(event="letters.mailing.prepared").count() == 1
    post.written()  # written anew: nobody gets a second one
    assert every_letter().count() == 3


def test_letters_wait_for_the_end_of_the_screening(school):
    running = school.launched()
    assert why(lambda: write_mailing(running, actor=school.actor("psych"), title=TITLE, words=WORDS)) == ["not_ended"]


@UNGUARDED
def test_nobody_gets_an_envelope_for_being_on_the_register(post, monkeypatch, is_guarded):
    campaign = post.campaign
    campaign.register = json.dumps(["family"])
    if not is_guarded:
        monkeypatch.setattr(type(campaign), "is_of_register", False)
        assert write_mailing(campaign, actor=post.psych, title=TITLE, words=WORDS)
        return
    assert why(lambda: write_mailing(campaign, actor=post.psych, title=TITLE, words=WORDS)) == ["of_register"]


@UNGUARDED
def test_words_that_tell_are_not_kept(post, monkeypatch, is_guarded):
    telling = (f"{WORDS}本次为橙色预警。", f"{WORDS}欧阳思源很好。", f"{WORDS}GAD-7 18 分")
    if not is_guarded:
        monkeypatch.setattr(writing, "findings_in", lambda *_given: [])
        assert [post.written(words).words for words in telling] == list(telling)
        return
    for words in telling:
        with pytest.raises(ForbiddenWords):
            post.written(words)
    assert not Mailing.objects.for_system(reason="test").exists()


@UNGUARDED
def test_only_what_was_read_as_it_stands_goes_out(post, monkeypatch, is_guarded):
    mailing = post.read()
    Mailing.objects.for_system(reason="test").filter(pk=mailing.pk).update(words=f"{WORDS}再加一句。")
    if not is_guarded:
        monkeypatch.setattr("xinqiao.care.letters.judging._equal", lambda *_digests: True)
        assert release(post, mailing) == 2
        return
    assert why(lambda: release(post, mailing)) == ["shared_unread"]
    assert set(every_letter().values_list("state", flat=True)) == {"draft"}


def test_a_reading_of_what_was_changed_meanwhile_does_not_count(post):
    mailing = post.written()
    shown = shared_digest(mailing)
    post.written(f"{WORDS}再加一句。")
    assert why(lambda: read_mailing(mailing, actor=post.psych, shown=shown)) == ["changed_meanwhile"]


def test_whoever_releases_has_read_it_in_person(post):
    mailing = post.read("psych2")
    assert why(lambda: release(post, mailing)) == ["shared_unread"]
    assert release_class(post.unit, actor=post.school.actor("psych2"), mailing=mailing) == 2


def test_a_class_goes_out_together_each_letter_with_its_own_code(post):
    mailing = post.read()
    write_own(post.letter(0), actor=post.psych, words=OWN)
    assert why(lambda: release(post, mailing)) == ["own_unread"]
    own_read(post)
    assert release(post, mailing) == 2
    assert [post.letter(n).state for n in (0, 1, 2)] == ["released", "released", "draft"]
    assert (post.words(0), post.words(1)) == (OWN, WORDS)
    assert len({post.code(0), post.code(1)}) == 2
    facts = json.loads(AuditEvent.objects.get(event="letters.letters.released").facts)
    assert facts["pupils"] == 2
    assert why(lambda: release(post, mailing)) == ["nothing_to_release"]


def test_what_went_out_stays_as_it_was(post):
    post.released()
    post.written(f"{WORDS}再加一句。")
    assert (post.words(0), post.letter(0).title) == (WORDS, TITLE)


@UNGUARDED
def test_nobody_at_red_is_written_to_and_somebody_calls_first(post, monkeypatch, is_guarded):
    mailing = post.read()
    post.red()
    if not is_guarded:
        monkeypatch.setattr(writing, "at_red", lambda _ids: set())
        monkeypatch.setattr("xinqiao.care.letters.judging.at_red", lambda _ids: set())
        own_read(post)
        assert release(post, mailing) == 2
        return
    assert why(lambda: write_own(post.letter(0), actor=post.psych, words=OWN)) == ["call_instead"]
    assert why(lambda: release(post, mailing)) == ["call_first"]
    assert release(post, mailing, is_calling_confirmed=True) == 2  # the envelope comes like everybody's
    assert post.words(0) == WORDS


def test_own_words_of_somebody_who_came_to_red_later_do_not_go_out(post):
    mailing = post.read()
    own_read(post)
    post.red()
    assert why(lambda: release(post, mailing, is_calling_confirmed=True)) == ["own_of_red"]
    share_words(post.letter(0), actor=post.psych)
    assert release(post, mailing, is_calling_confirmed=True) == 2


def test_doubtful_words_go_out_only_if_they_are_meant(post):
    mailing = post.read()
    own_read(post, words=f"{OWN}孩子说考试前有些焦虑。")
    assert why(lambda: release(post, mailing)) == ["doubts"]
    assert release(post, mailing, are_doubts_confirmed=True) == 2


def test_words_are_judged_again_when_they_go_out(post, monkeypatch):
    mailing = post.read()
    monkeypatch.setattr("xinqiao.care.letters.judging.findings_in", lambda *_given: [rules.Finding("level", "x")])
    assert why(lambda: release(post, mailing)) == ["forbidden_words"]


def test_a_code_and_words_are_never_stored_readable(post):
    post.released()
    row = every_letter().values("code", "words", "code_mac", "locator_mac").filter(student=post.student())[0]
    stored = b"".join(bytes(value) for value in row.values())
    assert post.code().encode() not in stored
    assert WORDS[:6].encode() not in stored


@UNGUARDED
def test_neither_print_nor_list_tells_who_has_own_words(post, monkeypatch, is_guarded):
    """The hand-over list and the order of the print are the same whatever the words are."""
    mailing = post.read()
    own_read(post)
    release(post, mailing)
    teacher = post.school.actor("teacher")
    rows = hand_rows(teacher, mailing, post.unit)
    shown = {field: {getattr(row, field) for row in rows} for field in ("is_handed_over",)}
    assert shown == {"is_handed_over": {False}}
    names = {row.name for row in rows}
    assert names == {"欧阳思源", "㛃䶮"}
    if not is_guarded:  # letters of own words alone: the list would name who was written to
        every_letter().filter(kind="shared").update(state="draft")
        assert {row.name for row in hand_rows(teacher, mailing, post.unit)} != names
        return
    printed = printed_letters(post.psych, mailing, post.unit, clock.today())
    assert [each.number for each in printed] == sorted(each.number for each in printed)
    assert {(each.title, len(each.code)) for each in printed} == {(TITLE, 12)}


def test_class_teachers_hand_over_and_note_it_once(post):
    mailing = post.released()
    teacher, ids = post.school.actor("teacher"), [post.student(0).id, post.student(2).id]
    assert hand_over(post.unit, actor=teacher, mailing=mailing, student_ids=ids) == 1  # the third is of another class
    assert isinstance(hand_over(post.unit, actor=teacher, mailing=mailing, student_ids=ids), Unchanged)
    assert (post.letter(0).state, post.letter(0).way, post.letter(1).state) == ("delivered", "hand", "released")
    with pytest.raises(Forbidden):
        hand_over(post.school.class_a, actor=teacher, mailing=mailing, student_ids=ids)


def test_nobody_else_writes_or_releases(post):
    mailing = post.read()
    for login in ("teacher", "head", "officer", "grade", "other_psych"):
        actor = post.school.actor(login)
        with pytest.raises(Forbidden):
            release_class(post.unit, actor=actor, mailing=mailing)
        with pytest.raises(Forbidden):
            write_own(post.letter(0), actor=actor, words=OWN)
        with pytest.raises(Forbidden):
            withdraw_letter(post.letter(0), actor=actor)


def test_a_withdrawn_letter_is_replaced_by_a_new_one(post):
    mailing = post.released()
    withdraw_letter(post.letter(0), actor=post.psych)
    assert prepare_letters(mailing, actor=post.psych) == 1
    assert isinstance(prepare_letters(mailing, actor=post.psych), Unchanged)
    assert post.letter(0).state == "draft"
    assert release(post, mailing) == 1


def test_what_is_out_cannot_be_rewritten_and_what_is_not_cannot_be_withdrawn(post):
    mailing = post.read()
    assert why(lambda: withdraw_letter(post.letter(0), actor=post.psych)) == ["cannot_withdraw"]
    release(post, mailing)
    assert why(lambda: write_own(post.letter(0), actor=post.psych, words=OWN)) == ["already_released"]
    assert why(lambda: settle_wish(post.letter(0), actor=post.psych)) == ["settled_already"]


def test_the_database_keeps_what_the_rules_promise(post):
    post.written()
    letter = every_letter().filter(student=post.student())
    for wrong in ({"state": "released"}, {"state": "read"}, {"kind": "own"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            letter.update(**wrong)
    second = letter.get()
    second.pk = new_id()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)


def test_pages_count_and_officers_see_no_handful(post):
    mailing = post.read()
    own_read(post)
    (row, other) = class_rows(mailing, clock.today())[::-1]
    assert (row.letters, row.own, row.out, other.letters) == (2, 1, 0, 1)
    assert {r.kind for r in pupil_rows(post.psych, mailing, post.unit)} == {"own", "shared"}
    (counted,) = count_rows(post.school.actor("officer"), clock.today())
    assert {counted.letters.code, counted.out.code, counted.arrived.code} == {"part", "exact"}


@pytest.mark.parametrize(
    ("letters", "asked", "year", "codes"),
    [
        ((40, 40, 38), 50, (40, 50), ["exact", "exact", "all_but_fewer"]),
        ((40, 38, 38), 50, (40, 50), ["exact", "all_but_fewer", "all_but_fewer"]),
        ((40, 20, 3), 50, (40, 50), ["exact", "exact", "fewer"]),
        ((40, 40, 0), 42, (40, 42), ["all_but_fewer", "all_but_fewer", "exact"]),
        ((40, 38, 30), 50, (43, 60), ["hidden", "hidden", "hidden"]),
        ((40, 40, 30), 50, None, ["exact", "exact", "exact"]),
    ],
)  # fmt: skip
def test_letters_tell_of_no_handful_beside_what_coverage_says(letters, asked, year, codes):
    counts = Counter(dict(zip(("letters", "out", "arrived"), letters, strict=True)))
    told = year and (answered_cell(*year), year[1])
    assert [cell.code for cell in cells_of(counts, asked, told)] == codes


def test_rows_name_whoever_is_at_red_until_it_is_settled(post):
    post.red()
    assert letter_rows.at_red([post.student(0).id, post.student(1).id]) == {post.student(0).id}


def test_lists_cost_the_same_for_few_and_for_many(post):
    """Each list is read with a number of queries that does not grow with its rows."""
    mailing = post.released()
    every_letter().filter(student=post.student()).update(state="answered", answered_at=clock.now())
    costs: dict[str, list[int]] = {}
    for count in ("few", "many"):
        if count == "many":
            _more_letters(post, mailing, 20)
        for name, read in {
            "classes": lambda: class_rows(mailing, clock.today()),
            "pupils": lambda: pupil_rows(post.psych, mailing, post.unit),
            "hand": lambda: hand_rows(post.school.actor("teacher"), mailing, post.unit),
            "print": lambda: printed_letters(post.psych, mailing, post.unit, clock.today()),
            "wishes": lambda: wishes(post.psych, clock.now()),
            "counts": lambda: count_rows(post.school.actor("officer"), clock.today()),
        }.items():
            with CaptureQueriesContext(connection) as caught:
                read()
            costs.setdefault(name, []).append(len(caught))
    assert {name: few for name, (few, many) in costs.items() if many > few} == {}


def _more_letters(post, mailing, count: int) -> None:
    for student in enrol(post.school, count):
        letter = Letter(
            county_id=student.county_id, place=student.place, mailing=mailing, student=student, key_id=student.key_id,
            class_id=post.unit.id, title=TITLE, words=WORDS, state="answered", answered_at=clock.now(),
            released_at=clock.now(), expires_at=clock.now(), code="K7M29PQR4TVX", code_mac=b"m",
        )  # fmt: skip
        letter.save(force_insert=True)
