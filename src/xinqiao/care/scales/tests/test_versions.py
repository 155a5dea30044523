"""Versions compared and the register of licences: nothing that differs is left out, an ended licence stops a launch."""

import copy
import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.urls import reverse

from xinqiao.care.scales import comparing, selectors, views
from xinqiao.care.scales.comparing import comparison
from xinqiao.care.scales.forms import WordingForm
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.packs import definition_text, digest_of
from xinqiao.care.scales.selectors import LICENCE_ENDED, launchable, licensed_versions, scale_of
from xinqiao.care.scales.services.wording import import_wording
from xinqiao.care.scales.tests.conftest import NOW
from xinqiao.care.scales.tests.test_immutable import Editor, _change
from xinqiao.care.scales.tests.test_pages import HIDDEN, asked, text_of
from xinqiao.care.scales.tests.workbooks import filled, workbook
from xinqiao.care.scales.wording_file import open_upload, wording_of
from xinqiao.engines.scoring import scale_from_mapping
from xinqiao.engines.scoring.comparing import differences
from xinqiao.engines.scoring.writing import scale_to_mapping
from xinqiao.foundation.core import clock

TODAY = NOW.date()


def licensed(house, shipped, *, until=None, unit=None, actor=None):
    scale = scale_of(shipped["mht"])
    wording = wording_of(open_upload(workbook(filled(scale)), "w.xlsx"), scale)
    return import_wording(
        unit or house.school, actor=actor or house.psych, code="mht", wording=wording, holder="某出版社",
        statement="供本校使用", until=until,
    )  # fmt: skip


def changed(version, path, value):
    """Another version of a scale with one entry changed."""
    mapping = copy.deepcopy(scale_to_mapping(scale_of(version)))
    spot = mapping
    for step in path[:-1]:
        spot = spot[step]
    spot[path[-1]] = value
    mapping["version"] = "2.0"
    definition = definition_text(mapping)
    return ScaleVersion(
        code=version.code, version="2.0", definition=definition, digest=digest_of(definition), has_wording=True,
        published_at=NOW + dt.timedelta(days=1),
    )  # fmt: skip


# ---- what differs

CHANGES = {
    "a threshold": (("subscales", "total", "bands", 0, "steps", 1, "from"), 6),
    "a band's name": (("subscales", "total", "bands", 0, "steps", 1, "title", "zh-Hans"), "另一档"),
    "a question": (("items", "texts", "3", "zh-Hans"), "另一题"),
    "a label": (("items", "labels", "1", "zh-Hans"), "偶尔"),
    "a reversed item": (("items", "reversed"), [2]),
    "a critical line": (("critical", 0, "at_least"), 2),
    "a flag's line": (("flags", 0, "any_of", 0, "at_least"), 10),
    "the instruction": (("instruction", "zh-Hans"), "请作答"),
    "a source": (("sources", 0, "citation"), "Somebody else"),
    "the licence": (("licence", "text", "zh-Hans"), "须经许可"),
    "the ages": (("offered", 0, "ages", "from"), 13),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_is_shown_in_words_and_as_an_entry(shipped, name):
    path, value = CHANGES[name]
    compared = comparison(shipped["phq-9"], changed(shipped["phq-9"], path, value))
    assert compared.rows, name
    assert len([entry for entry in compared.entries if entry.place != "version"]) == 1


def test_control_equal_versions_differ_in_nothing_but_their_number(shipped):
    other = changed(shipped["phq-9"], ("title", "en"), scale_of(shipped["phq-9"]).title.en)
    compared = comparison(shipped["phq-9"], other)
    assert compared.rows == ()
    assert [entry.place for entry in compared.entries] == ["version"]


def test_an_entry_put_between_others_is_one_difference(shipped):
    mapping = scale_to_mapping(scale_of(shipped["mht"]))
    mapping["critical"].insert(0, {"item": 60, "at_least": 1, "source": "own-critical"})
    found = differences(scale_of(shipped["mht"]), scale_from_mapping(mapping))
    assert [entry.place for entry in found] == ["critical[60].item", "critical[60].at_least", "critical[60].source"]


def test_the_page_shows_both_sides(house, shipped):
    version = changed(shipped["phq-9"], *CHANGES["a threshold"])
    version.save(force_insert=True)
    path = f"/?with={shipped['phq-9'].id}"
    page = text_of(asked(house, views.versions, actor=house.psych, path=path, version_id=version.id))
    assert "subscales.total.bands[0].steps[mild].from" in page
    assert "历史版本" not in page
    assert "≥ 5 轻度" in page
    assert "≥ 6 轻度" in page


def test_a_version_of_another_school_is_not_among_those_compared(house, shipped):
    theirs = licensed(house, shipped, unit=house.other, actor=house.stranger)
    path = f"/?with={theirs.id}"
    page = text_of(asked(house, views.versions, actor=house.psych, path=path, version_id=shipped["mht"].id))
    assert HIDDEN not in page
    assert reverse("scales:read", args=[theirs.id]) not in page


def test_control_without_its_scope_the_other_schools_wording_would_show(house, shipped, monkeypatch):
    monkeypatch.setattr(views, "versions_alike", lambda actor, version: list(ScaleVersion.objects.filter(code="mht")))
    with pytest.raises(AssertionError):
        test_a_version_of_another_school_is_not_among_those_compared(house, shipped)


# ---- the register


def register(house, actor):
    return text_of(asked(house, views.licences, actor=actor))


def test_the_register_says_which_right_whose_until_when_and_by_whom(house, shipped, monkeypatch):
    version = licensed(house, shipped, until=TODAY + dt.timedelta(days=30))
    monkeypatch.setattr(comparing, "names_of_actors", lambda ids: {house.psych.id: "某人甲"})
    page = register(house, house.psych)
    assert "某出版社: 供本校使用" in page
    assert "某人甲" in page
    assert house.school.name in page
    assert reverse("scales:read", args=[version.id]) in page
    assert HIDDEN not in page


def test_the_bureau_above_sees_the_right_and_not_the_wording(house, shipped):
    version = licensed(house, shipped)
    assert version in licensed_versions(house.officer)
    page = register(house, house.officer)
    assert "某出版社: 供本校使用" in page
    assert reverse("scales:read", args=[version.id]) not in page
    assert version not in licensed_versions(house.stranger)
    assert "某出版社" not in register(house, house.stranger)


def test_control_without_its_scope_another_school_would_see_the_right(house, shipped, monkeypatch):
    monkeypatch.setattr(views, "licensed_versions", lambda actor: list(ScaleVersion.objects.all()))
    with pytest.raises(AssertionError):
        test_the_bureau_above_sees_the_right_and_not_the_wording(house, shipped)


# ---- until when


def test_an_ended_licence_keeps_the_scale_back_from_the_day_after(house, shipped):
    version = licensed(house, shipped, until=TODAY)
    assert LICENCE_ENDED not in launchable(version, house.school.path)
    with clock.frozen(NOW + dt.timedelta(days=1)):
        assert launchable(version, house.school.path) == [LICENCE_ENDED]
        assert "（已到期）" in register(house, house.psych)


def test_control_without_the_rule_it_could_be_launched(house, shipped, monkeypatch):
    monkeypatch.setattr(selectors, "today", lambda: TODAY - dt.timedelta(days=9))
    with pytest.raises(AssertionError):
        test_an_ended_licence_keeps_the_scale_back_from_the_day_after(house, shipped)


def test_a_renewed_licence_is_a_new_version_with_the_same_wording(house, shipped):
    first = licensed(house, shipped, until=TODAY)
    second = licensed(house, shipped, until=TODAY + dt.timedelta(days=365))
    assert (first.version, second.version) == ("1.0+w1", "1.0+w2")
    first.refresh_from_db()
    assert first.retired_at is not None


def test_a_licence_that_is_over_is_not_imported(house, shipped):
    def faults(until):
        data = {"scale": "mht", "unit": str(house.school.id), "holder": "x", "statement": "y", "until": until}
        return WordingForm([shipped["mht"]], [house.school], data).errors.get("until", [])

    assert faults((TODAY - dt.timedelta(days=1)).isoformat())
    assert not faults(TODAY.isoformat())
    assert not faults("")


def test_its_end_never_changes(house, shipped):
    migration = importlib.import_module("xinqiao.care.scales.migrations.0003_licensed_until")
    licensed(house, shipped, until=TODAY)
    move = "UPDATE scales_scaleversion SET licensed_until = '2099-01-01' WHERE licensed_until IS NOT NULL"
    try:
        with transaction.atomic():
            migration.drop_trigger(apps, Editor)
    except DatabaseError:
        pass  # the test database was made without migrations
    assert _change(move) == 1  # the control: without its trigger it could be moved
    migration.add_trigger(apps, Editor)
    with pytest.raises(DatabaseError, match="never changes"):
        _change(move.replace("2099", "2098"))
