"""Forms of cases: they parse and validate, and never save."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.alerts.forms import MOMENT
from xinqiao.care.alerts.states import Level, Urgency
from xinqiao.care.crisis import rules
from xinqiao.care.crisis.evidence import evidence_from
from xinqiao.care.crisis.services.following_up import FollowUpDraft
from xinqiao.care.crisis.services.judging import JudgementDraft
from xinqiao.care.crisis.services.planning import MeasureDraft, PlanDraft
from xinqiao.care.crisis.states import EndReason, Finding, Way, Whom
from xinqiao.care.crisis.wording import REFUSAL_FIELDS, refusal_words

LONGEST = 8000
LONGEST_ADVICE = 500
MEASURE_LINES = range(1, 6)
Choices = Sequence[tuple[str, str]]


def moment_field(label: Any) -> forms.DateTimeField:
    """Return a field of a moment."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, input_formats=[MOMENT], widget=widget)


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """Return a field of a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def words_field(
    label: Any, *, rows: int = 4, required: bool = True, help_text: Any = "", longest: int = LONGEST
) -> forms.CharField:
    """Return a field of words in lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, help_text=help_text, max_length=longest, widget=widget)


class CaseForm(forms.Form):
    """What forms of cases share: showing a refusal where it can be mended."""

    def refuse(self, codes: Sequence[str], facts: rules.EndFacts | None = None) -> None:
        """Show why the command refused."""
        for code in codes:
            field = REFUSAL_FIELDS.get(code)
            self.add_error(field if field in self.fields else None, refusal_words(code, facts))

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


class OpenForm(CaseForm):
    """Why a case is opened by hand, and how soon people sit together."""

    urgency = forms.ChoiceField(
        label=_("How urgent is it?"), choices=Urgency.choices, widget=forms.RadioSelect, initial=Urgency.ORANGE,
        help_text=_("It says how soon people sit together over the case; the level is theirs to decide."),
    )  # fmt: skip
    reasons = words_field(
        _("Why does this pupil need continued care?"),
        help_text=_("Sealed under the pupil's key; read by the school's psychology teachers alone."),
    )


class JudgementForm(CaseForm):
    """What people decided together."""

    held_at = moment_field(_("When did you sit together?"))
    present = forms.MultipleChoiceField(
        label=_("Who sat"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick who sat.")},
    )  # fmt: skip
    others = words_field(
        _("Others who sat"), rows=2, required=False, longest=LONGEST_ADVICE,
        help_text=_("One person a line, as “doctor of the health centre”."),
    )  # fmt: skip
    static = forms.MultipleChoiceField(
        label=_("Static: what was measured"), required=False, widget=forms.CheckboxSelectMultiple
    )
    dynamic = forms.MultipleChoiceField(
        label=_("Dynamic: what people see"), required=False, widget=forms.CheckboxSelectMultiple
    )
    looked_at = words_field(_("What else was looked at"), rows=2, required=False)
    level = forms.ChoiceField(
        label=_("Level"), choices=Level.choices, widget=forms.RadioSelect,
        help_text=_("Your judgement together, not a score. It becomes the pupil's attention level."),
    )  # fmt: skip
    reasons = words_field(
        _("Reasons"), rows=5,
        help_text=_("Sealed under the pupil's key; class teachers and the principal never see it."),
    )  # fmt: skip
    advice = words_field(
        _("Advice for those who meet the child"), rows=3, required=False, longest=LONGEST_ADVICE,
        help_text=_("What to do in class, in plain words. No answers, no scores, nothing said in confidence."),
    )  # fmt: skip
    review_on = day_field(
        _("Sit together again on"), required=False, help_text=_("Empty takes the latest day that the rules allow.")
    )
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, people: Choices, static: Choices, dynamic: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("present", people)
        self._choose("dynamic", dynamic)
        if static:
            self._choose("static", static)
        else:
            del self.fields["static"]

    def part(self, *names: str) -> list[forms.BoundField]:
        """Return some fields, as far as they are there."""
        return [self[name] for name in names if name in self.fields]

    def sat_fields(self) -> list[forms.BoundField]:
        """Return the part about who sat."""
        return self.part("held_at", "present", "others")

    def evidence_fields(self) -> list[forms.BoundField]:
        """Return the part about what was looked at."""
        return self.part("static", "dynamic", "looked_at")

    def decided_fields(self) -> list[forms.BoundField]:
        """Return the part about what was decided."""
        return self.part("level", "reasons", "advice", "review_on")

    def draft(self) -> JudgementDraft:
        """Return what was filled in; only for a valid form."""
        said = self.cleaned_data
        return JudgementDraft(
            held_at=said["held_at"], present=tuple(UUID(each) for each in said["present"]), others=said["others"],
            evidence=evidence_from([*said.get("static", []), *said["dynamic"]]), looked_at=said["looked_at"],
            level=said["level"], reasons=said["reasons"], advice=said["advice"], review_on=said["review_on"],
            after=said["after"],
        )  # fmt: skip


class PlanForm(CaseForm):
    """A version of the individual plan."""

    goals = words_field(_("What the plan aims at"), help_text=_("In words that the pupil would agree to."))
    helper = forms.ChoiceField(
        label=_("The one named helper"),
        help_text=_(
            "Stands beside the pupil every day. Reads below what to do, the level and the advice; nothing else."
        ),
    )
    for_helper = words_field(
        _("What the helper does"), rows=3, longest=LONGEST_ADVICE,
        help_text=_("In plain words; no reasons, nothing said in confidence."),
    )  # fmt: skip
    family_part = words_field(_("What the family does"), rows=3, required=False)
    review_on = day_field(_("Look at the plan again on"))
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, people: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("helper", [("", str(_("Not chosen yet"))), *people])
        for n in MEASURE_LINES:
            is_first = n == 1
            self.fields[f"what_{n}"] = forms.CharField(
                label=_("Measure {n}").format(n=n), required=is_first, max_length=LONGEST_ADVICE
            )
            self.fields[f"who_{n}"] = forms.CharField(label=_("Who"), required=False, max_length=60)
            self.fields[f"until_{n}"] = day_field(_("Until"), required=False)

    def measure_rows(self) -> list[list[forms.BoundField]]:
        """Return the lines of measures: what, who, until."""
        return [[self[f"what_{n}"], self[f"who_{n}"], self[f"until_{n}"]] for n in MEASURE_LINES]

    def aim_fields(self) -> list[forms.BoundField]:
        """Return the part about the aim."""
        return [self["goals"]]

    def people_fields(self) -> list[forms.BoundField]:
        """Return the part about helper and family."""
        return [self[name] for name in ("helper", "for_helper", "family_part", "review_on")]

    def draft(self) -> PlanDraft:
        """Return what was filled in; only for a valid form."""
        said = self.cleaned_data
        measures = tuple(
            MeasureDraft(said[f"what_{n}"], said[f"who_{n}"], said[f"until_{n}"])
            for n in MEASURE_LINES
            if said[f"what_{n}"].strip()
        )
        return PlanDraft(
            goals=said["goals"], measures=measures, helper=UUID(said["helper"]), for_helper=said["for_helper"],
            review_on=said["review_on"], family_part=said["family_part"], after=said["after"],
        )  # fmt: skip


class FollowUpForm(CaseForm):
    """One follow-up."""

    whom = forms.ChoiceField(label=_("With whom?"), choices=Whom.choices, widget=forms.RadioSelect)
    held_at = moment_field(_("When was it?"))
    way = forms.ChoiceField(label=_("How was it held?"), choices=Way.choices, widget=forms.RadioSelect)
    words = words_field(
        _("What you saw and heard"), rows=5,
        help_text=_("Sealed under the pupil's key; class teachers and the principal never see it."),
    )  # fmt: skip
    finding = forms.ChoiceField(
        label=_("Danger, as you found it"), choices=Finding.choices, required=False, widget=forms.RadioSelect,
        help_text=_("Always after a talk with the pupil. Acute danger calls the people on duty at once, by itself."),
    )  # fmt: skip
    next_on = day_field(
        _("Next follow-up on"),
        required=False,
        help_text=_("At the latest by the rhythm of the level; empty takes that day."),
    )

    def __init__(self, longest_on: dt.date | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if longest_on is None:
            del self.fields["next_on"]

    def draft(self) -> FollowUpDraft:
        """Return what was filled in; only for a valid form."""
        said = self.cleaned_data
        return FollowUpDraft(
            held_at=said["held_at"], way=said["way"], whom=said["whom"], words=said["words"], finding=said["finding"],
            next_on=said.get("next_on"),
        )  # fmt: skip


class HandOverForm(CaseForm):
    """Who leads the case from now on."""

    to = forms.ChoiceField(label=_("Psychology teacher who takes the case"))

    def __init__(self, people: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("to", [("", str(_("Not chosen yet"))), *people])


class CloseForm(CaseForm):
    """Why a case ends."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=EndReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("No reason was chosen. Nothing ends without one.")},
    )  # fmt: skip
    words = words_field(
        _("In a sentence"), rows=3, help_text=_("Sealed. Of a pupil who left: to whom the case was handed over.")
    )
