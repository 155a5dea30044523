"""What can be wrong with a scale file, a table of answers or one answer sheet: codes and places, no prose.

The sentence a person reads is made at the edge, from the code and the place.
"""

from dataclasses import dataclass

ILLEGAL_ANSWER = "illegal_answer"
MISSING_ANSWER = "missing_answer"
UNASKED_ANSWER = "unasked_answer"

# Position in this tuple is the error code of `score_many`; an earlier code is reported before a later one.
ANSWER_FAULT_CODES = ("", ILLEGAL_ANSWER, MISSING_ANSWER, UNASKED_ANSWER)


class ScaleFault(ValueError):
    """A scale description that cannot be read.

    `place` is the path inside the file (`subscales.depression.items[3]`), `code` one of the codes listed in
    docs/guides/add-a-scale.md, `detail` the offending value.
    """

    def __init__(self, place: str, code: str, detail: str = "") -> None:
        self.place = place
        self.code = code
        self.detail = detail
        super().__init__(f"{place}: {code} ({detail})" if detail else f"{place}: {code}")


class TableFault(ValueError):
    """A table of answers of which no row can be read; `column` names the column at fault."""

    def __init__(self, code: str, column: str = "") -> None:
        self.code = code
        self.column = column
        super().__init__(f"{code}: {column}" if column else code)


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding of `check_scale` in a scale that could be read."""

    place: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True, order=True)
class AnswerFault:
    """One answer that keeps a sheet from being scored; `item` is the number printed on the questionnaire."""

    code: str
    item: int

    def __str__(self) -> str:
        return f"{self.code}:{self.item}"
