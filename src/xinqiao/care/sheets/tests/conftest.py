"""A seeded installation for the tests of the intake, on SQLite always and on PostgreSQL where a server is named."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings

from xinqiao.care.sheets.intake.bodies import CriticalBody, EnterBody, SubmitBody, read_body
from xinqiao.care.sheets.intake.replies import Reply
from xinqiao.care.sheets.intake.store import Store, open_store
from xinqiao.care.sheets.intake.tickets import Ticket, read_ticket
from xinqiao.care.sheets.intake.work import Batch, Desk, Entry, Submission, Talk, Tick, Work
from xinqiao.care.sheets.intake.writer import commit
from xinqiao.care.sheets.tests.house import House, built_house, databases_named
from xinqiao.config.environment import database_settings, read_environment
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.ring import ring

ON_BOTH = [pytest.param(url, id="postgresql" if url else "sqlite") for url in databases_named()]
PUPILS = 100
CALM = {"phq-9": [0] * 9, "asq": [0, 0, 0, 0, None]}


@dataclass
class Room:
    """An installation with pupils nobody has used yet, and its writer's work done in this process."""

    house: House
    seeded: dict[str, Any]
    store: Store
    desk: Desk
    used: int = 0
    reports: dict[str, Any] = field(default_factory=dict)

    def fresh_pupil(self) -> dict[str, str]:
        self.used += 1
        pupil: dict[str, str] = self.seeded["pupils"][self.used - 1]
        return pupil

    def new_desk(self) -> None:
        """Forget what the intake keeps in memory, as after a restart."""
        secrets = ring().secrets
        self.desk = Desk(tickets_secret=secrets["tickets"], index_secret=secrets["index"])

    def do(self, *works: Work, at: Any = None) -> list[Reply]:
        batch = Batch(self.store, self.desk, at=at or now(), clock_seconds=time.monotonic())
        replies = commit(batch, works)
        batch.remember_failures()
        return replies

    def enter(self, pupil: dict[str, str], **typed: str) -> Reply:
        return self.do(entry_of(pupil, **typed))[0]

    def ticket(self, pupil: dict[str, str]) -> Ticket:
        reply = self.enter(pupil)
        assert reply.status == 200, reply
        return read_ticket(self.desk.tickets_secret, reply.body["ticket"], now())

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = self.house.inside("report")
        return found

    def sitting(self, pupil: dict[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = self.report()["sittings"][pupil["sitting"]]
        return found


def entry_of(pupil: dict[str, str], **typed: str) -> Entry:
    return Entry(
        EnterBody(**({"class_code": pupil["class_code"], "number": pupil["number"], "pin": pupil["pin"]} | typed))
    )


def sheet_of(ticket: Ticket, key: str = "key-00000001", answers: Any = None, **more: Any) -> Submission:
    import json

    raw = json.dumps({"key": key, "answers": answers or CALM, **more}).encode()
    return Submission(ticket, read_body(SubmitBody, raw))


def tick_of(ticket: Ticket, item: int = 9, answer: int | None = 1, scale: str = "phq-9") -> Tick:
    return Tick(ticket, CriticalBody(scale=scale, item=item, answer=answer, key="key-00000001"))


def talk_of(ticket: Ticket) -> Talk:
    return Talk(ticket)


@pytest.fixture(scope="session", params=ON_BOTH)
def _built(request, tmp_path_factory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("intake")
    with built_house(folder, request.param, key_file=settings.XINQIAO_KEY_FILE, pupils=PUPILS) as built:
        yield built


@pytest.fixture
def room(_built) -> Iterator[Room]:
    house, seeded = _built
    environment = read_environment({"XINQIAO_HOME": str(house.home), "XINQIAO_DATABASE": house.database})
    store = open_store(database_settings(environment))
    secrets = ring().secrets
    used = seeded.setdefault("used", 0)
    made = Room(house, seeded, store, Desk(tickets_secret=secrets["tickets"], index_secret=secrets["index"]), used)
    try:
        yield made
    finally:
        seeded["used"] = made.used
        store.close()
