"""The navigation and the links upward."""

import pytest
from django.http import Http404
from django.template import Context, Template

from xinqiao.foundation.ui.doors import (
    NameTaken,
    OpenDoor,
    current_door,
    headings_of,
    link_names,
    link_to,
    navigation,
    register_door,
    register_link,
)


def always(_request) -> bool:
    return True


def never(_request) -> bool:
    return False


def a_door(name: str, *, order: int = 10, is_open=always) -> None:
    register_door(name, label=name, url_name="set_language", icon="home", order=order, is_open=is_open)


def test_doors_come_in_order_and_closed_ones_are_absent(request_at):
    a_door("late", order=80)
    a_door("early", order=10)
    a_door("closed", order=20, is_open=never)
    assert [door.name for door in navigation(request_at("/"))] == ["early", "late"]


@pytest.mark.parametrize(("is_open", "shown"), [(always, ["one"]), (never, [])])
def test_only_the_door_itself_says_whether_it_is_open(request_at, is_open, shown):
    a_door("one", is_open=is_open)
    assert [door.name for door in navigation(request_at("/"))] == shown


def test_a_long_navigation_has_a_heading_above_the_first_of_each_kind():
    orders = [10, 20, 21, 30, 40, 50, 70, 71, 90]
    assert [str(each) for each in headings_of(orders)] == [
        "", "测评与关怀", "", "", "", "工作推进", "单位与人员", "", "个人与系统",
    ]  # fmt: skip


def test_a_short_navigation_has_none(request_at):
    for order in (10, 20, 50, 70):
        a_door(f"d{order}", order=order)
    assert [door.heading for door in navigation(request_at("/"))] == [""] * 4
    assert set(headings_of([10, 20, 30, 40, 50, 60, 70, 90])) == {""}


def test_equal_orders_stand_by_name(request_at):
    a_door("b")
    a_door("a")
    assert [door.name for door in navigation(request_at("/"))] == ["a", "b"]


@pytest.mark.parametrize("register", [a_door, lambda name: register_link(name, lambda _request, _id: None)])
def test_a_name_is_given_once(register):
    register("taken")
    with pytest.raises(NameTaken):
        register("taken")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "home"),
        ("/people/", "people"),
        ("/people/7/edit/", "people"),
        ("/people/import/3/", "import"),
        ("/peoples/", ""),
        ("/elsewhere/", ""),
    ],
)
def test_the_present_door_is_the_nearest_above_the_path(path, expected):
    urls = {"home": "/", "people": "/people/", "import": "/people/import/"}
    assert current_door([OpenDoor(name, name, "home", url) for name, url in urls.items()], path) == expected


def test_only_one_door_is_marked(request_at):
    a_door("one")
    marked = navigation(request_at("/i18n/setlang/"))
    assert [door.is_current for door in marked] == [True]


def test_a_link_is_empty_where_unknown_or_not_permitted(request_at):
    register_link("student-file", lambda _request, target: f"/files/{target}/" if target == 7 else None)
    request = request_at("/")
    assert link_to("student-file", request, 7) == "/files/7/"
    assert link_to("student-file", request, 8) == ""
    assert link_to("never-registered", request, 7) == ""
    assert link_names() == {"student-file"}


def test_a_fault_in_a_resolver_is_not_hidden(request_at):
    def broken(_request, _id):
        raise Http404

    register_link("broken", broken)
    with pytest.raises(Http404):
        link_to("broken", request_at("/"), 1)


def test_door_link_keeps_the_words_without_permission(request_at):
    register_link("student-file", lambda _request, target: "/f/" if target == 7 else None)
    page = Template('{% load ui %}{% door_link "student-file" id %}{{ name }}{% enddoor_link %}')
    open_words = page.render(Context({"request": request_at("/"), "id": 7, "name": "<b>"}))
    closed_words = page.render(Context({"request": request_at("/"), "id": 8, "name": "<b>"}))
    assert open_words == '<a href="/f/">&lt;b&gt;</a>'
    assert closed_words == "&lt;b&gt;"


def test_door_gives_a_url_to_a_variable(request_at):
    register_link("student-file", lambda _request, _id: "/f/")
    page = Template('{% load ui %}{% door "student-file" 1 as url %}[{{ url }}]')
    assert page.render(Context({"request": request_at("/")})) == "[/f/]"
    assert page.render(Context({})) == "[]"
