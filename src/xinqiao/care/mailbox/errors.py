"""Why something was not done."""


class CannotDo(ValueError):
    """A letter or a name cannot be dealt with so; `code` as in `rules`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def demand(refusal: str) -> None:
    """Raise CannotDo where there is a refusal."""
    if refusal:
        raise CannotDo(refusal)
