"""The walk: each row of the table, as each role, at each spot; what came back, what it held, what the audit kept."""

import copy
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zlib import crc32

from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.permissions.canaries import Canary
from tests.permissions.routes import Route, every_route
from tests.permissions.table import ANONYMOUS, REACHES, Row
from tests.permissions.world import RELATIONS, ROLES, World
from xinqiao.foundation.audit.models import AuditEvent

# How wide a reach must be to cover an object of this level at a spot, seen from the cast's own units.
NEEDED = {
    "class": ("class", "grade", "school", "county", "city", "anywhere"),
    "grade": ("grade", "grade", "school", "county", "city", "anywhere"),
    "school": ("school", "school", "school", "county", "city", "anywhere"),
    "county": ("county", "county", "county", "county", "city", "anywhere"),
}
# The level at which a thing of the world stands; whatever is not named here belongs to a pupil, and so to a class.
OF_A_SCHOOL = (
    "school", "school_code", "campaign", "ended", "education_plan", "request", "paper", "staff", "plain_staff",
    "user", "membership", "shift", "day", "form", "run", "turn", "staff_run", "refusal", "own_scale", "draft",
    "ordered", "of_register", "norm", "letter_campaign", "absence", "round", "round_call", "partner",
    "meeting", "channel",
    "incident", "incident_line", "incident_report", "sent_report", "opinion_item", "message_draft",
    "counsel_group", "counsel_member", "recovery",
    "centre_room", "opening", "roster_hour",
    "hotline", "hotline_shift", "hotline_call", "joint", "joint_part",
)  # fmt: skip
OF_A_COUNTY = ("county", "order", "beyond", "county_call")
LEVELS = {**dict.fromkeys(OF_A_SCHOOL, "school"), **dict.fromkeys(OF_A_COUNTY, "county"), "grade": "grade"}
ALLOWED = {"GET": {200, 302}, "POST": {200, 204, 302, 303, 400, 409, 422}}


@dataclass(frozen=True)
class Cell:
    """What one role met at one spot."""

    row: Row
    role: str
    relation: str
    status: int
    location: str
    canaries: frozenset[Canary]
    events: tuple[str, ...]
    has_child: bool
    fault: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def is_sent_to_sign_in(self) -> bool:
        return self.status == 401 or (self.status == 302 and "/accounts/login/?next=" in self.location)

    @property
    def label(self) -> str:
        return f"{self.row.key} as {self.role} at {self.relation}"


def told(cells: Iterable[Cell], words: Callable[[Cell], str]) -> str:
    """Return findings as lines: one for all roles and relations of a page about which the same is to be said."""
    at: dict[tuple[str, str, str], list[str]] = {}
    for cell in cells:
        at.setdefault((cell.row.key, words(cell), cell.role), []).append(cell.relation)
    roles: dict[tuple[str, str, str], list[str]] = {}
    for (key, text, role), relations in at.items():
        roles.setdefault((key, text, " ".join(relations)), []).append(role)
    return "\n".join(f"{key}: {text}\n    at {at} as {' '.join(who)}" for (key, text, at), who in roles.items())


@dataclass(frozen=True)
class Verdict:
    """What the table says of a cell."""

    word: str

    def agrees(self, cell: Cell) -> bool:
        """Is this what came back?"""
        if self.word == "sign-in":
            return cell.is_sent_to_sign_in
        if self.word == "open":
            return cell.status in ALLOWED[cell.row.method] and not cell.is_sent_to_sign_in
        return cell.status == int(self.word)


def expected(row: Row, role: str, relation: str) -> Verdict:
    """Return what the hand-kept table says: open, 403, 404, or sign-in."""
    reach = row.family.reach_of(role)
    if role == ANONYMOUS and reach is None:
        return Verdict("sign-in")
    if reach is None:
        return Verdict("403")
    needed = needed_reach(row, relation)
    is_within = REACHES.index(reach) >= REACHES.index(needed)
    return Verdict((row.family.instead_of(role) or "open") if is_within else "404")


def needed_reach(row: Row, relation: str) -> str:
    """Return how far a role must reach to meet the row's objects at a spot; objects of all spots need nothing."""
    levels = {LEVELS.get(thing, "class") for thing in row.things}
    if not levels:
        return "nowhere"
    at = RELATIONS.index(relation)
    return max((NEEDED[level][at] for level in levels), key=REACHES.index)


class Walker:
    """Walks rows as roles; each request is undone, so that none changes what the next one meets."""

    def __init__(self, world: World, routes: Iterable[Route] | None = None) -> None:
        self.world = world
        self.routes = {route.name: route for route in (every_route() if routes is None else routes)}
        self._clients: dict[str, Client] = {}
        # Every request is undone, so what was the newest event before the walk stays the newest before each request.
        self._last = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or UUID(int=0)

    def client(self, role: str) -> Client:
        """Return the signed-in browser of a role."""
        if role not in self._clients:
            client = Client(raise_request_exception=False)
            user = self.world.user_of(role)
            if user is not None:
                client.force_login(user)
                client.get("/accounts/login/")  # the session takes its marks, which no undoing takes back
            self._clients[role] = client
        return self._clients[role]

    def walk(self, rows: Iterable[Row], roles: Iterable[str] = ROLES) -> list[Cell]:
        """Visit every row whose route exists.

        Whoever has no right to a page anywhere asks for it at one spot, each role at another: the refusal comes before
        the page reads a row (`foundation.access.pages.page`), so the spot decides nothing.
        """
        known = [row for row in rows if row.route in self.routes]
        return [self.visit(row, role, spot) for row in known for role in roles for spot in self._places(row, role)]

    def _places(self, row: Row, role: str) -> tuple[str, ...]:
        found = self.relations_of(row)
        if role not in ROLES or row.family.reach_of(role) is not None:
            return found
        return (found[(ROLES.index(role) + crc32(row.key.encode())) % len(found)],)

    def relations_of(self, row: Row) -> tuple[str, ...]:
        """A page without objects is the same everywhere: visited once; what belongs to a school, once per school."""
        if not row.is_of_a_spot:
            return RELATIONS[:1]
        of_schools = bool(row.things) and all(LEVELS.get(thing, "class") == "school" for thing in row.things)
        return RELATIONS[2:] if of_schools else RELATIONS

    def url_of(self, row: Row, relation: str) -> str:
        """Return the address of a row's page for the objects of a spot; `=word` stands for itself."""
        ids = self.world.spots[relation].ids
        named = {name: self._object(thing, relation) for name, thing in row.objects.items()}
        url = row.route if row.route.startswith("/") else reverse(row.route, kwargs=named)
        return f"{url}?{row.query.replace('{~', '{').format(**ids)}" if row.query else url

    def _object(self, thing: str, relation: str) -> Any:
        if thing.startswith("="):
            return thing[1:]
        spot, _, name = thing.rpartition("/")
        return self.world.spots[spot or relation].ids[name.lstrip("~")]

    def visit(self, row: Row, role: str, relation: str) -> Cell:
        """Ask once and undo it."""
        client, url = self.client(role), self.url_of(row, relation)
        jar = copy.deepcopy(client.cookies)
        with transaction.atomic():
            response = client.get(url) if row.method == "GET" else client.post(url, row.body)
            caught = self.world.net.caught(response)
            events = tuple(AuditEvent.objects.filter(id__gt=self._last).values_list("event", flat=True))
            transaction.set_rollback(True)
        client.cookies = jar
        return Cell(
            row, role, relation, response.status_code, response.headers.get("Location", ""), frozenset(caught),
            events, bool(self.routes[row.route].child), _fault_of(response), tuple(response.headers.items()),
        )  # fmt: skip


def _fault_of(response: object) -> str:
    info = getattr(response, "exc_info", None)
    return traceback.format_exception_only(info[1])[-1].strip() if info else ""
