"""The page "Rules in force": every value with its source, in both languages, for one's own units only."""

import pytest
from django.conf import settings

from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, build_world


@pytest.fixture
def world(db):
    with clock.frozen(MONDAY_10):
        yield build_world()


@pytest.fixture
def read(world, client):
    def as_(login, language="en", query=""):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client.get(f"/policy/{query}")

    return as_


@pytest.mark.parametrize(
    ("language", "ours", "law"),
    [("en", "our assumption", "Personal Information Protection Law"), ("zh-hans", "我们的假定", "个人信息保护法")],
)
def test_it_shows_values_and_where_they_come_from(read, language, ours, law):
    text = read("psych", language).content.decode()
    assert all(words in text for words in (ours, law, "S1-07c", "12356", "national-default@2026.1#"))


def test_it_says_for_which_year_no_holidays_are_known(read):
    assert "2027" in read("psych").content.decode()


def test_only_ones_own_units(read, world):
    assert read("psych", query=f"?unit={world.school.code}").status_code == 200
    assert read("psych", query=f"?unit={world.other_school.code}").status_code == 404
    assert read("officer", query=f"?unit={world.county.code}").status_code == 200
    assert read("officer", query=f"?unit={world.school.code}").status_code == 200


def test_a_class_teacher_reads_the_schools_rules(read, world):
    assert world.school.name in read("teacher").content.decode()
