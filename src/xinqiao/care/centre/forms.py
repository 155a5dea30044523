"""Forms of the centre: they parse and validate, and never save."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.services.rooms import OpeningDraft, RoomDraft
from xinqiao.care.centre.services.roster import HourDraft
from xinqiao.care.centre.states import During, PartOfDay, Zone
from xinqiao.care.centre.wording import refusal_words
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.emergency_packs import Named

LONGEST_NAME, LONGEST_EQUIPMENT, LONGEST_REASON = 40, 1000, 500
Choices = Sequence[tuple[str, Any]]


class CentreForm(forms.Form):
    """A form that shows why it was refused."""

    def refuse(self, error: CannotDo) -> None:
        """Show why not."""
        self.add_error(None, refusal_words(error.code))

    def set_choices(self, name: str, choices: Choices) -> None:
        """Give a field its choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("No time was given. Write it as 14:30."),
                        "invalid": _("This is no time. Write it as 14:30.")},
    )  # fmt: skip


class RoomForm(CentreForm):
    """A room."""

    name = forms.CharField(
        label=_("Name of the room"), max_length=LONGEST_NAME,
        error_messages={"required": _("The room has no name. Write one.")},
    )  # fmt: skip
    zone = forms.ChoiceField(label=_("What it serves for"), choices=Zone.choices)
    area_m2 = forms.DecimalField(
        label=_("Size in m2"), required=False, min_value=1, max_value=9999, decimal_places=1,
        error_messages={"invalid": _("This is no number. Write the square metres as 12.5.")},
    )  # fmt: skip
    equipment = forms.CharField(
        label=_("Furniture and equipment"), required=False, max_length=LONGEST_EQUIPMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    keeper = forms.ChoiceField(label=_("Person in charge"), required=False)

    def __init__(self, keepers: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("keeper", [("", _("Nobody named yet")), *keepers])

    def draft(self) -> RoomDraft:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        keeper = UUID(data["keeper"]) if data["keeper"] else None
        return RoomDraft(data["name"], data["zone"], data["area_m2"], data["equipment"], keeper)


class _TimesForm(CentreForm):
    """Something from one time of a day to a later one."""

    def clean(self) -> dict[str, Any] | None:
        """The end lies behind the start."""
        start, end = self.cleaned_data.get("start_at"), self.cleaned_data.get("end_at")
        if start and end and end <= start:
            self.add_error("end_at", _("The end lies before the start. Write a later time."))
        return self.cleaned_data


class OpeningForm(_TimesForm):
    """A line of the weekly pattern."""

    weekday = forms.TypedChoiceField(
        label=_("Weekday"), coerce=int, choices=[(number + 1, name) for number, name in WEEKDAYS.items()]
    )
    start_at = _time(_("Starts at"))
    end_at = _time(_("Ends at"))
    during = forms.ChoiceField(label=_("Time of the school day"), choices=During.choices)
    room = forms.ChoiceField(
        label=_("Room"), error_messages={"required": _("No room was chosen. Add a room first, then choose it.")}
    )
    staff = forms.ChoiceField(label=_("Who sits there"), required=False)

    def __init__(self, rooms: Choices, staff: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("room", rooms)
        self.set_choices("staff", [("", _("Nobody yet")), *staff])

    def draft(self) -> OpeningDraft:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        staff = UUID(data["staff"]) if data["staff"] else None
        return OpeningDraft(
            UUID(data["room"]), data["weekday"], data["start_at"], data["end_at"], data["during"], staff
        )


class HourForm(_TimesForm):
    """One stretch of one day."""

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("No day was given. Choose one."),
                        "invalid": _("This is no day. Write it as 2026-11-23.")},
    )  # fmt: skip
    start_at = _time(_("Starts at"))
    end_at = _time(_("Ends at"))
    during = forms.ChoiceField(label=_("Time of the school day"), choices=During.choices)
    room = forms.ChoiceField(
        label=_("Room"), error_messages={"required": _("No room was chosen. Add a room first, then choose it.")}
    )
    staff = forms.ChoiceField(
        label=_("Who sits there"), error_messages={"required": _("Nobody was chosen. Choose who sits there.")}
    )

    def __init__(self, rooms: Choices, staff: Choices, on: dt.date, data: Any = None) -> None:
        super().__init__(data, initial={"day": on})
        self.set_choices("room", rooms)
        self.set_choices("staff", staff)

    def draft(self) -> HourDraft:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        return HourDraft(
            UUID(data["room"]), UUID(data["staff"]), data["day"], data["start_at"], data["end_at"], data["during"]
        )


class SitterForm(CentreForm):
    """Who sits there this once."""

    staff = forms.ChoiceField(
        label=_("Who sits there"), error_messages={"required": _("Nobody was chosen. Choose who sits there.")}
    )

    def __init__(self, staff: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("staff", staff)


class SlotForm(CentreForm):
    """Which of the next free slots."""

    slot = forms.ChoiceField(
        label=_("Next free times"), widget=forms.RadioSelect,
        error_messages={
            "required": _("No time was chosen. Choose one of the list."),
            "invalid_choice": _("Time: somebody has just taken it. Choose one of the next ones."),
        },
    )  # fmt: skip

    def __init__(self, slots: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("slot", slots)

    def slot_id(self) -> UUID:
        """Return what was chosen; only for a valid form."""
        return UUID(self.cleaned_data["slot"])


class BookForm(SlotForm):
    """A slot for a pupil, and what the counsellor should know beforehand."""

    reason = forms.CharField(
        label=_("What the counsellor should know beforehand"), required=False, max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the psychology teacher reads it. What is urgent does not wait for a booking: report it."),
    )  # fmt: skip


class WaitForm(CentreForm):
    """A pupil for the waiting list, with the days and times that suit."""

    weekdays = forms.MultipleChoiceField(
        label=_("Days that suit"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(str(number + 1), name) for number, name in WEEKDAYS.items()][:5],
        help_text=_("Nothing ticked means any day."),
    )  # fmt: skip
    parts = forms.MultipleChoiceField(
        label=_("Times that suit"), required=False, widget=forms.CheckboxSelectMultiple, choices=PartOfDay.choices,
        help_text=_("Nothing ticked means any time."),
    )  # fmt: skip


class EndWaitingForm(CentreForm):
    """Why a pupil's waiting ends without an hour."""

    words = forms.CharField(
        label=_("Why the waiting ends without an hour"), max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Reason: nothing is written. Say in a few words why no hour is given.")},
    )  # fmt: skip


class SettleForm(CentreForm):
    """What came of asking after a pupil who did not come."""

    words = forms.CharField(
        label=_("What came of asking after the pupil"), max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in a few words what came of asking after the pupil.")},
    )  # fmt: skip


class VisitForm(CentreForm):
    """Somebody came to the door; `once` makes a double click one visit."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    school = forms.ChoiceField(label=_("School"))
    pupil = forms.CharField(
        label=_("Name or student number"), required=False, max_length=LONGEST_NAME,
        help_text=_("Leave it empty where nobody gave a name."),
    )  # fmt: skip
    minutes = forms.TypedChoiceField(
        label=_("How long, about"), coerce=int, widget=forms.RadioSelect, initial=15,
        choices=[(5, _("5 minutes")), (15, _("15 minutes")), (30, _("30 minutes")), (60, _("an hour"))],
    )  # fmt: skip
    topics = forms.MultipleChoiceField(
        label=_("What it was about"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Nothing is ticked. Tick what it was about.")},
    )  # fmt: skip

    def __init__(self, schools: Sequence[Unit], topics: Sequence[Named], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        self.set_choices("school", [(str(school.id), school.name) for school in schools])
        if len(schools) == 1:
            self.fields["school"].widget = forms.HiddenInput()
            self.fields["school"].initial = str(schools[0].id)
        field = self.fields["topics"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(topic.code, topic.name.in_language(language)) for topic in topics]
