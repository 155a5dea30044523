"""What pupils' pages may send, typed; anything else is refused with a code, never repaired."""

import re
import unicodedata
from typing import Annotated, Any, Literal, TypeVar

import msgspec

Key = Annotated[str, msgspec.Meta(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+\Z")]
ScaleId = Annotated[str, msgspec.Meta(min_length=1, max_length=24)]
Answer = Annotated[int, msgspec.Meta(ge=0, le=254)]
Deciseconds = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
Typed = Annotated[str, msgspec.Meta(max_length=64)]
Body = TypeVar("Body")
LONGEST_NOTE = 1_000  # characters that a guardian or class teacher may add in their own words

LONGEST_LETTER = 3_000  # characters of a letter, or of words written on to one
LONGEST_PLACE = 80  # characters that say where a pupil is, or who a classmate is

MAX_BYTES = {
    "/s/enter": 1_024, "/s/enter-form": 1_024, "/s/critical": 1_024, "/s/talk": 512, "/s/submit": 65_536,
    "/s/call": 8_192, "/s/week": 8_192, "/s/write": 20_480, "/s/thread": 20_480, "/s/hours": 8_192,
}  # fmt: skip


class BadBody(ValueError):
    """The body cannot be read; `detail` says where, in the words of the decoder, without its content."""


class EnterBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /s/enter."""

    class_code: Typed
    number: Typed
    pin: Typed


class FormBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /s/enter-form: the code of a guardian's or a class teacher's form."""

    code: Typed


class CriticalBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /s/critical; `answer` is null when the tick was taken back."""

    scale: ScaleId
    item: Annotated[int, msgspec.Meta(ge=1, le=1_000)]
    answer: Answer | None
    key: Key


class TalkBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /s/talk."""

    key: Key


class SubmitBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /s/submit; null is a question left unanswered, `seconds` are tenths of a second an item; `adapted` names the
    scales whose questions were chosen by adapting: there null is a question that was not asked, too."""

    key: Key
    answers: Annotated[dict[ScaleId, list[Answer | None]], msgspec.Meta(min_length=1, max_length=20)]
    seconds: Annotated[dict[ScaleId, list[Deciseconds]], msgspec.Meta(max_length=20)] = {}
    device: Annotated[str, msgspec.Meta(max_length=8)] = ""
    note: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE)] = ""
    adapted: Annotated[list[ScaleId], msgspec.Meta(max_length=20)] = []


class HelpBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /s/call: a pupil calls for someone; who it is and what is said come in one."""

    class_code: Typed
    number: Typed
    pin: Typed
    key: Key
    about: Literal["self", "friend"]
    soon: Literal["now", "today", "week"]
    is_hurt: bool = False
    where: Annotated[str, msgspec.Meta(max_length=LONGEST_PLACE)] = ""
    words: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE)] = ""


class WorryBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a committee member noticed about one classmate, and who that is: a number, a name, or words."""

    kinds: Annotated[
        list[Literal["alone", "low", "bullied", "home", "absent", "hurt"]], msgspec.Meta(min_length=1, max_length=6)
    ]
    number: Typed = ""
    who: Annotated[str, msgspec.Meta(max_length=LONGEST_PLACE)] = ""
    words: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE)] = ""


class ReportBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the class was this week."""

    mood: Literal["good", "usual", "low"]
    quarrels: Literal["none", "some", "many"]
    load: Literal["easy", "usual", "heavy"]
    worry: WorryBody | None = None


class WeekBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /s/week: a committee member comes in (without a report), or hands one in."""

    class_code: Typed
    number: Typed
    pin: Typed
    key: Key
    report: ReportBody | None = None


class LetterBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /s/write: a letter; who it is goes with it, and is sealed where the pupil does not sign."""

    class_code: Typed
    number: Typed
    pin: Typed
    key: Key
    words: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_LETTER)]
    is_signed: bool
    is_urgent: bool = False


class ThreadBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /s/thread: somebody with the code of a letter reads it, writes on, or says that it does not wait."""

    code: Typed
    key: Key
    words: Annotated[str, msgspec.Meta(max_length=LONGEST_LETTER)] = ""
    is_urgent: bool = False


class HoursBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /s/hours: a pupil sees the free hours and the own bookings; with `book` or `cancel` also changes them.

    With `wait` the pupil goes on the waiting list, or changes the wish there (`weekdays` as digits, `parts` as codes
    with blanks between); with `leave` the pupil comes off it.
    """

    class_code: Typed
    number: Typed
    pin: Typed
    key: Key
    book: Annotated[str, msgspec.Meta(max_length=36)] = ""
    cancel: Annotated[str, msgspec.Meta(max_length=36)] = ""
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""
    wait: bool = False
    leave: bool = False
    weekdays: Annotated[str, msgspec.Meta(max_length=7)] = ""
    parts: Annotated[str, msgspec.Meta(max_length=40)] = ""


_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(kind)
    for kind in (
        EnterBody,
        FormBody,
        CriticalBody,
        TalkBody,
        SubmitBody,
        HelpBody,
        WeekBody,
        LetterBody,
        ThreadBody,
        HoursBody,
    )
}
# In the decoder's messages: what was sent, between quotes or backticks; its own words (types, paths, our names) stay.
_SENT = re.compile(r"'[^']*'|\"[^\"]*\"|`(?![A-Za-z_|. ]{1,24}`|\$)[^`]*`")


def read_body(kind: type[Body], raw: bytes) -> Body:
    """Decode a body; raise BadBody naming the place."""
    try:
        body: Body = _decoders[kind].decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadBody(_SENT.sub("…", str(error))[:200]) from error
    return body


def tidied(typed: str) -> str:
    """Return what was typed at the door: full-width forms folded, blanks removed, upper case."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).upper()
