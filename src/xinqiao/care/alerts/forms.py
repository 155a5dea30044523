"""Forms of alerts: they parse and validate, and never save."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.alerts.rules import NOT_TALKED
from xinqiao.care.alerts.services.guardians import Telling
from xinqiao.care.alerts.services.interviewing import Talk
from xinqiao.care.alerts.states import Level, Outcome, TalkKind, ToldBy
from xinqiao.care.alerts.wording import HOW_ASKED_WORDS, REFUSAL_FIELDS, refusal_words
from xinqiao.register.deadlines.models import PauseReason

MOMENT = "%Y-%m-%dT%H:%M"
IN_PERSON, AT_A_DISTANCE = "in_person", "distance"
LONGEST_NOTE, LONGEST_ADVICE = 8000, 500

ASKED = [("yes", _("Yes, asked directly")), ("no", _("No")), ("not_possible", _("It was not possible"))]
RISK = [
    ("none", _("No sign of danger")),
    ("some", _("Some: thoughts, no plan")),
    ("acute", _("Acute: a plan, means or an attempt")),
    ("unclear", _("Unclear")),
]
LEVELS = [("", _("No level")), *((level.value, level.label) for level in Level if level is not Level.GREEN)]
UNDECIDED = "undecided"
OUTCOMES = [*Outcome.choices, (UNDECIDED, _("Not decided yet: keep it open"))]


class InterviewForm(forms.Form):
    """A talk with a pupil and what comes of it."""

    held_at = forms.DateTimeField(
        label=_("When was the talk?"),
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    is_face_to_face = forms.ChoiceField(
        label=_("How was it held?"),
        choices=[(IN_PERSON, _("Face to face")), (AT_A_DISTANCE, _("By telephone or video"))],
        widget=forms.RadioSelect,
    )
    asked_about_suicide = forms.ChoiceField(
        label=_("Did you ask about suicide?"),
        choices=ASKED,
        widget=forms.RadioSelect,
        help_text=_("Asking does not put the thought into a child's head; it makes it easier to speak."),
    )
    risk_found = forms.ChoiceField(label=_("What did you find?"), choices=RISK, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What was said"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Sealed under the pupil's key; class teachers and the principal never see it."),
    )
    outcome = forms.ChoiceField(label=_("What comes of it?"), choices=OUTCOMES, widget=forms.RadioSelect)
    level = forms.ChoiceField(
        label=_("Attention level"),
        choices=LEVELS,
        required=False,
        help_text=_("Your judgement, not a score. The class teacher sees the level and the advice, nothing else."),
    )
    advice = forms.CharField(
        label=_("Advice for those who meet the child"),
        max_length=LONGEST_ADVICE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What to do in class, in plain words. No answers, no scores, nothing said in confidence."),
    )
    review_on = forms.DateField(
        label=_("Look at it again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    also = forms.MultipleChoiceField(
        label=_("This talk also settles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Undecided, it settles none of them: their clocks run on."),
    )

    def __init__(self, *args: Any, others: Sequence[tuple[UUID, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            self.fields["also"].choices = [(str(key), words) for key, words in others]  # type: ignore[attr-defined]  # a choice field's
            self.fields["also"].initial = [str(key) for key, _words in others]
        else:
            del self.fields["also"]

    def said_fields(self) -> list[forms.BoundField]:
        """Return the half of the form about the talk."""
        return [self[name] for name in ("held_at", "is_face_to_face", "asked_about_suicide", "risk_found", "note")]

    def decided_fields(self) -> list[forms.BoundField]:
        """Return the half about what comes of it."""
        return [field for field in self if field not in self.said_fields()]

    def talk(self) -> Talk:
        """Return what was typed, for the command."""
        said = self.cleaned_data
        return Talk(
            held_at=said["held_at"], is_face_to_face=said["is_face_to_face"] == IN_PERSON,
            asked_about_suicide=said["asked_about_suicide"], risk_found=said["risk_found"], note=said["note"],
            outcome="" if said["outcome"] == UNDECIDED else said["outcome"], level=said["level"],
            advice=said["advice"], review_on=said["review_on"],
        )  # fmt: skip

    def also_ids(self) -> set[UUID]:
        """Return the other signals that were ticked."""
        return {UUID(key) for key in self.cleaned_data.get("also", [])}

    def refuse(self, code: str) -> None:
        """Show why the command refused, at the field where it can be mended."""
        self.add_error(REFUSAL_FIELDS.get(code), refusal_words(code))


class AskedForm(forms.Form):
    """A yellow report settled without a talk: how its reporter was asked, and why it is settled so."""

    outcome = forms.ChoiceField(
        label=_("What comes of it?"), widget=forms.RadioSelect,
        choices=[(Outcome.KNOWN.value, Outcome.KNOWN.label), (Outcome.NOTHING.value, Outcome.NOTHING.label)],
    )  # fmt: skip
    asked = forms.ChoiceField(
        label=_("How did you ask whoever reported it?"), choices=list(HOW_ASKED_WORDS.items()),
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(
        label=_("Why"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Sealed under the pupil's key. If you are in doubt, talk to the pupil instead."),
    )  # fmt: skip

    def talk(self, now: dt.datetime) -> Talk:
        """Return what was decided, for the command: nobody talked to the pupil."""
        said = self.cleaned_data
        return Talk(
            held_at=now, is_face_to_face=False, asked_about_suicide="no", risk_found=NOT_TALKED, note=said["note"],
            outcome=said["outcome"], kind=TalkKind.ASKED.value, asked=(said["asked"],),
        )  # fmt: skip

    def refuse(self, code: str) -> None:
        """Show why the command refused, at the field where it can be mended."""
        field = "asked" if code == "needs_asking" else REFUSAL_FIELDS.get(code)
        self.add_error(field if field in self.fields else None, refusal_words(code))


class AttentionForm(forms.Form):
    """A level with advice and the day of the next look."""

    level = forms.ChoiceField(
        label=_("Attention level"),
        choices=Level.choices,
        widget=forms.RadioSelect,
        help_text=_("Green ends the attention: the class teacher sees the name here no more."),
    )
    advice = forms.CharField(
        label=_("Advice for those who meet the child"),
        max_length=LONGEST_ADVICE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What to do in class, in plain words. No answers, no scores, nothing said in confidence."),
    )
    review_on = forms.DateField(
        label=_("Look at it again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def review_day(self) -> dt.date | None:
        """Return the day of the next look; none where the attention ends."""
        day: dt.date | None = self.cleaned_data["review_on"]
        return None if self.cleaned_data["level"] == Level.GREEN else day

    def refuse(self, code: str) -> None:
        """Show why the command refused, at the field where it can be mended."""
        self.add_error(REFUSAL_FIELDS.get(code), refusal_words(code))


class GuardianForm(forms.Form):
    """Who of the family was told, when and how, and what was said."""

    told_at = forms.DateTimeField(
        label=_("When was it?"),
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    way = forms.ChoiceField(label=_("How?"), choices=ToldBy.choices, widget=forms.RadioSelect)
    guardian = forms.ChoiceField(label=_("Who was told?"), required=False)
    words = forms.CharField(
        label=_("What was said, and what was answered"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Sealed under the pupil's key; class teachers and the principal never see it."),
    )
    is_advised = forms.BooleanField(label=_("Advised to see a medical institution"), required=False)

    def __init__(self, *args: Any, guardians: Sequence[tuple[UUID, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(key), name) for key, name in guardians]
        self.fields["guardian"].choices = [*people, ("", _("Somebody else of the family"))]  # type: ignore[attr-defined]  # a choice field's

    def telling(self) -> Telling:
        """Return what was typed, for the command."""
        said = self.cleaned_data
        return Telling(
            told_at=said["told_at"], way=said["way"], words=said["words"], is_advised=said["is_advised"],
            guardian_id=UUID(said["guardian"]) if said["guardian"] else None,
        )  # fmt: skip

    def refuse(self, code: str) -> None:
        """Show why the command refused, at the field where it can be mended."""
        field = "words" if code == "needs_why" else REFUSAL_FIELDS.get(code)
        self.add_error(field, refusal_words(code))


class PauseForm(forms.Form):
    """Why a clock stands still."""

    reason = forms.ChoiceField(label=_("Why?"), choices=PauseReason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In words"),
        max_length=LONGEST_ADVICE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sealed under the pupil's key. Needed for another reason."),
    )

    def refuse(self, code: str) -> None:
        """Show why the command refused, at the field where it can be mended."""
        self.add_error("note" if code == "needs_why" else None, refusal_words(code))
