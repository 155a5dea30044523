"""What a command of incidents raises."""


class CannotDo(ValueError):
    """An incident does not take it; `codes` as in `rules`."""

    def __init__(self, *codes: str) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


def demand(code: str) -> None:
    """Raise CannotDo for a code that is not empty."""
    if code:
        raise CannotDo(code)
