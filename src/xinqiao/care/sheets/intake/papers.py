"""Papers as the intake keeps them: the page that pupils get, and the plans by which their sheets are scored."""

import json
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.scales.selectors import plan_of_definition
from xinqiao.care.sheets.adapting import Kept, kept_designs
from xinqiao.care.sheets.intake.store import Store
from xinqiao.care.sheets.pupil.page import content_hash, render_paper
from xinqiao.engines.scoring import Plan

KEPT_PAPERS = 256
DIGEST_CHARACTERS = 32
_COLUMNS = "id, digest, content, scale_ids, adapting, has_suicide_item, informant"
_BY_ID = f"SELECT {_COLUMNS} FROM sheets_paper WHERE id = ?"  # noqa: S608 - our own names
_BY_DIGEST = f"SELECT {_COLUMNS} FROM sheets_paper WHERE digest >= ? AND digest < ? LIMIT 1"  # noqa: S608 - likewise
_SCALE = "SELECT code, definition FROM scales_scaleversion WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Part:
    """One scale of a paper; `kept` where it may be asked by adapting."""

    code: str
    scale_id: UUID
    plan: Plan
    kept: Kept | None = None


@dataclass(frozen=True, slots=True)
class Battery:
    """A paper, ready to be shown and scored. `address` is where its page is; the same page has the same address."""

    paper_id: UUID
    parts: tuple[Part, ...]
    page: bytes
    address: str
    has_suicide_item: bool
    informant: str = "self"

    @property
    def has_note(self) -> bool:
        """Is there room for a word of one's own? Only where others answer about a pupil."""
        return self.informant != "self"

    @property
    def item_count(self) -> int:
        return sum(part.plan.item_count for part in self.parts)


class Papers:
    """Papers never change, so what was read once is kept. Filled by one thread, read by any."""

    def __init__(self) -> None:
        self._by_id: dict[UUID, Battery] = {}
        self._by_digest: dict[str, Battery] = {}

    def kept(self, digest: str) -> Battery | None:
        """Return a paper by the first 32 characters of its digest, if it is at hand."""
        return self._by_digest.get(digest)

    def by_id(self, store: Store, paper_id: UUID) -> Battery | None:
        """Return a paper, reading it where needed; None if there is none."""
        if paper_id not in self._by_id:
            self._load(store, _BY_ID, (paper_id,))
        return self._by_id.get(paper_id)

    def by_digest(self, store: Store, digest: str) -> Battery | None:
        """Return a paper by the first 32 characters of its digest, reading it where needed."""
        if digest not in self._by_digest:
            self._load(store, _BY_DIGEST, (digest, digest + "g"))
        return self._by_digest.get(digest)

    def _load(self, store: Store, sql: str, values: tuple[object, ...]) -> None:
        for row in store.select_each(sql, [values])[0]:
            paper_id, digest, content, scale_ids, adapting, has_suicide_item, informant = row
            ids = [UUID(text) for text in json.loads(scale_ids)]
            scales = store.select_each(_SCALE, [(i,) for i in ids])
            plans = [
                (code, scale_id, plan_of_definition(definition, informant))
                for scale_id, rows in zip(ids, scales, strict=True)
                for code, definition in rows
            ]
            kept = kept_designs(adapting, {code: plan.scale for code, _, plan in plans})
            parts = [Part(code, scale_id, plan, kept.get(code)) for code, scale_id, plan in plans]
            page = render_paper(json.loads(content))
            address = f"/s/paper/{digest[:DIGEST_CHARACTERS]}-{content_hash(page)}"
            if len(self._by_id) >= KEPT_PAPERS:
                self._by_id, self._by_digest = {}, {}
            battery = Battery(store.uuid(paper_id), tuple(parts), page, address, bool(has_suicide_item), informant)
            self._by_id[battery.paper_id] = self._by_digest[digest[:DIGEST_CHARACTERS]] = battery
