"""`xinqiao serve`: the whole installation, or one part of it."""

import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils.translation import gettext as _

from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.supervision.certificates import LocalAuthority, fingerprint, prepare_certificates
from xinqiao.foundation.core.supervision.health import EVERYWHERE, answers, free_port, is_port_free
from xinqiao.foundation.core.supervision.parts import NAMES, Certificates, Plan, parts_of
from xinqiao.foundation.core.supervision.refusals import refusals_to_serve
from xinqiao.foundation.core.supervision.supervisor import CannotServe, Supervisor

ANY_HOST = "*"


class Command(BaseCommand):
    """Refuses what is unsafe, then starts, restarts and stops the parts."""

    help = "Serve pupils and staff on one address: intake, web, worker and ticker, supervised."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
        parser.add_argument("--web-workers", type=int, default=2, help="processes that serve staff's pages (2)")
        parser.add_argument("--no-worker", action="store_true", help="run background tasks elsewhere")
        parser.add_argument("--tls", action="store_true", help="HTTPS with a certificate authority made here")
        parser.add_argument("--only", choices=NAMES, default="", help="one part, for an installation on many machines")

    def handle(self, *args: Any, **options: Any) -> None:
        if refusals := list(refusals_to_serve(options["host"])):
            raise CommandError("\n".join(refusals))
        if options["only"] in ("", "intake", "web") and not is_port_free(options["host"], options["port"]):
            raise CommandError(
                _("{host}:{port} is taken by another program. Choose another port with --port.").format(**options)
            )
        connections.close_all()
        authority = self._certificates(options) if options["tls"] else None
        plan = Plan(
            host=options["host"], port=options["port"], web_port=free_port(), web_workers=options["web_workers"],
            only=options["only"], has_worker=not options["no_worker"],
            certificates=Certificates(authority.certificate, authority.key) if authority else None,
        )  # fmt: skip
        supervisor = Supervisor(
            parts_of(plan), lambda: is_healthy(plan, authority), lambda: self._announce(plan, authority)
        )
        try:
            supervisor.run()
        except CannotServe as error:
            raise CommandError(str(error)) from error

    def _certificates(self, options: dict[str, Any]) -> LocalAuthority:
        hosts = [host for host in settings.ALLOWED_HOSTS if ANY_HOST not in host and not host.startswith(".")]
        names = {*hosts, "localhost", "127.0.0.1", EVERYWHERE.get(options["host"], options["host"])}
        return prepare_certificates(Path(settings.XINQIAO_HOME) / "tls", sorted(names), now())

    def _announce(self, plan: Plan, authority: LocalAuthority | None) -> None:
        if plan.only in ("worker", "ticker"):
            self.stdout.write(_("{part} is at work.").format(part=plan.only))
            return
        scheme = "https" if authority else "http"
        host = socket.gethostname() if plan.host in EVERYWHERE else plan.host
        address = f"{scheme}://{host}:{plan.port}"
        self.stdout.write(_("XinQiao is ready. Staff: {address}/  Pupils: {address}/s/").format(address=address))
        if settings.XINQIAO_DEMO:
            self.stdout.write(_("This is the demo: sign-in without a second factor, invented people only."))
        if authority:
            self.stdout.write(trust_words(authority))
        self.stdout.flush()


def is_healthy(plan: Plan, authority: LocalAuthority | None) -> bool:
    """Does everything that listens answer? A refusal of the host name is an answer too."""
    if plan.only in ("worker", "ticker"):
        return True
    trusted = authority.authority if authority else None
    if plan.only == "web":
        return answers(plan.host, plan.port, "/") > 0
    if answers(plan.host, plan.port, "/s/health", authority=trusted) != 200:
        return False
    return bool(plan.only) or answers("127.0.0.1", plan.web_port, "/") > 0


def trust_words(authority: LocalAuthority) -> str:
    """Return what to do once on every device that staff use."""
    return _(
        "Trust this authority once on each staff device (pupils need not):\n"
        "  file         {path}\n"
        "  fingerprint  {fingerprint}\n"
        "  Windows      open the file > Install Certificate > Local Machine > Trusted Root Certification Authorities\n"
        "  macOS        open the file > Keychain Access > System > Always Trust\n"
        "  Android      Settings > Security > Install a certificate > CA certificate\n"
        "  Debian       copy it to the folder for local CA certificates as .crt, then run update-ca-certificates\n"
        "Compare the fingerprint that the device shows with the one above before you say yes."
    ).format(path=authority.authority, fingerprint=fingerprint(authority.authority))
