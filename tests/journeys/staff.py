"""What staff do everywhere: sign in, sign out, go somewhere by the navigation."""

from playwright.sync_api import Page, expect

from tests.journeys.installation import Login


def sign_in(tab: Page, login: Login) -> None:
    """Sign in with name and password, to the page of today's work."""
    tab.goto("/")
    if not tab.locator("input[name=login]").count():
        tab.get_by_role("link", name="登录").first.click()
    tab.locator("input[name=login]").fill(login.login)
    tab.locator("input[name=password]").fill(login.password)
    tab.get_by_role("button", name="登录").click()
    expect(tab.locator(".xq-reader-who").first).to_contain_text(login.unit)


def sign_out(tab: Page) -> None:
    tab.get_by_role("button", name="退出登录").first.click()
    expect(tab.locator(".xq-reader-who")).to_have_count(0)


def open_door(tab: Page, label: str) -> None:
    """Follow an entry of the side navigation."""
    tab.locator(".xq-side .xq-doors").get_by_role("link", name=label, exact=True).click()
    expect(tab.locator("h1")).to_be_visible()


def is_signed_in(tab: Page) -> bool:
    return tab.locator(".xq-reader-who").count() > 0
