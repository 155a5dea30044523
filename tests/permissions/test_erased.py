"""Every page about a pupil still opens once the pupil's key is destroyed, and shows nothing of what was sealed."""

import pytest

from tests.permissions.table import ANONYMOUS, read_expected
from tests.permissions.walking import Walker, expected, told
from tests.permissions.world import RELATIONS, ROLES, World
from xinqiao.foundation.keys.store import destroy_keys

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("permissions"), pytest.mark.slow]
SPOT = RELATIONS[0]


def visits(world: World):
    """Each page that is read, lists too, as the first two roles that may open it."""
    walker = Walker(world)
    for row in read_expected():
        roles = [each for each in ROLES if each != ANONYMOUS and expected(row, each, SPOT).word == "open"]
        for role in roles[:2] if row.method == "GET" else ():
            yield walker.visit(row, role, SPOT)


def demand_pages_open(world: World):
    cells = list(visits(world))
    assert len(cells) > 100
    broken = [cell for cell in cells if cell.status >= 500]
    assert not broken, told(broken, lambda cell: f"{cell.status} {cell.fault}")


def test_pages_open_without_the_key(undone: World):
    student = undone.spots[SPOT].student
    assert student is not None
    destroy_keys([student.key_id])
    demand_pages_open(undone)


def test_control_a_page_that_cannot_bear_it_is_found(undone: World, monkeypatch):
    monkeypatch.setattr("xinqiao.care.archives.selectors.file.name_of", lambda student: 1 / 0)
    with pytest.raises(AssertionError):
        demand_pages_open(undone)
