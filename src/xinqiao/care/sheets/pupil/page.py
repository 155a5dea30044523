"""Renders the pupil's door and papers to bytes, each named by its content. Pure: no Django, no clock.

A paper page is public and immutable: it holds questions, hotlines and words, never a pupil, a score or a scoring key.
A scale asked by adapting brings the table it is asked with: how its questions lie on the trait, and the line to decide.
"""

import hashlib
import html
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Any, Final

from xinqiao.care.sheets.pupil.hours_strings import HOURS_WORDS
from xinqiao.care.sheets.pupil.letter_strings import LETTER_WORDS
from xinqiao.care.sheets.pupil.strings import EN, FORM_WORDS, HOTLINE_PURPOSE, HOTLINE_SHORT, LANGUAGES, WORDS, ZH
from xinqiao.care.sheets.pupil.voice_strings import WEEK_WORDS

STATIC_FOLDER: Final = Path(__file__).with_name("static")
CONTENT_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
HASH_CHARACTERS: Final = 32  # 128 bits of SHA-256: an address, not a signature
HIGHEST_CODE: Final = 254  # one byte an answer, 255 is kept for "not answered"

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

REQUIRED_HOTLINES: Final = ("12356", "12355", "110", "120")
DEFAULT_HOTLINES: Final[tuple[Mapping[str, Any], ...]] = tuple(
    {"number": number, "name": HOTLINE_SHORT[number]} for number in REQUIRED_HOTLINES
)


class PaperFault(ValueError):
    """A paper that cannot be shown to pupils; `place` is where in the mapping, `code` what is wrong."""

    def __init__(self, place: str, code: str) -> None:
        super().__init__(f"{place}: {code}")
        self.place = place
        self.code = code


@dataclass(frozen=True)
class StaticFile:
    """One file of the pupil's pages, ready to be sent."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class StaticBundle:
    """All css and js under one hash, so that modules importing each other always come from the same edition."""

    hash: str
    files: Mapping[str, StaticFile]

    def address(self, name: str) -> str:
        return f"/s/static/{self.hash}/{name}"


def content_hash(content: bytes) -> str:
    """32 hexadecimal characters of SHA-256: the address of an immutable page or bundle."""
    return hashlib.sha256(content).hexdigest()[:HASH_CHARACTERS]


@cache
def static_bundle() -> StaticBundle:
    """The css and js beside this module, read once in the life of the process."""
    files = {
        path.name: StaticFile(path.name, CONTENT_TYPES[path.suffix], path.read_bytes())
        for path in sorted(STATIC_FOLDER.iterdir())
        if path.suffix in CONTENT_TYPES
    }
    joined = b"".join(name.encode() + b"\0" + file.content + b"\0" for name, file in files.items())
    return StaticBundle(content_hash(joined), files)


def page_headers(*, is_immutable: bool) -> dict[str, str]:
    """Headers of every HTML answer under /s/; an immutable one may be kept for a year, the door for ten minutes.

    The door holds nobody's data, and a kept door still shows the hotlines while the network is away.
    """
    return {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": CONTENT_SECURITY_POLICY,
        "cache-control": "public, max-age=31536000, immutable" if is_immutable else "public, max-age=600",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
    }


def render_paper(paper: Mapping[str, Any]) -> bytes:
    """The page of one battery. The same mapping gives the same bytes; `content_hash` of them is its address.

    Only the fields a pupil may see are copied into the page; anything else in `paper` is left out.
    Raises PaperFault where the mapping cannot be shown (no hotline, no question, a text without Chinese, a bad code).
    """
    shown = _shown_paper(paper)
    title = html.escape(shown["title"][ZH])
    data = data_script(shown)
    words = {**WORDS, **FORM_WORDS} if "informant" in shown else WORDS
    return rendered_page(title=title, body=_PAPER_BODY, data=data, hotlines=shown["hotlines"], script="paper.js",
                         kind="paper", words=words)  # fmt: skip


def render_door(hotlines: Iterable[Mapping[str, Any]] = DEFAULT_HOTLINES, *, class_code: str = "") -> bytes:
    """The page where a pupil signs in; without `class_code` the script takes it from the address /s/CLASSCODE."""
    fields = _DOOR_BODY.substitute(class_code_value=html.escape(class_code, quote=True), **_door_words())
    shown = [shown_hotline(hotline, f"hotlines[{index}]") for index, hotline in enumerate(hotlines)]
    data = data_script({"hotlines": shown})
    return rendered_page(
        title=WORDS["brand"][ZH], body=fields, data=data, hotlines=shown, script="door.js", kind="door"
    )


def render_form_door(hotlines: Iterable[Mapping[str, Any]] = DEFAULT_HOTLINES) -> bytes:
    """The page where a guardian enters a form's code; the script takes it from behind the # of the address, which no
    server is told."""
    words = {**WORDS, **FORM_WORDS}
    fields = _FORM_DOOR_BODY.substitute({key: span(words[key]) for key in _FORM_DOOR_KEYS})
    shown = [shown_hotline(hotline, f"hotlines[{index}]") for index, hotline in enumerate(hotlines)]
    data = data_script({"hotlines": shown})
    return rendered_page(title=WORDS["brand"][ZH], body=fields, data=data, hotlines=shown, script="form.js",
                         kind="door", words=words)  # fmt: skip


# What a pupil may see of a paper, and what makes one unfit to be shown.


def _shown_paper(paper: Mapping[str, Any]) -> dict[str, Any]:
    hotlines = [shown_hotline(hotline, f"hotlines[{i}]") for i, hotline in enumerate(paper.get("hotlines") or ())]
    missing = [number for number in REQUIRED_HOTLINES if number not in {hotline["number"] for hotline in hotlines}]
    if missing:
        raise PaperFault("hotlines", f"missing_{missing[0]}")
    scales = [_shown_scale(scale, f"scales[{i}]") for i, scale in enumerate(paper.get("scales") or ())]
    if not scales:
        raise PaperFault("scales", "empty")
    if len({scale["id"] for scale in scales}) != len(scales):
        raise PaperFault("scales", "same_id_twice")
    shown: dict[str, Any] = {"title": _text(paper.get("title"), "title"), "hotlines": hotlines, "scales": scales}
    for field in ("intro", "purpose", "who_sees"):
        if paper.get(field):
            shown[field] = _text(paper[field], field)
    if paper.get("informant"):
        shown["informant"] = str(paper["informant"])
    return shown


def shown_hotline(hotline: Mapping[str, Any], place: str) -> dict[str, Any]:
    number = str(hotline.get("number") or "")
    if not number.replace("-", "").isdigit():
        raise PaperFault(f"{place}.number", "not_a_number")
    shown: dict[str, Any] = {"number": number, "name": _text(hotline.get("name"), f"{place}.name")}
    shown["short"] = dict(HOTLINE_SHORT.get(number, shown["name"]))
    if hotline.get("when"):
        shown["purpose"] = _text(hotline["when"], f"{place}.when")
    else:
        shown["purpose"] = dict(HOTLINE_PURPOSE.get(number, shown["name"]))
    return shown


def _shown_scale(scale: Mapping[str, Any], place: str) -> dict[str, Any]:
    items = [_shown_item(item, f"{place}.items[{i}]") for i, item in enumerate(scale.get("items") or ())]
    if not items:
        raise PaperFault(f"{place}.items", "empty")
    numbers = {item["n"] for item in items}
    if len(numbers) != len(items):
        raise PaperFault(f"{place}.items", "same_number_twice")
    for index, item in enumerate(items):
        if not set(item.get("show_if", {}).get("any_of", ())) <= numbers - {item["n"]}:
            raise PaperFault(f"{place}.items[{index}].show_if", "unknown_item")
    shown: dict[str, Any] = {"id": str(scale["id"]), "items": items, "title": _text(scale.get("title"), place)}
    if scale.get("instructions"):
        shown["instructions"] = _text(scale["instructions"], f"{place}.instructions")
    if scale.get("asking"):
        shown["asking"] = _shown_asking(scale["asking"], items, f"{place}.asking")
    return shown


_ASKING: Final = (
    "quanta", "prior", "items", "always", "cut", "low_side", "lead", "fewest", "most", "missed_at_most",
    "false_at_most", "language", "usual",
)  # fmt: skip
_ASKING_PRECISE: Final = ("precision", "grid")  # both or neither: where the estimate must be precise too


def _shown_asking(asking: Mapping[str, Any], items: Sequence[Mapping[str, Any]], place: str) -> dict[str, Any]:
    """What the page chooses questions with; every question must be reachable, with the codes that it offers."""
    codes = {item["n"]: {option["code"] for option in item["options"]} for item in items}
    known = {item["n"]: set(item["codes"]) for item in asking["items"]}
    if set(codes) != set(known) | set(asking["always"]) or any(codes[n] != known[n] for n in known):
        raise PaperFault(place, "not_these_items")
    precise = _ASKING_PRECISE if _ASKING_PRECISE[0] in asking else ()
    return {name: asking[name] for name in (*_ASKING, *precise)}


def _shown_item(item: Mapping[str, Any], place: str) -> dict[str, Any]:
    options = [
        {"code": option["code"], "label": _text(option.get("label"), f"{place}.options[{i}].label")}
        for i, option in enumerate(item.get("options") or ())
    ]
    codes = [option["code"] for option in options]
    if len(options) < 2 or len(set(codes)) != len(codes):
        raise PaperFault(f"{place}.options", "too_few_or_same_code_twice")
    if not all(isinstance(code, int) and 0 <= code <= HIGHEST_CODE for code in codes):
        raise PaperFault(f"{place}.options", "code_out_of_range")
    critical = list(item.get("critical") or ())
    if not set(critical) <= set(codes):
        raise PaperFault(f"{place}.critical", "unknown_code")
    shown: dict[str, Any] = {"n": int(item["n"]), "text": _text(item.get("text"), f"{place}.text"), "options": options}
    if critical:
        shown["critical"] = critical
    if item.get("show_if"):
        rule = item["show_if"]
        shown["show_if"] = {"any_of": [int(n) for n in rule["any_of"]], "code": int(rule["code"])}
    return shown


def _text(value: Any, place: str) -> dict[str, str]:
    """Both languages; a bare string counts as Chinese. Chinese must be there, English may be missing."""
    texts = {ZH: value} if isinstance(value, str) else dict(value or {})
    if not str(texts.get(ZH) or "").strip():
        raise PaperFault(place, "no_chinese")
    return {language: str(texts[language]) for language in LANGUAGES if texts.get(language)}


# HTML. Every text stands in the page in Chinese and carries its English beside it for the language switch.


def _json_for_script(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def data_script(value: Any) -> str:
    """What the page's script reads."""
    return f'<script type="application/json" id="paper">{_json_for_script(value)}</script>'


def _texts(text: Mapping[str, str]) -> str:
    zh = html.escape(text[ZH], quote=True)
    en = html.escape(text.get(EN) or text[ZH], quote=True)
    return f'data-zh="{zh}" data-en="{en}"'


def span(text: Mapping[str, str], css_class: str = "") -> str:
    wanted_class = f' class="{css_class}"' if css_class else ""
    return f"<span{wanted_class} {_texts(text)}>{html.escape(text[ZH])}</span>"


def _door_words() -> dict[str, str]:
    return {key: span(WORDS[key]) for key in _DOOR_KEYS} | {
        "help_link": span(WORDS["help_link"]), "week_link": span(WEEK_WORDS["week_link"]),
        "letter_link": span(LETTER_WORDS["letter_link"]),
        "hours_link": span(HOURS_WORDS["hours_link"]),
    }  # fmt: skip


def _hotline_bar(hotlines: Sequence[Mapping[str, Any]]) -> str:
    return "".join(
        f'<li><a class="hotline" href="tel:{html.escape(hotline["number"], quote=True)}">'
        f'<strong class="hotline-number">{html.escape(hotline["number"])}</strong>'
        f"{span(hotline['short'], 'hotline-short')}{span(hotline['purpose'], 'hotline-purpose')}</a></li>"
        for hotline in hotlines
    )


def rendered_page(
    *, title: str, body: str, data: str, hotlines: Sequence[Mapping[str, Any]], script: str, kind: str,
    words: Mapping[str, Mapping[str, str]] = WORDS,
) -> bytes:  # fmt: skip
    bundle = static_bundle()
    label = words["hotlines"]
    filled = _SHELL.substitute(
        kind=kind,
        title=title,
        css=bundle.address("pupil.css"),
        script=bundle.address(script),
        body=body,
        data=data,
        words=_json_for_script(words),
        brand=span(WORDS["brand"]),
        skip=span(WORDS["skip_link"]),
        language=span(WORDS["language"]),
        talk=span(words["talk"]),
        noscript=f"{html.escape(WORDS['noscript'][ZH])}<br>{html.escape(WORDS['noscript'][EN])}",
        hotlines_zh=html.escape(label[ZH], quote=True),
        hotlines_en=html.escape(label[EN], quote=True),
        hotlines=_hotline_bar(hotlines),
    )
    return filled.encode()


_DOOR_KEYS: Final = (
    "door_title",
    "door_lead",
    "class_code",
    "class_code_help",
    "number",
    "number_help",
    "pin",
    "pin_help",
    "pin_show",
    "letters",
    "enter",
    "door_note",
    "turn_start",
)

_FORM_DOOR_KEYS: Final = ("door_title", "door_lead", "pin", "pin_help", "enter", "door_note")

_SHELL: Final = Template("""<!doctype html>
<html lang="zh-Hans" data-page="$kind">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="format-detection" content="telephone=no">
<meta name="theme-color" content="#f6f1e7">
<title>$title</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="$css">
<script type="module" src="$script"></script>
</head>
<body>
<a class="skip-link" href="#main">$skip</a>
<header class="top">
<div class="top-inner">
<span class="brand"><svg class="brand-mark" viewBox="0 0 40 24" width="40" height="24"
 aria-hidden="true" focusable="false">
<path d="M2 19h36" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"/>
<path d="M5 19c3-9 8-13 15-13s12 4 15 13" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"/>
<path d="M12.5 19v-9M20 19V6M27.5 19v-9" fill="none" stroke="currentColor" stroke-width="1.6" opacity=".55"/>
</svg>$brand</span>
<span class="top-actions">
<button type="button" class="quiet-button" id="language">$language</button>
<button type="button" class="talk-button" id="talk">$talk</button>
</span>
</div>
</header>
<main id="main" tabindex="-1">$body</main>
<noscript><p class="notice noscript">$noscript</p></noscript>
<div id="announcer" class="unseen" role="status" aria-live="polite"></div>
<nav class="hotlines" aria-label="$hotlines_zh" data-label-zh="$hotlines_zh" data-label-en="$hotlines_en">
<ul>$hotlines</ul>
</nav>
<script type="application/json" id="words">$words</script>
$data
</body>
</html>
""")

_PAPER_BODY: Final = '<div class="waiting" aria-hidden="true"></div>'

_DOOR_BODY: Final = Template("""<section class="sheet door">
<h1>$door_title</h1>
<div class="turn" id="turn" hidden></div>
<p class="lead">$door_lead</p>
<form id="door" novalidate autocomplete="off">
<div class="field"><label for="class_code">$class_code</label>
<input id="class_code" value="$class_code_value" maxlength="24" autocomplete="off" autocapitalize="characters"
 autocorrect="off" spellcheck="false" inputmode="text" enterkeyhint="next" aria-describedby="class_code_help">
<p class="help" id="class_code_help">$class_code_help</p></div>
<div class="field"><label for="number">$number</label>
<input id="number" maxlength="24" autocomplete="off" autocapitalize="characters" autocorrect="off"
 spellcheck="false" inputmode="numeric" enterkeyhint="next" aria-describedby="number_help">
<p class="help" id="number_help">$number_help</p></div>
<div class="field"><label for="pin">$pin</label>
<div class="with-button"><input id="pin" class="is-masked" maxlength="24" autocomplete="off" autocapitalize="characters"
 autocorrect="off" spellcheck="false" inputmode="numeric" enterkeyhint="go" aria-describedby="pin_help">
<button type="button" class="quiet-button" id="pin_toggle" aria-pressed="false"
 aria-controls="pin">$pin_show</button></div>
<p class="help" id="pin_help">$pin_help</p></div>
<p class="notice" id="door_message" role="alert" hidden></p>
<button type="submit" class="main-button" id="enter">$enter</button>
<button type="button" class="link-button" id="letters" aria-pressed="false">$letters</button>
</form>
<p class="note">$door_note</p>
<button type="button" class="link-button" id="turn_start">$turn_start</button>
<nav class="other-doors"><a class="link-button is-warm" href="/s/help" data-carry>$help_link</a>
<a class="link-button" href="/s/letter" data-carry>$letter_link</a>
<a class="link-button" href="/s/book" data-carry>$hours_link</a>
<a class="link-button" href="/s/class" data-carry>$week_link</a></nav>
</section>""")

_FORM_DOOR_BODY: Final = Template("""<section class="sheet door">
<h1>$door_title</h1>
<p class="lead">$door_lead</p>
<form id="door" novalidate autocomplete="off">
<div class="field"><label for="pin">$pin</label>
<input id="pin" maxlength="24" autocomplete="off" autocapitalize="characters" autocorrect="off" spellcheck="false"
 inputmode="text" enterkeyhint="go" aria-describedby="pin_help">
<p class="help" id="pin_help">$pin_help</p></div>
<p class="notice" id="door_message" role="alert" hidden></p>
<button type="submit" class="main-button" id="enter">$enter</button>
</form>
<p class="note">$door_note</p>
</section>""")
