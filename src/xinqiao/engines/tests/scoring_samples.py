"""Scales for the tests of scoring: the packs that are shipped, and a small one to bend."""

import copy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from xinqiao.engines.scoring import Plan, Scale, compile_scale, scale_from_mapping

PACKS = Path(__file__).parents[4] / "packs" / "scales"
PACK_IDS = (
    "phq-9", "gad-7", "ces-dc", "asq", "who-5", "dass-21", "scared-41", "sdq", "mht", "mssmhs", "scl-90", "sds", "sas",
    "xq-teacher", "xq-guardian",
)  # fmt: skip


def pack_data(scale_id: str) -> dict[str, Any]:
    """A pack's content, fresh each time so that a test may bend it."""
    return yaml.safe_load((PACKS / f"{scale_id}.yaml").read_text(encoding="utf-8"))


@cache
def pack(scale_id: str) -> Scale:
    return scale_from_mapping(pack_data(scale_id))


@cache
def plan_of(scale_id: str, informant: str | None = None) -> Plan:
    return compile_scale(pack(scale_id), informant=informant)


def words(text: str) -> dict[str, str]:
    return {"en": text, "zh-Hans": text}


def bands(*steps: tuple[str, float]) -> list[dict[str, Any]]:
    return [{"source": "s", "steps": [{"code": code, "from": end, "title": words(code)} for code, end in steps]}]


_SMALL: dict[str, Any] = {
    "id": "small",
    "version": "1",
    "title": words("small"),
    "offered": [{"ages": {"from": 8}, "source": "s"}],
    "licence": {"status": "key", "text": words("none"), "source": "s"},
    "wording": "missing",
    "items": {"count": 4, "codes": [1, 2, 3], "reversed": [2], "source": "s"},
    "missing": {"rule": "refuse", "source": "s"},
    "subscales": {
        "first": {
            "title": words("first"),
            "items": [1, 2],
            "method": "mean",
            "source": "s",
            "bands": bands(("low", 1), ("high", 2)),
        },
        "second": {"title": words("second"), "items": ["3-4"], "source": "s"},
        "total": {"title": words("total"), "of": ["first", "second"], "composite": True, "source": "s"},
    },
    "critical": [{"item": 4, "at_least": 3, "source": "s"}],
    "sources": [{"id": "s", "kind": "own", "citation": "made up for tests"}],
    "examples": [
        {
            "name": "a",
            "arithmetic": "1 + (3 + 1 - 1) = 4, / 2",
            "answers": [1, 1, 1, 1],
            "expect": {"scores": {"first": 2}},
        },
        {"name": "b", "arithmetic": "1 + 3 + 1 + 1", "answers": [1, 1, 1, 1], "expect": {"scores": {"total": 6}}},
        {
            "name": "c",
            "arithmetic": "-",
            "answers": [1, 1, None, 3],
            "expect": {"error": "missing_answer:3", "critical": [4]},
        },
    ],
}


def small_data(**changes: Any) -> dict[str, Any]:
    """The small scale's description with whole keys replaced."""
    return {**copy.deepcopy(_SMALL), **changes}


def small(**changes: Any) -> Scale:
    return scale_from_mapping(small_data(**changes))
