"""`xinqiao docs`: the diagrams are those of the code, and one that is not is found and drawn anew."""

import json
import shutil

import pytest
from django.core.management import CommandError, call_command

from xinqiao.doors.home import drawings
from xinqiao.doors.home.management.commands import docs


@pytest.fixture
def folder(tmp_path, monkeypatch):
    copy = tmp_path / "states"
    shutil.copytree(drawings.FOLDER, copy)
    monkeypatch.setattr(docs, "outdated", lambda: drawings.outdated(copy))
    return copy


def test_the_diagrams_of_the_repository_are_those_of_the_code():
    assert drawings.outdated() == {}


def test_a_diagram_that_differs_is_found_and_drawn_anew(folder, capsys):
    page = folder / "campaign.md"
    before = page.read_text("utf-8")
    page.write_text(
        before.replace("draft --> open", "draft --> closed").replace("waiting --> refused", "x --> y"), "utf-8"
    )
    with pytest.raises(SystemExit):
        call_command("docs", "--check", "--json")
    assert json.loads(capsys.readouterr().out) == {"differing": ["campaign.md"], "written": False}
    call_command("docs")
    assert page.read_text("utf-8") == before
    call_command("docs", "--check")


def test_a_missing_file_or_diagram_is_named(folder):
    (folder / "signal.md").write_text("# A signal\n", "utf-8")
    with pytest.raises(CommandError, match=r"signal\.md: expected 2 mermaid diagrams, found 0"):
        call_command("docs")
    (folder / "signal.md").unlink()
    with pytest.raises(CommandError, match=r"found .*campaign"):
        call_command("docs")
