"""Why a message did not leave, in words that say how to mend it."""

from django.utils.translation import gettext as _

from xinqiao.foundation.notifications.models import Channel


def error_words(code: str) -> str:
    """Return the sentence for an error code."""
    words = {
        "mail_not_set_up": _("mail is not set up: the administrator sets XINQIAO_MAIL"),
        "mail_set_up_wrongly": _("XINQIAO_MAIL cannot be understood: smtp://user:password@host:port?from=address"),
        "mail_refused": _("the mail server refused the address: check it with the person"),
        "mail_server_unreachable": _("the mail server cannot be reached: check XINQIAO_MAIL and the network"),
        "bad_address": _("the webhook's address cannot be understood"),
        "no_channel": _("no channel reaches this person: enter a mail address or a mobile number on the staff page"),
        "channel_not_set_up": _("the channel is not set up: the administrator does so under Channels"),
        "account_unknown": _("the service does not know this account: the person checks it under My channels"),
        "file_not_writable": _("the demo city's file cannot be written: check the data directory"),
        "host_not_listed": _("the webhook's host is not allowed: the administrator adds it to XINQIAO_WEBHOOK_HOSTS"),
        "host_unknown": _("the webhook's host cannot be found: check its address and the network"),
        "address_is_internal": _("the webhook leads into an internal network: its address itself must be allowed"),
        "needs_https": _("the webhook must begin with https"),
        "timeout": _("the webhook did not answer in time"),
        "no_connection": _("the webhook cannot be reached"),
        "address_destroyed": _("the address was deleted"),
        "unexpected": _("something unexpected happened: see the log"),
    }
    if code.startswith("http_"):
        return _("the webhook answered with status {status}").format(status=code.removeprefix("http_"))
    if code.startswith("refused_"):
        return _("the service refused it (code {code}): check secret, template and account").format(
            code=code.removeprefix("refused_")
        )
    return words.get(code, code)


def config_fault_words(code: str) -> str:
    """Return what is wrong with a field of a channel's configuration, and how to mend it."""
    words = {
        "is_missing": _("This is needed."),
        "bad_address": _("This is not an address; write it whole, as the service shows it."),
        "robot_or_app": _("Give the address of a group robot, or company, agent and secret of an app."),
        "not_a_number": _("Write the number of the app, digits only."),
        "not_json": _("This is not JSON. Compare quotes and commas with the example."),
        "no_phone": _("The template says nowhere {phone}: without it nobody is reached."),
        "form_is_flat": _("A form has texts only, no lists and no objects inside."),
        "no_equals": _("Write it as name=value, such as code=0."),
        "no_colon": _("Write it as name: value, such as Authorization: Bearer …"),
        "demo_only": _("This channel exists in the demo city only."),
        "host_not_listed": _("This host is not allowed. Add it to XINQIAO_WEBHOOK_HOSTS and start again."),
        "address_is_internal": _("This leads into an internal network: its address itself must be allowed."),
        "needs_https": _("The address must begin with https."),
    }
    return words.get(code, code)


def channel_words(channel: str) -> str:
    """Return what a channel is called."""
    return str(Channel(channel).label)
