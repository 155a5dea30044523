"""What a service of cases raises."""

from collections.abc import Sequence


class CannotCare(ValueError):
    """It does not stand; `codes` as in `rules`, and nothing was written."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)


def demand_none(codes: Sequence[str]) -> None:
    """Raise CannotCare if anything stands against it."""
    if codes:
        raise CannotCare(codes)
