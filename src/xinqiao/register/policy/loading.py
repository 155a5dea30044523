"""From pack files to packs: read, merged with what they extend, checked, and given a revision."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import yaml
from django.conf import settings

from xinqiao.foundation.core.safe_yaml import read_yaml
from xinqiao.register.policy.packs import LOWEST_CONSENT_AGE, READING_WORDS, Consent, Pack, unknown_sources

LARGEST_BYTES = 512 * 1024
# Who writes packs reads both languages in one line, whatever the terminal's.
LAW_OF_CONSENT_AGE = (
    "{value} is below {lowest}: Personal Information Protection Law, art. 28 and 31 · "
    "{value} 低于 {lowest}：《个人信息保护法》第二十八条、第三十一条"
)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a pack: `code` and the place in the file; `detail` is for people who write packs."""

    file: str
    place: str
    code: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.place or 'file'}: {self.code}{': ' if self.detail else ''}{self.detail}"


class BadPack(ValueError):
    """One or more packs cannot be used; `faults` says which and where."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class LoadedPack:
    """A pack and its revision, `id@version#digest`: the digest covers everything the pack says, inherited or not."""

    pack: Pack
    revision: str
    file: str


def pack_folder() -> Path:
    """Where the packs lie."""
    return Path(settings.XINQIAO_PACKS) / "policy"


def pack_folders() -> tuple[Path, ...]:
    """Where packs lie: the shipped ones, and in the demo city those that bind its units."""
    return (pack_folder(), Path(settings.XINQIAO_DEMO_PACKS)) if settings.XINQIAO_DEMO else (pack_folder(),)


def packs() -> tuple[LoadedPack, ...]:
    """Return every pack, read again only when a file changed. Raises BadPack."""
    files = [file for folder in pack_folders() for file in sorted(folder.glob("*.yaml"))]
    return _packs(tuple((str(file), stat.st_mtime_ns, stat.st_size) for file in files if (stat := file.stat())))


@lru_cache(maxsize=4)
def _packs(signature: tuple[tuple[str, int, int], ...]) -> tuple[LoadedPack, ...]:
    return load_packs([Path(name) for name, _mtime, _size in signature])


def load_packs(files: list[Path]) -> tuple[LoadedPack, ...]:
    """Read pack files that may extend each other. Raises BadPack with every fault found."""
    faults: list[Fault] = []
    raw: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for file in files:
        try:
            body = read_mapping(file)
        except BadPack as error:
            faults += error.faults
            continue
        pack_id = str(body.get("id", ""))
        if pack_id in raw:
            faults.append(Fault(file.name, "id", "taken", f"{pack_id} is also in {raw[pack_id][0]}"))
        raw[pack_id] = (file.name, body)
    loaded = [_loaded(name, body, raw, faults) for name, body in raw.values()]
    if faults:
        raise BadPack(faults)
    return tuple(pack for pack in loaded if pack is not None)


def read_mapping(file: Path) -> Mapping[str, Any]:
    """Read one YAML file as a mapping. Raises BadPack."""
    try:
        text = file.read_bytes()
        if len(text) > LARGEST_BYTES:
            raise BadPack([Fault(file.name, "", "too_large", f"{len(text)} bytes")])
        body = read_yaml(text)
    except OSError as error:
        raise BadPack([Fault(file.name, "", "unreadable", error.strerror or "")]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadPack([Fault(file.name, "", "not_yaml", " ".join(str(error).split()))]) from error
    if not isinstance(body, dict):
        raise BadPack([Fault(file.name, "", "not_a_mapping")])
    return body


def merged(
    body: Mapping[str, Any], raw: Mapping[str, tuple[str, Mapping[str, Any]]], seen: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return a pack's mapping laid over the one it extends, to any depth. Raises LookupError for a loop or a gap."""
    base_id = body.get("extends")
    if not base_id:
        return dict(body)
    if base_id in seen or base_id not in raw:
        raise LookupError(f"{base_id}: {'extends itself' if base_id in seen else 'no such pack'}")
    base = merged(raw[base_id][1], raw, (*seen, str(body.get("id", "")), base_id))
    laid = _laid_over(base, {key: value for key, value in body.items() if key != "sources"})
    laid["sources"] = [*base.get("sources", []), *body.get("sources", [])]
    return laid


def _laid_over(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    laid = dict(base)
    for key, value in top.items():
        below = laid.get(key)
        # A value that has its source replaces the one below as a whole: half of either would be nobody's rule.
        is_leaf = isinstance(value, dict) and ("value" in value or key in ("binds", "in_force"))
        laid[key] = (
            _laid_over(below, value) if isinstance(value, dict) and isinstance(below, dict) and not is_leaf else value
        )
    return laid


def _loaded(
    name: str, body: Mapping[str, Any], raw: Mapping[str, tuple[str, Mapping[str, Any]]], faults: list[Fault]
) -> LoadedPack | None:
    try:
        whole = merged(body, raw, (str(body.get("id", "")),))
        pack = msgspec.convert(whole, Pack)
    except LookupError as error:
        faults.append(Fault(name, "extends", "not_found", str(error.args[0])))
        return None
    except msgspec.ValidationError as error:
        detail, _, place = str(error).partition(" - at ")
        faults.append(Fault(name, place.strip("`").removeprefix("$."), "invalid", detail))
        return None
    found = _faults_of(name, pack)
    faults += found
    return None if found else LoadedPack(pack, revision_of(pack), name)


def _faults_of(name: str, pack: Pack) -> list[Fault]:
    faults = [Fault(name, path, "unknown_source", source) for path, source in unknown_sources(pack)]
    if [pack.binds.everywhere, bool(pack.binds.units), pack.binds.nobody].count(True) != 1:
        faults.append(Fault(name, "binds", "everywhere_or_units"))
    if pack.in_force.until and pack.in_force.until <= pack.in_force.from_:
        faults.append(Fault(name, "in_force.until", "before_from"))
    return faults + _faults_of_consent(name, pack.consent) + _faults_of_ladder(name, pack)


def _faults_of_ladder(name: str, pack: Pack) -> list[Fault]:
    """Each level once; who sees everything must be one who reads notices, and is told by the rungs alone."""
    levels, path = pack.ladder.levels.value, "ladder.levels.value"
    codes = [level.code for level in levels]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    faults = [Fault(name, path, "level_twice", code) for code in twice]
    for level in levels:
        if level.sees == "full" and (level.told or set(level.named) - set(READING_WORDS)):
            faults.append(Fault(name, path, "full_is_told_by_the_rungs", level.code))
        if level.sees != "full" and set(level.named) & set(READING_WORDS):
            faults.append(Fault(name, path, "reads_notices_already", level.code))
        if any(rung >= len(pack.duty.rungs.value) for rung in level.told.values()):
            faults.append(Fault(name, path, "no_such_rung", level.code))
    return faults


def _faults_of_consent(name: str, consent: Consent) -> list[Fault]:
    ages = {"guardian_below_age": consent.guardian_below_age.value, "opt_out_from_age": consent.opt_out_from_age.value}
    lowest = LOWEST_CONSENT_AGE
    faults = [
        Fault(name, f"consent.{key}.value", "below_law", LAW_OF_CONSENT_AGE.format(value=age, lowest=lowest))
        for key, age in ages.items()
        if age < lowest
    ]
    if ages["opt_out_from_age"] < ages["guardian_below_age"]:
        faults.append(Fault(name, "consent.opt_out_from_age", "below_guardian_age"))
    return faults


def revision_of(pack: Pack) -> str:
    """Return `id@version#digest`, the digest being 12 hexadecimal characters over the pack's whole content."""
    content = json.dumps(msgspec.to_builtins(pack), sort_keys=True, ensure_ascii=False).encode()
    return f"{pack.id}@{pack.version}#{hashlib.sha256(content).hexdigest()[:12]}"
