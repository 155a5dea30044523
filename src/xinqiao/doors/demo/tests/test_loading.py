"""The demo city loads on any day of the year, and a load that broke off is begun again."""

import json
import os

import pytest

pytestmark = pytest.mark.slow

ONE_DAY = "xinqiao.doors.demo.tests.one_day"
# Holidays, the first day of a year, a day of a term, a leap day; the other days with XINQIAO_PROVE=full.
FEW_DAYS = ("2026-01-20", "2026-07-20", "2026-08-20", "2026-09-01", "2026-11-26", "2028-02-29")
MORE_DAYS = ("2026-01-01", "2026-02-10", "2026-03-15", "2026-06-20", "2026-08-01", "2026-09-20", "2026-10-08")
DAYS = FEW_DAYS + (MORE_DAYS if os.environ.get("XINQIAO_PROVE") == "full" else ())


def loaded(installation, *words: str) -> dict:
    done = installation.run(*words, module=ONE_DAY)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.proof
def test_on_any_day_one_screening_runs_one_is_over_and_one_is_from_last_year(installation):
    found = loaded(installation, *DAYS)
    assert {day: each["fault"] for day, each in found.items() if each["fault"]} == {}
    for day, each in found.items():
        year = int(day[:4]) - (day[5:7] < "08")
        planned = [row for row in each["campaigns"] if row["state"] == "draft"]
        ordered = {"songhu-junior", "songhu-senior", "songhu-vocational"}
        assert {row["school"] for row in planned} == ordered, day  # what the county ordered
        launched = [row for row in each["campaigns"] if row["state"] != "draft"]
        (small,) = [row for row in launched if row["is_of_register"]]
        assert (small["school"], small["state"], small["waiting"] > 0) == ("songhu-junior", "open", True), day
        held = [row for row in launched if row is not small]
        last, over, running = [row for row in held if row["school"] == "songhu-junior"]
        assert (last["state"], over["state"], running["state"]) == ("closed", "closed", "open"), day
        assert last["school_year"] == year - 1, day
        assert running["is_open"], day
        assert min(row["handed_in"] for row in held) > 0, day
        assert running["waiting"] > 0, day
        assert each["is_whole"], day
        assert each["newcomers"] == 0, day
        others = [row for row in held if row["school"] != "songhu-junior"]
        assert {(row["school"], row["state"]) for row in others} == {
            ("songhu-senior", "closed"), ("songhu-vocational", "open"), ("wangshan-nine", "closed"),
            ("wangshan-nine", "open"),
        }, day  # fmt: skip


def test_control_without_the_mend_a_holiday_stops_the_load_and_the_city_does_not_pass_for_whole(installation):
    (found,) = loaded(installation, "--usual-terms", "2026-08-20").values()
    assert "outside_term" in found["fault"]
    assert not found["is_whole"]
    again = installation.run("demo", "load", "--if-empty", "--size", "1", "--json")
    assert again.returncode == 0, again.stderr
    assert "not loaded to its end" in again.stderr
    assert list(installation.home.glob("*.before-*"))
    assert any(row["login"] == "psych.songhu" for row in json.loads(again.stdout))
    kept = installation.run("demo", "load", "--if-empty", "--json")
    assert kept.returncode == 0, kept.stderr
    assert "not loaded to its end" not in kept.stderr
    the_window_says_it_in_both_languages(installation)
    last = installation.run("demo", "load", "--if-empty", "--json")
    a_pupil_goes_in_with_what_was_drawn_last(installation, pupil_in(kept.stdout), pupil_in(last.stdout))


def pupil_in(output: str) -> dict[str, str]:
    (found,) = [row for row in json.loads(output) if row["role"] == "student"]
    return found


def a_pupil_goes_in_with_what_was_drawn_last(installation, former: dict[str, str], pupil: dict[str, str]) -> None:
    assert pupil["address"] == "/s/"
    assert pupil["login"] == former["login"]
    assert pupil["password"] != former["password"]
    said = [pupil["class_code"], pupil["login"]]
    found = at_the_door(installation, *said, former["password"], pupil["password"])
    assert found["statuses"] == [403, 200]
    assert found["on_the_welcome_page"] == {pupil["class_code"]: True, pupil["login"]: False, pupil["password"]: False}


def at_the_door(installation, *words: str) -> dict:
    done = installation.run(*words, module="xinqiao.doors.demo.tests.at_the_door")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def the_window_says_it_in_both_languages(installation) -> None:
    said = installation.run("demo", "load", "--if-empty").stdout
    for words in ("/s/", "学生", "As a pupil", "家长", "Guardians", "psych.songhu"):
        assert words in said, said
