"""Words for the fields of a pupil and their values."""

from typing import Any

from django.utils.translation import gettext as _

from xinqiao.register.people.states import Sex


def field_word(name: str) -> str:
    """Return what a field is called on screen."""
    words = {
        "name": _("Name"), "number": _("Student number"), "national_number": _("National student number"),
        "id_number": _("Identity number"), "sex": _("Sex"), "birth_on": _("Birth date"), "birth_year": _("Birth year"),
        "ethnicity": _("Ethnicity"), "boards": _("Boards"), "guardian": _("Guardian"), "class": _("Class"),
    }  # fmt: skip
    return words[name]


def value_word(name: str, value: Any) -> str:
    """Return a field's value as people read it; empty where nothing is known."""
    if value is None or value == "":
        return ""
    if name == "sex":
        return str(Sex(value).label)
    if name == "boards":
        return _("yes") if value else _("no")
    return str(value)
