"""Every code has its sentence, with a way to mend it, and every sentence takes the parameters that the code gives."""

import re
from pathlib import Path

import pytest

import xinqiao
from xinqiao.engines.roster import codes
from xinqiao.register.people.roster_file import messages

GROUPS = [
    (messages.FILE_MESSAGES, codes.FILE_CODES),
    (messages.ROW_MESSAGES, codes.ROW_CODES),
    (messages.WARNING_MESSAGES, codes.WARNING_CODES),
    (messages.NOTE_MESSAGES, codes.NOTE_CODES),
]
RAISED = re.compile(r'(?:Refused|UnreadableRoster|\bnote)\(\s*"([a-z_0-9]+)"')


@pytest.mark.parametrize(("sentences", "declared"), GROUPS)
def test_every_code_has_one_sentence_and_no_other(sentences, declared):
    assert set(sentences) == declared


def test_every_code_raised_is_declared():
    root = Path(xinqiao.__file__).parent
    sources = [*(root / "engines/roster").glob("*.py"), *(root / "register/people/roster_file").glob("*.py")]
    sources.remove(root / "engines/roster/staff.py")  # the staff list's own codes: staffing/tests/test_rules.py
    raised = {code for source in sources for code in RAISED.findall(source.read_text(encoding="utf-8"))}
    assert len(raised) > 60
    assert raised <= set().union(*(declared for _, declared in GROUPS))


@pytest.mark.parametrize("sentence", [sentence for sentences, _ in GROUPS for sentence in sentences.values()])
def test_every_sentence_can_be_filled(sentence):
    names = set(re.findall(r"%\((\w+)\)s", sentence))
    assert sentence % dict.fromkeys(names, "7")
    assert "%" not in re.sub(r"%\(\w+\)s", "", sentence)


def test_the_place_stands_in_front():
    message = messages.rejection_message("phone_bad", "家长电话", {"cell": "F12"})
    assert "家长电话 F12" in message
    assert messages.message_of("class_ambiguous", {"value": "2024"}).count("2024") == 1


def test_a_code_that_does_not_exist_has_no_sentence():
    with pytest.raises(KeyError):
        messages.message_of("no_such_code", {})
