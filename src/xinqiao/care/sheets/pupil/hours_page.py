"""Renders the page on which a pupil books an hour with the counsellor. Pure: no Django, no clock."""

from collections.abc import Iterable, Mapping
from string import Template
from typing import Any, Final

from xinqiao.care.sheets.pupil.hours_strings import HOURS_WORDS
from xinqiao.care.sheets.pupil.page import DEFAULT_HOTLINES, shown_hotline
from xinqiao.care.sheets.pupil.strings import WORDS
from xinqiao.care.sheets.pupil.voice_pages import Words, group, option, spans, voice_page, who_fields
from xinqiao.care.sheets.pupil.voice_strings import VOICE_WORDS

_HOURS: Final[Words] = {**WORDS, **VOICE_WORDS, **HOURS_WORDS}
_KEYS: Final = (
    "hours_title", "hours_lead", "hours_enter", "hours_own", "hours_free", "hours_reason", "hours_sees", "hours_send",
    "hours_wait_send", "hours_wait_leave", "hours_wait_lead", "wipe_note", "leave",
)  # fmt: skip


def render_hours(hotlines: Iterable[Mapping[str, Any]] = DEFAULT_HOTLINES) -> bytes:
    """The page on which a pupil books an hour with the counsellor; what is free stands there once it is known who."""
    shown = [shown_hotline(hotline, f"hotlines[{index}]") for index, hotline in enumerate(hotlines)]
    days = [option(_HOURS, "wait_day", day, "checkbox") for day in "12345"]
    parts = [option(_HOURS, "wait_part", part, "checkbox") for part in ("morning", "afternoon", "after_school")]
    body = _HOURS_BODY.substitute(
        **spans(_HOURS, _KEYS), who=who_fields(_HOURS), days=group(_HOURS, "wait_days", days),
        parts=group(_HOURS, "wait_parts", parts),
    )  # fmt: skip
    return voice_page(body, shown, "hours.js", _HOURS)


_HOURS_BODY: Final = Template("""<section class="sheet door">
<h1>$hours_title</h1>
<form id="entry" novalidate autocomplete="off">
<p class="lead">$hours_lead</p>
$who
<p class="notice" id="entry_message" role="alert" hidden></p>
<button type="submit" class="main-button" id="enter" disabled>$hours_enter</button>
</form>
<div id="hours" hidden>
<p class="notice" id="said" role="status" hidden></p>
<div id="own_part" hidden><h2>$hours_own</h2><div id="own_list"></div></div>
<p class="notice" id="voice_message" role="alert" hidden></p>
<form id="voice" novalidate autocomplete="off">
<fieldset class="question"><legend class="question-text">$hours_free</legend>
<div class="options" id="free_list"></div></fieldset>
<div id="book_part">
<div class="field"><label for="own_words">$hours_reason</label>
<textarea id="own_words" rows="3" maxlength="500" autocomplete="off"></textarea></div>
<p class="help">$hours_sees</p>
<button type="submit" class="main-button" id="send" disabled>$hours_send</button></div>
</form>
<details id="wait_part" class="wait"><summary id="wait_title"></summary>
<form id="wait_form" novalidate autocomplete="off">
<p class="help" id="wait_since" hidden></p>
<p class="help">$hours_wait_lead</p>
$days
$parts
<p class="notice" id="wait_message" role="alert" hidden></p>
<button type="submit" class="main-button" id="wait_send" disabled>$hours_wait_send</button>
<button type="button" class="link-button" id="wait_leave" hidden>$hours_wait_leave</button>
</form></details>
</div>
<p class="note">$wipe_note</p>
<button type="button" class="link-button" id="leave">$leave</button>
</section>""")
