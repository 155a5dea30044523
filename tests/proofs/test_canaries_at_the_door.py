"""Proof: what pupils send to the intake, good or bad, lies readable nowhere: database, write-ahead log, server log."""

import json
import random
from types import SimpleNamespace

import psycopg
import pytest

from tests.proofs.canaries import WORDS, forms_of, search
from tests.proofs.test_canaries import everything_stored
from xinqiao.care.sheets.tests.house import built_house, databases_named

pytestmark = [pytest.mark.proof, pytest.mark.slow]
DATABASES = [pytest.param(url, id="postgresql" if url else "sqlite") for url in databases_named()]
ITEMS = 100
ANSWERS = [random.Random(20261126).randrange(2) for _ in range(ITEMS)]


def forms_of_answers() -> dict[bytes, str]:
    """The sheet as bytes, hexadecimal, base64, and as it is written in JSON."""
    lists = {json.dumps(ANSWERS).encode(), json.dumps(ANSWERS, separators=(",", ":")).encode()}
    return dict.fromkeys(forms_of(bytes(ANSWERS)) | lists | {"".join(map(str, ANSWERS)).encode()}, "answers")


def found_in(bodies) -> list[str]:
    wanted = forms_of_answers()
    kept = [(where, bytes(body)) for where, body in bodies]
    return search(kept) + [f"{where}: {name}" for where, body in kept for form, name in wanted.items() if form in body]


def told_at_the_door(server, pupil) -> None:
    """One pupil's whole sitting, and what a mistaken or hostile page would send."""
    wrong = {"class_code": pupil["class_code"], "number": WORDS["number"], "pin": WORDS["pupil"]}
    assert server.post("/s/enter", wrong)[0] == 403
    assert server.post("/s/enter", {"class_code": WORDS["note"], "number": WORDS["pupil"], "pin": "1"})[0] in (400, 403)
    ticket = server.post("/s/enter", {name: pupil[name] for name in ("class_code", "number", "pin")})[1]["ticket"]
    bad = {"key": "door-proof-1", "answers": {"mht": [WORDS["note"]] * ITEMS}}
    assert server.post("/s/submit", bad, ticket)[0] == 400
    assert server.post("/s/critical", {"scale": WORDS["pupil"], "item": 85, "answer": 1, "key": "k-0000001"}, ticket)[
        0
    ] in (400, 409)
    sheet = {"key": "door-proof-1", "answers": {"mht": ANSWERS}, "seconds": {"mht": [30] * ITEMS}, "device": "pc"}
    assert server.post("/s/submit", sheet, ticket)[0] == 200
    assert server.get(f"/s/{WORDS['phone']}")[0] == 404


@pytest.mark.parametrize("server_url", DATABASES)
def test_what_is_sent_at_the_door_lies_nowhere_readable(tmp_path, server_url):
    with built_house(tmp_path / "home", server_url, pupils=2, scales=["mht"], placeholder="mht") as (house, seeded):
        story = SimpleNamespace(folder=tmp_path, database=house.database)
        server = house.start()
        try:
            told_at_the_door(server, seeded["pupils"][0])
            assert (tmp_path / "home" / "xinqiao.sqlite3-wal").exists() or server_url
            assert server.log.exists()
            assert found_in(everything_stored(story)) == []
            plant(house, bytes(ANSWERS))
            assert found_in(everything_stored(story)), "control: one plain column is found"
        finally:
            server.stop()


def plant(house, answers: bytes) -> None:
    """Write the answers open into a column, as a product without sealing would."""
    if house.database == "sqlite":
        house.inside("run_sql", statement=f"UPDATE sheets_answersheet SET answers = X'{answers.hex()}'")
        return
    with psycopg.connect(house.database) as link:
        link.execute("UPDATE sheets_answersheet SET answers = %s", [answers])
