"""The page's own asking against the engine's, on many ways through the questions: the same order, the same end."""

import random
from dataclasses import dataclass, replace

import pytest

from xinqiao.care.sheets.pupil import page as pupil_page
from xinqiao.engines.adaptive import Crowd, Design, ItemParameters, answers_of, decision_of, design_of, table_of
from xinqiao.engines.tests.adaptive_samples import RULE, design, invented, path_of
from xinqiao.engines.tests.scoring_samples import pack

pytestmark = pytest.mark.browser

PRECISE = replace(RULE, precision=0.45)
RULES = [
    ("phq-9", RULE),
    ("gad-7", RULE),
    ("ces-dc", RULE),
    ("who-5", replace(RULE, fewest=2, most=4)),
    ("ces-dc", PRECISE),
    ("phq-9", PRECISE),
    ("who-5", replace(PRECISE, precision=0.6, fewest=2)),
    ("gad-7", replace(PRECISE, precision=0.5, most=6)),
]
WALKS = """async ([source, cases]) => {
  const { Asking } = await import(source);
  return cases.map(({ table, sheets }) => {
    const asking = new Asking(table);
    const isOver = (over) => (n) => over.includes(n);
    const codeOf = ({ codes, over }) => (n) => (over.includes(n) ? null : codes[n]);
    return sheets.map((sheet) => asking.walk(codeOf(sheet), isOver(sheet.over)).path);
  });
}"""


def made_of(scale_id, rule):
    """A design; in GAD-7 all questions tell as much, so that ties are decided too."""
    if scale_id != "gad-7":
        return design(scale_id, rule)
    alike = [ItemParameters(number, 1.5, (-0.5, 0.5, 1.5)) for number in range(1, 8)]
    return design_of(pack(scale_id), alike, rule, decision_of(pack(scale_id)))


@dataclass
class Case:
    """A design, sheets with what is passed over on each, and the engine's ways through them."""

    made: Design
    sheets: list[tuple[dict[int, int], list[int]]]
    paths: list[list[list[int | None]]]


def case(scale_id, rule, pupils=80):
    """Sheets of all kinds: as the model says, at random, and with questions passed over."""
    made, draw, sheets = made_of(scale_id, rule), random.Random(scale_id), []
    for order, drawn in enumerate(answers_of(made.scale, invented(made.scale, "total"), Crowd(pupils, 31))):
        sheet = {n: draw.choice(made.scale.items[n - 1].codes) for n in drawn} if order % 3 == 0 else drawn
        sheets.append((sheet, [n for n in sheet if order % 2 and draw.random() < 0.15]))
    paths = [[[n, code] for n, code in path_of(made, *sheet).items()] for sheet in sheets]
    assert len({len(path) for path in paths}) > 1  # some end sooner than others
    return Case(made, sheets, paths)


@pytest.fixture(scope="module")
def cases():
    return [case(scale_id, rule) for scale_id, rule in RULES]


def walked(browser, cases, bend=("", "")):
    """The paths that the script finds; `bend` puts other words into it."""
    script = pupil_page.static_bundle().files["asking.js"].content.decode()
    assert not bend[0] or script.count(bend[0]) == 1
    opened = browser.new_page()
    try:
        opened.route("**/asking.js", lambda route: route.fulfill(
            body=script.replace(*bend) if bend[0] else script, content_type="text/javascript"))  # fmt: skip
        opened.route("**/empty", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
        opened.goto("http://asking.test/empty")
        given = [
            {"table": table_of(each.made), "sheets": [{"codes": codes, "over": over} for codes, over in each.sheets]}
            for each in cases
        ]
        return opened.evaluate(WALKS, ["/asking.js", given])
    finally:
        opened.close()


def test_the_page_asks_as_the_engine_does(browser, cases):
    assert walked(browser, cases) == [each.paths for each in cases]


@pytest.mark.parametrize(
    ("bend", "some"),
    [
        (("yes <= missed", "yes <= 2 * missed"), slice(0, 2)),
        (("told > most", "told >= most"), slice(0, 2)),
        (("this.deviation(weights) > precision", "this.deviation(weights) > 1.02 * precision"), slice(4, 6)),
        (("precision = null }", "precision: _ = null, none: precision = null }"), slice(4, 6)),
        (("return Math.sqrt(", "return ("), slice(4, 6)),
    ],
)
def test_control_a_script_that_decides_otherwise_is_found_out(browser, cases, bend, some):
    assert walked(browser, cases[some], bend) != [each.paths for each in cases[some]]
