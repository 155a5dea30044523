"""`xinqiao scale check|score|import|publish|list|form`: scales on the command line."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from xinqiao.care.scales.messages import (
    IMPORT,
    TABLE,
    scale_fault_words,
    why_not_words,
    wording_fault_words,
    words,
)
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.packs import PackFile, read_pack, scale_folder, shipped_files
from xinqiao.care.scales.score_files import score_file
from xinqiao.care.scales.selectors import launchable, scale_of
from xinqiao.care.scales.services.importing import CannotImportWording, import_wording
from xinqiao.care.scales.services.publishing import CannotPublish, publish_shipped_scales
from xinqiao.care.scales.wording_file import BadWording, empty_form, read_wording
from xinqiao.engines.roster.sheets import UnreadableRoster
from xinqiao.engines.scoring import Fault, Scale, ScaleFault, TableFault, check_scale
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.register.orgs.models import Unit

FAULTY = 2  # exit code: it was read, and something in it is wrong


class Command(BaseCommand):
    """Exit 0 if all is well, 2 if something read is wrong, 1 if nothing could be read."""

    help = "Check, score, publish and list scales; import the wording of a scale of which only the key ships."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("check", help="check a scale by id or file, or all that ship")
        check.add_argument("scale", nargs="?", default="")
        check.add_argument("--json", action="store_true", dest="as_json")
        score = acts.add_parser("score", help="score a CSV file of answers")
        score.add_argument("scale")
        score.add_argument("--input", required=True, dest="source", help="CSV file, or - for standard input")
        score.add_argument("--output", required=True, dest="target", help="CSV file, or - for standard output")
        score.add_argument("--informant", default=None, help="who answered: self, parent, teacher")
        bring = acts.add_parser("import", help="import licensed wording from a spreadsheet")
        bring.add_argument("file", type=Path)
        bring.add_argument("--scale", required=True)
        bring.add_argument("--unit", required=True, help="code of the unit that holds the licence")
        bring.add_argument("--holder", required=True, help="who holds the licence")
        bring.add_argument("--statement", required=True, help="what the licence allows, and from whom it is")
        form = acts.add_parser("form", help="write the spreadsheet to be filled in for a scale")
        form.add_argument("scale")
        form.add_argument("--output", required=True, type=Path, dest="target")
        acts.add_parser("publish", help="publish the scales that ship; again changes nothing")
        show = acts.add_parser("list", help="list the published scales")
        show.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        acts = {"check": self._check, "score": self._score, "import": self._import, "form": self._form,
                "publish": self._publish, "list": self._list}  # fmt: skip
        acts[options["act"]](options)

    def _check(self, options: dict[str, Any]) -> None:
        paths = [_path_of(options["scale"])] if options["scale"] else shipped_files()
        if not paths:
            raise CommandError(_("There are no scale files in {folder}.").format(folder=scale_folder()))
        checked = [(path, *_checked(path)) for path in paths]
        if options["as_json"]:
            rows = [_check_row(path, pack, faults) for path, pack, faults in checked]
            self.stdout.write(json.dumps({"scales": rows}, ensure_ascii=False))
        else:
            for path, _pack, faults in checked:
                self.stdout.write(f"{path.name}: {len(faults) or 'ok'}")
                self.stdout.writelines(f"  {scale_fault_words(fault)}" for fault in faults)
        if any(pack is None for _path, pack, _faults in checked):
            sys.exit(1)
        if any(faults for _path, _pack, faults in checked):
            sys.exit(FAULTY)

    def _score(self, options: dict[str, Any]) -> None:
        scale = _scale_named(options["scale"])
        try:
            scored = score_file(scale, options["source"], options["target"], informant=options["informant"])
        except TableFault as fault:
            raise CommandError(words(TABLE, fault.code, value=fault.column)) from fault
        except ScaleFault as fault:
            raise CommandError(scale_fault_words(Fault(fault.place, fault.code, fault.detail))) from fault
        summary = _("{rows} rows scored, {errors} with an error.").format(rows=scored.rows, errors=scored.errors)
        self.stderr.write(summary)
        if scored.errors:
            sys.exit(FAULTY)

    def _import(self, options: dict[str, Any]) -> None:
        unit = Unit.objects.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(_("There is no unit with the code {code}.").format(code=options["unit"]))
        try:
            wording = read_wording(options["file"], _pack_named(options["scale"]).scale)
            done = import_wording(
                unit, actor=system_actor("scale import"), code=options["scale"], wording=wording,
                holder=options["holder"], statement=options["statement"],
            )  # fmt: skip
        except BadWording as error:
            self.stderr.writelines(wording_fault_words(fault) for fault in error.faults)
            sys.exit(FAULTY)
        except UnreadableRoster as error:
            raise CommandError(words(IMPORT, "unreadable", value=error.code)) from error
        except CannotImportWording as error:
            self.stderr.writelines(scale_fault_words(fault) for fault in error.faults)
            raise CommandError(words(IMPORT, error.code)) from error
        self.stdout.write(_("Unchanged.") if isinstance(done, Unchanged) else f"{done.code} {done.version}")

    def _form(self, options: dict[str, Any]) -> None:
        options["target"].write_bytes(empty_form(_pack_named(options["scale"]).scale))

    def _publish(self, options: dict[str, Any]) -> None:
        del options
        try:
            done = publish_shipped_scales()
        except CannotPublish as error:
            self.stderr.writelines(scale_fault_words(fault) for fault in error.faults)
            raise CommandError(str(error)) from error
        except ScaleFault as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("{published} published, {unchanged} unchanged.").format(
            published=len(done.published), unchanged=len(done.unchanged)))  # fmt: skip

    def _list(self, options: dict[str, Any]) -> None:
        versions = ScaleVersion.objects.filter(retired_at=None).order_by("code", "place")
        rows = [_list_row(version) for version in versions]
        if options["as_json"]:
            self.stdout.write(json.dumps({"scales": rows}, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(f"{row['id']:<12}{row['version']:<16}{row['items']:>4}  {row['title']}")
            self.stdout.writelines(f"{'':<12}{reason}" for reason in why_not_words(row["why_not"]))


def _path_of(name: str) -> Path:
    """A file as named, or the shipped file of a scale id."""
    return Path(name) if name.endswith((".yaml", ".yml")) else scale_folder() / f"{name}.yaml"


def _checked(path: Path) -> tuple[PackFile | None, list[Fault]]:
    try:
        pack = read_pack(path)
    except ScaleFault as fault:
        return None, [Fault(fault.place, fault.code, fault.detail)]
    return pack, check_scale(pack.scale)


def _check_row(path: Path, pack: PackFile | None, faults: list[Fault]) -> dict[str, Any]:
    scale = pack.scale if pack else None
    return {
        "file": path.name, "id": scale.id if scale else "", "version": scale.version if scale else "",
        "items": len(scale.items) if scale else 0, "has_wording": bool(scale and scale.has_wording),
        "examples": len(scale.examples) if scale else 0,
        "faults": [{"place": f.place, "code": f.code, "detail": f.detail} for f in faults],
    }  # fmt: skip


def _list_row(version: ScaleVersion) -> dict[str, Any]:
    scale = scale_of(version)
    return {
        "id": version.code, "version": version.version, "title": scale.title.zh_hans, "items": len(scale.items),
        "licence": scale.licence.status, "has_wording": version.has_wording, "place": version.place,
        "needs_duty": scale.needs_duty, "why_not": launchable(version, version.place),
    }  # fmt: skip


def _pack_named(name: str) -> PackFile:
    try:
        return read_pack(_path_of(name))
    except ScaleFault as fault:
        raise CommandError(scale_fault_words(Fault(fault.place, fault.code, fault.detail))) from fault


def _scale_named(name: str) -> Scale:
    return _pack_named(name).scale
