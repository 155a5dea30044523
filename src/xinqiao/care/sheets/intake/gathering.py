"""Bodies on their way to the staff's web server, gathered whole before it is asked.

The web server has a few threads, and one that reads a body waits for the next byte of it: eight half-sent forms from
anywhere would keep every teacher out. Here a body that does not come costs a little memory and nobody's thread.
Nothing is put on the disk: an upload holds names.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from xinqiao.care.sheets.intake.app import Receive, Scope

LARGEST_BYTES: Final = 41 << 20  # the settings take 40 MiB of upload; the rest is the form around it
SMALL_BYTES: Final = 256 << 10  # a form without a file; of these there may be as many as come
SMALL_SECONDS: Final = 30
LARGE_SECONDS: Final = 300  # ours: 40 MiB over a line of a megabit and a half
LARGE_AT_ONCE: Final = 4  # so that uploads hold at most 4 × 41 MiB of memory


class BodyRefused(Exception):
    """The body is not taken; carries the status to answer with. Status 0: whoever sent it has gone."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gathering:
    """Takes bodies; the large ones only a few at a time."""

    def __init__(self, *, small_seconds: float = SMALL_SECONDS, large_seconds: float = LARGE_SECONDS) -> None:
        self._small_seconds, self._large_seconds = small_seconds, large_seconds
        self._large = 0

    @asynccontextmanager
    async def whole(self, scope: Scope, receive: Receive) -> AsyncIterator[bytes]:
        """Give the body, empty where there is none; raise BodyRefused. A large one has its place until the end."""
        if not any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"]):
            yield b""
            return
        body = bytearray()
        if await self._read(receive, body, SMALL_BYTES, self._small_seconds):
            yield bytes(body)
            return
        if self._large >= LARGE_AT_ONCE:
            raise BodyRefused(503)
        self._large += 1
        try:
            if not await self._read(receive, body, LARGEST_BYTES, self._large_seconds):
                raise BodyRefused(413)
            yield bytes(body)
        finally:
            self._large -= 1

    async def _read(self, receive: Receive, body: bytearray, limit: int, seconds: float) -> bool:
        """Read until the body is whole or longer than the limit; say whether it is whole."""
        try:
            async with asyncio.timeout(seconds):
                return await _gathered(receive, body, limit)
        except TimeoutError as error:
            raise BodyRefused(408) from error


async def _gathered(receive: Receive, body: bytearray, limit: int) -> bool:
    while len(body) <= limit:
        message = await receive()
        if message["type"] != "http.request":
            raise BodyRefused(0)
        body += message.get("body", b"")
        if not message.get("more_body"):
            return True
    return False
