"""Forms of what the public says and of drafts of messages: they parse and validate, and never save."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from xinqiao.care.incidents.forms import Choices, OnceForm, PlainForm, line_field, moment_field, words_field
from xinqiao.care.incidents.services.drafting import Begun
from xinqiao.care.incidents.services.opinion import Answer, Found, Judgement
from xinqiao.care.incidents.states import Audience, Grave, Truth
from xinqiao.foundation.ui.wording import moment_words


class FoundForm(OnceForm):
    """Something that the public says: where, what, when found, an address."""

    where = line_field(_("Where does it stand?"), help_text=_("The platform and the account, group or paper."))
    says = words_field(_("What does it say, in short?"), help_text=_("Without the name of any pupil."))
    found_at = moment_field(_("When was it found?"))
    link = line_field(_("Link"), required=False, longest=500, help_text=_("Where there is one."))

    def found(self) -> Found:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        return Found(data["once"], data["where"], data["says"], data["found_at"], data["link"])


class JudgeForm(PlainForm):
    """How grave an item is, whether it is so, who answers."""

    grave = forms.ChoiceField(label=_("How grave is it?"), choices=Grave.choices, widget=forms.RadioSelect)
    truth = forms.ChoiceField(label=_("Is it so?"), choices=Truth.choices, widget=forms.RadioSelect)
    answerer = forms.ChoiceField(label=_("Who answers?"))
    words = words_field(_("Why, and what is to be said?"))

    def __init__(self, people: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("answerer", people)

    def judgement(self) -> Judgement:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        return Judgement(data["grave"], data["truth"], UUID(data["answerer"]), data["words"])


class AnswerForm(PlainForm):
    """What was answered, where and when."""

    words = words_field(_("What was answered?"), rows=4)
    where = line_field(_("Where was it answered?"))
    at = moment_field(_("When?"))

    def answer(self) -> Answer:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        return Answer(data["words"], data["where"], data["at"])


class CalmForm(PlainForm):
    """How an item ended."""

    words = words_field(_("How did it calm down, or why is no answer needed?"), rows=2)


class BeginForm(OnceForm):
    """For whom a message is, in which language, and the facts known so far; an empty one stays a gap."""

    audience = forms.ChoiceField(label=_("For whom?"), choices=Audience.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language of the message"), widget=forms.RadioSelect,
        choices=[("zh-Hans", _("Chinese")), ("en", _("English"))],
    )  # fmt: skip
    hour = moment_field(_("When did it happen?"), required=False)
    place = line_field(
        _("Where?"), required=False,
        help_text=_("As it may be told outside. Of a death or self-harm the draft names no place."),
    )  # fmt: skip
    does = words_field(_("What does the school do now?"), rows=2, required=False)
    number = line_field(_("Telephone number of the school"), required=False)
    next = line_field(_("When will more be said?"), required=False)

    def begun(self) -> Begun:
        """Return what was filled in, the hour in the language of the message; only for a valid form."""
        data = self.cleaned_data
        with translation.override("en" if data["language"] == "en" else "zh-hans"):
            hour = moment_words(data["hour"]) if data["hour"] else ""
        facts = {"hour": hour, **{name: data[name].rstrip("。. ") for name in ("place", "does", "number", "next")}}
        return Begun(data["once"], data["audience"], data["language"], facts)


class DraftForm(PlainForm):
    """The text of a message, and the version that the writer saw."""

    text = words_field(_("Text of the message"), rows=18, help_text=_("Name no pupil. Fill the gaps in brackets."))
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class GiveForm(PlainForm):
    """To whom a message was given out, and when."""

    to = line_field(
        _("To whom, and by which way?"), longest=300, help_text=_("The group, the board or the journalist it went to.")
    )
    at = moment_field(_("When?"))
