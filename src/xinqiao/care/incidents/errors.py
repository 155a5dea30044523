"""What a command of incidents raises."""


class CannotDo(ValueError):
    """An incident does not take it; `codes` as in `rules`."""

    def __init__(self, *codes: str) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes
