"""Every code has its sentence, and every sentence its Chinese."""

import ast
import re
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

import xinqiao.engines.scoring
from xinqiao.care.scales import messages
from xinqiao.care.scales.packs import shipped_packs

TABLES = [
    messages.SCALE_MESSAGES, messages.TABLE_MESSAGES, messages.WORKBOOK_MESSAGES, messages.IMPORT_MESSAGES,
    messages.ANSWER_MESSAGES, messages.REFUSALS, messages.RESPONSE_MESSAGES, messages.DRAFT_MESSAGES,
    messages.COLUMN_TITLES,
]  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def codes_raised(name: str) -> set[str]:
    """The constant codes with which the engine makes faults of this name."""
    found = set()
    scoring = Path(xinqiao.engines.scoring.__file__).parent
    for path in (*scoring.glob("*.py"), *(scoring.parent / "fhir").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                at = 0 if name == "TableFault" else 1
                code = node.args[at] if len(node.args) > at else None
                found |= {code.value} if isinstance(code, ast.Constant) else set()
    return found


def test_every_code_of_the_engine_has_a_sentence():
    assert codes_raised("ScaleFault") <= set(messages.SCALE_MESSAGES)
    assert codes_raised("Fault") <= {*messages.SCALE_MESSAGES, *messages.RESPONSE_MESSAGES}
    assert codes_raised("TableFault") <= set(messages.TABLE_MESSAGES)


def test_control_codes_are_found():
    assert {"missing_key", "unknown_key"} <= codes_raised("ScaleFault")
    assert {"item_in_no_part", "unreachable", "wrong_resource"} <= codes_raised("Fault")
    assert "missing_column" in codes_raised("TableFault")


def test_every_sentence_is_translated_with_its_placeholders():
    with override("zh-hans"):
        for table in TABLES:
            for sentence in table.values():
                told = gettext(sentence)
                assert CHINESE.search(told), sentence
                assert set(re.findall(r"{(\w+)}", told)) == set(re.findall(r"{(\w+)}", sentence)), sentence


def test_prose_of_the_scale_files_is_translated():
    with override("zh-hans"):
        for pack in shipped_packs():
            for source in pack.scale.sources:
                texts = [source.note] if source.note else []
                texts += [source.citation] if source.kind == "own" else []
                assert all(CHINESE.search(gettext(text)) for text in texts), (pack.scale.id, source.id)


@pytest.mark.parametrize(
    ("numbers", "told"),
    [([], ""), ([3], "3"), ([1, 2], "1, 2"), ([1, 2, 3], "1–3"), ([9, 1, 2, 3, 5, 6, 9], "1–3, 5, 6, 9")],
)
def test_item_numbers_are_drawn_together(numbers, told):
    with override("en"):
        assert messages.spans_of(numbers) == told


def test_lists_are_parted_as_the_language_does():
    with override("zh-hans"):
        assert messages.spans_of([1, 5]) == "1、5"
