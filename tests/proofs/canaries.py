"""Canaries: values that occur nowhere else, and every form in which they could lie somewhere."""

import base64
import json
from collections.abc import Iterable, Mapping

# Rare characters of several blocks (also beyond the first plane), so that a find is never a coincidence.
WORDS: Mapping[str, str] = {
    "pupil": "𠮷鱻龘·犇骉",
    "guardian": "㛃㜀䶮𬱖",
    "staff": "歘燚𬭎垚",
    "note": "夜里𡿨听见𰻞字形怪声",
    "number": "G471198201203047Q81",
    "phone": "19947119803",
}
ANSWERS = bytes((3, 1, 4, 1, 0, 2, 2, 4, 3, 0, 1, 4, 2, 0, 3, 3, 1, 2, 4, 0, 2, 1, 3, 4, 0, 0, 2, 1, 4, 3))
# Encodings that spreadsheets, browsers and logs of Chinese offices produce.
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


def forms_of(plain: bytes) -> set[bytes]:
    """Return a value as raw bytes, as hexadecimal, and as base64 at each of its three alignments."""
    found = {plain, plain.hex().encode(), plain.hex().upper().encode()}
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + plain)
        start = 0 if shift == 0 else 4
        body = encoded[start : len(encoded) - 4]
        found |= {body, body.replace(b"+", b"-").replace(b"/", b"_")}
    return found


def patterns() -> dict[bytes, str]:
    """Return every form of every canary, with the canary's name."""
    found: dict[bytes, str] = {}
    for name, word in WORDS.items():
        encoded = {word.encode(encoding) for encoding in ENCODINGS} | {json.dumps(word).strip('"').encode()}
        found |= {form: name for plain in encoded for form in forms_of(plain)}
    return found | dict.fromkeys(forms_of(ANSWERS), "answers")


def search(bodies: Iterable[tuple[str, bytes]]) -> list[str]:
    """Return where which canary was found."""
    wanted = patterns()
    return sorted({f"{where}: {name}" for where, body in bodies for form, name in wanted.items() if form in body})
