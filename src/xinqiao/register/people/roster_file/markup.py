"""XML fed piece by piece to a parser that refuses every document type, and with it every entity."""

from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from xinqiao.engines.roster.sheets import UnreadableRoster
from xinqiao.register.people.roster_file.package import BoundedPart

ON = frozenset(["1", "true", "on"])


class PartReader:
    """Base of the readers of one XML part: override `start`, `end` and `text`; names come without their prefix."""

    def feed(self, package: ZipFile, name: str) -> None:
        """Reads the part. Raises `UnreadableRoster`: xml_dtd, xml_damaged, or what the subclass raises."""
        parser = self._parser()
        try:
            for piece in BoundedPart(package, name).pieces():
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise UnreadableRoster("xml_damaged", part=name[:100]) from None

    def _parser(self) -> "expat.XMLParserType":
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.EntityDeclHandler = _refuse_doctype
        return parser

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.start(name.rpartition(":")[2] if ":" in name else name, attributes)

    def _end(self, name: str) -> None:
        self.end(name.rpartition(":")[2] if ":" in name else name)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Character data; may come in several pieces."""


def _refuse_doctype(*_: Any) -> None:
    raise UnreadableRoster("xml_dtd")


def is_on(attributes: dict[str, str], name: str) -> bool:
    """Whether a boolean attribute is set."""
    return attributes.get(name, "").lower() in ON
