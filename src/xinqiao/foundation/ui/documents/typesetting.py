"""From blocks to PDF."""

import json
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import typst
from django.utils.translation import get_language
from noto_cjk_sans_otc import FONT_PATH

from xinqiao.foundation.ui.documents.blocks import Report

TEMPLATE = Path(__file__).with_name("report.typ")


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    folder = Path(str(FONT_PATH)).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def pdf_of(report: Report, at: datetime, language: str = "") -> bytes:
    """Return a report as PDF/UA-tagged bytes; `at` (aware) is the moment it is dated with.

    The same report at the same moment gives the same bytes. `language` is the reader's unless named.
    """
    spoken = language or get_language() or "zh-hans"
    data = asdict(report) | {"lang": "en" if spoken.startswith("en") else "zh"}
    made = typst.compile(
        str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=_fonts(), ignore_system_fonts=True, format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, timestamp=int(at.timestamp()),
    )  # fmt: skip
    return bytes(made)
