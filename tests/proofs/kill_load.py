"""Pupils for the kill proof: each hands in one sheet and does not rest until there is a receipt, as the page does."""

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

AT_ONCE = 32
TRIES = 400
WAIT_SECONDS = 0.05
ANSWER_SECONDS = 15


@dataclass
class Told:
    """What one pupil was told was saved."""

    sitting: str
    key: str
    answers: list[int]
    receipt: str = ""
    has_tick: bool = False


@dataclass
class Class:
    """All pupils of a proof, what they were told, and who listens to each receipt."""

    port: int
    pupils: list[dict[str, str]]
    seed: int
    on_receipt: Callable[[], None] = lambda: None
    told: list[Told] = field(default_factory=list)
    retries: int = 0

    async def run(self) -> None:
        waiting = iter(enumerate(self.pupils))

        async def seat() -> None:
            for n, pupil in waiting:
                await self._sit(n, pupil)

        await asyncio.gather(*(seat() for _ in range(AT_ONCE)))

    async def _sit(self, n: int, pupil: dict[str, str]) -> None:
        rng = random.Random(self.seed * 1_000_003 + n)
        told = Told(pupil["sitting"], f"proof-{self.seed}-{n:08d}", [rng.randrange(4) for _ in range(9)])
        told.answers[8] = int(rng.random() < 0.1)
        entry = {"class_code": pupil["class_code"], "number": pupil["number"], "pin": pupil["pin"]}
        ticket = (await self._insist("/s/enter", entry))["ticket"]
        if told.answers[8]:
            await self._insist("/s/critical", {"scale": "phq-9", "item": 9, "answer": 1, "key": told.key}, ticket)
            told.has_tick = True
            self.told.append(told)  # a tick that was said to be saved counts, whatever becomes of the sheet
        sheet = {"key": told.key, "answers": {"phq-9": told.answers}, "seconds": {"phq-9": [40] * 9}, "device": "pc"}
        told.receipt = (await self._insist("/s/submit", sheet, ticket))["receipt"]
        if not told.has_tick:
            self.told.append(told)
        self.on_receipt()

    async def _insist(self, path: str, body: Any, ticket: str = "") -> dict[str, Any]:
        for _ in range(TRIES):
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    status, answer = await self._ask(path, body, ticket)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                status, answer = 0, {}
            if status == 200:
                return answer
            if status in (400, 401, 403, 409):
                raise AssertionError(f"{path}: {status} {answer}")
            self.retries += 1
            await asyncio.sleep(WAIT_SECONDS)
        raise AssertionError(f"{path}: no answer")

    async def _ask(self, path: str, body: Any, ticket: str) -> tuple[int, dict[str, Any]]:
        raw = json.dumps(body).encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
            head += f"Content-Length: {len(raw)}\r\nAuthorization: Ticket {ticket}\r\n\r\n"
            writer.write(head.encode() + raw)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            return int(answer[9:12]), json.loads(await reader.readexactly(length))
        finally:
            writer.close()
