"""Every code that reading a staff list raises has its sentence."""

import re
from pathlib import Path

import pytest

from xinqiao.engines.roster import staff
from xinqiao.register.people.roster_file import messages
from xinqiao.register.staffing import wording

RAISED = re.compile(r'(?:Refused|UnreadableRoster)\(\s*"([a-z_0-9]+)"')


def speechless() -> set[str]:
    """The codes that no sentence stands for."""
    raised = set(RAISED.findall(Path(staff.__file__).read_text("utf-8")))
    assert len(raised) > 6
    own = {**wording.FILE_MESSAGES, **wording.ROW_MESSAGES}
    return raised - set(own) - set(messages.FILE_MESSAGES) - set(messages.ROW_MESSAGES)


def test_every_code_raised_has_a_sentence():
    assert speechless() == set()


@pytest.mark.parametrize("code", ["role_unknown", "staff_header_not_found"])
def test_a_missing_sentence_would_be_noticed(code, monkeypatch):
    """The control."""
    for group in ("FILE_MESSAGES", "ROW_MESSAGES"):
        kept = {key: text for key, text in getattr(wording, group).items() if key != code}
        monkeypatch.setattr(wording, group, kept)
    assert speechless() == {code}
