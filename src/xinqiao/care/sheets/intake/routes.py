"""The addresses under /s/: pages and files that may be kept for ever, and the posts that may not be kept at all."""

import asyncio
import re
from collections.abc import Callable
from typing import Any, Final

from xinqiao.care.sheets.intake.app import Receive, Scope, Send
from xinqiao.care.sheets.intake.bodies import (
    MAX_BYTES,
    BadBody,
    CriticalBody,
    EnterBody,
    FormBody,
    HelpBody,
    HoursBody,
    LetterBody,
    SubmitBody,
    TalkBody,
    ThreadBody,
    WeekBody,
    read_body,
)
from xinqiao.care.sheets.intake.replies import (
    FOREVER,
    JSON_HEADERS,
    Headers,
    Reply,
    busy,
    encode,
    file_headers,
    refusal,
)
from xinqiao.care.sheets.intake.tickets import BadTicket, Ticket, read_ticket
from xinqiao.care.sheets.intake.work import (
    Call,
    ClassWeek,
    Desk,
    Entry,
    FormEntry,
    Hours,
    PageWanted,
    Pulse,
    Submission,
    Talk,
    Thread,
    Tick,
    Work,
    Writing,
)
from xinqiao.care.sheets.intake.writer import QueueFull, Writer
from xinqiao.care.sheets.pupil.hours_page import render_hours
from xinqiao.care.sheets.pupil.letter_page import render_letter
from xinqiao.care.sheets.pupil.page import render_door, render_form_door, static_bundle
from xinqiao.care.sheets.pupil.voice_pages import render_help, render_week
from xinqiao.foundation.core.clock import now

BODY_SECONDS: Final = 20  # a body that takes longer is a broken line, or somebody holding a place
WRITE_SECONDS: Final = 30
HEALTH_SECONDS: Final = 3
CRY_GRACE_SECONDS: Final = 24 * 3600  # a cry for help is heard for a day after its ticket has ended
_DOOR = re.compile(r"/s/([0-9A-Za-z]{0,8})\Z")
_PAPER = re.compile(r"/s/paper/([0-9a-f]{32})-[0-9a-f]{32}\Z")
FORM_DOOR: Final = "/s/form"  # for guardians and class teachers; class codes are upper case, so it is nobody's
_TICKET = b"Ticket "

Reader = Callable[[Desk, bytes, str], Work]


class Refused(Exception):
    """The request cannot be taken; carries what to answer."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.body.get("code", ""))
        self.reply = reply


class Routes:
    """Called with every request under /s/."""

    def __init__(self, desk: Desk, writer: Writer) -> None:
        self._desk, self._writer = desk, writer
        bundle = static_bundle()
        self._files = {bundle.address(name): file for name, file in bundle.files.items()}
        self._door = render_door()
        self._pages = {
            FORM_DOOR: render_form_door(), "/s/help": render_help(), "/s/class": render_week(),
            "/s/letter": render_letter(), "/s/book": render_hours(),
        }  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        try:
            if path in MAX_BYTES:
                if method != "POST":
                    raise Refused(refusal(405, "bad_request", detail="POST"))
                await self._post(scope, receive, send)
            elif method in ("GET", "HEAD"):
                await self._get(path, send, is_head=method == "HEAD")
            else:
                raise Refused(refusal(405, "bad_request", detail="GET"))
        except Refused as refused:
            await _send_json(send, refused.reply)

    async def _get(self, path: str, send: Send, *, is_head: bool) -> None:
        if path == "/s":
            await _send(send, 302, [(b"location", b"/s/"), (b"cache-control", b"no-store")], b"")
        elif path == "/s/health":
            await _send_json(send, await self._health())
        elif file := self._files.get(path):
            await _send(send, 200, file_headers(file.content_type, cache=FOREVER), b"" if is_head else file.content)
        elif found := _PAPER.match(path):
            await self._paper(path, found[1], send, is_head=is_head)
        elif path in self._pages or _DOOR.match(path):
            headers = file_headers("text/html; charset=utf-8", cache=b"public, max-age=600")
            door = self._pages.get(path, self._door)
            await _send(send, 200, headers, b"" if is_head else door)
        else:
            raise Refused(refusal(404, "not_found"))

    async def _paper(self, path: str, digest: str, send: Send, *, is_head: bool) -> None:
        battery = self._desk.papers.kept(digest)
        if battery is None:
            await self._written(PageWanted(digest))
            battery = self._desk.papers.kept(digest)
        if battery is None:
            raise Refused(refusal(404, "not_found"))
        if battery.address != path:  # the page was drawn by another edition of this program
            headers = [(b"location", battery.address.encode()), (b"cache-control", b"no-store")]
            await _send(send, 302, headers, b"")
            return
        headers = file_headers("text/html; charset=utf-8", cache=FOREVER)
        await _send(send, 200, headers, b"" if is_head else battery.page)

    async def _health(self) -> Reply:
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                return await self._writer.submit(Pulse())
        except (TimeoutError, QueueFull):
            return refusal(503, "not_ready")

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = await _body(scope, receive, MAX_BYTES[scope["path"]])
        try:
            work = READERS[scope["path"]](self._desk, raw, _ticket_text(scope))
        except BadBody as error:
            raise Refused(refusal(400, "bad_request", detail=str(error))) from error
        except BadTicket as error:
            raise Refused(refusal(401, "ticket_expired")) from error
        await _send_json(send, await self._written(work))

    async def _written(self, work: Work) -> Reply:
        try:
            answer = self._writer.submit(work)
        except QueueFull:
            return busy()
        patience = answer.get_loop().call_later(WRITE_SECONDS, _give_up, answer)
        try:
            return await answer
        finally:
            patience.cancel()


def _give_up(answer: "asyncio.Future[Reply]") -> None:
    """Ask the pupil's page to try again; what is written after all is replayed to it then."""
    if not answer.done():
        answer.set_result(busy())


def _ticket(desk: Desk, text: str, grace_seconds: int = 0) -> Ticket:
    return read_ticket(desk.tickets_secret, text, now(), grace_seconds=grace_seconds)


def _entry(desk: Desk, raw: bytes, text: str) -> Work:
    del desk, text
    return Entry(read_body(EnterBody, raw))


def _form_entry(desk: Desk, raw: bytes, text: str) -> Work:
    del desk, text
    return FormEntry(read_body(FormBody, raw))


def _tick(desk: Desk, raw: bytes, text: str) -> Work:
    return Tick(_ticket(desk, text, CRY_GRACE_SECONDS), read_body(CriticalBody, raw))


def _talk(desk: Desk, raw: bytes, text: str) -> Work:
    ticket = _ticket(desk, text, CRY_GRACE_SECONDS)
    read_body(TalkBody, raw)
    return Talk(ticket)


def _call(desk: Desk, raw: bytes, text: str) -> Work:
    del desk, text
    return Call(read_body(HelpBody, raw))


def _class_week(desk: Desk, raw: bytes, text: str) -> Work:
    del desk, text
    return ClassWeek(read_body(WeekBody, raw))


def _writing(desk: Desk, raw: bytes, text: str) -> Work:
    del desk, text
    return Writing(read_body(LetterBody, raw))


def _thread(desk: Desk, raw: bytes, text: str) -> Work:
    del desk, text
    return Thread(read_body(ThreadBody, raw))


def _hours(desk: Desk, raw: bytes, text: str) -> Work:
    del desk, text
    return Hours(read_body(HoursBody, raw))


def _submission(desk: Desk, raw: bytes, text: str) -> Work:
    return Submission(_ticket(desk, text), read_body(SubmitBody, raw))


READERS: Final[dict[str, Reader]] = {
    "/s/enter": _entry,
    "/s/enter-form": _form_entry,
    "/s/critical": _tick,
    "/s/talk": _talk,
    "/s/submit": _submission,
    "/s/call": _call,
    "/s/week": _class_week,
    "/s/write": _writing,
    "/s/thread": _thread,
    "/s/hours": _hours,
}


def _ticket_text(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization" and value.startswith(_TICKET):
            return str(value[len(_TICKET) :].decode("latin-1"))
    return ""


async def _body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """Read a body of at most `limit` bytes within the time allowed."""
    length, is_json = 0, False
    for name, value in scope["headers"]:
        if name == b"content-length":
            length = int(value) if value.isdigit() else limit + 1
        elif name == b"content-type":
            is_json = value.split(b";")[0].strip().lower() == b"application/json"
    if length > limit:
        raise Refused(refusal(413, "bad_request", detail=f"at most {limit} bytes"))
    if not is_json:
        raise Refused(refusal(415, "bad_request", detail="application/json"))
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _gathered(receive, limit)
    except TimeoutError as error:
        raise Refused(refusal(408, "bad_request", detail="too slow")) from error


async def _gathered(receive: Receive, limit: int) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refused(refusal(400, "bad_request", detail="cut off"))
        body += message.get("body", b"")
        if len(body) > limit:
            raise Refused(refusal(413, "bad_request", detail=f"at most {limit} bytes"))
        if not message.get("more_body"):
            return body


async def _send_json(send: Send, reply: Reply) -> None:
    headers = JSON_HEADERS
    if "retry_after" in reply.body:
        headers = [*JSON_HEADERS, (b"retry-after", str(reply.body["retry_after"]).encode())]
    await _send(send, reply.status, headers, encode(reply.body))


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    sized: Any = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": sized})
    await send({"type": "http.response.body", "body": body})
