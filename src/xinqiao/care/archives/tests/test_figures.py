"""Statistics of the files: every pupil once, handfuls hidden, also from whoever takes sums apart."""

import itertools

import pytest
from django.urls import reverse

from xinqiao.care.archives.selectors import figures as figures_module
from xinqiao.care.archives.selectors.figures import file_figures
from xinqiao.care.support.services.entries import EntryDraft, add_entry
from xinqiao.engines.disclosure import Protected, ranges_of
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.policy.selectors import parameters_for

pytestmark = pytest.mark.django_db
SMALLEST = 5


@pytest.fixture
def many(house):
    """Forty more pupils of both sexes, three of them on the register under one category, seven under another."""
    world = house.world
    drafts = [
        StudentDraft(f"学生{n}", world.class_a, f"202602{n:02d}", sex="female" if n % 2 else "male") for n in range(40)
    ]
    students = register_students(world.school, drafts, clock.today())
    codes = [each.code for each in parameters_for(world.school.path, clock.today()).register_categories]
    kept = itertools.chain(((each, codes[0]) for each in students[:3]), ((each, codes[1]) for each in students[3:10]))
    for student, code in kept:
        draft = EntryDraft(code, "", "需要关注")
        add_entry(student, actor=world.actor("psych"), draft=draft)
    return world


def demand_no_handful(world):
    """Every table counts every pupil once, and no hidden cell can be told to be a handful."""
    found = file_figures(world.actor("head"), world.school, clock.today())
    assert found.pupils == 43
    for table in found.tables:
        counts = table.counts
        if counts is None:
            continue
        assert counts.total == 43
        shown = [cell for row in counts.shown for cell in row if cell is not None]
        assert not [
            cell for cell in (*shown, *(each for each in counts.sums if each is not None)) if 0 < cell < SMALLEST
        ]
        hidden = {(r, c) for r, row in enumerate(counts.shown) for c, cell in enumerate(row) if cell is None}
        true = [group.counts for group in counts.groups]
        for low, high in ranges_of(true, hidden).values():
            assert high >= SMALLEST or high == 0 == low


def test_no_handful_is_told(many):
    demand_no_handful(many)


def test_control_bare_counts_tell_a_handful(many, monkeypatch):
    def bare(groups, _smallest):
        groups = tuple(groups)
        columns = [sum(column) for column in zip(*(each.counts for each in groups), strict=True)]
        return Protected(groups, tuple(each.counts for each in groups), tuple(columns), sum(columns))

    monkeypatch.setattr(figures_module, "protected", bare)
    with pytest.raises(AssertionError):
        demand_no_handful(many)


def test_page_and_paper_for_those_who_count(many, sign_in):
    for login, status in (("head", 200), ("psych", 200), ("teacher", 403), ("officer", 403)):
        assert sign_in(login).get(reverse("archives:figures")).status_code == status
    paper = sign_in("head").get(reverse("archives:figures-pdf"))
    assert paper.content.startswith(b"%PDF")
    assert AuditEvent.objects.filter(event="archives.figures.read").count() == 3
