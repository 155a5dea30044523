"""The form of a session for parents: it parses and validates, and never saves."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.support.services.parents import SessionDraft
from xinqiao.care.support.states import SessionKind, SessionWay
from xinqiao.foundation.core.ids import new_id

MOST_FAMILIES = 100_000


class SessionForm(forms.Form):
    """For whom, about what, how many families came; the key makes a double click one session."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    unit = forms.ChoiceField(
        label=_("For whose parents"),
        error_messages={"required": _("It is not said for whom. Choose a class or the school.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=SessionKind.choices, widget=forms.RadioSelect,
                             initial=SessionKind.SCHOOL.value)  # fmt: skip
    way = forms.ChoiceField(label=_("How it was held"), choices=SessionWay.choices, widget=forms.RadioSelect,
                            initial=SessionWay.HALL.value)  # fmt: skip
    title = forms.CharField(
        label=_("What it was called"),
        max_length=60,
        error_messages={"required": _("There is no title. Write what it was called.")},
    )
    topic = forms.ChoiceField(
        label=_("What it was about"), error_messages={"required": _("No topic was chosen. Choose what comes nearest.")}
    )
    held_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("No day was given. Choose the day on which it was held."),
                        "invalid": _("This is no day. Write it as 2026-11-23.")},
    )  # fmt: skip
    led_by = forms.CharField(
        label=_("Who led it"), max_length=40,
        error_messages={"required": _("It is not said who led it. Write a name or an office.")},
    )  # fmt: skip
    families = forms.IntegerField(
        label=_("Families who came"), min_value=0, max_value=MOST_FAMILIES,
        error_messages={"required": _("There is no number. Write how many families came, 0 if none."),
                        "invalid": _("This is no number. Write how many families came, 0 if none.")},
    )  # fmt: skip

    def __init__(
        self, units: Sequence[tuple[str, str]], topics: Mapping[str, str], on: dt.date, data: Any = None
    ) -> None:
        super().__init__(data, initial={"held_on": on})
        whose, about = self.fields["unit"], self.fields["topic"]
        assert isinstance(whose, forms.ChoiceField)
        assert isinstance(about, forms.ChoiceField)
        whose.choices, about.choices = units, list(topics.items())

    def draft(self) -> SessionDraft:
        """Return what was filled in; only for a valid form."""
        told = self.cleaned_data
        return SessionDraft(
            told["kind"], told["way"], told["title"], told["topic"], told["held_on"], told["led_by"], told["families"],
            told["key"],
        )  # fmt: skip
