"""The one-minute form of the second gate: it parses and validates, and never saves."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.alerts.forms import (
    ASKED,
    AT_A_DISTANCE,
    IN_PERSON,
    LEVELS,
    LONGEST_ADVICE,
    LONGEST_NOTE,
    MOMENT,
    RISK,
)
from xinqiao.care.alerts.rules import NOT_TALKED
from xinqiao.care.alerts.services.interviewing import Talk
from xinqiao.care.alerts.states import Outcome, TalkKind
from xinqiao.care.alerts.wording import ASKED_WORDS, REFUSAL_FIELDS, STANDING_WORDS, refusal_words

INTERVIEW = "interview"
NEXT = [
    (INTERVIEW, _("Full interview needed")),
    (Outcome.WATCH.value, Outcome.WATCH.label),
    (Outcome.NOTHING.value, _("False alarm")),
]
SAID = ("held_at", "is_face_to_face", "asked", "asked_about_suicide", "risk_found", "standing", "note")


class ClearedForm(forms.Form):
    """Why a flag was a false alarm, where the second paper raised none: a proposal that a person may change."""

    note = forms.CharField(label=_("Why it was a false alarm"), max_length=LONGEST_NOTE,
                           widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip

    def talk(self, now: dt.datetime) -> Talk:
        """Return what was decided, for the command: no talk was held."""
        return Talk(
            held_at=now, is_face_to_face=False, asked_about_suicide="no", risk_found=NOT_TALKED,
            note=self.cleaned_data["note"], outcome=Outcome.NOTHING.value, kind=TalkKind.PAPER.value,
        )  # fmt: skip

    def refuse(self, code: str) -> None:
        """Show why the command refused."""
        self.add_error("note", refusal_words(code))


class GateForm(forms.Form):
    """A talk of ten minutes with a pupil whom a questionnaire flagged, and what comes next."""

    kind = TalkKind.GATE.value

    held_at = forms.DateTimeField(
        label=_("When was the talk?"), input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )  # fmt: skip
    is_face_to_face = forms.ChoiceField(
        label=_("How was it held?"), widget=forms.RadioSelect,
        choices=[(IN_PERSON, _("Face to face")), (AT_A_DISTANCE, _("By telephone or video"))],
    )  # fmt: skip
    asked = forms.MultipleChoiceField(
        label=_("What did you ask about?"), choices=list(ASKED_WORDS.items()), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one thing that you asked about.")},
    )  # fmt: skip
    asked_about_suicide = forms.ChoiceField(
        label=_("Did you ask about suicide?"), choices=ASKED, widget=forms.RadioSelect
    )
    risk_found = forms.ChoiceField(label=_("What did you find?"), choices=RISK, widget=forms.RadioSelect)
    standing = forms.ChoiceField(
        label=_("How is the pupil?"), choices=list(STANDING_WORDS.items()), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("In a sentence"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed for a false alarm: why was it one? Sealed under the pupil's key."),
    )  # fmt: skip
    outcome = forms.ChoiceField(
        label=_("What next?"), choices=NEXT, widget=forms.RadioSelect,
        help_text=_("The full interview starts its usual clock now. Nothing is closed by itself: you decide."),
    )  # fmt: skip
    level = forms.ChoiceField(label=_("Attention level"), choices=LEVELS, required=False)
    advice = forms.CharField(
        label=_("Advice for those who meet the child"), max_length=LONGEST_ADVICE, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    review_on = forms.DateField(
        label=_("Look at it again on"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def said_fields(self) -> list[forms.BoundField]:
        """Return the fields about the talk."""
        return [self[name] for name in SAID]

    def watch_fields(self) -> list[forms.BoundField]:
        """Return the fields that only a pupil who is kept in view needs."""
        return [self[name] for name in ("level", "advice", "review_on")]

    def talk(self) -> Talk:
        """Return what was typed, for the command; a level goes only with keeping in view."""
        said: dict[str, Any] = self.cleaned_data
        has_level = said["outcome"] in (Outcome.WATCH, Outcome.CASE)
        return Talk(
            held_at=said["held_at"], is_face_to_face=said["is_face_to_face"] == IN_PERSON,
            asked_about_suicide=said["asked_about_suicide"], risk_found=said["risk_found"], note=said["note"],
            outcome="" if said["outcome"] == INTERVIEW else said["outcome"],
            level=said["level"] if has_level else "", advice=said["advice"] if has_level else "",
            review_on=said["review_on"] if has_level else None, kind=self.kind, asked=tuple(said["asked"]),
            standing=said["standing"],
        )  # fmt: skip

    def refuse(self, code: str) -> None:
        """Show why the command refused, at the field where it can be mended."""
        self.add_error(REFUSAL_FIELDS.get(code), refusal_words(code))


class LotForm(GateForm):
    """The same talk with a pupil who was drawn by lot: it ends with an outcome, there is no gate to pass."""

    kind = TalkKind.LOT.value
    outcome = forms.ChoiceField(
        label=_("What comes of it?"), choices=Outcome.choices, widget=forms.RadioSelect,
        help_text=_("Judge it as you would any pupil, not by the questionnaire."),
    )  # fmt: skip
