"""Forms of channels: they parse and validate, services save. A secret is typed and never shown again."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.notifications.configs import BadConfig
from xinqiao.foundation.notifications.models import Channel
from xinqiao.foundation.notifications.services import OwnChoice
from xinqiao.foundation.notifications.wording import channel_words, config_fault_words
from xinqiao.register.reach.ways import Way

ACCOUNT = re.compile(r"[A-Za-z0-9_.@-]{1,64}")
MOBILE = re.compile(r"\+?[0-9]{5,20}")
SHAPES = (("json", _("JSON object")), ("form", _("Form fields")))


def _text(label: Any, help_text: Any = "", *, is_needed: bool = True, is_secret: bool = False) -> forms.CharField:
    attrs = {"autocomplete": "off", "spellcheck": "false"}
    widget = forms.PasswordInput(attrs, render_value=True) if is_secret else forms.TextInput(attrs)
    return forms.CharField(label=label, help_text=help_text, required=is_needed, max_length=1000, widget=widget)


def _fields(channel: str) -> dict[str, forms.Field]:
    robot = _("Address of the group robot")
    secret = _("Signing secret")
    fields: dict[str, dict[str, forms.Field]] = {
        Channel.MAIL: {
            "url": _text(_("Mail server"), _("smtp+tls://user:password@host:587?from=address"), is_secret=True)
        },
        Channel.SMS: {
            "url": _text(_("Address of the gateway"), _("As your provider describes it; it must take POST.")),
            "shape": forms.ChoiceField(label=_("What it takes"), choices=SHAPES),
            "template": forms.CharField(
                label=_("Template"), max_length=4000,
                widget=forms.Textarea({"rows": 4, "spellcheck": "false", "lang": "en"}),
                help_text=_("A JSON object. {phone}, {text} and {id} are put in; {id} is the same when tried again."),
                initial='{"mobile": "{phone}", "content": "{text}", "request_id": "{id}"}',
            ),
            "header": _text(_("Header with the key"), _("Such as Authorization: Bearer …"), is_needed=False,
                            is_secret=True),
            "success": _text(_("Says that it went well"), _("Such as code=0; empty if a good status is enough."),
                             is_needed=False),
        },
        Channel.WECOM: {
            "corp": _text(_("Company id"), _("Of an app that writes to each person."), is_needed=False),
            "agent": _text(_("Number of the app"), is_needed=False),
            "secret": _text(_("Secret of the app"), is_needed=False, is_secret=True),
            "url": _text(robot, _("Instead of an app: a group robot that mentions the person."), is_needed=False,
                         is_secret=True),
        },
        Channel.DINGTALK: {"url": _text(robot, is_secret=True), "secret": _text(secret, is_secret=True)},
        Channel.FEISHU: {"url": _text(robot, is_secret=True), "secret": _text(secret, is_secret=True)},
        Channel.FILE: {},
    }  # fmt: skip
    return fields[channel]


class ChannelForm(forms.Form):
    """What one channel needs."""

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_fields(channel))

    def refuse(self, fault: BadConfig) -> None:
        """Show at its field what the service refused."""
        self.add_error(fault.place if fault.place in self.fields else None, config_fault_words(fault.code))


class TrialForm(forms.Form):
    """By which channel, to which address."""

    channel = forms.ChoiceField(label=_("Channel"))
    address = forms.CharField(
        label=_("To"), max_length=200, help_text=_("Your own address, number or account: you will see it arrive.")
    )

    def __init__(self, *args: Any, channels: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [(each, channel_words(each)) for each in channels]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Refuse an address that cannot be one of this channel."""
        data = super().clean() or {}
        if "channel" in data and "address" in data and (fault := address_fault(data["channel"], data["address"])):
            self.add_error("address", fault)
        return data


class OwnForm(forms.Form):
    """The own channels: on for usual notices or not, and under which number or account."""

    def __init__(self, *args: Any, ways: Sequence[Way], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = ways
        for way in ways:
            self.fields[f"{way.channel}_on"] = forms.BooleanField(
                label=_("{channel}: usual notices as well").format(channel=channel_words(way.channel)),
                required=False, initial=way.is_on and bool(way.address),
            )  # fmt: skip
            if way.channel != Channel.FILE:
                self.fields[f"{way.channel}_address"] = forms.CharField(
                    label=_address_label(way.channel), required=False, max_length=200, initial=way.own,
                    help_text=_address_help(way),
                )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be an address, and a channel that is on and leads nowhere."""
        data = super().clean() or {}
        for way in self.ways:
            name = f"{way.channel}_address"
            text = data.get(name, "").strip()
            if text and (fault := address_fault(way.channel, text)):
                self.add_error(name, fault)
            elif data.get(f"{way.channel}_on") and not (text or way.listed):
                self.add_error(name if name in self.fields else None, _("Say where it shall go, or switch it off."))
        return data

    def choices(self) -> list[OwnChoice]:
        """Return what was said anew; call it on a valid form. What leads nowhere stays as it was, ticked or not."""
        data = self.cleaned_data
        found = []
        for way in self.ways:
            text = data.get(f"{way.channel}_address", "").strip()
            is_on = data[f"{way.channel}_on"] if text or way.listed else way.is_on
            if (is_on, text) != (way.is_on, way.own):
                found.append(OwnChoice(way.channel, is_on, text))
        return found


def address_fault(channel: str, text: str) -> Any:
    """Return why a text cannot be an address of this channel; None if it can."""
    if channel == Channel.MAIL:
        try:
            validate_email(text)
        except ValidationError:
            return _("This is not a mail address, such as name@school.example.")
    elif channel == Channel.SMS and not MOBILE.fullmatch(text):
        return _("Write digits only, such as 13800000000.")
    elif not ACCOUNT.fullmatch(text):
        return _("An account has letters, digits, dots, hyphens and underscores only.")
    return None


def _address_label(channel: str) -> Any:
    return {
        Channel.MAIL: _("Mail address of my own"),
        Channel.SMS: _("Mobile number of my own"),
        Channel.WECOM: _("WeCom account"),
        Channel.DINGTALK: _("DingTalk account"),
        Channel.FEISHU: _("Feishu account"),
    }[Channel(channel)]


def _address_help(way: Way) -> Any:
    if way.listed:
        return _("Empty: it goes to {address}, as the staff list has it.").format(address=way.listed)
    if way.channel in (Channel.MAIL, Channel.SMS):
        return _("The staff list has none of you.")
    return _("Your account there, or the mobile number you signed up with. Not your name.")
