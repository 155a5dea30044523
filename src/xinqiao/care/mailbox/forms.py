"""Forms of the mailbox: they parse and validate, and never save."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xinqiao.care.mailbox import rules
from xinqiao.care.mailbox.errors import CannotDo
from xinqiao.care.mailbox.states import Channel
from xinqiao.care.mailbox.wording import refusal_words
from xinqiao.register.orgs.models import Unit

_BIG, _SMALL = {"rows": 8}, {"rows": 3}
_REASON_MISSING = _("Nothing happens here without a reason. Write it in a sentence.")


class MailForm(forms.Form):
    """A form that shows why it was refused."""

    def refuse(self, error: CannotDo) -> None:
        """Show why not."""
        self.add_error(None, refusal_words(error.code))


def _reason(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=rules.LONGEST_REASON, widget=forms.Textarea(attrs=_SMALL),
        error_messages={"required": _REASON_MISSING},
    )  # fmt: skip


class AnswerForm(MailForm):
    """The answer, and how many words stood in the letter when it was read."""

    words = forms.CharField(
        label=_("Answer to the pupil"), max_length=rules.LONGEST_WORDS, widget=forms.Textarea(attrs=_BIG),
        help_text=_("The pupil reads it with the code of the letter, and sees no name of yours."),
        error_messages={"required": _("The answer is empty. Write it first.")},
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class HandOverForm(MailForm):
    """To whom a letter goes."""

    to = forms.ChoiceField(
        label=_("Colleague"), error_messages={"required": _("Nobody was chosen. Choose a colleague.")}
    )

    def __init__(self, colleagues: Sequence[tuple[UUID, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Please choose")), *((str(key), name) for key, name in colleagues)]


class CloseForm(MailForm):
    """Why a letter is closed."""

    reason = _reason(_("Why it is closed"), _("The pupil can still write on; that opens it again."))


class AsideForm(MailForm):
    """Why a letter can wait after all."""

    reason = _reason(_("Why it can wait"))


class AskForm(MailForm):
    """Why the name is to be opened, and what the pupil will read about it."""

    reason = _reason(_("Why the name is needed"), _("For the second person, who does not read the letter."))
    told = forms.CharField(
        label=_("What the pupil will read"), max_length=rules.LONGEST_REASON, widget=forms.Textarea(attrs=_SMALL),
        error_messages={"required": _("Write what the pupil will read: that the name was opened, and why.")},
    )  # fmt: skip


class RescueForm(AskForm):
    """The same where a life is at stake; what the pupil reads is there already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"told": _(
            "We were afraid for your life, so we looked up who you are. Somebody is coming to help you."
        )})  # fmt: skip
        super().__init__(*args, **kwargs)


class DecideForm(MailForm):
    """What the second person decides, and why."""

    agrees = forms.ChoiceField(
        label=_("Decision"), choices=(("yes", _("I agree")), ("no", _("I do not agree"))), widget=forms.RadioSelect,
        error_messages={"required": _("Nothing was chosen. Agree, or do not.")},
    )  # fmt: skip
    words = _reason(_("Why"))


class TypeInForm(MailForm):
    """A letter that came another way."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    school = forms.ChoiceField(label=_("School"))
    channel = forms.ChoiceField(
        label=_("How it came"), choices=[each for each in Channel.choices if each[0] != Channel.WEB]
    )
    came_on = forms.DateTimeField(
        label=_("When it came"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("This is no date with a time. Choose both.")},
    )  # fmt: skip
    words = forms.CharField(
        label=_("Words of the letter"), max_length=rules.LONGEST_WORDS, widget=forms.Textarea(attrs=_BIG),
        error_messages={"required": _("The letter is empty. Write what it says.")},
    )  # fmt: skip
    number = forms.CharField(
        label=_("Student number"), required=False, max_length=40,
        help_text=_("Only where the pupil signed it; without it the letter belongs to nobody."),
    )  # fmt: skip
    is_urgent = forms.BooleanField(label=_("It does not wait"), required=False)

    def __init__(self, schools: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        at = timezone.localtime(kwargs.pop("at"))
        kwargs.setdefault("initial", {"once": uuid.uuid4(), "came_on": at.replace(second=0, microsecond=0)})
        super().__init__(*args, **kwargs)
        field = self.fields["school"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(unit.id), unit.name) for unit in schools]

    def came_at(self) -> dt.datetime:
        """Return when it came; only for a valid form."""
        found: dt.datetime = self.cleaned_data["came_on"]
        return found
