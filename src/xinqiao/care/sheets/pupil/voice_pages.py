"""Renders the pages on which pupils say something of their own accord. Pure: no Django, no clock."""

import html
from collections.abc import Iterable, Mapping, Sequence
from string import Template
from typing import Any, Final

from xinqiao.care.sheets.pupil.page import DEFAULT_HOTLINES, data_script, rendered_page, shown_hotline, span
from xinqiao.care.sheets.pupil.strings import WORDS, ZH
from xinqiao.care.sheets.pupil.voice_strings import HELP_WORDS, VOICE_WORDS, WEEK_WORDS

Words = Mapping[str, Mapping[str, str]]
_HELP: Final[Words] = {**WORDS, **VOICE_WORDS, **HELP_WORDS}
_WEEK: Final[Words] = {**WORDS, **VOICE_WORDS, **WEEK_WORDS}


def render_help(hotlines: Iterable[Mapping[str, Any]] = DEFAULT_HOTLINES) -> bytes:
    """The page on which a pupil calls for someone: the help lines first, then what the school should know."""
    shown = [shown_hotline(hotline, f"hotlines[{index}]") for index, hotline in enumerate(hotlines)]
    body = _HELP_BODY.substitute(
        **spans(_HELP, ("help_title", "help_calls", "help_lead", "is_hurt", "where", "where_help", "words",
                         "words_help", "who_sees", "help_send", "wipe_note", "leave")),
        calls=call_cards(shown),
        about=choices(_HELP, "about", ("self", "friend")),
        soon=choices(_HELP, "soon", ("now", "today", "week")),
        who=who_fields(_HELP),
    )  # fmt: skip
    return voice_page(body, shown, "help.js", _HELP)


def render_week(hotlines: Iterable[Mapping[str, Any]] = DEFAULT_HOTLINES) -> bytes:
    """The page on which a committee member says how the class was; it names no classmate by itself."""
    shown = [shown_hotline(hotline, f"hotlines[{index}]") for index, hotline in enumerate(hotlines)]
    kinds = ("alone", "low", "bullied", "home", "absent", "hurt")
    body = _WEEK_BODY.substitute(
        **spans(_WEEK, ("week_title", "week_lead", "week_enter", "hurt_now", "mate_number", "who_help", "week_words",
                         "week_sees", "week_send", "wipe_note", "leave")),
        mate=span(_WEEK["who"]),
        mood=choices(_WEEK, "mood", ("good", "usual", "low")),
        quarrels=choices(_WEEK, "quarrels", ("none", "some", "many")),
        load=choices(_WEEK, "load", ("easy", "usual", "heavy")),
        worry=choices(_WEEK, "worry", ("no", "yes")),
        kinds=group(_WEEK, "kinds", [option(_WEEK, "kind", kind, "checkbox") for kind in kinds]),
        who=who_fields(_WEEK),
    )  # fmt: skip
    return voice_page(body, shown, "week.js", _WEEK)


def voice_page(body: str, hotlines: Sequence[Mapping[str, Any]], script: str, words: Words) -> bytes:
    """Return a page around `body` with the script that drives it."""
    data = data_script({"hotlines": hotlines})
    return rendered_page(title=WORDS["brand"][ZH], body=body, data=data, hotlines=hotlines, script=script, kind="door",
                         words=words)  # fmt: skip


def spans(words: Words, keys: Iterable[str]) -> dict[str, str]:
    """Return texts in both languages, ready for a template, by their keys."""
    return {key: span(words[key]) for key in keys}


def choices(words: Words, name: str, codes: Sequence[str]) -> str:
    """Return one question with its options, of which one can be chosen."""
    return group(words, name, [option(words, name, code, "radio") for code in codes])


def group(words: Words, name: str, options: Sequence[str]) -> str:
    """Return one question around its options."""
    return (
        f'<fieldset class="question" data-name="{name}"><legend class="question-text">{span(words[name])}</legend>'
        f'<div class="options">{"".join(options)}</div></fieldset>'
    )


def option(words: Words, name: str, code: str, kind: str) -> str:
    """Return one option; `kind` is "radio" or "checkbox", its words stand under `{name}_{code}`."""
    return (
        f'<label class="option"><input type="{kind}" name="{name}" value="{code}" autocomplete="off">'
        f'<span class="option-mark"></span>{span(words[f"{name}_{code}"], "option-text")}</label>'
    )


def who_fields(words: Words) -> str:
    """Return the three fields that say who somebody is."""
    shown = spans(words, ("who_title", "who_text", "class_code", "class_code_help", "number", "pin", "pin_help"))
    return _WHO.substitute(**shown)


def call_cards(hotlines: Sequence[Mapping[str, Any]]) -> str:
    """Return the help lines as cards that call when they are touched."""
    cards = (
        f'<li><a href="tel:{html.escape(hotline["number"], quote=True)}"><strong>{html.escape(hotline["number"])}'
        f"</strong>{span(hotline['name'], 'call-name')}{span(hotline['purpose'], 'call-purpose')}</a></li>"
        for hotline in hotlines
    )
    return f'<ul class="call-list">{"".join(cards)}</ul>'


TYPED: Final = 'autocomplete="off" autocapitalize="characters" autocorrect="off" spellcheck="false"'
_WHO: Final = Template(f"""<div class="who" id="who"><h2>$who_title</h2><p class="help">$who_text</p>
<div class="field"><label for="class_code">$class_code</label>
<input id="class_code" maxlength="24" {TYPED} aria-describedby="class_code_help">
<p class="help" id="class_code_help">$class_code_help</p></div>
<div class="field"><label for="number">$number</label><input id="number" maxlength="24" {TYPED}></div>
<div class="field"><label for="pin">$pin</label>
<input id="pin" class="is-masked" maxlength="24" {TYPED} aria-describedby="pin_help">
<p class="help" id="pin_help">$pin_help</p></div></div>""")

_HELP_BODY: Final = Template("""<section class="sheet door">
<h1>$help_title</h1>
<p class="lead">$help_calls</p>
$calls
<p class="lead">$help_lead</p>
<form id="voice" novalidate autocomplete="off">
$about
$soon
<label class="option is-box"><input type="checkbox" id="is_hurt" autocomplete="off"><span class="option-mark"></span>
<span class="option-text">$is_hurt</span></label>
<div class="field"><label for="where">$where</label>
<input id="where" maxlength="80" autocomplete="off" aria-describedby="where_help">
<p class="help" id="where_help">$where_help</p></div>
<div class="field"><label for="own_words">$words</label>
<textarea id="own_words" rows="4" maxlength="1000" autocomplete="off" aria-describedby="words_help"></textarea>
<p class="help" id="words_help">$words_help</p></div>
$who
<p class="help">$who_sees</p>
<p class="notice" id="voice_message" role="alert" hidden></p>
<button type="submit" class="main-button" id="send" disabled>$help_send</button>
</form>
<p class="note">$wipe_note</p>
<button type="button" class="link-button" id="leave">$leave</button>
</section>""")

_WEEK_BODY: Final = Template("""<section class="sheet door">
<h1>$week_title</h1>
<form id="entry" novalidate autocomplete="off">
<p class="lead">$week_lead</p>
$who
<p class="notice" id="entry_message" role="alert" hidden></p>
<button type="submit" class="main-button" id="enter" disabled>$week_enter</button>
</form>
<form id="voice" novalidate autocomplete="off" hidden>
<p class="lead" id="week_dates"></p>
$mood
$quarrels
$load
$worry
<div id="mate" hidden>
$kinds
<p class="notice" id="hurt_now" role="status" hidden>$hurt_now</p>
<div class="field"><label for="mate_who">$mate</label>
<input id="mate_who" maxlength="80" autocomplete="off" aria-describedby="mate_help">
<p class="help" id="mate_help">$who_help</p></div>
<div class="field"><label for="mate_number">$mate_number</label>
<input id="mate_number" maxlength="24" autocomplete="off" inputmode="numeric"></div>
<div class="field"><label for="mate_words">$week_words</label>
<textarea id="mate_words" rows="4" maxlength="1000" autocomplete="off"></textarea></div>
</div>
<p class="help">$week_sees</p>
<p class="notice" id="voice_message" role="alert" hidden></p>
<button type="submit" class="main-button" id="send" disabled>$week_send</button>
</form>
<p class="note">$wipe_note</p>
<button type="button" class="link-button" id="leave">$leave</button>
</section>""")
