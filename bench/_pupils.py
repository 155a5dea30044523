"""The load generator: pupils who enter, fetch their page, and hand in a sheet of 100 items, so many at a time."""

import asyncio
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

LONGEST_SECONDS = 40  # a pupil who waits longer fails the run
YES_SHARE = 0.25
CRITICAL_ITEMS = (85, 97)
CRITICAL_SHARE = 0.02  # a made-up share; each such sheet writes one row more


@dataclass
class Measured:
    """What one run of the generator saw; times in milliseconds."""

    seconds: float = 0.0
    screenings: list[float] = field(default_factory=list)
    submits: list[float] = field(default_factory=list)
    refused: int = 0

    def figures(self) -> dict[str, float]:
        whole, last = sorted(self.screenings), sorted(self.submits)
        return {
            "screenings": len(whole),
            "seconds": round(self.seconds, 3),
            "screenings_per_second": round(len(whole) / self.seconds, 1),
            "screening_ms_p50": round(whole[len(whole) // 2], 1),
            "screening_ms_p95": round(whole[int(len(whole) * 0.95)], 1),
            "submit_ms_p50": round(last[len(last) // 2], 1),
            "submit_ms_p95": round(last[int(len(last) * 0.95)], 1),
            "refused": self.refused,
        }


class Line:
    """One pupil's connection, kept open from the door to the receipt, as a browser does."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, method: str, path: str, body: bytes = b"", ticket: str = "") -> tuple[int, bytes]:
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
        head += "Content-Type: application/json\r\n" if body else ""
        head += f"Authorization: Ticket {ticket}\r\n" if ticket else ""
        self._writer.write(head.encode() + b"\r\n" + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return int(answer[9:12]), await self._reader.readexactly(length)

    def close(self) -> None:
        self._writer.close()


def sheet(rng: random.Random, key: str, scale: str, items: int) -> bytes:
    """A sheet as a pupil's browser sends it."""
    answers = [int(rng.random() < YES_SHARE) for _ in range(items)]
    for item in CRITICAL_ITEMS:
        answers[item - 1] = int(rng.random() < CRITICAL_SHARE)
    seconds = [rng.randrange(15, 90) for _ in range(items)]
    body = {"key": key, "answers": {scale: answers}, "seconds": {scale: seconds}, "device": "pc"}
    return json.dumps(body).encode()


async def screen(port: int, pupil: dict[str, str], body: bytes, measured: Measured) -> None:
    """One complete screening: ticket, page, submit, receipt."""
    began = time.perf_counter()
    line = Line(*await asyncio.open_connection("127.0.0.1", port))
    try:
        entry = {"class_code": pupil["class_code"], "number": pupil["number"], "pin": pupil["pin"]}
        status, answer = await line.ask("POST", "/s/enter", json.dumps(entry).encode())
        given = json.loads(answer)
        if status == 200:
            status, _ = await line.ask("GET", given["paper"])
        if status == 200:
            handed_in = time.perf_counter()
            status, answer = await line.ask("POST", "/s/submit", body, given["ticket"])
            if status == 200 and json.loads(answer)["receipt"]:
                at = time.perf_counter()
                measured.screenings.append((at - began) * 1000)
                measured.submits.append((at - handed_in) * 1000)
                return
        measured.refused += 1
    finally:
        line.close()


async def run(port: int, pupils: Sequence[dict[str, str]], bodies: Sequence[bytes], at_once: int) -> Measured:
    """Let all pupils through, `at_once` at a time."""
    measured, waiting = Measured(), iter(list(zip(pupils, bodies, strict=True)))

    async def seat() -> None:
        for pupil, body in waiting:
            async with asyncio.timeout(LONGEST_SECONDS):
                await screen(port, pupil, body, measured)

    began = time.perf_counter()
    await asyncio.gather(*(seat() for _ in range(at_once)))
    measured.seconds = time.perf_counter() - began
    return measured


def main(task: dict[str, Any]) -> dict[str, float]:
    """Run one load as the command line asks; called in a process of its own."""
    import uvloop

    rng = random.Random(task["seed"])
    bodies = [sheet(rng, f"bench-{n:012d}", task["scale"], task["items"]) for n in range(len(task["pupils"]))]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run(task["port"], task["pupils"], bodies, task["at_once"])).figures()


if __name__ == "__main__":
    import sys

    print(json.dumps(main(json.load(sys.stdin))))
