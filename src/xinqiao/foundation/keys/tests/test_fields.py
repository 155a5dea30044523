"""The sealed field on both databases: what it refuses to store, to ask, and to open."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import FieldError
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import translation

from xinqiao.foundation.keys import fields
from xinqiao.foundation.keys.fields import NotSealed, open_sealed, sealed_fields
from xinqiao.foundation.keys.sealing import Misplaced, Sealed
from xinqiao.foundation.keys.store import KeyDestroyed, destroy_keys, forget_keys, new_key
from xinqiao.register.people.models import Guardian, Student

NAME, NUMBER = "𠮷野娜迪热", "G510104201203047812"
pytestmark = pytest.mark.django_db


def make_student(name=NAME, number=NUMBER) -> Student:
    row = Student(
        county_id=uuid.uuid4(), place="aaaaaaaa/", school_id=uuid.uuid4(), school_place="aaaaaaaa/",
        key_id=new_key("student"), name=name, number=number,
    )  # fmt: skip
    row.save(force_insert=True)
    return again(row)


def again(row):
    return type(row)._system.get(pk=row.pk)


def stored(row, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [db_id(row.pk)])
        return bytes(cursor.fetchone()[0])


def put(row, column, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [value, db_id(row.pk)])


def db_id(pk):
    return pk if connection.vendor == "postgresql" else pk.hex


def test_only_the_seal_is_stored_and_it_opens_again():
    row = make_student()
    assert NAME.encode() not in stored(row, "name")
    assert isinstance(row.name, Sealed)
    assert open_sealed([row], "name", "number", "id_number") == [{"name": NAME, "number": NUMBER, "id_number": None}]


def test_saving_a_loaded_row_keeps_its_seal():
    row = make_student()
    before = stored(row, "name")
    row.save()
    assert stored(row, "name") == before


@pytest.mark.parametrize("way", ["update", "bulk_update", "update with Value", "update with Concat"])
def test_plain_text_is_refused_whichever_way_it_comes(way):
    row = make_student()
    rows = Student.objects.for_system(reason="test")
    with pytest.raises(NotSealed), transaction.atomic():
        store_plain(way, row, rows)
    assert open_sealed([again(row)], "name") == [{"name": NAME}]


def store_plain(way, row, rows):
    if way == "update":
        rows.filter(pk=row.pk).update(name="王小明")
    elif way == "bulk_update":
        row.name = "王小明"
        rows.bulk_update([row], ["name"])
    elif way == "update with Value":
        rows.filter(pk=row.pk).update(name=Value("王小明"))
    else:
        rows.filter(pk=row.pk).update(name=Concat(Value("王"), Value("小明")))


@pytest.mark.parametrize("way", ["update", "bulk_update", "update with Value"])
def test_control_without_the_guard_plain_text_is_stored(way, monkeypatch):
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL refuses text in a bytea column by itself")
    row = make_student()
    monkeypatch.setattr(fields.SealedField, "get_db_prep_value", lambda self, value, *a, **k: value)
    monkeypatch.setattr(fields.SealedField, "get_placeholder", lambda self, *a: "%s")
    store_plain(way, row, Student.objects.for_system(reason="test"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM people_student WHERE id = %s", [db_id(row.pk)])
        assert cursor.fetchone()[0] == "王小明"


def test_sealed_rows_may_be_bulk_updated():
    row = make_student()
    row.name = "王小明"
    fields.seal_rows([row])
    Student.objects.for_system(reason="test").bulk_update([row], ["name"])
    assert open_sealed([again(row)], "name") == [{"name": "王小明"}]


def test_a_column_copied_by_the_database_does_not_open():
    row = make_student()
    Student.objects.for_system(reason="test").filter(pk=row.pk).update(name=F("number"))
    with pytest.raises(Misplaced):
        open_sealed([again(row)], "name")


@pytest.mark.parametrize("lookup", ["name", "name__contains", "name__in", "name__gt", "name__regex", "name__length"])
def test_nothing_can_be_asked_of_it_but_whether_it_is_there(lookup):
    rows = Student.objects.for_system(reason="test")
    with pytest.raises((FieldError, NotSealed, TypeError)), transaction.atomic():
        list(rows.filter(**{lookup: ["x"] if lookup.endswith("in") else "x"}))
    make_student(number=None)
    assert rows.filter(number__isnull=True).count() == 1
    assert rows.filter(name__isnull=False).count() == 1


def test_wrong_kind_is_refused():
    with pytest.raises(NotSealed), transaction.atomic():
        make_student(name=b"bytes")
    with pytest.raises(NotSealed), transaction.atomic():
        make_student(name=17)


class Moves:
    """Where a seal might be moved by someone who can write to the database."""

    @staticmethod
    def another_row():
        one, other = make_student(), make_student(name="别人")
        put(other, "name", stored(one, "name"))
        return again(other), "name"

    @staticmethod
    def another_row_with_its_key():
        one, other = make_student(), make_student(name="别人")
        put(other, "name", stored(one, "name"))
        put(other, "key_id", db_id(one.key_id))
        return again(other), "name"

    @staticmethod
    def another_column():
        row = make_student()
        put(row, "name", stored(row, "number"))
        return again(row), "name"

    @staticmethod
    def another_table():
        row = make_student()
        guardian = Guardian(
            id=row.id, county_id=row.county_id, place="aaaaaaaa/", key_id=row.key_id, name="监护人", phone=None
        )
        guardian.save(force_insert=True)
        put(guardian, "name", stored(row, "name"))
        return again(guardian), "name"


MOVES = [Moves.another_row, Moves.another_row_with_its_key, Moves.another_column, Moves.another_table]


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
def test_a_moved_seal_is_refused(move):
    row, name = move()
    with pytest.raises(Misplaced):
        open_sealed([row], name)


@pytest.mark.parametrize("move", MOVES[1:], ids=lambda move: move.__name__)
def test_control_without_associated_data_the_moved_seal_opens(move, monkeypatch):
    monkeypatch.setattr(fields, "associated", lambda *_: b"")
    row, name = move()
    assert open_sealed([row], name)[0][name] in (NAME, NUMBER)


def test_a_destroyed_key_opens_nothing_and_seals_nothing():
    row = make_student(number=None)
    row.birth_on = "2012-03-04"
    row.save()
    assert destroy_keys([row.key_id]) == 1
    for language, word in (("en", "(erased)"), ("zh-hans", "（已删除）")):
        with translation.override(language):
            assert open_sealed([again(row)], "name", "birth_on") == [{"name": word, "birth_on": None}]
    assert open_sealed([again(row)], "number") == [{"number": None}], "where nothing was stored, nothing is said"
    row.name = "新名"
    with pytest.raises(KeyDestroyed), transaction.atomic():
        row.save()
    assert destroy_keys([row.key_id]) == 0


def test_control_a_key_not_destroyed_opens_after_the_cache_is_gone():
    row = make_student()
    forget_keys()
    assert open_sealed([again(row)], "name") == [{"name": NAME}]


def test_many_rows_cost_one_query_for_their_keys(django_assert_num_queries):
    rows = [make_student(name=f"生{n}") for n in range(20)]
    forget_keys()
    with django_assert_num_queries(1):
        assert [opened["name"] for opened in open_sealed(rows, "name", "number")] == [f"生{n}" for n in range(20)]


def test_unsaved_values_open_as_they_are():
    row = Student(key_id=new_key("student"), name="未存", birth_on=str(dt.date(2012, 3, 4)))
    assert open_sealed([row], "name", "birth_on") == [{"name": "未存", "birth_on": "2012-03-04"}]


def test_it_never_reaches_a_form():
    assert all(field.formfield() is None and not field.editable for field in sealed_fields(Student))
