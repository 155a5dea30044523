"""From blocks to PDF."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import get_language
from noto_cjk_sans_otc import FONT_PATH

from xinqiao.foundation.ui.documents.blocks import Report
from xinqiao.foundation.ui.documents.letter_sheets import LetterFrame, LetterSheet
from xinqiao.foundation.ui.documents.two_copies import TwoCopies

TEMPLATE = Path(__file__).with_name("report.typ")
LETTERS = Path(__file__).with_name("letters.typ")
TWO_COPIES = Path(__file__).with_name("two_copies.typ")


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    folder = Path(str(FONT_PATH)).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def pdf_of(report: Report, at: datetime, language: str = "") -> bytes:
    """Return a report as PDF/UA-tagged bytes; `at` (aware) is the moment it is dated with.

    The same report at the same moment gives the same bytes. `language` is the reader's unless named.
    """
    return _typeset(TEMPLATE, asdict(report), at, language)


def letters_pdf(frame: LetterFrame, sheets: Sequence[LetterSheet], at: datetime, language: str = "") -> bytes:
    """Return letters as PDF bytes, a page each; dated and spoken as in `pdf_of`."""
    return _typeset(LETTERS, {"frame": asdict(frame), "sheets": [asdict(sheet) for sheet in sheets]}, at, language)


def two_copies_pdf(form: TwoCopies, at: datetime, language: str = "") -> bytes:
    """Return a form in two copies as PDF bytes, a page each; dated and spoken as in `pdf_of`."""
    return _typeset(TWO_COPIES, asdict(form), at, language)


def _typeset(template: Path, words: Mapping[str, Any], at: datetime, language: str) -> bytes:
    spoken = language or get_language() or "zh-hans"
    data = {**words, "lang": "en" if spoken.startswith("en") else "zh"}
    made = typst.compile(
        str(template), root=str(template.parent), font_paths=_fonts(), ignore_system_fonts=True, format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, timestamp=int(at.timestamp()),
    )  # fmt: skip
    return bytes(made)
