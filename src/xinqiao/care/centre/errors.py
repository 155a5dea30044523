"""Why a command of the centre cannot be done."""


class CannotDo(ValueError):
    """The rules do not allow it; `code` as in `rules`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
