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
    return words.get(code, code)


def channel_words(channel: str) -> str:
    """Return what a channel is called."""
    return str(Channel(channel).label)
