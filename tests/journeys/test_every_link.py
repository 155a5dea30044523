"""Nobody is shown a way that ends at a wall: each role follows the links of its pages; each kind is looked at once."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from tests.journeys.looking import PC, Observer
from tests.journeys.staff import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Those with the most pages first: what they have looked at, the others only follow.
WALKERS = (
    "psych_teacher", "class_teacher", "principal", "security_officer", "auditor", "county_officer", "system_admin",
    "grade_head", "paper_typist", "leading_group", "subject_teacher", "mentor", "dorm_keeper", "city_officer",
    "province_officer", "researcher", "supervisor", "station_counsellor", "hospital_liaison",
)  # fmt: skip
EACH_KIND = 2  # addresses of one kind (equal but for ids) that are followed
MOST_PAGES = 80
PUPILS = "/s/"


class Links(HTMLParser):
    """Collects the addresses of a page's links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.found.append(address.partition("#")[0])


@dataclass
class Walk:
    """What a role came upon: kinds of pages with one address each, and the walls."""

    pages: dict[str, str] = field(default_factory=dict)
    walls: list[str] = field(default_factory=list)


def kind_of(address: str) -> str:
    parts = urlsplit(address)
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return ID.sub("*", parts.path) + ("?" + "&".join(names) if names else "")


def walk(tab: Page, base: str) -> Walk:
    """Follow links from the first page, breadth first, some of each kind."""
    walked, counts = Walk(), Counter()
    waiting, came_from = [f"{base}/"], {f"{base}/": "the start"}
    while waiting and counts.total() < MOST_PAGES:
        address = waiting.pop(0)
        kind = kind_of(address)
        counts[kind] += 1
        if counts[kind] > EACH_KIND:
            continue
        answer = tab.request.get(address)
        if answer.status != 200:
            walked.walls.append(f"{answer.status} {kind}, linked from {came_from[address]}")
        elif "text/html" in answer.headers.get("content-type", ""):
            walked.pages.setdefault(kind, address)
            for link in (urljoin(answer.url, each) for each in Links(answer.text()).found):
                if link.startswith(f"{base}/") and not link.startswith(base + PUPILS) and link not in came_from:
                    came_from[link] = kind
                    waiting.append(link)
    return walked


@pytest.fixture(scope="module")
def looked_at() -> set[str]:
    return set()


@pytest.mark.parametrize("role", WALKERS)
def test_no_link_leads_to_a_wall(observer: Observer, installation, looked_at, role):
    tab = observer.person(PC)
    sign_in(tab, installation.first_of_role(role))
    walked = walk(tab, installation.address)
    for kind, address in sorted(walked.pages.items()):
        if kind == "/" or kind not in looked_at:
            looked_at.add(kind)
            tab.goto(address)
            observer.look(tab, role + re.sub(r"[^a-z0-9]+", "-", kind.lower()).rstrip("-"))
    assert walked.walls == []
    assert observer.findings.all() == []


def test_a_wall_and_faults_of_a_page_are_found(observer: Observer, installation):
    tab = observer.person(PC)
    sign_in(tab, installation.first_of_role("psych_teacher"))
    planted = '<a href="/nowhere/">x</a> <p>left in English</p> <input>'
    tab.evaluate("text => { document.querySelector('main').innerHTML = text; }", planted)
    observer.look(tab, "planted")
    assert Links(tab.content()).found.count("/nowhere/") == 1
    assert tab.request.get("/nowhere/").status == 404
    assert any("left in English" in phrase for phrase in observer.findings.untranslated)
    assert any("label" in fault for fault in observer.findings.inaccessible)
