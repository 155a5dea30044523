"""A critical answer at 23:40 on a holiday: the substitute is called, then the principal, then the county, who reads the
school and nothing of the pupil; every minute can be read afterwards."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.installation import Installation, Login, free_port
from tests.journeys.looking import PC, PHONE, Observer
from tests.journeys.staff import open_door, sign_in
from tests.journeys.test_new_year import shots_of
from tests.journeys.wording import say

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOLIDAY_2340 = dt.datetime(2026, 10, 1, 15, 40, tzinfo=dt.UTC)  # Thursday 1 October, 23:40 in Shanghai
PASSWORD = "only-in-tests-7Q"
SCHOOL, COUNTY, PUPIL = "松湖县第三中学", "松湖县", "欧阳思源"
PATIENCE_MS = 60_000
BEGIN = "import django; django.setup()\nimport datetime as dt\n"
SET_UP = f"""{BEGIN}
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.duty.models import Absence, DutyShift
from xinqiao.register.orgs.services.units import build_unit, ensure_class
from xinqiao.register.people.registering import StudentDraft, register_staff, register_students
county = build_unit(None, "county", "songhu", "{COUNTY}"); county.save(force_insert=True)
school = build_unit(county, "school", "third", "{SCHOOL}", stages="junior"); school.save(force_insert=True)
group, _ = ensure_class(school, "junior", 2026, 1)
register_students(school, [StudentDraft("{PUPIL}", group, "20260101")], today())
ids = {{}}
for login, name, role, unit in (
    ("psych", "林若溪", "psych_teacher", school), ("substitute", "苏晚晴", "psych_teacher", school),
    ("head", "贺长风", "principal", school), ("officer", "崔明远", "county_officer", county),
):
    staff = register_staff(unit, name)
    user = User.objects.create_user(login, "{PASSWORD}", staff_id=staff.id)
    Membership.objects.create(user=user, role=role, place=unit.path, start_on=dt.date(2026, 9, 1))
    ids[login] = staff.id
where = {{"county_id": school.shard_id, "place": school.path}}
DutyShift(staff_id=ids["psych"], role="psychology", start_at=now() - dt.timedelta(hours=4),
          end_at=now() + dt.timedelta(hours=8), **where).save(force_insert=True)
Absence(staff_id=ids["psych"], substitute_id=ids["substitute"], start_on=today(),
        end_on=today() + dt.timedelta(days=6), entered_by=ids["head"], **where).save(force_insert=True)
"""
CRITICAL_ANSWER = f"""{BEGIN}
from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.engines.triage import Reason
from xinqiao.foundation.core import ids
from xinqiao.foundation.core.clock import now
from xinqiao.register.people.models import Student
child = Student.objects.for_system(reason="a journey").get()
origin = ids.new_id()
prepare_signal(student_id=child.id, county_id=child.county_id, place=child.place, key_id=child.key_id,
    source="critical_answer", urgency="red", evidence=90, basis=[Reason("critical_item", "phq-9", ("9",))],
    origin_kind="sitting", origin_id=origin, once=f"critical:{{origin}}", at=now()).save(force_insert=True)
"""


@pytest.fixture
def holiday(tmp_path_factory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("holiday")
    installation = Installation(folder / "home", free_port(), begins_at=HOLIDAY_2340)
    installation.home.mkdir(parents=True)
    for words in (["keys", "create"], ["migrate", "--verbosity", "0"], ["collectstatic", "--noinput", "-v", "0"]):
        installation.run(*words)
    run_script(installation, SET_UP)
    try:
        serve(installation)
        yield installation
    finally:
        installation.stop()


def run_script(installation: Installation, script: str) -> None:
    environment = installation.environment() | {"DJANGO_SETTINGS_MODULE": "xinqiao.config.settings"}
    subprocess.run([sys.executable, "-c", script], env={**environment, "PATH": os.environ["PATH"]}, check=True)


def serve(installation: Installation) -> None:
    with installation.log.open("wb") as output:
        installation.start(output)


def minutes_pass(installation: Installation, minutes: int) -> None:
    """The clock of the installation is moved forward while it does not run."""
    installation.stop()
    installation.begins_at += dt.timedelta(minutes=minutes)
    serve(installation)


def person(see: Observer, login: str, unit: str, device: dict) -> Page:
    tab = see.person(device)
    sign_in(tab, Login("", login, PASSWORD, "", unit))
    return tab


def is_called(tab: Page, *, within: int = PATIENCE_MS) -> None:
    expect(tab.locator(".xq-notices-red")).to_be_visible(timeout=within)


def test_a_cry_at_2340_on_a_holiday_reaches_substitute_principal_and_county(
    holiday, browser, tmp_path_factory, request
):
    see = Observer(browser, holiday.address, shots_of(tmp_path_factory, request))
    try:
        substitute, away = (person(see, login, SCHOOL, PHONE) for login in ("substitute", "psych"))
        run_script(holiday, CRITICAL_ANSWER)
        is_called(substitute)
        see.look(substitute, "substitute-is-called")
        away.goto("/alerts/notices/")
        expect(away.locator("tbody")).to_have_count(0)  # who is away is not called
        minutes_pass(holiday, 16)  # and the substitute does not take it
        head = person(see, "head", SCHOOL, PHONE)
        is_called(head)
        see.look(head, "principal-is-called")
        for _ in range(2):
            minutes_pass(holiday, 20)
            head.goto("/")
            is_called(head)
        officer = person(see, "officer", COUNTY, PC)
        the_county_reads_the_school_alone(see, officer)
        the_principal_takes_it(see, head)
        officer.reload()
        expect(officer.locator("tr").filter(has_text=SCHOOL)).to_contain_text(say("Taken meanwhile"))
        # Open pages went on asking while the installation was moved through time.
        found = [each for each in see.findings.all() if "/alerts/poll/" not in each]
        assert found == [], "\n".join(found)
    finally:
        see.close()


def the_county_reads_the_school_alone(see: Observer, tab: Page) -> None:
    open_door(tab, say("Warnings not taken"))
    row = tab.locator("tr").filter(has_text=SCHOOL)
    for _ in range(12):  # the ticker climbs within a second or so of coming up
        if row.count():
            break
        tab.wait_for_timeout(2000)
        tab.reload()
    expect(row).to_contain_text(say("Not taken yet"))
    see.look(tab, "county")
    assert not [word for word in (PUPIL, "七年级", "PHQ", "20260101") if word in tab.content()]
    tab.get_by_role("button", name=say("I call the school")).click()
    expect(
        tab.get_by_text(say("Noted. Please call the school now; it goes on calling its own people."))
    ).to_be_visible()


def the_principal_takes_it(see: Observer, tab: Page) -> None:
    tab.locator(".xq-notices-red a").first.click()
    tab.get_by_role("button", name=say("I have it")).click()
    expect(tab.locator("dl").first).to_contain_text("贺长风")
    tab.get_by_role("link", name=say("Every minute of the clocks")).click()
    lines = tab.locator("table").last
    for name in ("苏晚晴", "贺长风", "崔明远"):
        expect(lines).to_contain_text(name)
    see.look(tab, "every-minute")
