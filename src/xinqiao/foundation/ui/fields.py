"""How a form field is shown: which kind of control, which classes and which ties to its help and errors."""

from dataclasses import dataclass

from django import forms
from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Fault:
    """One thing that was wrong with one field."""

    field_id: str
    label: str
    message: str


_CLASSES = {
    "check": "form-check-input",
    "select": "form-select",
    "file": "form-control",
    "text": "form-control",
    "choices": "xq-choices",
}


def kind_of(field: BoundField) -> str:
    """check (one box), choices (several boxes or radios), select, file or text."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.Select):
        return "select"
    return "file" if isinstance(widget, forms.FileInput) else "text"


def control_of(field: BoundField) -> SafeString:
    """The control itself with our classes; a faulty one is marked for eyes and for screen readers."""
    kind = kind_of(field)
    classes = [str(field.field.widget.attrs.get("class", "")), _CLASSES[kind]]
    if field.errors and kind != "choices":
        classes.append("is-invalid")
    attrs: dict[str, str | bool] = {"class": " ".join(filter(None, classes))}
    described = described_by(field)
    if described and kind != "choices":  # a group's fieldset is described instead, once for all its boxes
        attrs["aria-describedby"] = described
    if field.errors and kind != "choices":
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


def faults_of(form: BaseForm) -> list[Fault]:
    """Every field's faults in the order of the form."""
    return [
        Fault(field.id_for_label or f"{field.auto_id}_0", str(field.label), str(message))
        for field in form
        for message in field.errors
    ]


def described_by(field: BoundField) -> str:
    """The ids of the help and the faults of a field, for aria-describedby."""
    ids = []
    if field.help_text:
        ids.append(f"{field.auto_id}_help")
    if field.errors:
        ids.append(f"{field.auto_id}_faults")
    return " ".join(ids)
