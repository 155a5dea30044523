"""Scores of the product against an oracle written from the facts table alone: 10,000 random sheets a scale.

The oracle names bands by the threshold reached; ours are mapped by the `from` of the band's step.
"""

import itertools

import pytest
import yaml

from tests.oracle.random_sheets import random_sheets
from tests.oracle.scoring_oracle import score_row
from xinqiao.config.environment import SOURCE_ROOT
from xinqiao.engines.scoring import scale_from_mapping, score_table

SCALES = ("phq-9", "gad-7", "ces-dc", "mht")
# ASQ is left to its worked examples: the oracle counts the yes answers, the pack classes them.
OTHERS = ("who-5", "dass-21", "scared-41", "mssmhs", "scl-90", "sds", "sas", "sdq")
SHEETS = 10_000


def product_scores(scale_id, sheets, data=None):
    data = data or yaml.safe_load((SOURCE_ROOT / "packs" / "scales" / f"{scale_id}.yaml").read_text("utf-8"))
    count = data["items"]["count"]
    header = ["id", *(str(n) for n in range(1, count + 1))]
    rows = ([sheet["id"], *(sheet[n] for n in header[1:])] for sheet in sheets)
    scored = score_table(scale_from_mapping(data), itertools.chain([header], rows), informant="self")
    names = next(scored)
    return [dict(zip(names, row, strict=True)) for row in scored]


def disagreements(scale_id, count, seed, data=None):
    """Return the sheets on which product and oracle differ in a score, validity, a critical item or an error."""
    sheets = random_sheets(scale_id, count, seed)
    found = []
    for sheet, ours in zip(sheets, product_scores(scale_id, sheets, data), strict=True):
        answers = [sheet[str(n)] for n in range(1, len([k for k in sheet if k.isdigit()]) + 1)]
        theirs = score_row(scale_id, answers)
        shared = [n for n in theirs if n in ours and not n.endswith("_band") and n not in ("id", "error")]
        differing = {n: (ours[n], theirs[n]) for n in shared if ours[n].lower() != theirs[n].lower()}
        if bool(ours["error"]) != bool(theirs["error"]) or differing:
            found.append((sheet["id"], differing, ours["error"], theirs["error"]))
    return found


@pytest.mark.parametrize("scale_id", SCALES)
def test_ten_thousand_random_sheets_score_as_the_oracle_says(scale_id):
    assert disagreements(scale_id, SHEETS, seed=20261122) == []


@pytest.mark.parametrize("scale_id", OTHERS)
def test_the_other_scales_score_as_the_oracle_says(scale_id):
    assert disagreements(scale_id, 1_000, seed=7) == []


def test_a_key_with_one_number_changed_is_found():
    data = yaml.safe_load((SOURCE_ROOT / "packs" / "scales" / "ces-dc.yaml").read_text("utf-8"))
    data["items"]["reversed"] = [4, 8, 12]
    assert disagreements("ces-dc", 200, seed=3, data=data)
