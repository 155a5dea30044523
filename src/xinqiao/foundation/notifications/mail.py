"""Sending mail through the server that XINQIAO_MAIL names: `smtp://user:password@host:port?from=address`.

`smtp+tls` starts TLS on a plain connection, `smtps` is TLS from the start.
"""

import smtplib
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from xinqiao.foundation.notifications.webhooks import CannotSend

TIMEOUT_SECONDS = 5
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """How mail leaves."""

    host: str
    port: int
    user: str
    password: str
    sender: str
    starts_tls: bool
    is_tls: bool


def mail_server(url: str) -> MailServer:
    """Read XINQIAO_MAIL. Raises CannotSend: mail_not_set_up for nothing, mail_set_up_wrongly for nonsense."""
    if not url:
        raise CannotSend("mail_not_set_up", is_final=True)
    parts = urlsplit(url)
    sender = parse_qs(parts.query).get("from", [""])[0] or unquote(parts.username or "")
    if parts.scheme not in PORTS or not parts.hostname or "@" not in sender:
        raise CannotSend("mail_set_up_wrongly", is_final=True)
    return MailServer(
        host=parts.hostname, port=parts.port or PORTS[parts.scheme], user=unquote(parts.username or ""),
        password=unquote(parts.password or ""), sender=sender, starts_tls=parts.scheme == "smtp+tls",
        is_tls=parts.scheme == "smtps",
    )  # fmt: skip


def mail_url() -> str:
    """Return what the environment says of the mail server; empty if nothing."""
    return str(getattr(settings, "XINQIAO_MAIL", None) or settings.ENVIRONMENT.mail_url)


def send_mail(address: str, subject: str, body: str, url: str = "", *, id: str = "") -> None:  # noqa: A002 - as sent
    """Send one plain mail, by the server of `url` or else the environment's. Raises CannotSend.

    The same `id` gives the same Message-ID, so that a receiver's server may know what comes twice.
    """
    server = mail_server(url or mail_url())
    connection = get_connection(
        host=server.host, port=server.port, username=server.user, password=server.password,
        use_tls=server.starts_tls, use_ssl=server.is_tls, timeout=TIMEOUT_SECONDS,
    )  # fmt: skip
    try:
        headers = {"Message-ID": f"<{id}@{server.sender.rpartition('@')[2].strip('> ')}>"} if id else {}
        EmailMessage(subject, body, server.sender, [address], connection=connection, headers=headers).send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
        raise CannotSend("mail_refused") from error
    except (smtplib.SMTPException, OSError) as error:
        raise CannotSend("mail_server_unreachable") from error
