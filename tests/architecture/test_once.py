"""What the second run leaves out touches no database, and what touches one is never left out."""

import pytest

from tests import once
from tests.once import touches_no_database


def test_a_plain_test_is_left_out(request):
    assert touches_no_database(request.node)


@pytest.mark.django_db
def test_one_with_a_database_is_not(request):
    assert not touches_no_database(request.node)


def test_one_whose_fixture_asks_for_it_is_not(request, db):
    assert not touches_no_database(request.node)


@pytest.mark.parametrize("database", ["postgresql"])
def test_one_that_names_its_database_is_not(request, database, monkeypatch):
    assert not touches_no_database(request.node)
    monkeypatch.setattr(once, "NAMED", ())  # the control: by its fixtures alone it would be
    assert touches_no_database(request.node)
