"""Which processes an installation consists of."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xinqiao.foundation.core.supervision.children import Part

NAMES = ("intake", "web", "worker", "ticker")
BLOCKING_THREADS = 4
WEB_MOST_MIB = 235  # a web process that stays above this is replaced once its requests are answered
INTAKE_APP = "xinqiao.care.sheets.intake.app:app"
WEB_APP = "xinqiao.config.wsgi:application"


@dataclass(frozen=True)
class Certificates:
    """Files of a server certificate and its key."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Plan:
    """What `serve` was asked for. `web_port` is the loopback port behind the intake."""

    host: str
    port: int
    web_port: int
    web_workers: int = 2
    only: str = ""
    has_worker: bool = True
    certificates: Certificates | None = None


def parts_of(plan: Plan) -> list[Part]:
    """Return the parts of a plan."""
    wanted = [plan.only] if plan.only else [name for name in NAMES if name != "worker" or plan.has_worker]
    makers = {"intake": _intake, "web": _web, "worker": _worker, "ticker": _ticker}
    return [makers[name](plan) for name in wanted]


def _intake(plan: Plan) -> Part:
    options = ["--interface", "asgi", "--workers", "1", "--loop", "uvloop", "--no-ws"]
    command = _granian(INTAKE_APP, plan.host, plan.port, [*options, *_tls(plan)])
    web = {} if plan.only else {"XINQIAO_WEB": f"http://127.0.0.1:{plan.web_port}"}
    return Part("intake", command, {**_https(plan), **web})


def _web(plan: Plan) -> Part:
    host, port = (plan.host, plan.port) if plan.only else ("127.0.0.1", plan.web_port)
    options = ["--interface", "wsgi", "--workers", str(plan.web_workers), "--respawn-failed-workers", "--no-ws"]
    options += ["--blocking-threads", str(BLOCKING_THREADS), "--workers-kill-timeout", "10"]
    options += ["--workers-max-rss", str(WEB_MOST_MIB), "--rss-samples", "2"]
    # Its warnings are about a kernel setting that matters to servers facing the network; this one is behind the intake.
    return Part("web", _granian(WEB_APP, host, port, options, level="error"), _https(plan))


def _worker(plan: Plan) -> Part:
    return Part("worker", (sys.executable, "-m", "xinqiao.config.command_line", "worker"), _https(plan))


def _ticker(plan: Plan) -> Part:
    return Part("ticker", (sys.executable, "-m", "xinqiao.config.command_line", "ticker"), _https(plan))


def _granian(app: str, host: str, port: int, options: Sequence[str], level: str = "warning") -> tuple[str, ...]:
    where = ("--host", host, "--port", str(port), "--log-level", level)
    return (sys.executable, "-m", "granian", *where, *options, app)


def _tls(plan: Plan) -> list[str]:
    if plan.certificates is None:
        return []
    files = ["--ssl-certificate", str(plan.certificates.certificate), "--ssl-keyfile", str(plan.certificates.key)]
    return [*files, "--ssl-protocol-min", "tls1.2"]


def _https(plan: Plan) -> dict[str, str]:
    return {"XINQIAO_HTTPS": "1"} if plan.certificates else {}
