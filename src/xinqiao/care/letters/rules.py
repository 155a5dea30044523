"""What a letter to guardians may not say, and why one cannot be released. Pure: plain facts in, codes out.

A letter carries no score, no level and no diagnosis (domain paper, "rules with teeth", 1 and 2). The lists of words
are pack data; the forms in which a score hides are here.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

LONGEST = 900  # characters: with its frame a letter is one printed page, so that no letter is thicker than another
MOST_PARAGRAPHS = 12
SHORTEST = 10
# What is left out before words are looked for: blanks, separators and signs set between characters to hide a word.
_GAPS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff·•\-_.,，。、*~|/\\]+")
_LATIN = re.compile(r"[a-z0-9]")
_SCORES = (
    re.compile(r"\d+(?:\.\d+)?\s*分(?!钟|之|享|别|开|班|机|会|组|院|校|局|行|部)"),
    re.compile(r"[零〇一二两三四五六七八九十百]{2,}分(?!钟|之|享|别|开|班|机|会|组|院|校|局|行|部)"),
    re.compile(r"\d+(?:\.\d+)?\s*/\s*\d+"),
    re.compile(r"\d+(?:\.\d+)?\s*(?:%|％|percent\b|points?\b|out of\b)", re.IGNORECASE),
    re.compile(r"(?:\bscore|\bscored|\bscores)\b", re.IGNORECASE),
    re.compile(r"百分之[零〇一二两三四五六七八九十百\d]+"),
)
_HARMLESS_NUMBERS = re.compile(
    r"\d{1,2}[:：]\d{2}"  # a time of day
    r"|(?:\d[ ()（）-]*){7,}"  # a telephone number
    r"|\d+\s*(?:年级|年|月|日|号|点|时|小时|分钟|天|周|岁|楼|室|班|届|学期|元)"
    r"|(?:第|星期|周|grade|class|room|week)\s*\d+"
    r"|\d+\s*(?:a\.?m|p\.?m|minutes?|hours?|days?|weeks?|years?)\b",
    re.IGNORECASE,
)


# What a template leaves to be filled in.
_UNFILLED = re.compile(r"[(](?:按|写|write)[^()]*[)]", re.IGNORECASE)


@dataclass(frozen=True)
class Forbidden:
    """What is looked for: words by kind, and numbers that anyone may be told (help lines)."""

    scale: tuple[str, ...]
    level: tuple[str, ...]
    diagnosis: tuple[str, ...]
    doubtful: tuple[str, ...]
    told_numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """Something in a text that should not be there. `code`: scale, level, diagnosis, score, name, unfilled, doubtful,
    number, long, lines, short; `found` is the spot as it was written. `is_refusal` says that no confirmation helps."""

    code: str
    found: str = ""
    is_refusal: bool = True


@dataclass(frozen=True)
class WhyNot:
    """Why something cannot be done: a code, and a number where one belongs to it."""

    code: str
    count: int = 0


def findings_in(text: str, forbidden: Forbidden, names: Collection[str] = ()) -> list[Finding]:
    """Return what a text says that a letter may not say, refusals first; `names` are pupils who may not be named."""
    plain = unicodedata.normalize("NFKC", text)
    found = _of_length(plain.strip())
    for code in ("scale", "level", "diagnosis"):
        found += [Finding(code, word) for word in _words_in(plain, getattr(forbidden, code))]
    found += [Finding("score", spot) for spot in _scores_in(plain)]
    found += [Finding("unfilled", spot) for spot in _UNFILLED.findall(plain)]
    found += [Finding("name", name) for name in names if len(name) > 1 and name in _squeezed(plain)]
    found += [Finding("doubtful", word, is_refusal=False) for word in _words_in(plain, forbidden.doubtful)]
    scores = " ".join(each.found for each in found if each.code == "score")
    numbers = [spot for spot in _numbers_in(plain, forbidden.told_numbers) if spot not in scores]
    return [*found, *(Finding("number", spot, is_refusal=False) for spot in numbers)]


def _of_length(text: str) -> list[Finding]:
    if len(text) > LONGEST:
        return [Finding("long", str(len(text)))]
    paragraphs = sum(bool(line.strip()) for line in text.splitlines())
    if paragraphs > MOST_PARAGRAPHS:
        return [Finding("lines", str(paragraphs))]
    return [Finding("short")] if len(text) < SHORTEST else []


def _squeezed(text: str) -> str:
    return _GAPS.sub("", text).casefold()


def _words_in(text: str, words: Iterable[str]) -> list[str]:
    """Latin words are whole words; Chinese ones are found wherever, also with gaps set into them."""
    squeezed, folded = _squeezed(text), text.casefold()
    found = []
    for word in words:
        folded_word = word.casefold()
        if _LATIN.match(folded_word):
            pattern = r"[\W_]*".join(re.escape(part) for part in re.split(r"[\s-]+", folded_word))
            is_there = re.search(rf"(?<![a-z]){pattern}(?![a-z])", folded) is not None
        else:
            is_there = _squeezed(word) in squeezed
        if is_there:
            found.append(word)
    return [word for word in found if not any(word != other and word.casefold() in other.casefold() for other in found)]


def _scores_in(text: str) -> list[str]:
    return list(dict.fromkeys(hit.group().strip() for pattern in _SCORES for hit in pattern.finditer(text)))


def _numbers_in(text: str, told: Sequence[str]) -> list[str]:
    rest = _HARMLESS_NUMBERS.sub(" ", text)
    return list(dict.fromkeys(spot for spot in re.findall(r"\d+(?:\.\d+)?", rest) if spot not in told))


def refusals(found: Iterable[Finding]) -> list[Finding]:
    """Return those that no confirmation helps against."""
    return [each for each in found if each.is_refusal]


def doubts(found: Iterable[Finding]) -> list[Finding]:
    """Return those that whoever releases has to confirm."""
    return [each for each in found if not each.is_refusal]


def refusals_to_write_own(campaign_state: str, letter_state: str, *, is_red: bool) -> list[WhyNot]:
    """Return why no own words can be written for a pupil: who is at red is called, not written to."""
    if campaign_state != "closed":
        return [WhyNot("not_ended")]
    if is_red:
        return [WhyNot("call_instead")]
    return [] if letter_state in ("draft", "read") else [WhyNot("already_released")]


def refusals_to_confirm(shown: bytes, now: bytes) -> list[WhyNot]:
    """Return why a reading does not count: what was shown is not what stands there now."""
    return [] if shown == now else [WhyNot("changed_meanwhile")]


@dataclass(frozen=True)
class ReleaseFacts:
    """What is known when letters of a class are to be released: how many, whether the words for everybody were read
    by this person as they stand, and how many own words were not; those whom somebody has to call first."""

    letters: int
    is_shared_needed: bool
    is_shared_read: bool
    own_unread: int
    own_of_red: int
    red: int
    is_calling_confirmed: bool
    refused: int = 0
    doubtful: int = 0
    are_doubts_confirmed: bool = False


def refusals_to_release(campaign_state: str, facts: ReleaseFacts) -> list[WhyNot]:
    """Return why the letters of a class cannot be released. They go together or not at all: one that came later, or
    did not come, would tell whom something was found with."""
    if campaign_state != "closed":
        return [WhyNot("not_ended")]
    if not facts.letters:
        return [WhyNot("nothing_to_release")]
    why = []
    if facts.is_shared_needed and not facts.is_shared_read:
        why.append(WhyNot("shared_unread"))
    if facts.own_unread:
        why.append(WhyNot("own_unread", facts.own_unread))
    if facts.own_of_red:
        why.append(WhyNot("own_of_red", facts.own_of_red))
    if facts.refused:
        why.append(WhyNot("forbidden_words", facts.refused))
    if facts.doubtful and not facts.are_doubts_confirmed:
        why.append(WhyNot("doubts", facts.doubtful))
    if facts.red and not facts.is_calling_confirmed:
        why.append(WhyNot("call_first", facts.red))
    return why
