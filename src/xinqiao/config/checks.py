"""System checks of a whole installation: what `xinqiao check --deploy` demands before real children's data is kept."""

import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connection

from xinqiao.foundation.core.sqlite.privacy import read_by_others
from xinqiao.foundation.core.supervision.refusals import is_weak, secret_in_use
from xinqiao.foundation.keys.ring import NoKeys, key_file, read_ring

LOOPBACK_HOSTS = {"127.0.0.1", "localhost", "[::1]", "testserver"}


@checks.register("xinqiao", deploy=True)
def check_sign_in(**_: Any) -> list[checks.CheckMessage]:
    """The demo's sign-in is not for real data."""
    found: list[checks.CheckMessage] = []
    if settings.XINQIAO_DEMO:
        hint = "Take XINQIAO_DEMO away and begin with a data directory of its own."
        found.append(checks.Error("This is a demo installation.", hint=hint, id="xinqiao.E002"))
    if not settings.XINQIAO_SECOND_FACTOR:
        hint = "Take XINQIAO_SECOND_FACTOR=0 away: staff who see pupils need a second factor."
        found.append(checks.Error("Sign-in asks for no second factor.", hint=hint, id="xinqiao.E003"))
    return found


@checks.register("xinqiao", deploy=True)
def check_debug(**_: Any) -> list[checks.CheckMessage]:
    """Debug pages show what was stored."""
    if not settings.DEBUG:
        return []
    return [checks.Error("XINQIAO_DEBUG is on.", hint="Take it away.", id="xinqiao.E004")]


@checks.register("xinqiao", deploy=True)
def check_hosts(**_: Any) -> list[checks.CheckMessage]:
    """Only named hosts, and HTTPS for all but this machine."""
    found: list[checks.CheckMessage] = []
    if "*" in settings.ALLOWED_HOSTS:
        hint = "Name the hosts in XINQIAO_HOSTS."
        found.append(checks.Error("Any host name is accepted.", hint=hint, id="xinqiao.E005"))
    elif set(settings.ALLOWED_HOSTS) <= LOOPBACK_HOSTS:
        hint = "Name the address that others use in XINQIAO_HOSTS."
        found.append(checks.Warning("Only this machine can reach the pages.", hint=hint, id="xinqiao.W005"))
    if not settings.SESSION_COOKIE_SECURE:
        hint = "Set XINQIAO_HTTPS=1 behind a proxy with a certificate, or run: xinqiao serve --tls"
        found.append(checks.Error("Pages go over the network unencrypted.", hint=hint, id="xinqiao.E006"))
    return found


@checks.register("xinqiao", deploy=True)
def check_keys(**_: Any) -> list[checks.CheckMessage]:
    """The key file: there, whole, ours alone, and not beside the database."""
    path = key_file()
    try:
        read_ring(path)
    except NoKeys as error:
        return [checks.Error(str(error), id="xinqiao.E007")]
    found: list[checks.CheckMessage] = []
    if is_weak(secret_in_use()):
        found.append(checks.Error("The secret of sessions is weak.", hint="Put the key file back.", id="xinqiao.E008"))
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        told = f"Others on this machine may read the key file {path}."
        found.append(checks.Error(told, hint=f"Run: chmod 600 {path}", id="xinqiao.E009"))
    if is_beside_database(path):
        hint = "Put it on another disk and name it in XINQIAO_KEYS: a stolen disk then opens nothing."
        found.append(checks.Warning("The key file lies on the database's disk.", hint=hint, id="xinqiao.W009"))
    return found


def is_beside_database(path: Path) -> bool:
    """Does the embedded database lie on the same file system?"""
    database = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or not database.exists():
        return False
    return database.stat().st_dev == path.stat().st_dev


@checks.register("xinqiao", deploy=True)
def check_database_file(**_: Any) -> list[checks.CheckMessage]:
    """The embedded database: levels and sessions lie open in it, so it is ours alone."""
    if connection.vendor != "sqlite":
        return []
    files = " ".join(str(path) for path in read_by_others(str(connection.settings_dict["NAME"])))
    if not files:
        return []
    told = f"Others on this machine may read the database: {files}."
    return [checks.Error(told, hint=f"Run: chmod 600 {files}", id="xinqiao.E016")]


@checks.register("xinqiao", deploy=True)
def check_packs(**_: Any) -> list[checks.CheckMessage]:
    """Every pack that ships or was added must be readable as a whole."""
    return [*_policy_faults(), *_scale_faults()]


def _policy_faults() -> list[checks.CheckMessage]:
    from xinqiao.register.policy.loading import BadPack, load_packs, pack_folder

    files = sorted(pack_folder().glob("*.yaml"))
    if not files:
        return [checks.Error(f"There is no policy pack in {pack_folder()}.", id="xinqiao.E012")]
    try:
        load_packs(files)
    except BadPack as error:
        hint = "Run: xinqiao policy check"
        return [checks.Error(f"A policy pack is faulty: {error}", hint=hint, id="xinqiao.E013")]
    return []


def _scale_faults() -> list[checks.CheckMessage]:
    from xinqiao.care.scales.packs import read_pack, shipped_files
    from xinqiao.engines.scoring import ScaleFault

    found: list[checks.CheckMessage] = []
    for path in shipped_files():
        try:
            read_pack(path)
        except ScaleFault as error:
            hint = f"Run: xinqiao scale check {path}"
            found.append(checks.Error(f"The scale file {path.name} is faulty: {error}", hint=hint, id="xinqiao.E014"))
    return found
