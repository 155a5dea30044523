"""The form of sixty seconds, and its longer sisters: they parse and validate, and never save."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xinqiao.care.alerts.finding import find_pupils, pupils_of
from xinqiao.care.alerts.services.reporting import Worry
from xinqiao.care.alerts.states import HANDED_OVER, Part, SeenWhen
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student
from xinqiao.register.policy.parameters import Parameters

LONGEST_WORDS, LONGEST_NAME, LONGEST_NAMES = 200, 40, 4000
SEPARATORS = re.compile(r"[,，、;；\n]+")
GROUPS = ("red", "orange", "yellow")
NOT_FOUND = _(
    "Nobody here goes by this name or number. Check the class, and write the whole name or the student number. If it "
    "is urgent, do not look any longer: go to the psychology teacher or the school lead now."
)
SEVERAL = _("Several pupils go by this name. Choose the class, or write the student number.")
TICK_ONE = _("Tick what comes nearest; the last line will do if nothing fits.")
STAYED = [("yes", _("Yes, somebody is with the child")), ("no", _("No, or I do not know"))]
KINDS_OF_HAND_OVER = [(each.value, each.label) for each in HANDED_OVER]


def plain_choices(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Return what the policy lists as choices in the reader's language."""
    language = get_language() or ""
    return [(row.code, row.name.in_language(language)) for row in rows]


def one_pupil(schools: Sequence[str], group: str, typed: str) -> tuple[Student | None, str]:
    """Return the pupil who was named, or why there is none; `group` is the place of a class, or "" for any."""
    found = find_pupils([group] if group else schools, typed)
    if len(found) == 1:
        return found[0], ""
    return None, str(SEVERAL if found else NOT_FOUND)


class SeenForm(forms.Form):
    """When it was seen, what may weigh on the pupil, a line of one's own; the key makes a double click one report."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    seen_when = forms.ChoiceField(
        label=_("When was it seen?"), choices=SeenWhen.choices, initial=SeenWhen.NOW.value, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In a sentence"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What you saw or heard, not what you think it is. Only the psychology teacher reads it."),
    )  # fmt: skip

    def __init__(
        self, parameters: Parameters, schools: Sequence[str], classes: Sequence[tuple[Unit, str]], *args: Any, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.schools = schools
        self.class_choices = [("", _("I do not know")), *((unit.path, name) for unit, name in classes)]
        self.parameters = parameters

    def _worry(self, typed: str, **said: Any) -> Worry:
        told = self.cleaned_data
        base: dict[str, Any] = {"seen": (), "factors": (), "words": told.get("words", "")}
        return Worry(typed=typed, seen_when=told["seen_when"], key=told["key"], **{**base, **said})


class WorryForm(SeenForm):
    """I am worried about a pupil: who, and what was seen."""

    group = forms.ChoiceField(label=_("Class"), required=False)
    pupil = forms.CharField(label=_("Name or student number"), max_length=LONGEST_NAME)
    red = forms.MultipleChoiceField(label=_("In danger"), required=False, widget=forms.CheckboxSelectMultiple)
    stayed = forms.ChoiceField(
        label=_("Is somebody with the child now?"), required=False, choices=STAYED, widget=forms.RadioSelect
    )
    orange = forms.MultipleChoiceField(
        label=_("Needs somebody soon"), required=False, widget=forms.CheckboxSelectMultiple
    )
    yellow = forms.MultipleChoiceField(
        label=_("Worth a closer look"), required=False, widget=forms.CheckboxSelectMultiple
    )
    factors = forms.MultipleChoiceField(
        label=_("What may weigh on the pupil"), required=False, widget=forms.CheckboxSelectMultiple
    )

    student: Student | None = None

    def __init__(self, *args: Any, names: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._set("group", self.class_choices)
        for urgency in GROUPS:
            self._set(urgency, plain_choices(r for r in self.parameters.worry_observations if r.urgency == urgency))
        self._set("factors", plain_choices(self.parameters.worry_factors))
        self.names = names
        self.fields["pupil"].widget.attrs |= {"autocomplete": "off", **({"list": "pupils-here"} if names else {})}

    def _set(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field's

    def clean(self) -> dict[str, Any]:
        """Find the pupil, and ask for at least one tick."""
        told = super().clean() or self.cleaned_data
        if not self.seen():
            self.add_error("yellow", TICK_ONE)
        if told.get("pupil"):
            self.student, fault = one_pupil(self.schools, told.get("group", ""), told["pupil"])
            if fault:
                self.add_error("pupil", fault)
        return told

    def seen(self) -> tuple[str, ...]:
        """Return the codes that were ticked, the most urgent first."""
        return tuple(code for urgency in GROUPS for code in self.cleaned_data.get(urgency, ()))

    def worry(self) -> Worry:
        """Return what was typed, for the command."""
        told = self.cleaned_data
        stayed = {"yes": True, "no": False}.get(told["stayed"])
        return self._worry(told["pupil"], seen=self.seen(), factors=tuple(told["factors"]), stayed=stayed)


class HandOverForm(WorryForm):
    """What came from a hotline, the mailbox, a counsellor, a check-up, a department, or a guardian."""

    source = forms.ChoiceField(label=_("Where does it come from?"), choices=KINDS_OF_HAND_OVER)


class ExposureForm(SeenForm):
    """Several pupils who went through an incident: a whole class, or some of it by name."""

    group = forms.ChoiceField(label=_("Class"))
    names = forms.CharField(
        label=_("Names or student numbers"), required=False, max_length=LONGEST_NAMES,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("With a comma or a new line between them. Leave it empty for the whole class."),
    )  # fmt: skip

    students: Sequence[Student] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = self.class_choices[1:]  # type: ignore[attr-defined]  # a choice field's
        self.fields["words"].required = True
        self.fields["words"].label = _("What happened")

    def clean(self) -> dict[str, Any]:
        """Find all pupils who were named; one who is not found stops the whole."""
        told = super().clean() or self.cleaned_data
        if told.get("group"):
            self.students = self._find(told["group"], told.get("names", ""))
        return told

    def _find(self, group: str, names: str) -> list[Student]:
        typed = [part.strip() for part in SEPARATORS.split(names) if part.strip()]
        if not typed:
            return pupils_of(group)
        found = [(name, *one_pupil(self.schools, group, name)) for name in typed]
        for name, _student, fault in found:
            if fault:
                self.add_error("names", f"{name}: {fault}")
        return list({student.id: student for _name, student, _fault in found if student}.values())

    def worry(self) -> Worry:
        """Return what was typed, for the command: the class stands for the names."""
        names = dict(self.class_choices)
        return self._worry(str(names[self.cleaned_data["group"]]))


class BullyingForm(SeenForm):
    """Two pupils of one bullying: each gets a story of their own, which says only what is written of them here."""

    suffers_group = forms.ChoiceField(label=_("Class"), required=False)
    suffers = forms.CharField(label=_("Name or student number"), max_length=LONGEST_NAME)
    suffers_words = forms.CharField(label=_("What was done to this pupil"), max_length=LONGEST_WORDS,
                                    widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip
    does_group = forms.ChoiceField(label=_("Class"), required=False)
    does = forms.CharField(label=_("Name or student number"), max_length=LONGEST_NAME)
    does_words = forms.CharField(
        label=_("What this pupil did"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Leave the other pupil's name out: each story can be read alone."),
    )  # fmt: skip

    found: dict[Part, Student]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["words"]
        for part in Part:
            self.fields[f"{part.value}_group"].choices = self.class_choices  # type: ignore[attr-defined]  # a choice field's

    def suffers_fields(self) -> list[forms.BoundField]:
        """Return the fields about the pupil to whom it is done."""
        return self._fields_of(Part.SUFFERS)

    def does_fields(self) -> list[forms.BoundField]:
        """Return the fields about the pupil who does it."""
        return self._fields_of(Part.DOES)

    def _fields_of(self, part: Part) -> list[forms.BoundField]:
        return [self[f"{part.value}_group"], self[part.value], self[f"{part.value}_words"]]

    def clean(self) -> dict[str, Any]:
        """Find both, who are two."""
        told, self.found = super().clean() or self.cleaned_data, {}
        for part in Part:
            if not told.get(part.value):
                continue
            student, fault = one_pupil(self.schools, told.get(f"{part.value}_group", ""), told[part.value])
            if student is None:
                self.add_error(part.value, fault)
            else:
                self.found[part] = student
        if len({student.id for student in self.found.values()}) < len(self.found):
            self.add_error("does", _("This is the same pupil twice."))
        return told

    def parts(self) -> dict[Part, tuple[Student, Worry]]:
        """Return each part's pupil and what is written of that pupil, for the command."""
        told = self.cleaned_data
        return {
            part: (student, self._worry(told[part.value], words=told[f"{part.value}_words"]))
            for part, student in self.found.items()
        }
