"""Every URL that the staff's side answers, found by walking the resolver."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One URL pattern: its full name (or the pattern itself, where it has none), its arguments, its view."""

    name: str
    pattern: str
    arguments: tuple[str, ...]
    view: Any

    @property
    def permission(self) -> str:
        return str(getattr(self.view, "page_permission", ""))

    @property
    def child(self) -> str:
        return str(getattr(self.view, "page_child", ""))


def every_route(urlconf: str | None = None) -> list[Route]:
    """Return all routes, in the order of the resolver."""
    return list(_walk(get_resolver(urlconf), "", ()))


def _walk(resolver: URLResolver, prefix: str, spaces: tuple[str, ...]) -> Iterator[Route]:
    for each in resolver.url_patterns:
        pattern = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each, pattern, (*spaces, each.namespace) if each.namespace else spaces)
        elif isinstance(each, URLPattern):
            name = ":".join((*spaces, each.name)) if each.name else f"/{pattern}"
            yield Route(name, f"/{pattern}", tuple(each.pattern.converters), each.callback)
