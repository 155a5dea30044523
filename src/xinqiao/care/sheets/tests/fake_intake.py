"""A small intake for browser tests: the same addresses as the real one, answers that a test can bend."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from xinqiao.care.sheets.pupil import page

PUPILS = {("A7K3", "07", "2468"): "s-zhang", ("A7K3", "08", "1357"): "s-li", ("A7K3", "20267301", "864213"): "s-wang"}
NAMES = {"s-zhang": "张*", "s-li": "李*", "s-wang": "王*"}


class FakeIntake(ThreadingHTTPServer):
    """Keeps every POST in `posts`; `bent[path]` is a list of (status, body) given before the usual answers.

    `weakened[file]` is a list of (old, new): a script served with a guard taken out, for the tests' controls.
    """

    daemon_threads = True

    def __init__(self, paper: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.page_bytes = page.render_paper(paper)
        self.door_bytes = page.render_door()
        self.paper_path = f"/s/paper/{page.content_hash(self.page_bytes)}"
        self.item_count = sum(len(scale["items"]) for scale in paper["scales"])
        self.posts: list[tuple[str, dict[str, Any], str]] = []
        self.bent: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        self.receipts: dict[str, tuple[str, dict[str, Any]]] = {}
        self.weakened: dict[str, list[tuple[str, str]]] = {}
        self.is_on_duty = True

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def posted(self, path: str) -> list[dict[str, Any]]:
        return [body for posted_path, body, _ in self.posts if posted_path == path]

    def served(self, name: str, content: bytes) -> bytes:
        for old, new in self.weakened.get(name, []):
            assert content.count(old.encode()) == 1, f"the guard is not in {name} exactly once"
            content = content.replace(old.encode(), new.encode())
        return content

    def pad_of(self, sitting: str) -> bytes:
        return hashlib.shake_128(sitting.encode()).digest(self.item_count)

    def answer(self, path: str, body: dict[str, Any], ticket: str) -> tuple[int, dict[str, Any]]:
        if self.bent.get(path):
            return self.bent[path].pop(0)
        if path == "/s/enter":
            return self._enter(body)
        if not ticket.startswith("Ticket t-"):
            return 401, {"code": "ticket_expired"}
        if path == "/s/critical":
            return 200, {"saved": True}
        if path == "/s/talk":
            return 200, {"saved": True, "on_duty": self.is_on_duty}
        return self._submit(body)

    def _enter(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        sitting = PUPILS.get((body["class_code"], body["number"], body["pin"]))
        if sitting is None:
            return 403, {"code": "unknown_entry"}
        return 200, {
            "ticket": f"t-{sitting}",
            "paper": self.paper_path,
            "sitting": sitting,
            "pad": base64.b64encode(self.pad_of(sitting)).decode(),
            "name_hint": NAMES[sitting],
            "lang": "zh-hans",
        }

    def _submit(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        receipt, earlier = self.receipts.setdefault(body["key"], (f"K7P{len(self.receipts)}-2WQX", body))
        if earlier != body:
            return 409, {"code": "changed"}
        return 200, {"receipt": receipt, "at": "2026-11-22T09:30:00+08:00"}


class _Answers(BaseHTTPRequestHandler):
    server: FakeIntake
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        bundle = page.static_bundle()
        name = self.path.rsplit("/", 1)[-1]
        if self.path == self.server.paper_path:
            self._send(200, page.page_headers(is_immutable=True), self.server.page_bytes)
        elif name in bundle.files and self.path == bundle.address(name):
            file = bundle.files[name]
            headers = {"content-type": file.content_type, "cache-control": "no-store"}
            self._send(200, headers, self.server.served(name, file.content))
        elif self.path == "/s/" or self.path.count("/") == 2:
            self._send(200, page.page_headers(is_immutable=False), self.server.door_bytes)
        else:
            self._send(404, {"content-type": "text/plain"}, b"")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        ticket = self.headers.get("authorization") or ""
        self.server.posts.append((self.path, body, ticket))
        status, answer = self.server.answer(self.path, body, ticket)
        self._send(status, {"content-type": "application/json"}, json.dumps(answer).encode())

    def _send(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the parent's parameter name
        pass


@contextmanager
def running_intake(paper: dict[str, Any]) -> Iterator[FakeIntake]:
    intake = FakeIntake(paper)
    thread = threading.Thread(target=intake.serve_forever, daemon=True)
    thread.start()
    try:
        yield intake
    finally:
        intake.shutdown()
        intake.server_close()
        thread.join()
