"""Logs that keep to themselves what an exception says: its class and place are logged, its message is not.

Messages quote values ("invalid literal …", "Key (number)=(…) already exists"), and values name children.
"""

import logging
import traceback
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class QuietFormatter(logging.Formatter):
    """Formats records with the places of an exception, from the cause outwards, and without any message."""

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the base class's name
        error, lines = ei[1], []
        while error is not None:
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
            lines += [f"  {f.filename}:{f.lineno} in {f.name}" for f in traceback.extract_tb(error.__traceback__)]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)
