"""Renders the page on which a pupil writes a letter, and comes back for the answer. Pure: no Django, no clock."""

from collections.abc import Iterable, Mapping
from string import Template
from typing import Any, Final

from xinqiao.care.sheets.pupil.letter_strings import LETTER_WORDS
from xinqiao.care.sheets.pupil.page import DEFAULT_HOTLINES, shown_hotline
from xinqiao.care.sheets.pupil.strings import WORDS
from xinqiao.care.sheets.pupil.voice_pages import TYPED, Words, call_cards, choices, spans, voice_page, who_fields
from xinqiao.care.sheets.pupil.voice_strings import VOICE_WORDS

_LETTER: Final[Words] = {**WORDS, **VOICE_WORDS, **LETTER_WORDS}
_KEYS: Final = (
    "letter_title", "letter_lead", "letter_know_title", "letter_know_1", "letter_know_2", "letter_know_3",
    "letter_know_4", "letter_words", "letter_urgent", "letter_urgent_note", "letter_keep", "letter_send",
    "letter_code_field", "letter_open", "letter_more", "letter_more_send", "letter_thread", "letter_wipe", "leave",
)  # fmt: skip


def render_letter(hotlines: Iterable[Mapping[str, Any]] = DEFAULT_HOTLINES) -> bytes:
    """The page of letters: the help lines first, then who can learn the name, then the letter; or the code."""
    shown = [shown_hotline(hotline, f"hotlines[{index}]") for index, hotline in enumerate(hotlines)]
    body = _BODY.substitute(
        **spans(_LETTER, _KEYS),
        calls=call_cards(shown),
        mode=choices(_LETTER, "letter_mode", ("new", "code")),
        sign=choices(_LETTER, "letter_sign", ("no", "yes")),
        who=who_fields(_LETTER),
    )
    return voice_page(body, shown, "letter.js", _LETTER)


_TICK: Final = Template("""<label class="option is-box"><input type="checkbox" id="$id" autocomplete="off">
<span class="option-mark"></span><span class="option-text">$$$words</span></label>""")
_BODY: Final = Template(f"""<section class="sheet door">
<h1>$letter_title</h1>
<p class="lead">$letter_lead</p>
$calls
<div id="mode">$mode</div>
<form id="voice" novalidate autocomplete="off" hidden>
<div class="know"><h2>$letter_know_title</h2>
<ul><li>$letter_know_1</li><li>$letter_know_2</li><li>$letter_know_3</li><li>$letter_know_4</li></ul></div>
$sign
<div class="field"><label for="letter_words">$letter_words</label>
<textarea id="letter_words" rows="9" maxlength="3000" autocomplete="off"></textarea></div>
{_TICK.substitute(id="is_urgent", words="letter_urgent")}
<p class="help">$letter_urgent_note</p>
{_TICK.substitute(id="is_own_device", words="letter_keep")}
$who
<p class="notice" id="voice_message" role="alert" hidden></p>
<button type="submit" class="main-button" id="send" disabled>$letter_send</button>
</form>
<form id="coded" novalidate autocomplete="off" hidden>
<div class="field"><label for="letter_code">$letter_code_field</label>
<input id="letter_code" maxlength="24" {TYPED}></div>
<p class="notice" id="coded_message" role="alert" hidden></p>
<button type="submit" class="main-button" id="open" disabled>$letter_open</button>
</form>
<form id="more" novalidate autocomplete="off" hidden>
<h2>$letter_thread</h2>
<div id="said"></div>
<div class="field"><label for="more_words">$letter_more</label>
<textarea id="more_words" rows="5" maxlength="3000" autocomplete="off"></textarea></div>
{_TICK.substitute(id="more_urgent", words="letter_urgent")}
<p class="help">$letter_urgent_note</p>
<p class="notice" id="more_message" role="alert" hidden></p>
<button type="submit" class="main-button" id="more_send" disabled>$letter_more_send</button>
</form>
<p class="note">$letter_wipe</p>
<button type="button" class="link-button" id="leave">$leave</button>
</section>""")
