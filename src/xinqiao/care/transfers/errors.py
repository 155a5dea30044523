"""What services of this app refuse."""

from collections.abc import Sequence


class CannotHand(ValueError):
    """An act was refused; `codes` say why, as in rules.py."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)


def demand_none(codes: Sequence[str]) -> None:
    """Raise CannotHand where there is any reason."""
    if codes:
        raise CannotHand(codes)
