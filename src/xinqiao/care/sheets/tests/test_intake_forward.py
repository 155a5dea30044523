"""Forwarding to the staff's web server: everything goes through, nothing of one person reaches the next."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from xinqiao.care.sheets.intake.forward import Forward
from xinqiao.care.sheets.intake.gathering import LARGE_AT_ONCE, LARGEST_BYTES, SMALL_BYTES, Gathering


class _Echo(BaseHTTPRequestHandler):
    """Says what it got, sets a cookie, and adds a header that concerns one hop only."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length).decode()
        seen = {"method": self.command, "path": self.path, "headers": dict(self.headers.items()), "body": body}
        content = json.dumps(seen).encode()
        self.send_response(203)
        self.send_header("Set-Cookie", "session=of-the-last-one; Path=/")
        self.send_header("Set-Cookie", "second=1")
        self.send_header("Proxy-Authenticate", "Basic")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self):
        self.do_GET()

    def log_message(self, *args):
        pass


@pytest.fixture
def upstream():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def ask(forward_of, *requests):
    """Send requests through one Forward and return (status, headers, body) of each."""

    async def through():
        forward, answers = forward_of(), []
        for path, method, headers, body in requests:
            answers.append(await _one(forward, path, method, headers, body))
        await forward.close()
        return answers

    return asyncio.run(through())


async def _one(forward, path, method, headers, body):
    sent = []
    scope = {
        "type": "http", "method": method, "path": path.split("?")[0], "raw_path": path.split("?")[0].encode(),
        "query_string": path.partition("?")[2].encode(), "headers": [(b"host", b"xinqiao.test"), *headers],
        "client": ("192.0.2.7", 5), "scheme": "http",
    }  # fmt: skip

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    await forward(scope, receive, send)
    return sent[0]["status"], sent[0]["headers"], b"".join(m.get("body", b"") for m in sent[1:])


def cookie_seen(answers):
    seen = [json.loads(body)["headers"] for _status, _headers, body in answers]
    return [{name.lower(): value for name, value in headers.items()}.get("cookie") for headers in seen]


TWO_PEOPLE = [("/", "GET", [(b"cookie", b"session=mine")], b""), ("/", "GET", [], b"")]


def test_nobody_gets_the_cookies_of_whoever_came_before(upstream):
    assert cookie_seen(ask(lambda: Forward(upstream), *TWO_PEOPLE)) == ["session=mine", None]


def test_control_an_http_client_would_hand_them_on(upstream):
    class Keeping(Forward):
        def __init__(self):
            super().__init__(upstream)
            client = httpx.AsyncClient(trust_env=False)
            self._transport = self
            self.handle_async_request = lambda request: client.send(
                client.build_request(request.method, request.url, headers=request.headers), stream=True
            )
            self.aclose = client.aclose

    assert cookie_seen(ask(Keeping, *TWO_PEOPLE))[1] is not None


def test_address_body_and_cookies_go_through_and_hops_do_not(upstream):
    headers = [(b"content-length", b"5"), (b"connection", b"keep-alive, x-secret"), (b"x-secret", b"1"),
               (b"x-forwarded-for", b"203.0.113.9"), (b"te", b"trailers")]  # fmt: skip
    ((status, answered, body),) = ask(lambda: Forward(upstream), ("/a%20b/?x=1&y=%2F", "POST", headers, b"hello"))
    seen = json.loads(body)
    names = {name.lower(): value for name, value in seen["headers"].items()}
    assert (status, seen["method"], seen["path"], seen["body"]) == (203, "POST", "/a%20b/?x=1&y=%2F", "hello")
    assert names["host"] == names["x-forwarded-host"] == "xinqiao.test"
    assert (names["x-forwarded-for"], names["x-forwarded-proto"]) == ("192.0.2.7", "http")
    assert not {"x-secret", "te"} & set(names)
    assert [value for name, value in answered if name == b"set-cookie"] == [
        b"session=of-the-last-one; Path=/",
        b"second=1",
    ]
    assert b"proxy-authenticate" not in dict(answered)


def test_behind_a_front_that_takes_encryption_off_the_web_server_is_told_so(upstream):
    ((_status, _headers, body),) = ask(lambda: Forward(upstream, is_https=True), ("/", "GET", [], b""))
    assert json.loads(body)["headers"]["x-forwarded-proto"] == "https"


def test_while_the_web_server_starts_a_page_says_so():
    ((status, headers, body),) = ask(lambda: Forward(""), ("/", "GET", [], b""))
    assert status == 502
    assert "心桥正在启动" in body.decode()
    assert dict(headers)[b"cache-control"] == b"no-store"


class _Web(Forward):
    """Notes what would be asked of the web server."""

    def __init__(self, **bodies):
        super().__init__("", bodies=Gathering(**bodies))
        self.asked = []

    async def _pass_on(self, request, send):
        self.asked.append(request.read())
        await send({"type": "http.response.start", "status": 203, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def post(web, messages, path=b"/accounts/login/", headers=((b"content-length", b"9"),)):
    """Send one request whose body comes in these messages, and after the last of them never again."""

    async def through():
        sent, waiting = [], list(messages)

        async def receive():
            if not waiting:
                await asyncio.sleep(3600)
            return waiting.pop(0)

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": path.decode(), "raw_path": path, "query_string": b"",
                 "headers": [(b"host", b"xinqiao.test"), *headers]}  # fmt: skip
        await web(scope, receive, send)
        return [message.get("status") for message in sent[:1]]

    return asyncio.run(through())


def part(body, *, more):
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_form_that_is_never_sent_whole_never_reaches_the_web_server():
    web = _Web(small_seconds=0.05)
    assert post(web, [part(b"a", more=True)]) == [408]
    assert web.asked == []


def test_a_form_in_pieces_reaches_it_whole_with_its_own_length():
    web = _Web()
    assert post(web, [part(b"a", more=True), part(b"bc", more=False)]) == [203]
    assert web.asked == [b"abc"]


def test_someone_who_goes_away_meanwhile_leaves_no_half_of_a_form():
    web = _Web()
    assert post(web, [part(b"a", more=True), {"type": "http.disconnect"}]) == []
    assert web.asked == []


def test_a_body_longer_than_any_upload_is_refused():
    web, half = _Web(), b"x" * (LARGEST_BYTES // 2 + 1)
    assert post(web, [part(half, more=True), part(half, more=True)]) == [413]
    assert web.asked == []


def test_slow_uploads_keep_out_uploads_and_no_forms():
    web, large = _Web(large_seconds=0.2), b"x" * (SMALL_BYTES + 1)

    async def crowd():
        async def one(body, seconds):
            sent = []

            async def receive():
                if not body:
                    await asyncio.sleep(3600)
                return body.pop(0)

            async def send(message):
                sent.append(message)

            await asyncio.sleep(seconds)
            scope = {"type": "http", "method": "POST", "path": "/", "raw_path": b"/", "query_string": b"",
                     "headers": [(b"content-length", b"1")]}  # fmt: skip
            await web(scope, receive, send)
            return sent[0]["status"]

        slow = [one([part(large, more=True)], 0) for _ in range(LARGE_AT_ONCE)]
        upload = one([part(large, more=True), part(b"x", more=False)], 0.05)
        form = one([part(b"a", more=False)], 0.05)
        later = one([part(large, more=True), part(b"x", more=False)], 0.4)
        return await asyncio.gather(*slow, upload, form, later)

    assert asyncio.run(crowd()) == [*[408] * LARGE_AT_ONCE, 503, 203, 203]


def test_uploads_that_the_settings_take_fit(settings):
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE < LARGEST_BYTES


def test_an_address_that_is_none_is_refused_and_not_an_error():
    assert post(_Web(), [part(b"", more=False)], path=b"*") == [400]


def test_the_connection_does_not_name_away_which_host_is_meant(upstream):
    headers = [(b"connection", b"host, close")]
    ((_status, _headers, body),) = ask(lambda: Forward(upstream), ("/", "GET", headers, b""))
    seen = {name.lower(): value for name, value in json.loads(body)["headers"].items()}
    assert seen["host"] == "xinqiao.test"


def test_the_length_is_that_of_what_was_sent(upstream):
    headers = [(b"content-length", b"4"), (b"transfer-encoding", b"chunked")]
    ((_status, _headers, body),) = ask(lambda: Forward(upstream), ("/", "POST", headers, b"GET / HTTP/1.1"))
    assert json.loads(body)["body"] == "GET / HTTP/1.1"
