"""What a reader of the audit may ask for."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.audit.events import event_kinds
from xinqiao.foundation.audit.selectors import EventFilter


def event_choices() -> list[tuple[str, str | Promise]]:
    """Return every declared event by code."""
    return [("", _("All events")), *((code, code) for code in sorted(event_kinds()))]


def _day_box() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AuditFilterForm(forms.Form):
    """Days, kind of event, who acted."""

    since = forms.DateField(label=_("From"), required=False, widget=_day_box())
    until = forms.DateField(label=_("Up to"), required=False, widget=_day_box())
    event = forms.ChoiceField(label=_("Event"), required=False, choices=event_choices)
    actor_id = forms.UUIDField(label=_("Who acted (id)"), required=False)
    before = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def wanted(self) -> EventFilter:
        """Return the filter; call it on a valid form."""
        return EventFilter(**self.cleaned_data)
