"""Packs: strict, sourced, nearest first; the calendar; the page and the command."""

import datetime as dt
import json
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.conf import settings as django_settings
from django.core.management import call_command

from xinqiao.register.orgs.models import CalendarDay
from xinqiao.register.orgs.services.units import build_unit
from xinqiao.register.policy import loading
from xinqiao.register.policy.calendar import calendar_for, clock_due_at, published_days
from xinqiao.register.policy.loading import BadPack, load_packs, pack_folder, packs
from xinqiao.register.policy.packs import SECTIONS, is_ours, sourced_values
from xinqiao.register.policy.rows import sections_of
from xinqiao.register.policy.selectors import NoPolicy, pack_in_force, parameters_by_place, parameters_for

DEFAULT = Path(django_settings.XINQIAO_PACKS) / "policy" / "national-default.yaml"
DAY = dt.date(2026, 11, 23)
CATALOGUE = ("S1-07c", "S2a-3.1a", "S0-T06.2")


def body():
    return yaml.safe_load(DEFAULT.read_text("utf-8"))


def write(folder, name, content):
    path = folder / name
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


def put(content, path, value):
    *above, last = path.split(".")
    node = content
    for key in above:
        node = node[key]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return content


@pytest.fixture
def folder(tmp_path, settings):
    settings.XINQIAO_PACKS = str(tmp_path)
    (tmp_path / "policy").mkdir()
    write(tmp_path / "policy", "national-default.yaml", body())
    return tmp_path / "policy"


def test_the_shipped_pack_is_sound_and_every_value_has_a_source():
    loaded = next(each for each in packs() if each.pack.id == "national-default")
    rows = list(sourced_values(loaded.pack))
    assert len(rows) >= 30
    named = {source for _path, value in rows for source in value.source}
    assert set(CATALOGUE) <= named
    ours = [path for path, value in rows if any(is_ours(source) for source in value.source)]
    assert all(path in ours for path, _value in rows if path.startswith(("clocks.", "duty.", "triage.")))


def test_the_shipped_values_are_those_of_the_domain():
    policy = parameters_for("", DAY)
    red, orange, yellow = (policy.clocks[name] for name in ("red", "orange", "yellow"))
    assert [(r.kind, r.amount) for r in (red.told, red.acknowledged, red.guardian)] == [
        ("minutes", 1), ("minutes", 15), ("minutes", 1440),
    ]  # fmt: skip
    assert red.seen.kind == "same_day"
    assert [(c.acknowledged.amount, c.seen.amount) for c in (orange, yellow)] == [(1, 3), (2, 5)]
    assert policy.populations["primary"] == (4, 5, 6)
    assert not policy.is_screened("primary", 3)
    assert policy.is_screened("vocational", 11)
    assert (policy.guardian_consent_below_age, policy.consent_mode, policy.opt_out_from_age) == (14, "opt_in", 14)
    assert [line.number for line in policy.hotlines] == ["12356", "12355", "110", "120"]
    assert policy.poll_seconds <= 15


@pytest.mark.parametrize(
    ("path", "value", "place", "code"),
    [
        ("clocks.red.acknowledged.value", {"minutes": 15, "hours": 1}, "clocks.red.acknowledged.value", "invalid"),
        ("clocks.red.acknowledged.value", {"minutes": 15, "days": 1}, "clocks.red.acknowledged.value", "invalid"),
        ("clocks.red.acknowledged.value", {}, "clocks.red.acknowledged.value", "invalid"),
        ("clocks.red.acknowledged.source", [], "clocks.red.acknowledged.source", "invalid"),
        ("clocks.red.acknowledged.source", ["somewhere"], "clocks.red.acknowledged", "unknown_source"),
        ("duty.poll_seconds.value", 60, "duty.poll_seconds.value", "invalid"),
        ("duty.rungs.value", [["principal"]], "duty.rungs.value", "invalid"),
        ("triage.critical.value", "yellow", "triage.critical.value", "invalid"),
        ("norms.group_sheets.value", 49, "norms.group_sheets.value", "invalid"),
        ("norms.line_sheets.value", 4, "norms.line_sheets.value", "invalid"),
        ("norms.schools.value", 2, "norms.schools.value", "invalid"),
        ("consent.guardian_below_age.value", 13, "consent.guardian_below_age.value", "below_law"),
        ("consent.opt_out_from_age.value", 13, "consent.opt_out_from_age.value", "below_law"),
        ("consent.guardian_below_age.value", 19, "consent.guardian_below_age.value", "invalid"),
        ("consent.guardian_below_age.value", 16, "consent.opt_out_from_age", "below_guardian_age"),
        ("clocks.purple", {}, "clocks", "invalid"),
        ("surprise", 1, "", "invalid"),
        ("retention", None, "", "invalid"),
        ("binds", {"everywhere": False}, "binds", "everywhere_or_units"),
        ("in_force", {"from": "2026-01-01", "until": "2025-01-01"}, "in_force.until", "before_from"),
        ("extends", "nobody", "extends", "not_found"),
        ("extends", "national-default", "extends", "not_found"),
    ],
)
def test_each_fault_names_its_place(tmp_path, path, value, place, code):
    file = write(tmp_path, "p.yaml", put(body(), path, value))
    with pytest.raises(BadPack) as bad:
        load_packs([file])
    assert (bad.value.faults[0].place, bad.value.faults[0].code) == (place, code)


def below_the_law(folder):
    content = body()
    for key in ("guardian_below_age", "opt_out_from_age"):
        put(content, f"consent.{key}.value", 12)
    return write(folder, "low.yaml", content)


def test_no_pack_goes_below_the_law_which_is_named_in_both_languages(tmp_path):
    with pytest.raises(BadPack) as bad:
        load_packs([below_the_law(tmp_path)])
    assert [fault.place for fault in bad.value.faults] == [
        "consent.guardian_below_age.value", "consent.opt_out_from_age.value",
    ]  # fmt: skip
    for words in ("12 is below 14", "Personal Information Protection Law", "12 低于 14", "《个人信息保护法》"):
        assert all(words in fault.detail for fault in bad.value.faults)


def test_control_without_the_floor_the_same_pack_loads(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "LOWEST_CONSENT_AGE", 0)
    assert load_packs([below_the_law(tmp_path)])[0].pack.consent.guardian_below_age.value == 12


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"a: [", "not_yaml"), (b"- 1", "not_a_mapping"), (b"\xff\xfe\x00", "not_yaml"), (b"x" * 600_000, "too_large")],
)
def test_files_that_are_no_packs(tmp_path, content, code):
    path = tmp_path / "p.yaml"
    path.write_bytes(content)
    with pytest.raises(BadPack) as bad:
        load_packs([path])
    assert bad.value.faults[0].code == code


def test_yaml_makes_no_objects(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text("id: !!python/object/apply:os.system ['true']", "utf-8")
    with pytest.raises(BadPack):
        load_packs([path])


def test_two_packs_of_one_name_are_refused(tmp_path):
    files = [write(tmp_path, name, body()) for name in ("a.yaml", "b.yaml")]
    with pytest.raises(BadPack, match="taken"):
        load_packs(files)


def test_the_revision_follows_the_content(tmp_path):
    first = load_packs([write(tmp_path, "a.yaml", body())])[0].revision
    again = load_packs([write(tmp_path, "a.yaml", body())])[0].revision
    other = load_packs([write(tmp_path, "a.yaml", put(body(), "clocks.red.acknowledged.value", {"minutes": 10}))])
    assert first == again
    assert other[0].revision != first
    assert first.startswith("national-default@2026.1#")
    assert len(first.split("#")[1]) == 12


# ---- which pack where and when

STRICTER = {
    "id": "songhu", "extends": "national-default", "version": "1", "binds": {"units": ["k1"]},
    "in_force": {"from": dt.date(2026, 9, 1), "until": dt.date(2027, 9, 1)},
    "sources": [{"id": "songhu-12", "title": {"en": "Notice 12", "zh-Hans": "12号通知"}}],
    "clocks": {"red": {"acknowledged": {"value": {"minutes": 10}, "source": ["songhu-12"]}}},
}  # fmt: skip


@pytest.fixture
def county(db):
    units = []
    for kind, code in (("city", "c1"), ("county", "k1"), ("school", "s1")):
        unit = build_unit(units[-1] if units else None, kind, code, code)
        unit.save(force_insert=True)
        units.append(unit)
    return units


def minutes(place, on=DAY):
    return parameters_for(place, on).clocks["red"].acknowledged.amount


def test_the_nearest_pack_wins_and_keeps_what_it_does_not_say(folder, county):
    city, _county, school = county
    write(folder, "songhu.yaml", STRICTER)
    assert (minutes(school.path), minutes(city.path), minutes("")) == (10, 15, 15)
    assert parameters_for(school.path, DAY).clocks["orange"].seen.amount == 3
    assert parameters_for(school.path, DAY).revision.startswith("songhu@1#")


def test_dates_are_respected(folder, county):
    write(folder, "songhu.yaml", STRICTER)
    place = county[2].path
    days = [dt.date(2026, 8, 31), dt.date(2026, 9, 1), dt.date(2027, 8, 31), dt.date(2027, 9, 1)]
    assert [minutes(place, day) for day in days] == [15, 10, 10, 15]


def test_a_school_pack_beats_its_countys(folder, county):
    write(folder, "songhu.yaml", STRICTER)
    nearer = json.loads(json.dumps(STRICTER, default=str)) | {"id": "one-school", "binds": {"units": ["s1"]}}
    nearer["clocks"]["red"]["acknowledged"]["value"] = {"minutes": 5}
    write(folder, "one.yaml", nearer)
    assert minutes(county[2].path) == 5


def test_many_places_cost_one_query_and_each_has_its_own(folder, county, django_assert_num_queries):
    write(folder, "songhu.yaml", STRICTER)
    with django_assert_num_queries(1):
        found = parameters_by_place([county[0].path, county[2].path, ""], DAY)
    assert {place: each.clocks["red"].acknowledged.amount for place, each in found.items()} == {
        county[0].path: 15, county[2].path: 10, "": 15,
    }  # fmt: skip


def test_before_any_pack_there_is_none():
    with pytest.raises(NoPolicy):
        pack_in_force("", dt.date(2000, 1, 1))


def test_a_changed_file_is_read_again(folder, county):
    write(folder, "songhu.yaml", STRICTER)
    assert minutes(county[2].path) == 10
    changed = put(json.loads(json.dumps(STRICTER, default=str)), "clocks.red.acknowledged.value", {"minutes": 9})
    write(folder, "songhu.yaml", changed)
    assert minutes(county[2].path) == 9


# ---- the calendar


def test_published_holidays_and_make_up_days():
    off, on = published_days(2026)
    assert dt.date(2026, 10, 1) in off
    assert dt.date(2026, 10, 10) in on


def test_a_year_that_is_not_published_falls_back_to_weekdays_and_says_so(county):
    found = calendar_for(county[2].path, (2026, 2045))
    assert found.unpublished_years == (2045,)
    assert found.calendar.is_school_day(dt.date(2045, 10, 2))
    assert not found.calendar.is_school_day(dt.date(2026, 10, 2))


def test_the_nearest_units_day_wins(county):
    city, _county, school = county
    day = dt.date(2026, 11, 24)
    CalendarDay.objects.create(unit=city, day=day, is_school_day=False, reason="城市")
    assert not calendar_for(school.path, (2026,)).calendar.is_school_day(day)
    CalendarDay.objects.create(unit=school, day=day, is_school_day=True, reason="学校")
    assert calendar_for(school.path, (2026,)).calendar.is_school_day(day)
    assert not calendar_for(city.path, (2026,)).calendar.is_school_day(day)


def test_clocks_run_on_the_units_calendar(county):
    rule = parameters_for("", DAY).clocks["orange"].acknowledged
    began = dt.datetime(2026, 9, 30, 2, 0, tzinfo=dt.UTC)
    assert clock_due_at(rule, began, county[2].path) == dt.datetime(2026, 10, 8, 15, 59, tzinfo=dt.UTC)


# ---- the page and the command


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_value_reads_in_both_languages(language):
    from django.utils.translation import override

    with override(language):
        sections = sections_of(packs()[0].pack)
    rows = [row for section in sections for row in section.rows]
    assert len(sections) == len(SECTIONS)
    assert all(row.lines and row.sources and row.label for row in rows)
    assert any(row.is_ours for row in rows)
    assert not all(row.is_ours for row in rows)


def run(*args):
    out = StringIO()
    status = 0
    try:
        call_command("policy", *args, stdout=out)
    except SystemExit as stop:
        status = stop.code
    return status, out.getvalue()


def test_the_command_accepts_what_is_shipped():
    status, text = run("check", "--json")
    assert status == 0
    assert json.loads(text)["faults"] == []


def test_the_command_names_file_and_place(tmp_path):
    file = write(tmp_path, "bad.yaml", put(body(), "duty.poll_seconds.value", 99) | {"id": "bad"})
    status, text = run("check", str(file))
    assert status == 1
    assert "bad.yaml: duty.poll_seconds.value: invalid" in text
    status, text = run("check", str(file), "--json")
    assert json.loads(text)["faults"][0]["place"] == "duty.poll_seconds.value"


def test_a_pack_may_extend_an_installed_one(tmp_path):
    file = write(tmp_path, "songhu.yaml", STRICTER)
    status, text = run("check", str(file))
    assert (status, text.startswith("songhu@1#")) == (0, True)
    assert not (pack_folder() / "songhu.yaml").exists()
