"""Every stored field says how far it may travel; what identifies or tells about a child is sealed."""

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.allowed import READABLE_FIELDS
from xinqiao.foundation.access.scoped import ScopedModel
from xinqiao.foundation.core.data_classes import D1, D2, D3, D4, D5, D6, DataClass, foreign_tables
from xinqiao.foundation.core.places import PlaceField
from xinqiao.foundation.keys.fields import SealedField

MUST_BE_SEALED = {D2, D4, D5, D6}


def classes_of(model) -> dict[str, DataClass]:
    declared = getattr(model, "DATA", None)
    return declared if declared is not None else foreign_tables().get(model._meta.label, {})


def every_model():
    return apps.get_models(include_auto_created=True)


def unclassified(model) -> set[str]:
    """Fields without a class, and classes without a field."""
    return {field.name for field in model._meta.concrete_fields} ^ set(classes_of(model))


def readable(model) -> set[str]:
    """Fields that should be sealed and are not."""
    return {
        f"{model._meta.label}.{field.name}"
        for field in model._meta.concrete_fields
        if classes_of(model).get(field.name) in MUST_BE_SEALED and not isinstance(field, SealedField)
    }


def test_every_field_has_a_data_class():
    assert {model._meta.label: unclassified(model) for model in every_model() if unclassified(model)} == {}


def test_no_table_is_declared_that_is_not_there():
    labels = {model._meta.label for model in every_model()}
    assert set(foreign_tables()) <= labels


def test_identity_and_everything_told_is_sealed():
    found = set().union(*(readable(model) for model in every_model()))
    assert found - set(READABLE_FIELDS) == set(), "seal it, or allow it with a reason"
    assert set(READABLE_FIELDS) - found == set(), "allowed but no longer readable: strike it from the list"


def test_sealed_fields_are_of_a_class_worth_sealing_and_have_a_key():
    for model in every_model():
        sealed = [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]
        if sealed:
            assert any(field.name == "key_id" for field in model._meta.concrete_fields), model
        for field in sealed:
            assert classes_of(model)[field.name] in MUST_BE_SEALED | {D3}, f"{model._meta.label}.{field.name}"


def test_no_sealed_field_is_ordered_by_or_constrained():
    for model in every_model():
        sealed = {field.name for field in model._meta.concrete_fields if isinstance(field, SealedField)}
        for index in [*model._meta.indexes, *model._meta.constraints]:
            assert not sealed & set(getattr(index, "fields", ())), f"{model._meta.label} {index.name}"
        assert not sealed & {str(name).lstrip("-") for name in model._meta.ordering}


@pytest.fixture
def planted_model():
    class Planted(models.Model):
        DATA = {"id": D1, "diagnosis": D5}

        diagnosis = models.TextField()
        forgotten = models.TextField()

        class Meta:
            app_label = "planted"

    yield Planted
    apps.all_models.pop("planted", None)
    apps.clear_cache()


def test_control_a_planted_model_is_seen(planted_model):
    assert unclassified(planted_model) == {"forgotten"}
    assert readable(planted_model) == {"planted.Planted.diagnosis"}


def reaches_a_child(model) -> bool:
    """Has the model a relation to a student, or a student's id?"""
    names = {field.name for field in model._meta.concrete_fields}
    return bool(names & {"student", "student_id"})


def test_whatever_reaches_a_child_is_scoped():
    open_models = [m._meta.label for m in every_model() if reaches_a_child(m) and not issubclass(m, ScopedModel)]
    assert open_models == []


def test_scoped_rows_have_their_county_and_place():
    for model in every_model():
        if issubclass(model, ScopedModel):
            assert not model._meta.get_field("county_id").null
            assert isinstance(model._meta.get_field("place"), PlaceField)
            assert model.SCOPE


def test_places_are_places():
    """A column named place or path is a PlaceField, so that its order is the same on every database."""
    for model in every_model():
        for field in model._meta.concrete_fields:
            if model.__module__.startswith("xinqiao.") and field.name in {"place", "path"}:
                assert isinstance(field, PlaceField), f"{model._meta.label}.{field.name}"
