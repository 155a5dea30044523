"""The typed environment: every variable that the program reads, with its default."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

SOURCE_ROOT = Path(__file__).resolve().parents[3]


class BadEnvironment(ValueError):
    """A variable holds something that cannot be meant; the message names it and the mend."""


@dataclass(frozen=True)
class Environment:
    """What the environment says; see docs/guides/run-it.md for each variable."""

    home: Path
    database: str
    key_file: Path
    packs: Path
    is_demo: bool
    is_debug: bool
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    second_factor: bool
    https: bool
    mail_url: str
    webhook_hosts: tuple[str, ...]


def _flag(values: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = values.get(name, "").strip().lower()
    if text in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        return default if not text else text in ("1", "true", "yes", "on")
    raise BadEnvironment(f"{name}={text!r}: write 1 or 0")


def _words(values: Mapping[str, str], name: str, default: str = "") -> tuple[str, ...]:
    return tuple(word.strip() for word in values.get(name, default).split(",") if word.strip())


def read_environment(values: Mapping[str, str] | None = None) -> Environment:
    """Read the environment; raise BadEnvironment naming the variable and the mend."""
    values = os.environ if values is None else values
    home = Path(values.get("XINQIAO_HOME") or SOURCE_ROOT / "var").resolve()
    is_demo = _flag(values, "XINQIAO_DEMO", default=False)
    return Environment(
        home=home,
        database=values.get("XINQIAO_DATABASE") or "sqlite",
        key_file=Path(values.get("XINQIAO_KEYS") or home / "keys" / "ring.json"),
        packs=Path(values.get("XINQIAO_PACKS") or SOURCE_ROOT / "packs"),
        is_demo=is_demo,
        is_debug=_flag(values, "XINQIAO_DEBUG", default=False),
        hosts=_words(values, "XINQIAO_HOSTS", "127.0.0.1,localhost,[::1]"),
        origins=_words(values, "XINQIAO_ORIGINS"),
        second_factor=_flag(values, "XINQIAO_SECOND_FACTOR", default=not is_demo),
        https=_flag(values, "XINQIAO_HTTPS", default=False),
        mail_url=values.get("XINQIAO_MAIL", ""),
        webhook_hosts=_words(values, "XINQIAO_WEBHOOK_HOSTS"),
    )


def database_settings(environment: Environment) -> dict[str, object]:
    """Return Django's DATABASES entry for the embedded database or a PostgreSQL URL."""
    if environment.database == "sqlite" or environment.database.startswith("sqlite:"):
        return _sqlite(environment)
    parts = urlsplit(environment.database)
    if parts.scheme not in ("postgres", "postgresql"):
        raise BadEnvironment("XINQIAO_DATABASE: write sqlite or postgresql://user:password@host:port/name")
    query = dict(parse_qsl(parts.query))
    options: dict[str, object] = {**query, "pool": {"min_size": 1, "max_size": 8, "timeout": 10}}
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "xinqiao",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(environment: Environment) -> dict[str, object]:
    named = environment.database.removeprefix("sqlite").removeprefix("://").removeprefix(":")
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "mmap_size=0", "busy_timeout=20000", "foreign_keys=ON")
    return {
        "ENGINE": "xinqiao.foundation.core.sqlite",
        "NAME": str(Path(named) if named else environment.home / "xinqiao.sqlite3"),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": ";".join(f"PRAGMA {pragma}" for pragma in pragmas),
        },
    }
