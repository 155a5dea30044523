"""Forms of watches: they parse and validate, and never save."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.crisis.forms import day_field, moment_field, words_field
from xinqiao.care.crisis.services.watches import LookDraft
from xinqiao.care.crisis.states import Finding, Way
from xinqiao.care.crisis.watch.rules import EndFacts
from xinqiao.care.crisis.watch.states import WatchEnd
from xinqiao.care.crisis.watch_wording import FIELDS, why_not_words


class WatchForm(forms.Form):
    """What forms of watches share: showing a refusal where it can be mended."""

    def refuse(self, codes: Sequence[str], facts: EndFacts | None = None) -> None:
        """Show why the command refused."""
        for code in codes:
            field = FIELDS.get(code)
            self.add_error(field if field in self.fields else None, why_not_words(code, facts))


class LookForm(WatchForm):
    """One look."""

    held_at = moment_field(_("When was it?"))
    way = forms.ChoiceField(label=_("How was it held?"), choices=Way.choices, widget=forms.RadioSelect)
    words = words_field(
        _("What you saw and heard"), rows=5,
        help_text=_("Sealed under the pupil's key; class teachers and the principal never see it."),
    )  # fmt: skip
    finding = forms.ChoiceField(
        label=_("Danger, as you found it"), choices=Finding.choices, widget=forms.RadioSelect,
        help_text=_("“More than before” and “acute” call people at once, by a signal of their own."),
        error_messages={"required": _("Say what you found of the danger.")},
    )  # fmt: skip
    next_on = day_field(
        _("Next look on"), required=False,
        help_text=_("At the latest by the rhythm in force here; empty takes that day."),
    )  # fmt: skip
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def draft(self) -> LookDraft:
        """Return what was filled in; only for a valid form."""
        said = self.cleaned_data
        return LookDraft(
            held_at=said["held_at"], way=said["way"], words=said["words"], finding=said["finding"],
            next_on=said["next_on"], after=said["after"],
        )  # fmt: skip


class WatchEndForm(WatchForm):
    """Why a pupil is no longer kept in view."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=WatchEnd.choices, widget=forms.RadioSelect,
        error_messages={"required": _("No reason was chosen. Nothing ends without one.")},
    )  # fmt: skip
    words = words_field(
        _("In a sentence"), rows=3, help_text=_("Sealed. Of a pupil who left: to whom the pupil was handed over.")
    )
