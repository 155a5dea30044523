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
# WHO-5 counts in fours and names its lower bands by their upper ends; SDQ's bands are another set for each informant.
OTHER_STEPS = ("who-5", "sdq")
SHEETS = 10_000


def pack(scale_id):
    return yaml.safe_load((SOURCE_ROOT / "packs" / "scales" / f"{scale_id}.yaml").read_text("utf-8"))


def product_scores(scale_id, sheets, data=None):
    data = data or pack(scale_id)
    count = data["items"]["count"]
    header = ["id", *(str(n) for n in range(1, count + 1))]
    rows = ([sheet["id"], *(sheet[n] for n in header[1:])] for sheet in sheets)
    scored = score_table(scale_from_mapping(data), itertools.chain([header], rows), informant="self")
    names = next(scored)
    return [dict(zip(names, row, strict=True)) for row in scored]


def lower_bounds(data):
    """Return, for each score with one set of bands, the code of each band with the threshold it begins at.

    The oracle says 0 for the lowest band, whatever its lowest score, and whole numbers for all others.
    """
    bounds = {}
    for name, subscale in data["subscales"].items():
        (bands,) = subscale["bands"] if len(subscale.get("bands", ())) == 1 else (None,)
        if bands is not None and "when" not in bands:
            first, *others = bands["steps"]
            above = {step["code"]: str(step["from"] if "from" in step else step["above"] + 1) for step in others}
            bounds[f"{name}_band"] = {first["code"]: "0", **above}
    return bounds


def disagreements(scale_id, count, seed, data=None):
    """Return the sheets on which product and oracle differ in a score, validity, a critical item or an error."""
    sheets = random_sheets(scale_id, count, seed)
    bounds = lower_bounds(data or pack(scale_id)) if scale_id not in OTHER_STEPS else {}
    found = []
    for sheet, ours in zip(sheets, product_scores(scale_id, sheets, data), strict=True):
        answers = [sheet[str(n)] for n in range(1, len([k for k in sheet if k.isdigit()]) + 1)]
        theirs = score_row(scale_id, answers)
        shared = [n for n in theirs if n in ours and not n.endswith("_band") and n not in ("id", "error")]
        differing = {n: (ours[n], theirs[n]) for n in shared if ours[n].lower() != theirs[n].lower()}
        banded = {n: bounds[n].get(ours[n], ours[n]) for n in bounds if theirs.get(n)}
        differing |= {n: (ours[n], theirs[n]) for n, begins_at in banded.items() if begins_at != theirs[n]}
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
    data = pack("ces-dc")
    data["items"]["reversed"] = [4, 8, 12]
    assert disagreements("ces-dc", 200, seed=3, data=data)


def test_a_threshold_moved_by_one_is_found():
    data = pack("phq-9")
    data["subscales"]["total"]["bands"][0]["steps"][2]["from"] = 11
    found = disagreements("phq-9", 500, seed=3, data=data)
    assert found
    assert all(set(differing) == {"total_band"} for _id, differing, *_ in found)


@pytest.mark.parametrize("scale_id", SCALES)
def test_the_bands_are_compared_too(scale_id):
    assert lower_bounds(pack(scale_id))
