"""What nobody else can read: not by a permission, not with the database and its keys, not in the audit."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import best_version, scale_of
from xinqiao.care.wellbeing.models import Entry, Notebook, PrivateQuerySet
from xinqiao.care.wellbeing.presenting import change_between
from xinqiao.care.wellbeing.selectors import (
    Kept,
    KeptRow,
    OwnScale,
    has_notebook,
    kept_text,
    opened_notebook,
    own_place,
    own_scale,
    own_scales,
    said_by,
)
from xinqiao.care.wellbeing.services import notebooks
from xinqiao.care.wellbeing.services.notebooks import (
    NoNotebook,
    change_words,
    delete_notebook,
    delete_results,
    keep_result,
)
from xinqiao.care.wellbeing.tests.conftest import NOW, ROUNDS_IN_USE, SENTENCE
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.access.scoped import Unscoped
from xinqiao.foundation.audit import recording
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.models import Change
from xinqiao.foundation.keys import boxes
from xinqiao.foundation.keys.boxes import WrongWords
from xinqiao.foundation.keys.fields import open_sealed, sealed_fields
from xinqiao.foundation.keys.models import KeySubject
from xinqiao.register.accounts.services.staff import end_staff
from xinqiao.register.policy.packs import StaffScale
from xinqiao.register.policy.selectors import parameters_for

CANARY = b"QZ7-notebook-canary"
OTHERS = ("head.songhu", "psych.songhu", "county.", "city.", "security.", "admin.", "audit.")


def keep(actor, answers=(1, 1, 1, 1, 1, 1, 1, 0, 0), *, code="phq-9", at=NOW, words=SENTENCE):
    said = said_by(own_scale(actor, code, clock.today()), list(answers))
    return keep_result(own_place(actor), actor=actor, result=kept_text(said, at), words=words)


def opened(actor, words=SENTENCE):
    rows = opened_notebook(actor, words, clock.today())
    return None if rows is None else [(row.own.version.code, row.kept.score, row.kept.band) for row in rows]


def everything_stored() -> bytes:
    """All that the database holds, the outer seals taken off: what an operator with the master key can read."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        rows = list(model._base_manager.all())
        names = [field.name for field in sealed_fields(model)]
        found += [repr(vars(row)).encode() for row in rows]
        if names and rows:
            found += [repr(each).encode() for each in open_sealed(rows, *names)]
    return b"\n".join(found)


def test_a_result_is_kept_and_opened_in_the_order_of_time(actor_of):
    me = actor_of("class.songhu")
    keep(me, (2, 2, 2, 2, 2, 2, 2, 0, 0), at=NOW)
    keep(me, at=NOW - dt.timedelta(days=30), words="")
    keep(me, (0,) * 7, code="gad-7", at=NOW - dt.timedelta(days=40), words="")
    assert opened(me) == [("gad-7", 0.0, "minimal"), ("phq-9", 7.0, "mild"), ("phq-9", 14.0, "moderate")]
    with pytest.raises(WrongWords):
        opened(me, "不是这一句话啊啊啊啊")


def test_the_first_keeping_needs_a_sentence(actor_of):
    with pytest.raises(NoNotebook):
        keep(actor_of("class.songhu"), words="")
    assert not has_notebook(actor_of("class.songhu"))


@pytest.mark.parametrize("login", OTHERS)
def test_no_colleague_and_no_keeper_finds_it(actor_of, login):
    """Not even with the owner's sentence: the notebook is found by who asks."""
    entry, other = keep(actor_of("class.songhu")), actor_of(login)
    assert not has_notebook(other)
    assert opened(other) is None
    found = delete_results(own_place(other), actor=other, ids=[entry.id])
    assert isinstance(found, Unchanged)
    assert opened(actor_of("class.songhu")) == [("phq-9", 7.0, "mild")]


def test_control_a_manager_that_opens_to_all_would_show_it(actor_of, monkeypatch):
    keep(actor_of("class.songhu"))
    monkeypatch.setattr(PrivateQuerySet, "own", lambda self, actor: self._opened())
    assert has_notebook(actor_of("head.songhu"))


def test_no_permission_no_reason_and_no_habit_opens_the_tables(actor_of):
    me = actor_of("class.songhu")
    keep(me)
    for model in (Notebook, Entry):
        for ask in (
            lambda rows: rows.all(),
            lambda rows: list(rows.filter()),
            lambda rows: rows.count(),
            lambda rows: rows.visible_to(me, Permission.WELLBEING_OWN),
            lambda rows: rows.visible_to(system_actor("job"), Permission.WELLBEING_OWN),
            lambda rows: rows.for_system(reason="a good reason"),
            lambda rows: rows.filter().for_system(reason="a good reason"),
        ):
            with pytest.raises(Unscoped):
                ask(model.objects)
        assert not model.objects.own(system_actor("job")).exists()
        assert model.objects.own(me).count() == 1


def test_database_and_master_key_do_not_tell_it(actor_of):
    me = actor_of("class.songhu")
    keep_result(own_place(me), actor=me, result=CANARY, words=SENTENCE)
    stored = everything_stored()
    assert CANARY not in stored
    assert SENTENCE.encode() not in stored
    assert SENTENCE not in stored.decode()


def test_control_a_box_without_its_own_seal_would_tell_it(actor_of, monkeypatch):
    monkeypatch.setattr(notebooks, "into_box", lambda public, plain, bound_to: plain)
    me = actor_of("class.songhu")
    keep_result(own_place(me), actor=me, result=CANARY, words=SENTENCE)
    assert CANARY in everything_stored()


def test_a_row_names_nobody_and_no_moment(actor_of):
    me = actor_of("class.songhu")
    entry = keep(me)
    book = Notebook.objects.own(me).get()
    assert {row.id.version for row in (entry, book)} == {4}
    assert {row.place for row in (entry, book)} == {""}
    names = {me.id, me.staff_id, me.key_id}
    for row in (entry, book):
        assert not names & {value for value in vars(row).values() if not isinstance(value, bytes)}
        assert not any(mark.bytes in bytes(row.owner) or bytes(row.owner) in mark.bytes for mark in names)


def changes_by(act) -> list[AuditEvent]:
    before = set(AuditEvent.objects.values_list("id", flat=True))
    act()
    return list(AuditEvent.objects.exclude(id__in=before))


def is_silent(event: AuditEvent, actor) -> bool:
    """Does the event name neither who acted nor anything of what was kept?"""
    told = (event.actor_id, event.actor_role, event.actor_kind, event.place, event.subject_id, event.facts)
    known = {actor.id, actor.staff_id, actor.key_id}
    return (
        told[1:] == ("unnamed", "unnamed", "", None, "{}")
        and event.actor_id not in known
        and event.key_id is None
        and event.labels is None
    )


def acts_of(me):
    place = own_place(me)
    yield lambda: keep(me)
    yield lambda: change_words(place, actor=me, words=SENTENCE, new_words="另外一句很长的话啊")
    yield lambda: delete_results(place, actor=me, ids=[Entry.objects.own(me).get().id])
    yield lambda: delete_notebook(place, actor=me)


def test_each_change_is_an_event_that_names_nobody(actor_of):
    me = actor_of("class.songhu")
    found = [event for act in acts_of(me) for event in changes_by(act)]
    assert {event.event for event in found} == {notebooks.CHANGED}
    assert len(found) == 4
    assert all(is_silent(event, me) for event in found)
    fed = Change.objects.filter(topic=notebooks.CHANGED).values_list("subject_id", "place")
    assert set(fed) == {(None, "")}


def test_control_a_named_command_would_tell_who(actor_of, monkeypatch):
    me = actor_of("class.songhu")
    monkeypatch.setattr(recording, "unnamed_actor", lambda: me)
    assert not all(is_silent(event, me) for event in changes_by(lambda: keep(me)))


def test_deleting_needs_no_sentence_and_takes_the_key_along(actor_of):
    me, other = actor_of("class.songhu"), actor_of("psych.songhu")
    keep(other)
    entry = keep(me)
    assert delete_notebook(own_place(me), actor=me) is True
    assert KeySubject.objects.get(pk=entry.key_id).destroyed_at is not None
    assert open_sealed([entry], "box") == [{"box": None}]
    assert not has_notebook(me)
    assert opened(other) == [("phq-9", 7.0, "mild")]
    assert isinstance(delete_notebook(own_place(me), actor=me), Unchanged)


def test_who_leaves_takes_it_along_without_a_word(actor_of, cast):
    me, head = actor_of("class.songhu"), actor_of("head.songhu")
    keep(me)
    staff = {row.id: row for row in cast.staff.values()}
    told = changes_by(lambda: end_staff(staff[me.staff_id], actor=head, heir=staff[actor_of("class2.").staff_id]))
    assert not has_notebook(me)
    assert not any(event.event == notebooks.CHANGED for event in told)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM wellbeing_entry")
        assert cursor.fetchone() == (0,)


def test_scales_are_those_of_the_policy_that_can_be_read_here(actor_of):
    for login in ("class.songhu", *OTHERS):
        found, without = own_scales(actor_of(login), clock.today())
        assert [own.rule.code for own in found] == ["phq-9", "gad-7"]
        assert without == ["who-5", "sds", "sas"]


@pytest.mark.parametrize(
    ("code", "scores", "words"),
    [
        ("who-5", (80.0, 40.0), "加重 40 分"),
        ("who-5", (40.0, 80.0), "好转 40 分"),
        ("phq-9", (4.0, 10.0), "加重 6 分"),
        ("phq-9", (10.0, 4.0), "好转 6 分"),
        ("phq-9", (10.0, 5.0), "相差 5 分"),
        ("phq-9", (10.0,), ""),
    ],
)
def test_a_change_is_named_in_the_direction_of_its_scale(cast, code, scores, words):
    version = ScaleVersion.objects.get(code=code, place="")
    own = OwnScale(version, scale_of(version), StaffScale(code=code, advice={}, reliable_change=6))
    told = change_between([KeptRow(version.id, own, Kept(NOW, version.id, score, "")) for score in scores])
    assert words in told
    assert bool(told) == bool(words)


def test_every_band_of_every_scale_in_the_policy_leads_somewhere(actor_of, cast):
    place = own_place(actor_of("class.songhu"))
    for rule in parameters_for(place, clock.today()).staff_scales:
        first = scale_of(best_version(rule.code, place)).subscales[0]
        assert {band.code for bands in first.band_sets for band in bands.bands} == set(rule.advice), rule.code


def test_a_guess_is_dear():
    """The size in use, not the one of these tests: memory that a guess takes, in bytes."""
    assert 128 * ROUNDS_IN_USE * boxes.BLOCK == 64 * 2**20
