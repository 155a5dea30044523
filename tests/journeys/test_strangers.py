"""Pupils and staff share one address: nobody is ever taken for somebody who came before."""

import urllib.request

import pytest

from tests.journeys.looking import PC, Observer
from tests.journeys.staff import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]


def page_of(address: str, headers: dict[str, str] | None = None) -> str:
    """Ask for the first page as a program does that keeps no cookies."""
    with urllib.request.urlopen(urllib.request.Request(address + "/", headers=headers or {}), timeout=20) as answer:
        return str(answer.read().decode("utf-8"))


def test_a_stranger_is_not_taken_for_who_signed_in_before(observer: Observer, installation):
    tab = observer.person(PC)
    sign_in(tab, installation.first_of_role("psych_teacher"))
    strangers = [page_of(installation.address) for _ in range(4)]
    assert [page for page in strangers if "xq-reader-who" in page] == []
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in tab.context.cookies())
    own = {"Cookie": cookies, "User-Agent": tab.evaluate("navigator.userAgent"), "Accept-Language": "zh-CN"}
    assert "xq-reader-who" in page_of(installation.address, own)  # the same question with her cookies finds her page
