"""The intake as pupils meet it: a real server, real requests, sixty at once."""

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from xinqiao.care.sheets.pupil.page import static_bundle
from xinqiao.care.sheets.tests.conftest import CALM, ON_BOTH
from xinqiao.care.sheets.tests.house import built_house

pytestmark = pytest.mark.slow
PUPILS = 90


@pytest.fixture(scope="module", params=ON_BOTH)
def served(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    with (
        built_house(folder, request.param, pupils=PUPILS) as (house, seeded),
        house.serving() as server,
    ):
        yield house, seeded, server


@pytest.fixture
def pupil(served):
    served[1]["used"] = served[1].get("used", 0) + 1
    return served[1]["pupils"][served[1]["used"] - 1]


def enter(server, pupil, **typed):
    body = {"class_code": pupil["class_code"], "number": pupil["number"], "pin": pupil["pin"]} | typed
    return server.post("/s/enter", body)


def sheet(key="0123456789", **more):
    return {"key": key, "answers": CALM, "seconds": {}, "device": "phone"} | more


def test_the_whole_story_over_the_wire(served, pupil):
    house, _, server = served
    status, given = enter(server, pupil)
    assert status == 200
    status, headers, page = server.get(given["paper"])
    assert status == 200
    assert "immutable" in headers["cache-control"]
    assert b'id="paper"' in page
    assert server.post(
        "/s/critical", {"scale": "phq-9", "item": 9, "answer": 1, "key": "0123456789"}, given["ticket"]
    ) == (
        200,
        {"saved": True},
    )
    assert server.post("/s/talk", {"key": "0123456789"}, given["ticket"])[1] == {"saved": True, "on_duty": True}
    status, receipt = server.post("/s/submit", sheet(), given["ticket"])
    assert status == 200
    assert server.post("/s/submit", sheet(), given["ticket"]) == (200, receipt)
    assert server.post("/s/submit", sheet(answers={**CALM, "phq-9": [1] * 9}), given["ticket"])[0] == 409
    kept = house.inside("report")["sittings"][pupil["sitting"]]
    assert kept["receipt"] == receipt["receipt"]
    assert {signal["source"] for signal in kept["signals"]} == {"critical_answer", "student"}


def test_sixty_pupils_behind_one_address_all_get_in_and_hand_in(served):
    house, seeded, server = served
    first = seeded.get("used", 0)
    seeded["used"] = first + 60
    room = seeded["pupils"][first : first + 60]

    def sit(pupil):
        status, given = enter(server, pupil)
        assert status == 200, given
        return server.post("/s/submit", sheet(key=f"key-{pupil['number']}"), given["ticket"])

    with ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(sit, room))
    assert {status for status, _ in answers} == {200}
    report = house.inside("report")["sittings"]
    assert sorted(report[p["sitting"]]["receipt"] for p in room) == sorted(body["receipt"] for _, body in answers)


def test_pages_and_answers_carry_strict_headers(served, pupil):
    _, _, server = served
    _, given = enter(server, pupil)
    for path in ("/s/", "/s/ABC234", given["paper"], "/s/nothing/here", "/s/health"):
        _, headers, _ = server.get(path)
        assert headers["content-security-policy"].startswith("default-src 'none'"), path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    for path in ("/s/nothing/here", "/s/health"):
        assert server.get(path)[1]["cache-control"] == "no-store"


def test_static_files_are_immutable_and_only_those_of_this_edition(served):
    _, _, server = served
    bundle = static_bundle()
    for name, file in bundle.files.items():
        status, headers, content = server.get(bundle.address(name))
        assert (status, content) == (200, file.content)
        assert headers["content-type"] == file.content_type
        assert "immutable" in headers["cache-control"]
    for path in (f"/s/static/{bundle.hash}/../app.py", "/s/static/0/paper.js", f"/s/static/{bundle.hash}/nothing.js"):
        assert server.get(path)[0] == 404


def test_a_page_of_another_edition_is_led_to_this_one(served, pupil):
    _, _, server = served
    _, given = enter(server, pupil)
    older = given["paper"].rsplit("-", 1)[0] + "-" + "0" * 32
    status, headers, _ = server.get(older)
    assert (status, headers["location"], headers["cache-control"]) == (302, given["paper"], "no-store")
    assert server.get("/s/paper/" + "0" * 32 + "-" + "0" * 32)[0] == 404


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/s/enter", b"{", {}, 400),
        ("/s/enter", b"{}", {}, 400),
        ("/s/enter", b'{"class_code": "' + b"A" * 2_000 + b'"}', {}, 413),
        ("/s/submit", b"[" * 60_000, {}, 401),
        ("/s/submit", b" " * 70_000, {}, 413),
        ("/s/enter", b"{}", {"Content-Type": "text/plain"}, 415),
        ("/s/talk", b"{}", {"Authorization": "Ticket nonsense"}, 401),
        ("/s/critical", b"{}", {"Authorization": "Bearer x"}, 401),
        ("/s/unknown", b"{}", {}, 405),
    ],
)
def test_odd_requests_get_a_clear_code(served, path, body, headers, status):
    _, _, server = served
    answered, said = server.post(path, body, **headers)
    assert answered == status, said
    assert said["code"] in ("bad_request", "ticket_expired")


def test_a_get_of_a_post_and_a_wrong_method(served):
    _, _, server = served
    status, _, content = server.get("/s/submit")
    assert (status, json.loads(content)["code"]) == (405, "bad_request")


def test_everything_else_goes_to_the_web_server_which_is_not_there(served):
    _, _, server = served
    status, headers, content = server.get("/accounts/login/")
    assert status == 502
    assert "心桥" in content.decode()
    assert headers["cache-control"] == "no-store"


def test_the_door_is_found_without_the_last_slash(served):
    status, headers, _ = served[2].get("/s")
    assert (status, headers["location"]) == (302, "/s/")


def test_a_slow_client_holds_up_nobody(served, pupil):
    _, _, server = served
    slow = socket.create_connection(("127.0.0.1", server.port))
    try:
        slow.sendall(
            b"POST /s/enter HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        )
        assert enter(server, pupil)[0] == 200
    finally:
        slow.close()


def test_a_polite_end_answers_what_waits_and_a_new_server_goes_on(served, pupil):
    house, _, _ = served
    with house.serving() as second:
        _, given = enter(second, pupil)
        answers = []
        thread = threading.Thread(target=lambda: answers.append(second.post("/s/submit", sheet(), given["ticket"])))
        thread.start()
        thread.join()
    with house.serving() as third:
        status, receipt = third.post("/s/submit", sheet(), given["ticket"])
    assert (status, receipt) == (200, answers[0][1])
    assert not any("Traceback" in path.read_text("utf-8") for path in house.home.glob("*.log"))
