"""The pupil's pages as bytes: what stands in them, what must not, and how they are named."""

import ast
import html.parser
import json
import re
from pathlib import Path
from typing import Any

import pytest

from xinqiao.care.sheets.pupil import page, strings
from xinqiao.care.sheets.tests.sample_paper import sample_paper

CHINESE = re.compile(r"[\u4e00-\u9fff]")
JS_FILES = sorted(page.STATIC_FOLDER.glob("*.js"))
CSS_FILES = sorted(page.STATIC_FOLDER.glob("*.css"))

# What Chrome 80 (early 2020) does not know, and what the content security policy refuses.
TOO_NEW_OR_FORBIDDEN = {
    "optional chaining": r"\?\.[\w\[(]",
    "nullish coalescing": r"\?\?",
    "catch without a name": r"catch\s*\{",
    "private field": r"this\.#|^\s+#\w",
    "replaceAll": r"\.replaceAll\(",
    "replaceChildren": r"\.replaceChildren\(",
    "array at": r"\.at\(-?\d",
    "randomUUID (secure context)": r"randomUUID",
    "crypto.subtle (secure context)": r"\.subtle\b",
    "service worker (secure context)": r"serviceWorker",
    "markup from text": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write",
    "code from text": r"\beval\(|new Function",
    "inline style": r"\.style\b|cssText",
    "another host": r"https?://",
}


class Skeleton(html.parser.HTMLParser):
    """Elements, attributes and texts of a page, and the contents of its data blocks."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: dict[str, str] = {}
        self.text = ""
        self._block: str | None = None
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._block = dict(attrs).get("id") if tag == "script" else None

    def handle_data(self, data: str) -> None:
        if self._block:
            self.blocks[self._block] = self.blocks.get(self._block, "") + data
        else:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._block = None


@pytest.fixture
def paper() -> dict[str, Any]:
    return sample_paper()


def inline_code(content: bytes) -> list[str]:
    found = []
    for tag, attributes in Skeleton(content).elements:
        found += [name for name in attributes if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and not (attributes.get("src") or "json" in attributes.get("type", ""))):
            found.append(tag)
    return found


def test_same_paper_gives_same_bytes_and_a_changed_one_another_name(paper):
    first = page.content_hash(page.render_paper(paper))
    assert page.content_hash(page.render_paper(sample_paper())) == first
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    paper["scales"][0]["items"][0]["text"]["zh-hans"] += "。"
    assert page.content_hash(page.render_paper(paper)) != first


def test_only_what_a_pupil_may_see_is_in_the_page(paper):
    assert "secret-scoring-key" in json.dumps(paper)
    content = page.render_paper(paper)
    assert b"secret-scoring-key" not in content
    shown = json.loads(Skeleton(content).blocks["paper"])
    assert [len(scale["items"]) for scale in shown["scales"]] == [9, 7]
    assert shown["scales"][0]["items"][8]["critical"] == [1, 2, 3]
    assert shown["scales"][1]["items"][5]["show_if"] == {"any_of": [5], "code": 1}


def test_texts_cannot_break_out_of_the_page(paper):
    nasty = "</script><img src=x onerror=alert(1)>&\"'"
    paper["title"]["zh-hans"] = nasty
    paper["scales"][0]["items"][0]["text"]["zh-hans"] = nasty
    paper["hotlines"][0]["name"]["zh-hans"] = nasty
    skeleton = Skeleton(page.render_paper(paper))
    assert "img" not in {tag for tag, _ in skeleton.elements}
    shown = json.loads(skeleton.blocks["paper"])
    assert shown["scales"][0]["items"][0]["text"]["zh-hans"] == nasty
    assert Skeleton(f"<p>{nasty}".encode()).elements[1][0] == "img"  # the parser does see a break-out


@pytest.mark.parametrize("kind", ["paper", "door"])
def test_hotlines_stand_in_the_html_itself_with_their_purpose(kind, paper):
    content = page.render_paper(paper) if kind == "paper" else page.render_door()
    skeleton = Skeleton(content)
    calls = [attributes["href"] for tag, attributes in skeleton.elements if tag == "a" and "tel:" in attributes["href"]]
    assert calls == ["tel:12356", "tel:12355", "tel:110", "tel:120"]
    for number in page.REQUIRED_HOTLINES:
        assert strings.HOTLINE_PURPOSE[number]["zh-hans"] in skeleton.text


@pytest.mark.parametrize("kind", ["paper", "door"])
def test_no_inline_code_and_no_other_host(kind, paper):
    content = page.render_paper(paper) if kind == "paper" else page.render_door(class_code='A"7')
    assert inline_code(content) == []
    assert not re.search(rb"(?:https?:)?//[a-z]", content)
    assert inline_code(content.replace(b"<main", b"<main style='color:red' onclick='x()'")) == ["style", "onclick"]


def _without_hotline(paper):
    paper["hotlines"] = paper["hotlines"][1:]


def _without_items(paper):
    paper["scales"][1]["items"] = []


def _same_scale_twice(paper):
    paper["scales"][1]["id"] = paper["scales"][0]["id"]


def _same_number_twice(paper):
    paper["scales"][0]["items"][1]["n"] = 1


def _code_too_big(paper):
    paper["scales"][0]["items"][0]["options"][0]["code"] = 255


def _unknown_critical(paper):
    paper["scales"][0]["items"][0]["critical"] = [9]


def _unknown_condition(paper):
    paper["scales"][1]["items"][5]["show_if"] = {"any_of": [99], "code": 1}


def _without_chinese(paper):
    paper["scales"][0]["items"][2]["text"] = {"en": "only English"}


@pytest.mark.parametrize(
    ("spoil", "place", "code"),
    [
        (_without_hotline, "hotlines", "missing_12356"),
        (_without_items, "scales[1].items", "empty"),
        (_same_scale_twice, "scales", "same_id_twice"),
        (_same_number_twice, "scales[0].items", "same_number_twice"),
        (_code_too_big, "scales[0].items[0].options", "code_out_of_range"),
        (_unknown_critical, "scales[0].items[0].critical", "unknown_code"),
        (_unknown_condition, "scales[1].items[5].show_if", "unknown_item"),
        (_without_chinese, "scales[0].items[2].text", "no_chinese"),
    ],
)
def test_a_paper_unfit_for_pupils_is_refused_with_its_place(paper, spoil, place, code):
    page.render_paper(paper)
    spoil(paper)
    with pytest.raises(page.PaperFault) as fault:
        page.render_paper(paper)
    assert (fault.value.place, fault.value.code) == (place, code)


def test_every_word_is_there_in_both_languages_with_the_same_gaps():
    for key, text in strings.WORDS.items():
        assert set(text) == {"zh-hans", "en"}, key
        assert all(words.strip() for words in text.values()), key
        gaps = [sorted(re.findall(r"\{(\w+)\}", text[language])) for language in ("zh-hans", "en")]
        assert gaps[0] == gaps[1], key
        assert key == "language" or CHINESE.search(text["zh-hans"]), key


def _words_asked_for() -> tuple[set[str], set[str]]:
    source = "\n".join(path.read_text(encoding="utf-8") for path in JS_FILES)
    source += Path(page.__file__).read_text(encoding="utf-8")
    whole = set(re.findall(r"\"([a-z]+(?:_[a-z]+)*)\"", source)) | set(re.findall(r"\$([a-z_]+)", source))
    return whole, set(re.findall(r"\"([a-z]+_)\" \+", source)) | {"changed_", "refused_", "enter_"}


def test_no_word_is_missing_and_none_is_idle():
    own_words = {"help.js", "week.js", "hours.js", "letter.js", "voice.js"}  # test_voice_pages.py
    source = "\n".join(path.read_text(encoding="utf-8") for path in JS_FILES if path.name not in own_words)
    said = set(re.findall(r"say\(\"(\w+)\"", source)) | set(re.findall(r"button\(\"[\w-]+\", \"(\w+)\"", source))
    assert len(said) > 40
    of_forms = set(strings.FORM_WORDS) - set(strings.WORDS)  # said only where others answer about a pupil
    assert of_forms <= said
    assert {key for key in said if not key.endswith("_")} - set(strings.WORDS) == of_forms
    whole, beginnings = _words_asked_for()
    idle = {key for key in strings.WORDS if key not in whole and not key.startswith(tuple(beginnings))}
    assert idle == set()


@pytest.mark.parametrize("path", JS_FILES, ids=lambda path: path.name)
def test_scripts_run_on_old_lab_computers(path):
    source = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
    found = {name for name, pattern in TOO_NEW_OR_FORBIDDEN.items() if re.search(pattern, source, re.MULTILINE)}
    assert found == set()
    assert not CHINESE.search(source)
    assert len(source.splitlines()) <= 400


def test_the_list_of_forbidden_things_finds_them():
    planted = "a?.b; a ?? b; try {} catch {} crypto.subtle; x.innerHTML = y; x.style.top = 0; fetch('http://x')"
    found = {name for name, pattern in TOO_NEW_OR_FORBIDDEN.items() if re.search(pattern, planted)}
    assert len(found) == 7


@pytest.mark.parametrize("path", CSS_FILES, ids=lambda path: path.name)
def test_styles_load_nothing_and_know_only_old_properties(path):
    source = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"url\(|@import|:is\(|:where\(|\binset:|aspect-ratio|\bdvh\b|(?<![\w-])gap:", source)


def test_bundle_hash_follows_its_files_and_scripts_import_only_each_other():
    bundle = page.static_bundle()
    assert bundle.address("paper.js") == f"/s/static/{bundle.hash}/paper.js"
    for path in JS_FILES:
        for imported in re.findall(r'from "(.+?)"', path.read_text(encoding="utf-8")):
            assert imported.startswith("./")
            assert imported[2:] in bundle.files


def test_headers_forbid_everything_that_is_not_ours():
    for is_immutable in (True, False):
        policy = page.page_headers(is_immutable=is_immutable)["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    assert "immutable" in page.page_headers(is_immutable=True)["cache-control"]
    assert "immutable" not in page.page_headers(is_immutable=False)["cache-control"]


def test_the_pages_need_no_django():
    for name in ("page.py", "strings.py"):
        tree = ast.parse(Path(page.__file__).with_name(name).read_text(encoding="utf-8"))
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert not [module for module in imported if module.startswith(("django", "time", "datetime"))]
        assert "html" in imported or name == "strings.py"
