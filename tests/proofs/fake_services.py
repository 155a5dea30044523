"""A mail server and a gateway for text messages of a proof's own: they note what came when, and fail when told to."""

import datetime as dt
import json
import socket
import struct
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from xinqiao.foundation.core.clock import now

UP, REFUSES, HANGS = "up", "refuses", "hangs"
HANG_SECONDS = 20


@dataclass
class Came:
    """What came by one channel: the moments at which each message was taken over, by its id."""

    at: dict[str, list[dt.datetime]] = field(default_factory=lambda: defaultdict(list))
    texts: set[str] = field(default_factory=set)


class Mail:
    """A mail server. It refuses by breaking the connection off, and hangs by never saying a word."""

    def __init__(self) -> None:
        self.came, self.mode, self.turned_away = Came(), UP, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self._freed = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def turn(self, mode: str) -> None:
        """Work, refuse or hang from now on; whoever hangs is let go."""
        self.mode = mode
        self._freed.set()
        self._freed = threading.Event()

    def close(self) -> None:
        self.turn(REFUSES)
        self.listener.close()

    def _listen(self) -> None:
        while True:
            try:
                caller, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(caller, self.mode, self._freed), daemon=True).start()

    def _serve(self, caller: socket.socket, mode: str, freed: threading.Event) -> None:
        with caller:
            self.turned_away += mode != UP
            if mode == HANGS:
                freed.wait(HANG_SECONDS)
            if mode != UP:
                caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            try:
                self._talk(caller)
            except OSError:
                return

    def _talk(self, caller: socket.socket) -> None:
        with caller.makefile("rwb") as lines:

            def say(words: str) -> None:
                lines.write(words.encode() + b"\r\n")
                lines.flush()

            say("220 here")
            for line in lines:
                verb = line[:4].upper()
                if verb == b"DATA":
                    say("354 go on")
                    self._take(list(iter(lines.readline, b".\r\n")))
                    say("250 taken")
                elif verb == b"QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 well")

    def _take(self, lines: list[bytes]) -> None:
        for line in lines:
            if line.lower().startswith(b"message-id:"):
                self.came.at[line.decode().split("<")[1].split("@")[0]].append(now())


class Gateway:
    """A gateway for text messages."""

    def __init__(self) -> None:
        self.came = came = Came()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                came.at[asked["request_id"]].append(now())
                came.texts.add(asked["content"])
                body = b'{"code": 0}'
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Nothing: the proof's output is its figures."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def services() -> Iterator[tuple[Mail, Gateway]]:
    """Both, for the length of a block."""
    mail, gateway = Mail(), Gateway()
    try:
        yield mail, gateway
    finally:
        mail.close()
        gateway.close()
