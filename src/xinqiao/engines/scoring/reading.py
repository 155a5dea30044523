"""A place-aware view of plain data, as YAML or JSON decodes to: every complaint names its place in the file."""

from collections.abc import Iterator, Mapping
from typing import Any

from xinqiao.engines.scoring.faults import ScaleFault
from xinqiao.engines.scoring.model import Span, Text

_MOST_DIGITS = 9  # ours: no number of a scale has more, and Python refuses to read thousands of them
_MOST_SHOWN = 80


class Block:
    """A mapping at a place; `close` refuses the keys that nobody asked for."""

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, Mapping):
            raise ScaleFault(place or "file", "not_a_mapping", type(data).__name__)
        self._data: dict[str, Any] = {str(key): value for key, value in data.items()}
        self._asked: set[str] = set()
        self.place = place

    def at(self, key: str) -> str:
        """The place of `key` inside the file."""
        return f"{self.place}.{key}" if self.place else key

    def has(self, key: str) -> bool:
        """Whether the key is there with a value; the key then counts as asked for."""
        self._asked.add(key)
        return self._data.get(key) is not None

    def take(self, key: str) -> Any:
        """The raw value; refused as `missing_key` where it is absent."""
        if not self.has(key):
            raise ScaleFault(self.at(key), "missing_key", key)
        return self._data[key]

    def take_or(self, key: str, default: Any) -> Any:
        """The raw value, or `default`."""
        return self._data[key] if self.has(key) else default

    def close(self) -> None:
        """Refuse every key that nobody asked for: a misspelt key must not be a silent default."""
        for key in self._data:
            if key not in self._asked:
                raise ScaleFault(self.at(key), "unknown_key")

    def string(self, key: str, default: str | None = None) -> str:
        """A non-empty string."""
        value = self.take(key) if default is None else self.take_or(key, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise ScaleFault(self.at(key), "not_a_string", shown(value))
        if any(is_control(character) for character in value):
            raise ScaleFault(self.at(key), "control_character")
        return value.strip()

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of the allowed words."""
        value = self.string(key, default)
        if value not in allowed:
            raise ScaleFault(self.at(key), "not_allowed", shown(value))
        return value

    def boolean(self, key: str, *, default: bool) -> bool:
        """true or false, nothing that merely looks like it."""
        value = self.take_or(key, default)
        if not isinstance(value, bool):
            raise ScaleFault(self.at(key), "not_a_boolean", shown(value))
        return value

    def integer(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        value = self.take(key) if default is None else self.take_or(key, default)
        return integer_at(value, self.at(key))

    def block(self, key: str) -> "Block":
        """The mapping under `key`."""
        return Block(self.take(key), self.at(key))

    def block_or_none(self, key: str) -> "Block | None":
        """The mapping under `key` where there is one."""
        return self.block(key) if self.has(key) else None

    def entries(self, key: str) -> list[tuple[str, Any]]:
        """The pairs of an optional mapping."""
        value = self.take_or(key, {})
        if not isinstance(value, Mapping):
            raise ScaleFault(self.at(key), "not_a_mapping", type(value).__name__)
        return [(str(name), entry) for name, entry in value.items()]

    def blocks(self, key: str) -> Iterator["Block"]:
        """The mappings of an optional list."""
        for index, entry in enumerate(self.values(key)):
            yield Block(entry, f"{self.at(key)}[{index}]")

    def values(self, key: str) -> list[Any]:
        """The values of an optional list."""
        value = self.take_or(key, [])
        if not isinstance(value, list | tuple):
            raise ScaleFault(self.at(key), "not_a_list", type(value).__name__)
        return list(value)

    def numbers(self, key: str) -> tuple[int, ...]:
        """Whole numbers of an optional list; "3-6" stands for 3, 4, 5, 6."""
        found: list[int] = []
        for index, value in enumerate(self.values(key)):
            found.extend(numbers_at(value, f"{self.at(key)}[{index}]"))
        return tuple(found)

    def text(self, key: str) -> Text:
        """A phrase in both languages."""
        return text_at(self.take(key), self.at(key))

    def wording_or_none(self, key: str) -> Text | None:
        """A phrase that pupils read, where there is one; a school may have licensed it in Chinese only."""
        return text_at(self.take(key), self.at(key), bilingual=False) if self.has(key) else None

    def span_or_none(self, key: str) -> Span | None:
        """An interval written `{from: 8, to: 18}`; one end may be open."""
        block = self.block_or_none(key)
        if block is None:
            return None
        low = block.integer("from") if block.has("from") else None
        high = block.integer("to") if block.has("to") else None
        block.close()
        if (low is None and high is None) or (low is not None and high is not None and low > high):
            raise ScaleFault(block.place, "empty_span")
        return Span(low, high)


def shown(value: object) -> str:
    """As much of a value as a sentence bears; of what has parts, only what it is."""
    if isinstance(value, Mapping | list | tuple):
        return type(value).__name__
    return (value if isinstance(value, str) else repr(value))[:_MOST_SHOWN]


def is_control(character: str) -> bool:
    """Whether a character prints nothing and breaks no line: no text of a scale holds one."""
    return (ord(character) < 32 and character not in "\t\n\r") or 127 <= ord(character) < 160


def integer_at(value: object, place: str) -> int:
    """A whole number, also one that JSON made a key and so a string."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ScaleFault(place, "not_an_integer", shown(value))
    return value


def number_at(value: object, place: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e9:
        raise ScaleFault(place, "not_a_number", shown(value))
    return float(value)


def numbers_at(value: object, place: str) -> range | tuple[int, ...]:
    """One item number, or a run of them written "16-25"."""
    if isinstance(value, str) and value.count("-") == 1:
        low, high = (integer_at(part.strip(), place) for part in value.split("-"))
        if low > high or high - low > 10_000:
            raise ScaleFault(place, "empty_span", value)
        return range(low, high + 1)
    return (integer_at(value, place),)


def text_at(value: object, place: str, *, bilingual: bool = True) -> Text:
    """A phrase; both languages must be there, or at least Chinese where it is not `bilingual`."""
    block = Block(value, place)
    text = Text(en=block.string("en") if bilingual or block.has("en") else "", zh_hans=block.string("zh-Hans"))
    block.close()
    return text
