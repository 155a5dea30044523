"""Every URL says what it needs, or stands in a list with its reason."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from tests.architecture.allowed import OPEN_URLS

CHILD_ARGUMENTS = {"student_id", "pupil_id", "child_id"}


def every_url(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern with its full route."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from every_url(pattern, route)
        else:
            yield route, pattern


def undeclared(urls) -> set[str]:
    """Routes whose view has no @page."""
    return {route for route, pattern in urls if not hasattr(pattern.callback, "page_permission")}


def test_every_url_states_what_it_needs():
    found = undeclared(every_url())
    assert found - set(OPEN_URLS) == set(), "decorate the view with @page, or allow it with a reason"
    assert set(OPEN_URLS) - found == set(), "allowed but gone or decorated: strike it from the list"


def test_control_a_planted_view_is_seen():
    def bare(request):
        return HttpResponse()

    assert undeclared([("x/", path("x/", bare))]) == {"x/"}


def unwatched(urls) -> set[str]:
    """Routes that name a pupil and do not say so: a refusal there would not be noted."""
    return {
        route
        for route, pattern in urls
        if CHILD_ARGUMENTS & set(pattern.pattern.converters) and not getattr(pattern.callback, "page_child", "")
    }


def test_every_url_that_names_a_pupil_is_watched():
    assert unwatched(every_url()) == set()


def test_control_a_url_that_names_a_pupil_unwatched_is_seen():
    assert unwatched([("x/", path("<uuid:student_id>/", lambda request, student_id: None))]) == {"x/"}


def counted_ids(urls) -> set[str]:
    """Routes with integer ids, which can be counted through."""
    return {route for route, _ in urls if "<int:" in route and "/year/" not in route}


def test_no_url_can_be_counted_through():
    assert counted_ids(every_url()) - set(OPEN_URLS) == set()


def test_every_child_argument_is_one_of_the_route():
    for route, pattern in every_url():
        child = getattr(pattern.callback, "page_child", "")
        assert not child or child in pattern.pattern.converters, route
