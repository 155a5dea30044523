"""The five pictures of the documents, taken of the demo city; each is checked as it is taken."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import preparing, pupils
from tests.journeys.looking import NARROW, PC, PHONE, WIDE, Observer
from tests.journeys.staff import open_door, sign_in
from tests.journeys.wording import say

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

MOST_BYTES = 250_000
SCHOOL, CLASS = "松湖县第一中学", "七年级(3)班"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    """Where XINQIAO_SCREENSHOTS says, else a place that is thrown away."""
    if not os.environ.get("XINQIAO_SCREENSHOTS"):
        monkeypatch.setenv("XINQIAO_SCREENSHOTS", str(tmp_path))
    return Path(os.environ["XINQIAO_SCREENSHOTS"])


def test_the_five_pictures(observer: Observer, installation, folder):
    teacher, principal, phone = observer.person(PC), observer.person(PC), observer.person(PHONE)
    sign_in(teacher, installation.logins["psych.songhu"])
    expect(teacher.locator("h1")).to_have_text(say("Today"))
    observer.picture(teacher, "today", WIDE)
    open_door(teacher, say("Whom to talk to first"))
    expect(teacher.locator("main tbody tr").first).to_be_visible()
    observer.picture(teacher, "queue", WIDE)
    open_door(teacher, say("Screening"))
    running = teacher.locator("main tr").filter(has_text=say("Running")).get_by_role("link").first
    campaign = running.inner_text()
    running.click()
    expect(teacher.locator("#progress")).to_contain_text(CLASS)
    observer.picture(teacher, "progress", WIDE)
    sign_in(principal, installation.logins["head.songhu"])
    open_door(principal, say("Coverage"))
    expect(principal.locator("main tr").filter(has_text=SCHOOL).first).to_be_visible()
    observer.picture(principal, "coverage", WIDE)
    preparing.open_class(teacher, campaign, CLASS)
    teacher.get_by_role("link", name=say("Seat list with codes")).click()
    class_code, codes = preparing.read_seat_list(teacher)
    number, code = next(iter(codes.items()))
    pupils.go_in(phone, class_code, number, code)
    pupils.begin(phone)
    pupils.tap_answer(phone, 1, 0)
    expect(phone.locator(".progress-text")).to_contain_text("2")
    observer.picture(phone, "pupil", NARROW)
    pictures = sorted(folder.glob("*.png"))
    assert [picture.stem for picture in pictures] == ["coverage", "progress", "pupil", "queue", "today"]
    assert [picture.name for picture in pictures if picture.stat().st_size > MOST_BYTES] == []
