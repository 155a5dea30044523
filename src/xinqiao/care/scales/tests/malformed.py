"""Scale files and FHIR files with one thing wrong each, and which refusal that must bring, at which place."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from xinqiao.care.scales.fhir_files import questionnaire_text
from xinqiao.care.scales.packs import read_pack, scale_folder

DELETE = object()


@dataclass(frozen=True)
class Broken:
    """A file with one fault: `base` is the sound one it was made from, `place` and `code` what must be told."""

    name: str
    kind: str
    base: bytes
    body: bytes
    place: str
    code: str


def path_of(scale_id: str):
    return scale_folder() / f"{scale_id}.yaml"


@cache
def plain_yaml(scale_id: str) -> bytes:
    return dumped(yaml.load(path_of(scale_id).read_bytes(), Loader=yaml.CSafeLoader))


class _NoAliases(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def dumped(data: Any) -> bytes:
    return yaml.dump(data, Dumper=_NoAliases, allow_unicode=True, sort_keys=False).encode()


@cache
def fhir_json(scale_id: str) -> bytes:
    return questionnaire_text(read_pack(path_of(scale_id)).scale).encode()


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


BY_ITEM = ("texts", "labels", "labels_of", "codes_of", "asked_if")


def written(path: tuple[Any, ...]) -> str:
    """A path as faults write it: a.b[0].c, and items.texts.3 where a number is a name."""
    told = ""
    for n, step in enumerate(path):
        is_place = isinstance(step, int) and path[n - 1] not in BY_ITEM
        told += f"[{step}]" if is_place else f".{step}" if told else str(step)
    return told


def put(data: Any, path: tuple[Any, ...], value: Any) -> None:
    parent = at(data, path[:-1])
    if value is DELETE:
        del parent[path[-1]]
    else:
        parent[path[-1]] = copy.deepcopy(value)


def bent(scale_id: str, change: Callable[[Any], None]) -> bytes:
    data = yaml.load(plain_yaml(scale_id), Loader=yaml.CSafeLoader)
    change(data)
    return dumped(data)


# ---- the text of a scale file

PHQ = "phq-9"


def _head(text: str) -> bytes:
    return text.encode() + plain_yaml(PHQ)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)
TEXTS: list[tuple[str, bytes, str, str]] = [
    ("empty file", b"", "file", "unreadable"),
    ("only a comment", b"# nothing\n", "file", "unreadable"),
    ("a list", b"- id: x\n- version: y\n", "file", "unreadable"),
    ("a word", b"phq-9\n", "file", "unreadable"),
    ("a number", b"9\n", "file", "unreadable"),
    ("tab as indentation", b"id: x\ntitle:\n\ten: x\n", "line 3", "unreadable"),
    ("quote not closed", b'id: "x\nversion: y\n', "line 3", "unreadable"),
    ("bracket not closed", b"id: x\ninformants: [self\nwording: full\n", "line 3", "unreadable"),
    ("brace not closed", b"id: x\ntitle: {en: a, zh-Hans: b\n", "line 3", "unreadable"),
    ("colon missing", b"id: x\nversion\ntitle: y\n", "line 3", "unreadable"),
    ("indentation jumps", b"id: x\n  version: y\n", "line 2", "unreadable"),
    ("unknown alias", b"id: x\ninformants: *nobody\n", "line 2", "unreadable"),
    ("python object", b"id: !!python/object/apply:os.system [ls]\n", "line 1", "unreadable"),
    ("tag of one's own", b"id: !scale x\n", "line 1", "unreadable"),
    ("two documents", b"id: x\n---\nid: y\n", "line 2", "unreadable"),
    ("a date that does not exist", b"id: x\nversion: 2026-02-31\n", "file", "unreadable"),
    ("a number of five thousand digits", b"id: x\nversion: " + b"9" * 5000 + b"\n", "file", "unreadable"),
    ("zero byte", _head("id2: a\0b\n"), "line 1", "unreadable"),
    ("bell", _head("x: y\nid2: a\x07b\n"), "line 2", "unreadable"),
    ("alias bomb", _head(BOMB), "line 6", "unreadable"),
    ("alias of itself", _head("zz: &z [*z]\n"), "line 1", "unreadable"),
    ("nested too deep", _head("zz: " + "[" * 60 + "]" * 60 + "\n"), "line 1", "unreadable"),
    ("larger than a scale can be", _head("# " + "x" * 1_000_000 + "\n"), "file", "unreadable"),
    ("a mapping as a key", b"? {a: b}\n: c\n", "line 1", "unreadable"),
    ("GB18030", plain_yaml(PHQ).decode().encode("gb18030"), "line 5", "unreadable"),
    ("UTF-16", plain_yaml(PHQ).decode().encode("utf-16"), "line 1", "unreadable"),
    ("latin byte", b"# a\n# \xe9\n" + plain_yaml(PHQ), "line 2", "unreadable"),
    ("id twice", plain_yaml(PHQ) + b"id: other\n", "id", "duplicate"),
    ("examples twice", plain_yaml(PHQ) + b"examples: []\n", "examples", "duplicate"),
    ("text of an item twice", plain_yaml(PHQ).replace(b"    9:\n", b"    8:\n", 1), "items.texts.8", "duplicate"),
    ("an item's number as word and number", plain_yaml(PHQ).replace(b"    9:\n", b"    '8':\n", 1), "items.texts.8",
     "duplicate"),
    ("subscale twice", b"subscales:\n  total: {}\n  total: {}\n", "subscales.total", "duplicate"),
    ("band key twice", b"subscales: {total: {bands: [{steps: [{from: 0, from: 1}]}]}}\n",
     "subscales.total.bands[0].steps[0].from", "duplicate"),
]  # fmt: skip

# ---- one value changed: scale, path, new value, place ("" for the path itself), code

STEP = ("subscales", "total", "bands", 0, "steps")
CHANGES: list[tuple[str, tuple[Any, ...], Any, str, str]] = [
    # ids
    (PHQ, ("id",), "PHQ 9", "", "bad_id"),
    (PHQ, ("id",), "9-phq", "", "bad_id"),
    (PHQ, ("id",), "量表", "", "bad_id"),
    (PHQ, ("id",), "a" * 25, "", "too_long"),
    (PHQ, ("version",), "1" * 25, "", "too_long"),
    (PHQ, ("version",), 1.0, "", "not_a_string"),
    (PHQ, ("version",), "  ", "", "not_a_string"),
    (PHQ, ("title", "en"), "a\x07b", "", "control_character"),
    (PHQ, ("title", "zh-Hans"), "标\x1b题", "", "control_character"),
    (PHQ, ("items", "texts", 3, "zh-Hans"), "睡\x00觉", "", "control_character"),
    (PHQ, ("sources", 0, "citation"), "K\x9broenke", "", "control_character"),
    # who
    (PHQ, ("informants",), ["friend"], "informants[0]", "not_allowed"),
    (PHQ, ("informants",), ["self", "self"], "informants", "duplicate"),
    (PHQ, ("informants",), ["self", "parent"], "offered", "informant_not_offered"),
    (PHQ, ("informants",), "self", "", "not_a_list"),
    (PHQ, ("informants",), [{"a": ["b"]}], "informants[0]", "not_allowed"),
    (PHQ, ("audience",), "everybody", "", "not_allowed"),
    (PHQ, ("audience",), ["pupils"], "", "not_a_string"),
    (PHQ, ("offered", 0, "informant"), "teacher", "", "not_allowed"),
    (PHQ, ("offered", 0, "ages"), {"from": 18, "to": 8}, "", "empty_span"),
    (PHQ, ("offered", 0, "ages"), {}, "", "empty_span"),
    (PHQ, ("offered", 0, "ages"), {"from": "twelve"}, "offered[0].ages.from", "not_an_integer"),
    (PHQ, ("offered", 0, "ages"), {"from": 12, "until": 18}, "offered[0].ages.until", "unknown_key"),
    (PHQ, ("offered", 0, "ages"), DELETE, "offered[0]", "missing_key"),
    (PHQ, ("offered", 0, "grades"), {"from": 2}, "offered[0].grades.from", "self_report_too_early"),
    (PHQ, ("requires_duty",), "yes", "", "not_a_boolean"),
    (PHQ, ("requires_duty",), 1, "", "not_a_boolean"),
    # licence and wording
    (PHQ, ("licence", "status"), "free", "", "not_allowed"),
    (PHQ, ("licence", "source"), "nowhere", "licence", "no_such_source"),
    (PHQ, ("licence", "text"), "free", "", "not_a_mapping"),
    (PHQ, ("licence", "text"), {"en": "free"}, "licence.text.zh-Hans", "missing_key"),
    (PHQ, ("licence", "text"), {"zh-Hans": "免费"}, "licence.text.en", "missing_key"),
    (PHQ, ("licence", "status"), "key", "wording_licence", "wording_not_licensed"),
    (PHQ, ("wording",), "missing", "", "wording_not_licensed"),
    (PHQ, ("wording",), "some", "", "not_allowed"),
    (PHQ, ("rendering",), "", "", "missing_key"),
    (PHQ, ("instruction",), DELETE, "", "missing_key"),
    (PHQ, ("items", "texts", 4), DELETE, "", "missing_key"),
    (PHQ, ("items", "texts", 4, "en"), DELETE, "items.texts.4", "missing_key"),
    (PHQ, ("items", "texts", 4, "zh-Hans"), DELETE, "", "missing_key"),
    (PHQ, ("items", "texts", 4), "worn out", "", "not_a_mapping"),
    (PHQ, ("items", "texts", 10), {"zh-Hans": "多"}, "", "no_such_item"),
    (PHQ, ("items", "texts", "x"), {"zh-Hans": "多"}, "", "not_an_integer"),
    (PHQ, ("items", "labels", 2, "fr"), "assez", "", "unknown_key"),
    (PHQ, ("title", "fr"), "peu", "", "unknown_key"),
    (PHQ, ("title",), "PHQ", "", "not_a_mapping"),
    (PHQ, ("title", "zh-Hans"), "", "", "not_a_string"),
    (PHQ, ("title", "en"), 9, "", "not_a_string"),
    # items
    (PHQ, ("items", "count"), 8, "items.texts.9", "no_such_item"),
    (PHQ, ("items", "count"), 0, "", "out_of_range"),
    (PHQ, ("items", "count"), -9, "", "out_of_range"),
    (PHQ, ("items", "count"), 10**6, "", "out_of_range"),
    (PHQ, ("items", "count"), 9.0, "", "not_an_integer"),
    (PHQ, ("items", "count"), True, "", "not_an_integer"),
    (PHQ, ("items", "count"), "nine", "", "not_an_integer"),
    (PHQ, ("items", "count"), "9" * 12, "", "not_an_integer"),
    (PHQ, ("items", "codes"), [0], "", "bad_codes"),
    (PHQ, ("items", "codes"), [3, 2, 1, 0], "", "bad_codes"),
    (PHQ, ("items", "codes"), [0, 1, 1, 2], "", "bad_codes"),
    (PHQ, ("items", "codes"), [0, 300], "", "bad_codes"),
    (PHQ, ("items", "codes"), [-1, 0, 1], "", "bad_codes"),
    (PHQ, ("items", "codes"), ["never", "often"], "items.codes[0]", "not_an_integer"),
    (PHQ, ("items", "codes"), [0, 0.5, 1], "items.codes[1]", "not_an_integer"),
    (PHQ, ("items", "codes"), {"0": 1}, "", "not_a_list"),
    (PHQ, ("items", "codes_of"), {2: [0]}, "items.codes_of.2", "bad_codes"),
    (PHQ, ("items", "codes_of"), {12: [0, 1]}, "items.codes_of.12", "no_such_item"),
    (PHQ, ("items", "labels_of"), {12: {0: {"zh-Hans": "无"}}}, "items.labels_of.12", "no_such_item"),
    (PHQ, ("items", "reversed"), [10], "", "no_such_item"),
    (PHQ, ("items", "reversed"), [0], "", "no_such_item"),
    (PHQ, ("items", "reversed"), ["first"], "items.reversed[0]", "not_an_integer"),
    (PHQ, ("items", "reversed"), ["5-2"], "items.reversed[0]", "empty_span"),
    (PHQ, ("items", "reversed"), 4, "", "not_a_list"),
    (PHQ, ("items", "asked_if"), {5: {"items": [1], "at_least": 1}}, "subscales.total.items[4]",
     "branched_item_summed"),
    ("asq", ("items", "asked_if", 5, "items"), [5], "items.asked_if.5", "gate_not_before"),
    ("asq", ("items", "asked_if", 5, "items"), [1, 9], "items.asked_if.5", "gate_not_before"),
    ("asq", ("items", "asked_if", 5, "at_least"), 3, "items.asked_if.5", "not_a_code"),
    ("asq", ("items", "asked_if", 5, "at_least"), DELETE, "", "missing_key"),
    ("asq", ("items", "asked_if", 7), {"items": [1], "at_least": 1}, "", "no_such_item"),
    # parts
    (PHQ, ("subscales", "total", "items"), ["1-8"], "subscales", "item_in_no_part"),
    (PHQ, ("subscales", "total", "items"), ["1-9", 4], "", "item_twice"),
    (PHQ, ("subscales", "total", "items"), ["1-10"], "", "no_such_item"),
    (PHQ, ("subscales", "total", "items"), ["9-1"], "subscales.total.items[0]", "empty_span"),
    (PHQ, ("subscales", "total", "items"), ["one"], "subscales.total.items[0]", "not_an_integer"),
    (PHQ, ("subscales", "total", "items"), [], "", "missing_key"),
    ("mht", ("subscales", "people", "items"), ["15-25"], "subscales", "item_in_two_parts"),
    ("mht", ("subscales", "people", "items"), ["17-25"], "subscales", "item_in_no_part"),
    ("mht", ("subscales", "total", "composite"), False, "subscales", "item_in_two_parts"),
    ("mht", ("subscales", "total", "of"), ["learning", "nobody"], "subscales.total.of[1]", "no_such_subscale"),
    ("mht", ("subscales", "learning", "of"), ["total"], "subscales.learning.of[0]", "no_such_subscale"),
    ("mht", ("subscales", "total", "of"), "learning", "", "not_a_list"),
    ("mht", ("subscales", "learning", "title", "en"), DELETE, "", "missing_key"),
    ("mht", ("subscales", "valid"), {}, "", "bad_id"),
    ("mht", ("subscales", "fear_band"), {}, "", "bad_id"),
    ("mht", ("subscales", "Fear"), {}, "", "bad_id"),
    ("mht", ("subscales",), {}, "", "missing_key"),
    ("mht", ("subscales",), ["learning"], "", "not_a_mapping"),
    # method
    (PHQ, ("subscales", "total", "method"), "median", "", "not_allowed"),
    (PHQ, ("subscales", "total", "method"), "steps", "subscales.total.steps", "missing_key"),
    (PHQ, ("subscales", "total", "steps"), [["1-9"]], "subscales.total.items", "missing_key"),
    (PHQ, ("subscales", "total", "multiply"), 0, "", "bad_factor"),
    (PHQ, ("subscales", "total", "multiply"), -2, "", "bad_factor"),
    (PHQ, ("subscales", "total", "multiply"), 1.23456, "", "bad_factor"),
    (PHQ, ("subscales", "total", "multiply"), float("nan"), "", "not_a_number"),
    (PHQ, ("subscales", "total", "multiply"), float("inf"), "", "not_a_number"),
    (PHQ, ("subscales", "total", "multiply"), "two", "", "not_a_number"),
    (PHQ, ("subscales", "total", "truncate"), "no", "", "not_a_boolean"),
    (PHQ, ("subscales", "total", "higher_means"), "sicker", "", "not_allowed"),
    (PHQ, ("subscales", "total", "missing_up_to"), "two", "", "not_an_integer"),
    ("scl-90", ("items", "reversed"), [5], "subscales.positive_items", "reversed_item_counted"),
    # bands
    (PHQ, (*STEP, 0, "from"), 2, "subscales.total.bands[0].steps[0]", "band_gap"),
    (PHQ, (*STEP, 2, "from"), 3, "subscales.total.bands[0].steps[2]", "bands_not_ascending"),
    (PHQ, (*STEP, 2, "from"), 5, "subscales.total.bands[0].steps[2]", "bands_not_ascending"),
    (PHQ, (*STEP, 4, "from"), 28, "subscales.total.bands[0].steps[4]", "unreachable"),
    (PHQ, (*STEP, 1, "from"), -3, "subscales.total.bands[0].steps[1]", "bands_not_ascending"),
    (PHQ, (*STEP, 1, "code"), "minimal", "subscales.total.bands[0]", "duplicate"),
    (PHQ, (*STEP, 1, "code"), "Mild", "", "bad_id"),
    (PHQ, (*STEP, 1, "above"), 5, "subscales.total.bands[0].steps[1]", "one_of"),
    (PHQ, (*STEP, 1, "from"), DELETE, "subscales.total.bands[0].steps[1]", "one_of"),
    (PHQ, (*STEP, 1, "from"), "five", "", "not_a_number"),
    (PHQ, (*STEP, 1, "from"), float("nan"), "", "not_a_number"),
    (PHQ, (*STEP, 1, "from"), 1e12, "", "not_a_number"),
    (PHQ, (*STEP, 1, "from"), True, "", "not_a_number"),
    (PHQ, (*STEP, 1, "to"), 9, "", "unknown_key"),
    (PHQ, (*STEP, 1, "confirmed"), "no", "", "not_a_boolean"),
    (PHQ, STEP, [], "", "missing_key"),
    (PHQ, STEP, {"minimal": 0}, "", "not_a_list"),
    (PHQ, ("subscales", "total", "bands", 0, "source"), "nobody", "subscales.total.bands[0]", "no_such_source"),
    (PHQ, ("subscales", "total", "bands", 0, "when"), {"sex": "other"}, "subscales.total.bands[0].when.sex",
     "not_allowed"),
    (PHQ, ("subscales", "total", "bands", 0, "when"), {"county": "x"}, "subscales.total.bands[0].when.county",
     "unknown_key"),
    ("mssmhs", (*STEP, 1, "from"), 120, "subscales.total.bands[0].steps[1]", "unreachable"),
    ("mht", (*STEP, 0, "above"), 0, "subscales.total.bands[0].steps[0]", "one_of"),
    ("mssmhs", ("subscales", "total", "bands"), [
        {"source": "wang-1997", "steps": [{"code": "any", "from": 0, "title": {"en": "a", "zh-Hans": "甲"}}]}] * 2,
     "subscales.total.bands[1]", "never_used"),
    # rules
    ("mht", ("validity", 0, "subscale"), "truth", "validity[0]", "no_such_subscale"),
    ("mht", ("validity", 0, "at_least"), 70, "validity[0]", "unreachable"),
    ("mht", ("validity", 0, "at_least"), 0, "validity[0]", "unreachable"),
    ("mht", ("validity", 0, "below"), 3, "validity[0]", "one_of"),
    ("mht", ("validity", 0, "at_least"), DELETE, "validity[0]", "one_of"),
    ("mht", ("validity", 0, "source"), "hearsay", "validity[0]", "no_such_source"),
    ("mht", ("flags", 0, "any_of"), [], "", "missing_key"),
    ("mht", ("flags", 0, "any_of", 0, "at_least"), 100, "flags[0].any_of[0]", "unreachable"),
    ("mht", ("flags", 0, "any_of", 0, "subscale"), "sadness", "flags[0].any_of[0]", "no_such_subscale"),
    ("mht", ("flags", 1, "id"), "individual_plan", "flags", "duplicate"),
    ("mht", ("flags", 1, "id"), "To guide", "", "bad_id"),
    ("mht", ("flags", 1, "when"), {"ages": {"to": "old"}}, "flags[1].when.ages.to", "not_an_integer"),
    # critical answers
    (PHQ, ("critical", 0, "item"), 10, "", "no_such_item"),
    (PHQ, ("critical", 0, "item"), 0, "", "no_such_item"),
    (PHQ, ("critical", 0, "item"), "nine", "", "not_an_integer"),
    (PHQ, ("critical", 0, "at_least"), 0, "", "not_a_code"),
    (PHQ, ("critical", 0, "at_least"), 4, "", "not_a_code"),
    (PHQ, ("critical", 0, "source"), "gut", "critical[0]", "no_such_source"),
    (PHQ, ("critical", 0, "assumption"), "true", "", "not_a_boolean"),
    (PHQ, ("critical",), [], "suicide_items", "not_critical"),
    (PHQ, ("critical", 0, "item"), 8, "suicide_items", "not_critical"),
    (PHQ, ("suicide_items",), [9, 3], "suicide_items", "not_critical"),
    ("mht", ("critical", 1, "item"), 85, "critical", "item_twice"),
    # missing answers, sources
    (PHQ, ("missing", "rule"), "zero", "", "not_allowed"),
    (PHQ, ("missing", "rule"), "prorate", "missing.up_to", "missing_key"),
    (PHQ, ("missing", "up_to"), 2, "", "unknown_key"),
    (PHQ, ("sources", 0, "kind"), "rumour", "", "not_allowed"),
    (PHQ, ("sources", 1, "id"), "kroenke-2001", "sources.kroenke-2001", "duplicate"),
    (PHQ, ("sources", 1, "id"), "somebody", "sources.somebody", "unused_source"),
    (PHQ, ("sources",), [], "licence", "no_such_source"),
    (PHQ, ("sources", 0, "citation"), "", "", "not_a_string"),
    # worked examples
    (PHQ, ("examples",), [], "", "too_few_examples"),
    (PHQ, ("examples", 1, "expect", "scores", "total"), 5, "examples[1].expect.scores.total", "example_differs"),
    (PHQ, ("examples", 1, "expect", "scores"), {"sum": 4}, "examples[1].expect.scores.sum", "example_differs"),
    (PHQ, ("examples", 1, "expect", "bands", "total"), "mild", "examples[1].expect.bands.total", "example_differs"),
    (PHQ, ("examples", 3, "expect", "critical"), [], "examples[3].expect.critical", "example_differs"),
    (PHQ, ("examples", 3, "expect", "flags"), DELETE, "examples[3].expect.flags", "example_differs"),
    (PHQ, ("examples", 3, "expect", "valid"), False, "examples[3].expect.valid", "example_differs"),
    (PHQ, ("examples", 6, "expect", "error"), "missing_answer:5", "examples[6].expect.error", "example_differs"),
    (PHQ, ("examples", 6, "expect", "error"), DELETE, "examples[6].expect", "missing_key"),
    (PHQ, ("examples", 0, "answers"), [0] * 8, "", "wrong_length"),
    (PHQ, ("examples", 0, "answers"), [0] * 10, "", "wrong_length"),
    (PHQ, ("examples", 0, "answers"), [0] * 8 + ["no"], "examples[0].answers[8]", "not_an_integer"),
    (PHQ, ("examples", 0, "answers"), {"fill": 0, "set": {12: 1}}, "examples[0].answers.set.12", "no_such_item"),
    (PHQ, ("examples", 0, "answers"), {"set": {1: 1}}, "examples[0].answers.fill", "missing_key"),
    (PHQ, ("examples", 0, "informant"), "parent", "", "not_allowed"),
    (PHQ, ("examples", 0, "arithmetic"), DELETE, "", "missing_key"),
    (PHQ, ("examples", 0, "expect", "total"), 0, "", "unknown_key"),
    (PHQ, ("examples", 0, "age"), "young", "", "not_an_integer"),
]  # fmt: skip

REQUIRED: list[tuple[str, tuple[Any, ...]]] = [
    *((PHQ, (key,)) for key in ("id", "version", "title", "licence", "wording", "items", "missing")),
    (PHQ, ("title", "zh-Hans")), (PHQ, ("title", "en")), (PHQ, ("licence", "status")), (PHQ, ("licence", "text")),
    (PHQ, ("licence", "source")), (PHQ, ("items", "count")), (PHQ, ("items", "source")), (PHQ, ("missing", "rule")),
    (PHQ, ("missing", "source")), (PHQ, ("offered", 0, "source")), (PHQ, ("subscales", "total", "title")),
    (PHQ, ("subscales", "total", "source")), (PHQ, ("subscales", "total", "bands", 0, "source")),
    (PHQ, (*STEP, 0, "code")), (PHQ, (*STEP, 0, "title")), (PHQ, ("critical", 0, "item")),
    (PHQ, ("critical", 0, "at_least")), (PHQ, ("critical", 0, "source")), (PHQ, ("flags", 0, "id")),
    (PHQ, ("flags", 0, "title")), (PHQ, ("flags", 0, "source")), (PHQ, ("flags", 0, "any_of", 0, "subscale")),
    (PHQ, ("sources", 0, "id")), (PHQ, ("sources", 0, "kind")), (PHQ, ("sources", 0, "citation")),
    (PHQ, ("examples", 0, "name")), (PHQ, ("examples", 0, "answers")), (PHQ, ("examples", 0, "expect")),
    ("mht", ("validity", 0, "id")), ("mht", ("validity", 0, "title")), ("mht", ("validity", 0, "source")),
    ("mht", ("validity", 0, "subscale")),
]  # fmt: skip

BLOCKS: list[tuple[str, tuple[Any, ...]]] = [
    (PHQ, ()), (PHQ, ("licence",)), (PHQ, ("items",)), (PHQ, ("missing",)), (PHQ, ("offered", 0)),
    (PHQ, ("subscales", "total")), (PHQ, ("subscales", "total", "bands", 0)), (PHQ, (*STEP, 0)),
    (PHQ, ("critical", 0)), (PHQ, ("flags", 0)), (PHQ, ("flags", 0, "when")), (PHQ, ("flags", 0, "any_of", 0)),
    (PHQ, ("sources", 0)), (PHQ, ("examples", 0)), (PHQ, ("examples", 0, "expect")), ("mht", ("validity", 0)),
    ("asq", ("items", "asked_if", 5)),
]  # fmt: skip


def broken_scale_files() -> Iterator[Broken]:
    """Every scale file with one thing wrong."""
    for name, body, place, code in TEXTS:
        yield Broken(f"text: {name}", "yaml", plain_yaml(PHQ), body, place, code)
    changes = [
        *CHANGES,
        *((scale_id, path, DELETE, "", "missing_key") for scale_id, path in REQUIRED),
        *((scale_id, (*path, "colour"), "red", "", "unknown_key") for scale_id, path in BLOCKS),
    ]
    for scale_id, path, value, place, code in changes:
        body = bent(scale_id, lambda data, path=path, value=value: put(data, path, value))
        told = "taken out" if value is DELETE else repr(value)[:60]
        yield Broken(f"{scale_id} {written(path)}: {told}", "yaml", plain_yaml(scale_id), body,
                     place or written(path), code)  # fmt: skip


# ---- FHIR files


def ext(data: Any, *names: str) -> Any:
    """Our extension of that name below another: the first."""
    for n, name in enumerate(names):
        url = f"urn:xinqiao:fhir:scale:{name}" if n == 0 else name
        data = next(each for each in data["extension"] if each["url"] == url)
    return data


def _drop(data: Any, *names: str) -> None:
    parent = ext(data, *names[:-1]) if len(names) > 1 else data
    parent["extension"].remove(ext(data, *names))


def _strip(data: Any) -> None:
    """Take our extensions away: then it is anybody's questionnaire."""
    del data["extension"]


def _say(entry: Any, **value: Any) -> None:
    """Let an extension say something else, of another type."""
    url = entry["url"]
    entry.clear()
    entry.update(url=url, **value)


FHIR_CHANGES: list[tuple[str, tuple[Any, ...], Any, str, str]] = [
    (PHQ, ("resourceType",), "Patient", "", "wrong_resource"),
    (PHQ, ("resourceType",), DELETE, "", "wrong_resource"),
    (PHQ, ("status",), DELETE, "", "missing_key"),
    (PHQ, ("status",), "published", "", "not_allowed"),
    (PHQ, ("status",), 1, "", "not_a_string"),
    (PHQ, ("id",), "phq 9", "", "not_allowed"),
    (PHQ, ("id",), "x" * 65, "", "not_allowed"),
    (PHQ, ("id",), "PHQ", "", "bad_id"),
    (PHQ, ("version",), DELETE, "", "missing_key"),
    (PHQ, ("version",), "", "", "not_a_string"),
    (PHQ, ("version",), "v" * 30, "", "too_long"),
    (PHQ, ("title",), DELETE, "", "missing_key"),
    (PHQ, ("title",), "a\x01b", "", "control_character"),
    (PHQ, ("_title",), "x", "", "not_a_mapping"),
    (PHQ, ("_titel",), {"extension": []}, "", "unknown_key"),
    (PHQ, ("url",), "two words", "", "not_allowed"),
    (PHQ, ("language",), ["zh"], "", "not_a_string"),
    (PHQ, ("experimental",), "no", "", "not_a_boolean"),
    (PHQ, ("subjectType",), "Patient", "", "not_a_list"),
    (PHQ, ("subjectType",), [], "", "empty_list"),
    (PHQ, ("colour",), "red", "", "unknown_key"),
    (PHQ, ("extension",), {}, "", "not_a_list"),
    (PHQ, ("extension", 0, "url"), DELETE, "", "missing_key"),
    (PHQ, ("extension", 0, "valueString"), DELETE, "extension[0]", "one_of"),
    (PHQ, ("extension", 0, "valueBoolean"), True, "extension[0]", "one_of"),
    (PHQ, ("extension", 0, "valueText"), "x", "", "unknown_key"),
    (PHQ, ("extension", 0, "valueString"), "0" * 64, "extension[0]", "fingerprint_differs"),
    (PHQ, ("extension", 0, "url"), "urn:xinqiao:fhir:scale:colour", "", "unknown_key"),
    (PHQ, ("item",), DELETE, "items.count", "missing_key"),
    (PHQ, ("item",), [], "", "empty_list"),
    (PHQ, ("item",), {}, "", "not_a_list"),
    (PHQ, ("item", 1), "question", "", "not_a_mapping"),
    (PHQ, ("item", 1, "linkId"), DELETE, "", "missing_key"),
    (PHQ, ("item", 1, "linkId"), 1, "", "not_a_string"),
    (PHQ, ("item", 1, "linkId"), "2", "item[2].linkId", "duplicate"),
    (PHQ, ("item", 1, "linkId"), "first", "", "not_in_order"),
    (PHQ, ("item", 1, "type"), DELETE, "", "missing_key"),
    (PHQ, ("item", 1, "type"), "likert", "", "not_allowed"),
    (PHQ, ("item", 1, "type"), "boolean", "item[1].answerOption", "not_allowed"),
    (PHQ, ("item", 1, "type"), "group", "item[1].item", "missing_key"),
    (PHQ, ("item", 1, "answerOption"), DELETE, "item[1]", "no_coded_answers"),
    (PHQ, ("item", 1, "answerOption"), [], "", "empty_list"),
    (PHQ, ("item", 1, "answerOption", 0, "valueCoding"), DELETE, "item[1].answerOption[0]", "missing_key"),
    (PHQ, ("item", 1, "answerOption", 0, "valueString"), "x", "item[1].answerOption[0]", "one_of"),
    (PHQ, ("item", 1, "answerOption", 0, "extension"), DELETE, "item[1].answerOption[0]", "missing_key"),
    (PHQ, ("item", 1, "answerOption", 0, "valueCoding", "code"), "1", "item[1].answerOption[1]", "duplicate"),
    (PHQ, ("item", 1, "answerOption", 0, "extension", 0, "valueDecimal"), 2, "item[1].answerOption", "worth_differs"),
    (PHQ, ("item", 1, "answerOption", 0, "extension", 0, "valueDecimal"), "0", "", "not_a_number"),
    (PHQ, ("item", 1, "answerOption", 0, "extension", 0, "valueDecimal"), 1e20, "", "not_a_number"),
    (PHQ, ("item", 1, "answerValueSet"), "http://x/vs", "item[1]", "one_of"),
    (PHQ, ("item", 1, "required"), "true", "", "not_a_boolean"),
    (PHQ, ("item", 1, "maxLength"), 10**12, "", "not_an_integer"),
    (PHQ, ("item", 1, "text"), "", "", "not_a_string"),
    (PHQ, ("item", 0, "required"), True, "item[0].type", "not_allowed"),
    (PHQ, ("item", 1, "extension"), [{"url": "urn:xinqiao:fhir:scale:reversed", "valueBoolean": True}],
     "item[1].answerOption", "worth_differs"),
    ("ces-dc", ("item", 4, "extension"), DELETE, "item[4].answerOption", "worth_differs"),
    ("asq", ("item", 5, "enableWhen", 0, "question"), "17", "", "no_such_item"),
    ("asq", ("item", 5, "enableWhen", 0, "question"), "5", "", "no_such_item"),
    ("asq", ("item", 5, "enableWhen", 0, "operator"), "like", "", "not_allowed"),
    ("asq", ("item", 5, "enableWhen", 0, "operator"), "exists", "item[5].enableWhen[0]", "missing_key"),
    ("asq", ("item", 5, "enableWhen", 0, "operator"), "!=", "item[5].enableWhen[0]", "condition_too_rich"),
    ("asq", ("item", 5, "enableWhen", 0, "answerCoding"), DELETE, "item[5].enableWhen[0]", "missing_key"),
    ("asq", ("item", 5, "enableWhen", 0, "answerCoding", "code"), "0", "item[5].enableWhen", "condition_too_rich"),
    ("asq", ("item", 5, "enableBehavior"), DELETE, "", "missing_key"),
    ("asq", ("item", 5, "enableBehavior"), "all", "item[5].enableWhen", "condition_too_rich"),
    ("asq", ("item", 5, "enableBehavior"), "some", "", "not_allowed"),
]  # fmt: skip

FHIR_ACTS: list[tuple[str, str, Callable[[Any], None], str, str]] = [
    ("no licence", PHQ, lambda d: _drop(d, "licence"), "licence", "missing_key"),
    ("no rule for missing answers", PHQ, lambda d: _drop(d, "missing"), "missing", "missing_key"),
    ("no subscales", PHQ, lambda d: _drop(d, "subscales"), "subscales", "missing_key"),
    ("nobody it is offered to", PHQ, lambda d: _drop(d, "offered"), "offered", "missing_key"),
    ("no source of the items", PHQ, lambda d: _drop(d, "items_source"), "items.source", "missing_key"),
    ("subscale without a name", PHQ, lambda d: _drop(d, "subscales", "id"), "extension[9]", "missing_key"),
    ("subscale without a title", PHQ, lambda d: _drop(d, "subscales", "title"), "subscales.total.title", "missing_key"),
    ("critical without an item", PHQ, lambda d: _drop(d, "critical", "item"), "critical[0].item", "missing_key"),
    ("critical answer left out", PHQ, lambda d: _drop(d, "critical"), "suicide_items", "not_critical"),
    ("subscale twice", PHQ, lambda d: d["extension"].append(ext(d, "subscales")), "", "duplicate"),
    ("licence twice", PHQ, lambda d: d["extension"].append(ext(d, "licence")), "", "duplicate"),
    ("item of a part as text", PHQ, lambda d: _say(ext(d, "subscales", "items"), valueString="1"), "",
     "not_an_integer"),
    ("method as number", PHQ, lambda d: _say(ext(d, "subscales", "method"), valueInteger=1), "", "not_a_string"),
    ("part without its first item", PHQ, lambda d: _drop(d, "subscales", "items"), "subscales", "item_in_no_part"),
    ("example's answers not numbers", PHQ, lambda d: _say(ext(d, "examples", "answers"), valueString="0,x"), "",
     "not_an_integer"),
    ("example's answers too few", PHQ, lambda d: _say(ext(d, "examples", "answers"), valueString="0,1"),
     "examples[0].answers", "wrong_length"),
    ("licence as a word", PHQ, lambda d: _say(ext(d, "licence"), valueString="free"), "", "not_a_mapping"),
    ("threshold as a word", PHQ, lambda d: _say(ext(d, "flags", "any_of", "at_least"), valueString="11"), "",
     "not_a_number"),
    ("confirmed as a word", "mht", lambda d: ext(d, "subscales")["extension"].append(
        {"url": "truncate", "valueString": "no"}), "", "not_a_boolean"),
    ("foreign, an answer without a number", PHQ, lambda d: [
        _strip(d), d["item"][1]["answerOption"][0].pop("extension"),
        d["item"][1]["answerOption"][0]["valueCoding"].update(code="never")], "item[1].answerOption[0]", "no_number"),
    ("foreign, worth neither code nor turned", PHQ, lambda d: [
        _strip(d), d["item"][1]["answerOption"][3]["extension"][0].update(valueDecimal=7)],
     "item[1].answerOption", "worth_not_code"),
    ("unknown word inside a subscale", PHQ, lambda d: ext(d, "subscales")["extension"].append(
        {"url": "colour", "valueString": "red"}), "", "unknown_key"),
]  # fmt: skip

FHIR_TEXTS: list[tuple[str, bytes, str, str]] = [
    ("empty", b"", "line 1, column 1", "unreadable_json"),
    ("a list", b"[]", "file", "not_a_mapping"),
    ("a word", b'"phq"', "file", "not_a_mapping"),
    ("comma too many", b'{"resourceType": "Questionnaire",}', "line 1, column 34", "unreadable_json"),
    ("not closed", b'{"resourceType": "Questionnaire"', "line 1, column 33", "unreadable_json"),
    ("comment", b'{\n// x\n"resourceType": "Questionnaire"}', "line 2, column 1", "unreadable_json"),
    ("single quotes", b"{'resourceType': 'Questionnaire'}", "line 1, column 2", "unreadable_json"),
    ("XML", b'<Questionnaire xmlns="http://hl7.org/fhir"/>', "line 1, column 1", "unreadable_json"),
    ("NaN", b'{"resourceType": "Questionnaire", "x": NaN}', "file", "unreadable_json"),
    ("endless", b'{"resourceType": "Questionnaire", "x": -Infinity}', "file", "unreadable_json"),
    ("GB18030", '{"title": "量表"}'.encode("gb18030"), "line 1", "unreadable_json"),
    ("UTF-16", '{"title": "量表"}'.encode("utf-16"), "line 1", "unreadable_json"),
    ("raw line break in a text", b'{"title": "a\nb"}', "line 1, column 13", "unreadable_json"),
    ("entry twice", b'{"resourceType": "Questionnaire", "status": "draft", "status": "active"}', "status", "duplicate"),
    ("entry twice inside", b'{"item": [{"linkId": "1", "linkId": "2"}]}', "item[0].linkId", "duplicate"),
    ("nested without end", b'{"item": ' + b"[" * 500 + b"]" * 500 + b"}", "line 1", "too_deep"),
    ("too large", b'{"title": "' + b"x" * 1_000_001 + b'"}', "file", "unreadable_json"),
    ("five thousand digits", b'{"x": ' + b"9" * 5000 + b"}", "file", "unreadable_json"),
]  # fmt: skip


def broken_fhir_files() -> Iterator[Broken]:
    """Every Questionnaire with one thing wrong."""
    for name, body, place, code in FHIR_TEXTS:
        yield Broken(f"fhir text: {name}", "fhir", fhir_json(PHQ), body, place, code)
    acts = [
        *((f"{written(path)}: {'taken out' if value is DELETE else repr(value)[:60]}", scale_id,
           lambda data, path=path, value=value: put(data, path, value), place or written(path), code)
          for scale_id, path, value, place, code in FHIR_CHANGES),
        *FHIR_ACTS,
    ]  # fmt: skip
    for name, scale_id, act, place, code in acts:
        data = json.loads(fhir_json(scale_id))
        act(data)
        body = json.dumps(data, ensure_ascii=False).encode()
        yield Broken(f"fhir {scale_id} {name}", "fhir", fhir_json(scale_id), body, place, code)


def every_broken_file() -> list[Broken]:
    return [*broken_scale_files(), *broken_fhir_files()]
