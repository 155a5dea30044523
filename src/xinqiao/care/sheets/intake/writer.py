"""The one writer: it takes what waits, writes it in one transaction, and answers only when that is committed.

While one commit reaches the disk the next batch gathers, so that sixty sheets cost one wait. A batch that fails is
done again one by one, so that a bad sheet never takes down others.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xinqiao.care.sheets.intake.booking import read_centre_rules, write_hours
from xinqiao.care.sheets.intake.calling import write_talks, write_ticks
from xinqiao.care.sheets.intake.entering import write_entries, write_form_entries
from xinqiao.care.sheets.intake.posting import read_mailbox, write_letters, write_threads
from xinqiao.care.sheets.intake.replies import Reply, busy, refusal
from xinqiao.care.sheets.intake.store import Store, Unavailable, open_store
from xinqiao.care.sheets.intake.submitting import prepare_submissions, write_submissions
from xinqiao.care.sheets.intake.voicing import read_rules, write_calls, write_weeks
from xinqiao.care.sheets.intake.work import (
    OF_ANYBODY,
    Batch,
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
    goes_first,
)
from xinqiao.foundation.core.clock import now

LONGEST_BATCH = 64
LONGEST_QUEUE = 1_000
LINGER_SECONDS = 0.002  # with a batch this small, wait a moment for company
FEW = 8
RECONNECT_SECONDS = 1.0
STOP_SECONDS = 30.0

log = logging.getLogger("xinqiao.intake")
Waiting = tuple[Work, "asyncio.Future[Reply]"]


class QueueFull(RuntimeError):
    """Too much waits already; the pupil's page is asked to try again."""


class Writer:
    """A thread with a connection of its own. `submit` is called from the event loop."""

    def __init__(
        self, database: Mapping[str, Any], desk: Desk, *, opener: Callable[[Mapping[str, Any]], Store] = open_store
    ) -> None:
        self._database, self._desk, self._opener = database, desk, opener
        self._store: Store | None = None
        self._urgent: deque[Waiting] = deque()
        self._usual: deque[Waiting] = deque()
        self._wake = threading.Condition()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="intake-writer", daemon=True)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to write; answers go back to this event loop."""
        self._loop = loop
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end."""
        with self._wake:
            self._is_stopping = True
            self._wake.notify()
        self._thread.join(STOP_SECONDS)

    def submit(self, work: Work) -> "asyncio.Future[Reply]":
        """Queue one piece of work; raise QueueFull. A cry for help is taken however long the queue is."""
        future: asyncio.Future[Reply] = self._loop.create_future()
        with self._wake:
            if isinstance(work, OF_ANYBODY) and len(self._urgent) >= LONGEST_QUEUE:
                raise QueueFull  # anybody can send one; whoever holds a ticket is taken whatever comes
            if goes_first(work):
                self._urgent.append((work, future))
            elif len(self._usual) >= LONGEST_QUEUE or self._is_stopping:
                raise QueueFull
            else:
                self._usual.append((work, future))
            self._wake.notify()
        return future

    def _run(self) -> None:
        while taken := self._take():
            replies = self._write([work for work, _ in taken])
            self._answer(taken, replies)
        if self._store is not None:
            self._store.close()

    def _answer(self, taken: Sequence[Waiting], replies: Sequence[Reply]) -> None:
        answered = [(future, reply) for (_, future), reply in zip(taken, replies, strict=True)]
        try:
            self._loop.call_soon_threadsafe(_deliver, answered)
        except RuntimeError:
            log.warning("the event loop has ended; %d answers were written and not sent", len(answered))

    def _take(self) -> list[Waiting]:
        """Wait for work and take a batch of it, urgent first; nothing when stopped and done."""
        with self._wake:
            while not (self._urgent or self._usual or self._is_stopping):
                self._wake.wait()
            if not self._urgent and len(self._usual) < FEW and not self._is_stopping:
                self._wake.wait(LINGER_SECONDS)
            taken: list[Waiting] = []
            for queue in (self._urgent, self._usual):
                while queue and len(taken) < LONGEST_BATCH:
                    taken.append(queue.popleft())
            return taken

    def _write(self, works: Sequence[Work]) -> list[Reply]:
        try:
            return self._commit(works)
        except Unavailable:
            return self._once_more(works)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one must not reach the others
            log.warning("a batch of %d failed (%s)", len(works), type(error).__name__)
        return [self._write_alone(work) for work in works]

    def _once_more(self, works: Sequence[Work]) -> list[Reply]:
        """The connection may have died under us: try a new one, once. What was committed after all is replayed."""
        log.warning("the database is not at hand; trying again")
        self._forget_store()
        try:
            return self._commit(works)
        except Unavailable:
            log.warning("the database is not at hand; %d are asked to wait", len(works))
            self._forget_store()
            time.sleep(RECONNECT_SECONDS)
            return [busy() for _ in works]
        except Exception as error:  # noqa: BLE001 - as above
            log.warning("a batch of %d failed (%s)", len(works), type(error).__name__)
        return [self._write_alone(work) for work in works]

    def _write_alone(self, work: Work) -> Reply:
        try:
            return self._commit([work])[0]
        except Unavailable:
            self._forget_store()
            return busy()
        except Exception as error:  # noqa: BLE001 - it is this one
            log.error("%s could not be written (%s)", type(work).__name__, type(error).__name__)
            return refusal(500, "not_saved")

    def _forget_store(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            try:
                store.close()
            except Exception as error:  # noqa: BLE001 - it was broken anyway
                log.info("closing the old connection: %s", type(error).__name__)

    def _commit(self, works: Sequence[Work]) -> list[Reply]:
        if self._store is None:
            self._store = self._opener(self._database)
        batch = Batch(self._store, self._desk, at=now(), clock_seconds=time.monotonic())
        replies = commit(batch, works)
        batch.remember_failures()
        return replies


def commit(batch: Batch, works: Sequence[Work]) -> list[Reply]:
    """Do a batch of work in one transaction; the replies may be sent once this returns."""
    of_kind: dict[type[Work], list[Any]] = {}
    for work in works:
        of_kind.setdefault(type(work), []).append(work)
    prepared = prepare_submissions(batch, of_kind.get(Submission, []))
    answered: dict[type[Work], list[Reply]] = {
        PageWanted: [_page(batch, work) for work in of_kind.get(PageWanted, [])],
        Pulse: [_pulse(batch) for _ in of_kind.get(Pulse, [])],
    }
    for work in works:
        if isinstance(work, Submission | Tick | Talk):  # read here what must not be read while the rows are locked
            batch.desk.schools.triage_rules(work.ticket.place, batch.at)
    read_rules(batch, [work.body for work in works if isinstance(work, Call | ClassWeek)])
    read_mailbox(batch, of_kind.get(Writing, []), of_kind.get(Thread, []))
    read_centre_rules(batch, of_kind.get(Hours, []))
    if set(of_kind) - {PageWanted, Pulse}:
        with batch.store.transaction():
            answered[Tick] = write_ticks(batch, of_kind.get(Tick, []))
            answered[Talk] = write_talks(batch, of_kind.get(Talk, []))
            answered[Call] = write_calls(batch, of_kind.get(Call, []))
            answered[ClassWeek] = write_weeks(batch, of_kind.get(ClassWeek, []))
            answered[Writing] = write_letters(batch, of_kind.get(Writing, []))
            answered[Thread] = write_threads(batch, of_kind.get(Thread, []))
            answered[Hours] = write_hours(batch, of_kind.get(Hours, []))
            answered[Entry] = write_entries(batch, of_kind.get(Entry, []))
            answered[FormEntry] = write_form_entries(batch, of_kind.get(FormEntry, []))
            answered[Submission] = write_submissions(batch, prepared)
            batch.rows.write(batch.store)
    in_order = {kind: iter(replies) for kind, replies in answered.items()}
    return [next(in_order[type(work)]) for work in works]


def _page(batch: Batch, work: PageWanted) -> Reply:
    battery = batch.desk.papers.by_digest(batch.store, work.digest)
    return Reply(200 if battery else 404)


def _pulse(batch: Batch) -> Reply:
    batch.store.select_each("SELECT 1", [()])
    return Reply(200, {"ready": True})


def _deliver(answered: Sequence[tuple["asyncio.Future[Reply]", Reply]]) -> None:
    for future, reply in answered:
        if not future.done():
            future.set_result(reply)
