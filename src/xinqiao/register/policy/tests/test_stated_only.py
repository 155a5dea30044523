"""What a pack states and nothing acts on is said so: on the page, in the guide, and only while it is true."""

import ast
from dataclasses import fields
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from django.conf import settings

from xinqiao.foundation.core import clock
from xinqiao.register.deadlines.kinds import RULE_BY_KIND
from xinqiao.register.duty.tests.world import MONDAY_10, build_world
from xinqiao.register.policy import parameters
from xinqiao.register.policy.loading import packs
from xinqiao.register.policy.packs import sourced_values
from xinqiao.register.policy.parameters import STATED_ONLY, Parameters, UrgencyClocks, is_stated_only
from xinqiao.register.policy.rows import sections_of

SOURCE = Path(parameters.__file__).parents[2]
GUIDE = SOURCE.parents[1] / "docs" / "guides" / "add-a-pack.md"
FIELDS = {field.name for field in (*fields(Parameters), *fields(UrgencyClocks))} - {"revision"}
# Coverage prints how often the policy asks for a screening; what acts on it is the cadence.
ONLY_SHOWN = {("times_per_school_year", "care/screening/selectors/coverage.py")}


def unknown(names, paths):
    return [name for name in names if not any(fnmatchcase(path, name) for path in paths)]


def paths_of_the_shipped_pack():
    return [path for path, _value in sourced_values(packs()[0].pack)]


def readers():
    """Return (name, file) of every attribute of the parameters that the program reads outside of the policy itself."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        place = file.relative_to(SOURCE).as_posix()
        if "/tests/" in place or place.startswith("register/policy/"):
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in FIELDS and isinstance(node.ctx, ast.Load):
                found.add((node.attr, place))
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("deadlines.kinds"):
                kinds = [RULE_BY_KIND.get(alias.name.lower()) for alias in node.names if alias.name.isupper()]
                found |= {(rule, place) for rule in kinds if rule}
    return found - ONLY_SHOWN


def stated_fields():
    return {name.rsplit(".", 1)[1] for name in STATED_ONLY}


def test_every_name_is_a_value_of_a_pack_and_a_parameter():
    assert unknown(STATED_ONLY, paths_of_the_shipped_pack()) == []
    assert stated_fields() <= FIELDS


def test_control_a_name_that_nothing_bears_is_found():
    assert unknown([*STATED_ONLY, "retention.notes_years"], paths_of_the_shipped_pack()) == ["retention.notes_years"]


def test_what_is_listed_has_no_reader_and_what_is_not_listed_has_one():
    read = {name for name, _place in readers()}
    assert stated_fields() & read == set()
    assert FIELDS - stated_fields() - read == set()


def test_control_a_value_that_is_acted_on_has_readers():
    read = {name for name, _place in readers()}
    assert {"again_minutes", "unattended_seconds", "consent_mode", "acknowledged", "seen", "told", "beyond"} <= read


@pytest.mark.parametrize(
    ("path", "listed"),
    [("clocks.red.guardian", False), ("clocks.red.told", False), ("clocks.yellow.follow_up_days", False),
     ("clocks.red.seen", False),
     ("consent.mode", False), ("retention.answers_years", True)],
)  # fmt: skip
def test_which_rows_are_marked(path, listed):
    assert is_stated_only(path) is listed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("已载明", "已载明，系统尚未自动执行", "最长 15 秒")),
        ("en", ("Stated; ", "Stated; not acted on by the program yet", "at most 15 seconds")),
    ],
)
def test_the_page_marks_each(client, monkeypatch, language, words):
    with clock.frozen(MONDAY_10):
        world = build_world()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users["psych"], backend=settings.AUTHENTICATION_BACKENDS[0])
        marked = sum(is_stated_only(path) for path in paths_of_the_shipped_pack())
        text = client.get("/policy/").content.decode()
        assert text.count(words[0]) == marked >= len(STATED_ONLY)
        assert all(each in text for each in words)
        monkeypatch.setattr(parameters, "STATED_ONLY", ())
        assert words[0] not in client.get("/policy/").content.decode(), "the list is what marks"


def test_rows_carry_the_mark():
    rows = [row for section in sections_of(packs()[0].pack) for row in section.rows]
    assert any(row.stated for row in rows)
    assert not all(row.stated for row in rows)


def test_the_guide_names_the_same():
    assert [name for name in STATED_ONLY if f"`{name}`" not in GUIDE.read_text("utf-8")] == []
