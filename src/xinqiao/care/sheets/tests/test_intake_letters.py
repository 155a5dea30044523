"""Letters through the intake: nothing leads from one without a name to its pupil, and a code opens it again."""

import json

import pytest

from xinqiao.care.mailbox import codes
from xinqiao.care.sheets.intake import posting, schools
from xinqiao.care.sheets.intake.bodies import LetterBody, ThreadBody
from xinqiao.care.sheets.intake.work import Thread, Writing
from xinqiao.engines.schedule import ClockRule
from xinqiao.foundation.core.clock import now
from xinqiao.register.policy.mailbox_rules import MailboxRules

DAY = ClockRule("days", 1)
RULES = MailboxRules(DAY, "red", DAY, DAY, DAY, (("principal",),), letters_an_hour=3, words_an_hour=2)
CANARY = "金丝雀说它不想再唱了"


@pytest.fixture(autouse=True)
def policy(monkeypatch):
    """The policy as the intake reads it: this process has no database of Django's."""
    monkeypatch.setattr(schools, "_mailbox_of_policy", lambda _place, _at: (RULES, now()))


def letter_from(pupil, key="letter-00000001", **more):
    typed = {name: pupil[name] for name in ("class_code", "number", "pin")}
    return Writing(LetterBody(**(typed | {"key": key, "words": CANARY, "is_signed": False} | more)))


def thread_of(code, key="thread-00000001", **more):
    return Thread(ThreadBody(code=code, key=key, **more))


def rows_of(room, pupil):
    return room.house.inside("letters", student=pupil["student"])


def nothing_leads_to_the_pupil(room, pupil):
    """No row of the mailbox, of the audit or of the feed of changes holds the pupil's id in any form it is kept in, or
    the class; the words and the code are nowhere."""
    code = room.do(letter_from(pupil))[0].body["code"]
    found = rows_of(room, pupil)
    assert found["letters"] == 1
    assert found["mentions"] == [], found["mentions"]
    text = json.dumps(found["raw"], ensure_ascii=False)
    assert CANARY not in text
    assert code.replace("-", "") not in text
    assert "pupil_letter" in text  # what is not sealed would be found


def test_nothing_leads_from_a_letter_without_a_name_to_its_pupil(room):
    nothing_leads_to_the_pupil(room, room.fresh_pupil())


def test_control_with_the_pupil_as_the_actor_the_same_look_is_red(room, monkeypatch):
    pupil = room.fresh_pupil()
    monkeypatch.setattr(
        posting, "unnamed_event",
        lambda event, place, county_id, kind, row_id: posting.own_event(
            event, posting.UUID(pupil["student"]), place, county_id, kind, row_id
        ),
    )  # fmt: skip
    with pytest.raises(AssertionError, match="audit_auditevent"):
        nothing_leads_to_the_pupil(room, pupil)


def test_a_code_opens_the_letter_again_and_the_same_letter_is_written_once(room):
    pupil = room.fresh_pupil()
    first, again = room.do(letter_from(pupil))[0], room.do(letter_from(pupil))[0]
    assert first.status == 200
    assert first.body == again.body
    assert first.body["answer_by"]
    code = first.body["code"]
    assert len(codes.tidied_code(code)) == codes.CODE_LENGTH
    assert room.do(letter_from(pupil, words="另一封"))[0].body["code"] != code
    shown = room.do(thread_of(f" {code.lower()} "))[0].body
    assert [(each["who"], each["words"]) for each in shown["said"]] == [("pupil", CANARY)]
    assert (shown["signed"], shown["waits"], shown["urgent"]) == (False, True, False)
    for _ in range(2):
        more = room.do(thread_of(code, words="再说一句", is_urgent=True))[0].body
    assert [each["words"] for each in more["said"]] == [CANARY, "再说一句"]
    assert more["urgent"] is True
    assert room.do(thread_of("AAAA-BBBB-CCCC-DD"))[0].body == {"code": "unknown_code"}
    assert room.do(letter_from(pupil, pin="000000"))[0].status == 403
    assert room.do(letter_from(pupil, words="  "))[0].status == 400
    found = rows_of(room, pupil)
    assert found["urgent"] == ["waiting", ""]
    assert found["signals"] == []
    assert found["letters"] == 2
    assert found["audit_findings"] == []


def test_a_signed_letter_that_does_not_wait_is_a_signal_at_once(room):
    pupil = room.fresh_pupil()
    code = room.do(letter_from(pupil, is_signed=True, is_urgent=True))[0].body["code"]
    found = rows_of(room, pupil)
    assert [(each["source"], each["urgency"]) for each in found["signals"]] == [("mailbox", "red")]
    assert ["own_words", "", [CANARY]] in found["signals"][0]["basis"]
    assert "mailbox.letter.written" in found["events"]
    room.do(thread_of(code, words="还在等", is_urgent=True))
    assert len(rows_of(room, pupil)["signals"]) == 1  # within the hour it is the same cry


def test_too_many_letters_of_a_class_wait_but_never_one_that_does_not(room):
    pupil = room.fresh_pupil()
    for number in range(RULES.letters_an_hour):
        code = room.do(letter_from(pupil, words=f"第 {number} 封"))[0].body["code"]
    assert room.do(letter_from(pupil))[0].body == {"code": "often"}
    assert room.do(letter_from(pupil, is_urgent=True))[0].status == 200
    assert room.do(thread_of(code, words="第二句"))[0].status == 200
    assert room.do(thread_of(code, words="第三句"))[0].body == {"code": "often"}
    assert room.do(thread_of(code, words="第三句", is_urgent=True))[0].body["urgent"] is True
