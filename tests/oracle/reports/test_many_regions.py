"""Proof: in many regions, however their rows fall, every number is counted and nothing hidden follows.

One region by default; XINQIAO_PROVE=full builds forty.
"""

import os

import pytest
from django.db import transaction

from tests.oracle.reports import expected, expected_region
from tests.oracle.reports.comparing import Reader, page_of_summary, workbook_of_summary, wrongs
from tests.oracle.reports.disclosing import HIDDEN, given_away
from tests.oracle.reports.disclosing_bureau import handfuls
from tests.oracle.reports.pages import COUNTED, Place
from tests.oracle.reports.rawrows import raw_rows
from tests.oracle.reports.recount import Count
from tests.oracle.reports.region import FIRST, LAST, MAIN, Region, build_region
from tests.oracle.reports.test_bureau import pages_of
from tests.oracle.reports.test_pages import wrong_on
from tests.oracle.reports.test_reports import SCALE_NAMES, SECTIONS
from tests.proofs.results import keep_result
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.django_db, pytest.mark.xdist_group("report-oracle")]
REGIONS = 40 if os.environ.get("XINQIAO_PROVE") == "full" else 1


def found_wrong(region: Region) -> tuple[list[str], list[str], int]:
    """Return wrong numbers, those of a handful that follow, and how many are hidden."""
    raw = raw_rows()
    main, waves = Count(raw, MAIN), [Count(raw, MAIN), Count(raw, FIRST)]
    psych, head = (Reader(region, login) for login in ("psych", "head"))
    key = main.campaign["id"]
    wrong = [each for name in COUNTED if name != "screening:figures" for each in wrong_on(Place(region, raw), name)]
    for scale, titles in ((code, expected.titles(code)) for code in expected.CODES):
        for score in titles.scores:
            told = psych.page("distribution", key, score=f"{scale}.{score}")
            wrong += wrongs(told, expected.distribution(main, scale, score))
    running = Count(raw, LAST)
    wrong += wrongs(psych.page("campaign", running.campaign["id"]), expected_region.running(running, waves))
    told = page_of_summary(head.page("summary", key))
    told += workbook_of_summary(head.workbook("summary-xlsx", key), SECTIONS)
    given = [*given_away(told, SCALE_NAMES), *handfuls(pages_of(region))]
    return wrong, given, sum(each.text == HIDDEN for each in told)


def test_in_every_region_the_numbers_are_counted_and_nothing_hidden_follows(tmp_path):
    hidden = 0
    for seed in range(1, REGIONS + 1):
        folder = tmp_path / str(seed)
        folder.mkdir()
        with clock.frozen(MONDAY_10), transaction.atomic():
            wrong, given, many = found_wrong(build_region(seed, folder))
            transaction.set_rollback(True)
        assert (wrong, given) == ([], []), f"region of seed {seed}"
        hidden += many
    keep_result("reports", {"regions": REGIONS, "hidden": hidden})
    assert hidden
