"""Forms of courses and notes. They parse; they never save."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.care.counselling import course_rules as rules
from xinqiao.care.counselling.errors import CannotCounsel
from xinqiao.care.counselling.notes import Note
from xinqiao.care.counselling.services.courses import CourseDraft
from xinqiao.care.counselling.services.noting import SessionDraft
from xinqiao.care.counselling.states import Effect, EndReason, Form, Risk, Signed
from xinqiao.care.counselling.wording import course_refusal_words
from xinqiao.foundation.core.clock import today

LONGEST = 6000
CHOOSE_A_DAY = gettext_lazy("Choose a day.")
FIELD_OF_REFUSAL = {
    rules.IN_THE_FUTURE: "held_on", rules.BEFORE_AGREEMENT: "held_on", rules.NOTHING_WRITTEN: "process",
    rules.NO_WHY: "why",
}  # fmt: skip


class Refusing(forms.Form):
    """A form that shows why it was refused, beside the field concerned."""

    def refuse(self, error: CannotCounsel) -> None:
        """Show why not."""
        field = FIELD_OF_REFUSAL.get(error.code)
        self.add_error(field if field in self.fields else None, course_refusal_words(error.code))


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": CHOOSE_A_DAY, "invalid": CHOOSE_A_DAY},
    )  # fmt: skip


def _words(label: Any, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
    )  # fmt: skip


class CourseForm(Refusing):
    """Who signed the agreement, when, and who reads."""

    signed = forms.ChoiceField(
        label=gettext_lazy("Signed by"), choices=Signed.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say who signed.")},
    )  # fmt: skip
    signed_on = _day(gettext_lazy("Signed on"))
    is_shared = forms.BooleanField(
        label=gettext_lazy("Every member of the counselling group may read the notes, not I alone"), required=False
    )

    def draft(self, agreement: str) -> CourseDraft:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        return CourseDraft(data["signed"], data["signed_on"], agreement, data["is_shared"])


class NoteForm(Refusing):
    """A session and its note; `goals` are asked for by name, 0 to 10."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    held_on = _day(gettext_lazy("Day of the session"))
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=1, max_value=600,
        error_messages={"required": gettext_lazy("Say how many minutes it took.")},
    )  # fmt: skip
    form = forms.ChoiceField(label=gettext_lazy("How it was held"), choices=Form.choices)
    risk = forms.ChoiceField(label=gettext_lazy("Asked about danger to life?"), choices=Risk.choices)
    risk_words = _words(gettext_lazy("What came of asking"), 2)
    presenting = _words(gettext_lazy("What the pupil comes with"))
    process = _words(gettext_lazy("Course of the session"), 5)
    analysis = _words(gettext_lazy("Analysis"))
    countermeasure = _words(gettext_lazy("What was done about it"))
    goals = _words(gettext_lazy("What was agreed as a goal"), 2)
    plan = _words(gettext_lazy("Next steps"), 2)
    effect = _words(gettext_lazy("Effect so far"), 2)
    words = _words(gettext_lazy("Anything else"), 2)

    def __init__(self, goals: Mapping[UUID, str], *args: Any, **kwargs: Any) -> None:
        first = {"key": uuid4(), "held_on": today(), "minutes": 50, "risk": Risk.NOT_ASKED, "form": Form.INDIVIDUAL}
        kwargs["initial"] = {**first, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._goals = list(goals)
        self.fields["risk"].help_text = _(
            "Where danger is found, those on duty are told at once, by a signal that holds no word of this note."
        )
        for goal_id, said in goals.items():
            self.fields[_field_of(goal_id)] = forms.IntegerField(
                label=_("How near is this goal, 0 to 10: {goal}").format(goal=said), required=False, min_value=0,
                max_value=rules.HIGHEST,
            )  # fmt: skip

    def session(self) -> SessionDraft:
        """Return the session; only for a valid form."""
        data = self.cleaned_data
        near = {goal: data[_field_of(goal)] for goal in self._goals if data[_field_of(goal)] is not None}
        return SessionDraft(data["key"], data["held_on"], data["minutes"], data["form"], near)

    def note(self) -> Note:
        """Return the note; only for a valid form."""
        return note_in(self.cleaned_data)


class AmendForm(Refusing):
    """A note written anew, and why; `number` is the version that it becomes."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=2)
    why = forms.CharField(
        label=gettext_lazy("Why it is amended"), max_length=200,
        error_messages={"required": gettext_lazy("Say in a sentence why it is amended.")},
    )  # fmt: skip
    risk = NoteForm.base_fields["risk"]
    risk_words = NoteForm.base_fields["risk_words"]
    presenting = NoteForm.base_fields["presenting"]
    process = NoteForm.base_fields["process"]
    analysis = NoteForm.base_fields["analysis"]
    countermeasure = NoteForm.base_fields["countermeasure"]
    goals = NoteForm.base_fields["goals"]
    plan = NoteForm.base_fields["plan"]
    effect = NoteForm.base_fields["effect"]
    words = NoteForm.base_fields["words"]

    def note(self) -> Note:
        """Return the note; only for a valid form."""
        return note_in(self.cleaned_data)


class GoalForm(Refusing):
    """A goal in words."""

    words = forms.CharField(
        label=gettext_lazy("New goal"), max_length=200,
        error_messages={"required": gettext_lazy("Write the goal in a few words.")},
    )  # fmt: skip


class HandOverForm(Refusing):
    """To whom a course goes."""

    to = forms.TypedChoiceField(
        label=gettext_lazy("Colleague"), coerce=UUID,
        error_messages={"required": gettext_lazy("Nobody was chosen. Choose one of the list.")},
    )  # fmt: skip

    def __init__(self, people: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Not chosen yet")), *people]


class EndForm(Refusing):
    """Why a course ends, and what it brought."""

    why = forms.ChoiceField(
        label=gettext_lazy("Reason"), widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in EndReason if each != EndReason.LEFT],
        error_messages={"required": gettext_lazy("No reason was chosen. Nothing ends without one.")},
    )  # fmt: skip
    effect = forms.ChoiceField(
        label=gettext_lazy("What the course has brought"), widget=forms.RadioSelect, choices=Effect.choices,
        error_messages={"required": gettext_lazy("Say what the course has brought.")},
    )  # fmt: skip


def typed_in(post: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into a note's form, for a draft: its own fields and those of goals, nothing else."""
    names = [name for name in post if name in NoteForm.base_fields or name.startswith("goal-")]
    return {name: post[name][:LONGEST] for name in names if name != "key"}


def note_in(data: Mapping[str, Any]) -> Note:
    """Return the note that cleaned fields hold."""
    return Note(**{name: data.get(name) or "" for name in Note.__struct_fields__})


def _field_of(goal_id: UUID) -> str:
    return f"goal-{goal_id}"
