"""`xinqiao scale norms`: of whom a norm would be made, its publication, and what is in force."""

import json
from argparse import Action
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.care.scales.models import LocalNorm
from xinqiao.care.scales.norm_file import norm_of_text
from xinqiao.care.scales.norm_pages import group_words, left_out_rows, why_not_words, year_words
from xinqiao.care.scales.norm_selectors import norms_in_force
from xinqiao.care.scales.norming import NormDraft, draft_norm
from xinqiao.care.scales.selectors import best_version
from xinqiao.care.scales.services.norms import CannotPublishNorm, publish_norm
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import school_year_of


class Refused(Exception):
    """It ends here; the words were made for the reader."""


def add_arguments(acts: Any) -> tuple[Action, ...]:
    """Add the subcommand to the parser of `xinqiao scale`."""
    norms = acts.add_parser("norms", help="say of whom a local norm would be made, and publish it; exit 1 if it cannot")
    return (
        norms.add_argument("scale", help="id of a scale that is published"),
        norms.add_argument("--unit", required=True, help="code of the school, county or city"),
        norms.add_argument("--year", type=int, help="calendar year in which the school year began (default: this one)"),
        norms.add_argument("--publish", action="store_true", help="put it in force for the unit and those below"),
        norms.add_argument("--json", action="store_true", dest="as_json", help="print JSON"),
    )


def lines_of(options: Mapping[str, Any], unit: Unit) -> Iterator[str]:
    """Do what the options say, and tell it. Raises Refused."""
    version = best_version(options["scale"], unit.path)
    if version is None:
        raise Refused(_("No scale {code} is published for {unit}.").format(code=options["scale"], unit=unit.name))
    actor = system_actor("scale norms")
    year = options["year"] or school_year_of(timezone.localtime(now()).date())
    draft = draft_norm(actor, unit, version, year)
    if options["publish"]:
        try:
            publish_norm(unit, actor=actor, draft=draft)
        except CannotPublishNorm as refused:
            raise Refused("\n".join(why_not_words(code, detail) for code, detail in refused.reasons)) from refused
    in_force = next(iter(norms_in_force(version.id, unit.path)), None)
    if options["as_json"]:
        yield json.dumps(_as_json(draft, in_force), ensure_ascii=False, allow_nan=False)
        return
    yield from _told(draft, in_force)


def _told(draft: NormDraft, in_force: LocalNorm | None) -> Iterator[str]:
    yield _("{scale} {version}, {unit}, {year}: {sheets} pupils in {groups} groups").format(
        scale=draft.version.code, version=draft.version.version, unit=draft.unit.name,
        year=year_words(draft.file.school_year), sheets=draft.file.sheets, groups=len(draft.file.groups),
    )  # fmt: skip
    for group in draft.file.groups:
        yield f"{group.n:>8}  {group_words(group)}"
    for words, count in left_out_rows(draft.file):
        yield _("left out, {count}: {words}").format(count=count, words=words)
    for code, detail in draft.why_not:
        yield why_not_words(code, detail)
    if in_force is None:
        yield _("No local norm is in force here.")
    else:
        yield _("In force: norm {number} of {year}, {sheets} pupils").format(
            number=in_force.number, year=year_words(in_force.school_year), sheets=in_force.sheets
        )


def _as_json(draft: NormDraft, in_force: LocalNorm | None) -> dict[str, Any]:
    """Groups of the draft without their tables, which are told once they are published."""
    file: dict[str, Any] = msgspec.to_builtins(draft.file)
    groups = [{key: group[key] for key in ("sex", "bands", "n")} for group in file["groups"]]
    refused = [{"code": code, "message": why_not_words(code, detail)} for code, detail in draft.why_not]
    kept = None
    if in_force is not None:
        kept = {"number": in_force.number, "place": in_force.place, "digest": in_force.digest,
                "norm": msgspec.to_builtins(norm_of_text(in_force.definition))}  # fmt: skip
    return {"draft": {**file, "groups": groups}, "why_not": refused, "in_force": kept}
