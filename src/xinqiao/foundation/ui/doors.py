"""Doors of the navigation and links to pages of apps that stand above: two registries filled in `AppConfig.ready()`.

An app below never imports one above. It asks here for a link by name, and gets an empty string where the app above is
absent or says that this reader may not go there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.ui.wording import Text

IsOpen = Callable[[HttpRequest], bool]
LinkResolver = Callable[[HttpRequest, Any], str | None]


class NameTaken(ValueError):
    """Two apps registered the same name."""


@dataclass(frozen=True)
class Door:
    """One entry of the navigation; `is_open` says whether this reader sees it."""

    name: str
    label: Text
    url_name: str
    icon: str
    order: int
    is_open: IsOpen


@dataclass(frozen=True)
class OpenDoor:
    """A door as it is shown to one reader; `heading` stands above the first of its kind where there are many."""

    name: str
    label: Text
    icon: str
    url: str
    is_current: bool = False
    heading: Text = ""


# What the orders of `register_door` mean: the first order of each kind, and what stands above it in a long list.
HEADINGS: tuple[tuple[int, Text], ...] = (
    (10, ""), (20, _("Care")), (50, _("Programme")), (70, _("People and places")), (90, _("You and this system")),
)  # fmt: skip
MOST_WITHOUT_HEADINGS = 8

_doors: dict[str, Door] = {}
_links: dict[str, LinkResolver] = {}


def register_door(name: str, *, label: Text, url_name: str, icon: str, order: int, is_open: IsOpen) -> None:
    """Put an entry into the navigation.

    `order` sorts from low to high: 10-19 today's work, 20-49 care, 50-69 programme, 70-89 register, 90-99 system.
    Raises NameTaken if another door has this name.
    """
    if name in _doors:
        raise NameTaken(name)
    _doors[name] = Door(name, label, url_name, icon, order, is_open)


def register_link(name: str, resolver: LinkResolver) -> None:
    """Say how to reach a page of this app: `resolver(request, id)` gives its URL, or None where not permitted.

    Raises NameTaken if another app gave this name.
    """
    if name in _links:
        raise NameTaken(name)
    _links[name] = resolver


def doors_for(doors: Iterable[Door], request: HttpRequest) -> list[OpenDoor]:
    """The doors that are open to this reader, in order, the one that leads to the present page marked."""
    entered = [door for door in sorted(doors, key=lambda each: (each.order, each.name)) if door.is_open(request)]
    open_doors = [OpenDoor(door.name, door.label, door.icon, reverse(door.url_name)) for door in entered]
    current, headings = current_door(open_doors, request.path), headings_of([door.order for door in entered])
    return [
        replace(door, is_current=door.name == current, heading=heading)
        for door, heading in zip(open_doors, headings, strict=True)
    ]


def headings_of(orders: Sequence[int]) -> list[Text]:
    """Return what stands above each door of a navigation, by their orders; a short one needs no headings."""
    kinds = [max((first for first, _words in HEADINGS if first <= order), default=0) for order in orders]
    words = dict(HEADINGS)
    if len(orders) <= MOST_WITHOUT_HEADINGS:
        return [""] * len(orders)
    return [
        words.get(kind, "") if position == 0 or kinds[position - 1] != kind else ""
        for position, kind in enumerate(kinds)
    ]


def current_door(doors: Iterable[OpenDoor], path: str) -> str:
    """The name of the door whose URL is the longest beginning of `path`; empty if none is.

    The front page "/" counts only for itself, otherwise it would claim every page.
    """
    fitting = [
        door for door in doors if path == door.url or (door.url != "/" and path.startswith(_as_folder(door.url)))
    ]
    return max(fitting, key=lambda door: len(door.url)).name if fitting else ""


def _as_folder(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


def navigation(request: HttpRequest) -> list[OpenDoor]:
    """The navigation of this reader from what the apps registered."""
    return doors_for(_doors.values(), request)


def link_to(name: str, request: HttpRequest, target_id: Any) -> str:
    """The URL of a page registered under `name`; empty where it is unknown or this reader may not go there."""
    resolver = _links.get(name)
    return (resolver(request, target_id) or "") if resolver else ""


def link_names() -> frozenset[str]:
    """Every registered link name, so that a test can find templates that ask for one nobody registered."""
    return frozenset(_links)
