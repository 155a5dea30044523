"""Why something is not taken."""


class CannotKeep(ValueError):
    """Keys of the group, or its list, cannot be changed so; `code` as in `rules`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CannotCounsel(ValueError):
    """A course or a note does not take it; `code` as in `rules`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MustWait(Exception):
    """Too many wrong sentences in a row; `minutes` until the next may be tried."""

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes
