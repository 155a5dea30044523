"""A browser test waits by what a locator shows, which the pages' content security policy does not forbid."""

import re

from tests.architecture.source import PACKAGE, ROOT

# Its second look is an eval inside the page: refused by `script-src 'self'` whenever the first look came too early.
EVALUATED_WAIT = re.compile(r"\.wait_for_function\(")


def waits_that_evaluate(texts: dict[str, str]) -> list[str]:
    return [where for where, text in texts.items() if EVALUATED_WAIT.search(text)]


def test_no_browser_test_waits_by_an_expression():
    paths = [path for root in (ROOT / "tests", PACKAGE) for path in root.rglob("*.py") if "tests" in path.parts]
    assert sum("playwright" in path.read_text("utf-8") for path in paths) >= 5
    assert waits_that_evaluate({str(path.relative_to(ROOT)): path.read_text("utf-8") for path in paths}) == []


def test_control_such_a_wait_is_seen():
    planted = "page.wait_for" + "_function('document.title')"
    assert waits_that_evaluate({"planted": planted}) == ["planted"]
