"""Whom a line means: nobody is guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinqiao.register.staffing.rules import Known, Meant, Said, doubled, whom_it_means

LI, WANG = Known("a", "李明", "T1", "13800000001"), Known("b", "李明", "", "13800000002")


@pytest.mark.parametrize(
    ("said", "known", "meant"),
    [
        (Said("李明", "T1"), [LI], Meant("known", ("a",))),
        (Said("李明明", "T1"), [LI], Meant("doubt", ("a",))),
        (Said("李明", "T9"), [LI], Meant("new")),
        (Said("李明", "", "13800000001"), [LI], Meant("known", ("a",))),
        (Said("李明", "", "13999999999"), [LI], Meant("doubt", ("a",))),
        (Said("李明"), [LI, WANG], Meant("doubt", ("a", "b"))),
        (Said("李明", "T5", "13800000002"), [LI, WANG], Meant("known", ("b",))),
        (Said("张三", "T1x"), [LI, WANG], Meant("new")),
        (Said("张三"), [], Meant("new")),
    ],
)
def test_whom_a_line_means(said, known, meant):
    assert whom_it_means(said, known) == meant


people = st.builds(
    Known, st.uuids().map(str), st.sampled_from(["李明", "王芳"]), st.sampled_from(["", "T1", "T2"]),
    st.sampled_from(["", "1", "2"]),
)  # fmt: skip
lines = st.builds(
    Said, st.sampled_from(["李明", "王芳"]), st.sampled_from(["", "T1", "T2"]), st.sampled_from(["", "1", "2"])
)


@settings(max_examples=200, deadline=None)
@given(lines, st.lists(people, max_size=4))
def test_a_line_means_somebody_only_where_a_number_or_a_telephone_says_so(said, known):
    meant = whom_it_means(said, known)
    by_id = {one.id: one for one in known}
    if meant.match == "known":
        (who,) = (by_id[one] for one in meant.who)
        assert who.name == said.name
        assert (said.number and who.number == said.number) or (said.phone and who.phone == said.phone)
        assert not (said.number and who.number and said.number != who.number)
    if meant.match == "new":
        assert not any(one.name == said.name and not (one.number and said.number) for one in known)


def test_two_lines_may_not_mean_one_person():
    one = Meant("known", ("a",))
    assert doubled([("1", one), ("2", Meant("new")), ("3", one)]) == {"3"}
