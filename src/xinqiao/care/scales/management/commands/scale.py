"""`xinqiao scale check|score|import|form|publish|list|fhir-…|calibrate|parameters|norms`."""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.care.scales import calibration_command, norm_command
from xinqiao.care.scales.answer_files import UnreadableTable, score_file
from xinqiao.care.scales.fhir_acts import (
    fault_lines,
    file_bytes,
    read_file,
    response_lines,
    sheets_of_table,
    summary,
    table_text,
)
from xinqiao.care.scales.fhir_files import questionnaire_text, responses_from, responses_text, scale_file_text
from xinqiao.care.scales.item_report import row_message
from xinqiao.care.scales.messages import (
    import_message,
    listed,
    refusal_message,
    scale_fault_message,
    table_message,
    workbook_message,
)
from xinqiao.care.scales.packs import PackFile, read_pack, shipped_files
from xinqiao.care.scales.selectors import launchable, scale_of, versions_at
from xinqiao.care.scales.services.publishing import CannotPublish, publish_shipped_scales
from xinqiao.care.scales.services.wording import CannotImportWording, import_wording
from xinqiao.care.scales.wording_file import FaultyWording, WordingFault, open_workbook, wording_of
from xinqiao.care.scales.wording_template import wording_template
from xinqiao.engines.fhir import NotFhir
from xinqiao.engines.scoring import Fault, Scale, ScaleFault, TableFault, check_scale
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.register.orgs.models import Unit

EXIT_FAULTY: Final = 1
EXIT_SOME_ROWS: Final = 2


class Failed(Exception):
    """The command ends here with exit code 1; its words were made for the reader."""


class Command(BaseCommand):
    """Scales on the command line; `check`, `score` and `form` need neither a database nor keys."""

    help = "Check scales, score files of answers, publish what ships, import licensed wording."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        check = acts.add_parser("check", help="look for faults; exit 1 if there are any")
        check.add_argument("scale", nargs="?", help="id of a scale that ships, or a file; all that ship if left out")
        check.add_argument("--json", action="store_true", dest="as_json", help="print JSON")
        score = acts.add_parser("score", help="score a CSV of answers; exit 2 if a row had an error, 1 if unreadable")
        score.add_argument("scale", help="id of a scale that ships, or a file")
        score.add_argument(
            "--input", required=True, type=Path, dest="source", help="columns id, 1, 2, … [sex,grade,age]"
        )
        score.add_argument("--output", required=True, type=Path, dest="target", help="CSV in UTF-8, one row a sheet")
        score.add_argument("--informant", help="who filled it in: self, parent, teacher (default: the scale's first)")
        wording = acts.add_parser("import", help="publish the wording that a unit is licensed to use")
        wording.add_argument("file", type=Path, help="workbook as `scale form` writes it, filled in")
        wording.add_argument("--scale", required=True, help="id of a scale of which only the key ships")
        wording.add_argument("--unit", required=True, help="code of the licensed unit")
        wording.add_argument("--licence-holder", required=True, help="who granted or holds the licence")
        wording.add_argument("--licence-text", required=True, help="what it allows; shown with the scale")
        wording.add_argument("--licence-until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="its last day")
        form = acts.add_parser("form", help="write the workbook into which wording is typed")
        form.add_argument("scale", help="id of a scale that ships, or a file")
        form.add_argument("--output", required=True, type=Path, dest="target", help="an .xlsx")
        calibration_command.add_arguments(acts)
        norm_command.add_arguments(acts)
        publish = acts.add_parser("publish", help="publish the scales that ship; running it again changes nothing")
        publish.add_argument("--json", action="store_true", dest="as_json", help="print JSON")
        listing = acts.add_parser("list", help="list what is published, or what a unit may use")
        listing.add_argument("--unit", help="code of a unit: its licensed wording too, and what keeps a scale back")
        listing.add_argument("--json", action="store_true", dest="as_json", help="print JSON")
        _add_fhir_acts(acts)

    def handle(self, *args: Any, **options: Any) -> None:
        acts: dict[str, Callable[..., int]] = {
            "check": self._check, "score": self._score, "import": self._import, "form": self._form,
            "publish": self._publish, "list": self._list, "fhir-export": self._fhir_export,
            "fhir-import": self._fhir_import, "fhir-export-responses": self._export_responses,
            "fhir-import-responses": self._import_responses,
            "calibrate": self._calibrate,
            "parameters": self._parameters,
            "norms": self._norms,
        }  # fmt: skip
        try:
            code = acts[options["act"]](options)
        except Failed as failed:
            self.stderr.write(str(failed))
            code = EXIT_FAULTY
        if code:
            sys.exit(code)

    def _check(self, options: Mapping[str, Any]) -> int:
        paths = [_path_of(options["scale"])] if options["scale"] else shipped_files()
        found = [(path, *_faults_of(path)) for path in paths]
        if options["as_json"]:
            rows = [_check_row(path, pack, faults) for path, pack, faults in found]
            self.stdout.write(json.dumps({"scales": rows}, ensure_ascii=False))
            return EXIT_FAULTY if any(faults for _path, _pack, faults in found) else 0
        for path, pack, faults in found:
            if pack is not None and not faults:
                examples = len(pack.scale.examples)
                self.stdout.write(_("{file}: sound, {count} examples pass").format(file=path.name, count=examples))
            for fault in faults:
                self.stdout.write(f"{path.name}: {fault.place}: {scale_fault_message(fault.code, fault.detail)}")
        return EXIT_FAULTY if any(faults for _path, _pack, faults in found) else 0

    def _score(self, options: Mapping[str, Any]) -> int:
        scale = _sound_scale(options["scale"])
        informant: str | None = options["informant"]
        if informant is not None and informant not in scale.informants:
            raise Failed(_("{scale} is not answered by “{name}”. Possible: {informants}.").format(
                scale=scale.id, name=informant, informants=listed(scale.informants)))  # fmt: skip
        try:
            tally = score_file(scale, options["source"], options["target"], informant=informant)
        except UnreadableTable as fault:
            raise Failed(f"{options['source'].name}: {table_message(fault.code, fault.detail)}") from fault
        # On the error stream, so that scores may go to standard output.
        self.stderr.write(
            _("{sheets} sheets: {errors} with an error, {critical} with a critical answer, {void} void.").format(
                sheets=tally.sheets, errors=tally.with_error, critical=tally.with_critical, void=tally.void
            )
        )
        return EXIT_SOME_ROWS if tally.with_error else 0

    def _import(self, options: Mapping[str, Any]) -> int:
        unit = _unit(options["unit"])
        try:
            wording = wording_of(open_workbook(options["file"]), _pack(_path_of(options["scale"])).scale)
            version = import_wording(
                unit, actor=system_actor("scale import"), code=options["scale"], wording=wording,
                holder=options["licence_holder"], statement=options["licence_text"], until=options["licence_until"],
            )  # fmt: skip
        except FaultyWording as faulty:
            raise Failed("\n".join(map(wording_fault_line, faulty.faults))) from faulty
        except CannotImportWording as refused:
            raise Failed(import_message(refused.code, _fault_lines(refused.faults))) from refused
        if isinstance(version, Unchanged):
            self.stdout.write(_("This wording is published already; nothing was changed."))
        else:
            self.stdout.write(_("Published: {code} {version} for {unit}").format(
                code=version.code, version=version.version, unit=unit.name))  # fmt: skip
        return 0

    def _form(self, options: Mapping[str, Any]) -> int:
        body = wording_template(_pack(_path_of(options["scale"])).scale)
        try:
            options["target"].write_bytes(body)
        except OSError as error:
            raise Failed(table_message("not_written", str(options["target"]))) from error
        return 0

    def _fhir_export(self, options: Mapping[str, Any]) -> int:
        text = questionnaire_text(_sound_scale(options["scale"]))
        if options["target"]:
            _write(options["target"], text)
        else:
            self.stdout.write(text, ending="")
        return 0

    def _fhir_import(self, options: Mapping[str, Any]) -> int:
        read, rows = read_file(options["file"])
        if options["target"] and read:
            _write(options["target"], scale_file_text(read.mapping))
        if options["as_json"]:
            self.stdout.write(json.dumps(summary(read, rows), ensure_ascii=False))
        elif rows:
            self.stdout.write("\n".join(f"{options['file'].name}: {line}" for line in fault_lines(rows)))
        elif read:
            self.stdout.write(_("{file}: sound, {count} examples pass").format(
                file=options["file"].name, count=len(read.mapping["examples"])))  # fmt: skip
        return EXIT_FAULTY if rows else 0

    def _export_responses(self, options: Mapping[str, Any]) -> int:
        scale = _sound_scale(options["scale"])
        try:
            sheets = sheets_of_table(options["source"], scale)
        except UnreadableTable as fault:
            raise Failed(f"{options['source'].name}: {table_message(fault.code, fault.detail)}") from fault
        except TableFault as fault:
            raise Failed(f"{options['source'].name}: {table_message(fault.code, fault.column)}") from fault
        except NotFhir as refused:
            raise Failed("\n".join(response_lines(refused.faults))) from refused
        _write(options["target"], responses_text(scale, sheets))
        self.stderr.write(_("{count} sheets written.").format(count=len(sheets)))
        return 0

    def _import_responses(self, options: Mapping[str, Any]) -> int:
        scale = _sound_scale(options["scale"])
        try:
            sheets = responses_from(file_bytes(options["file"]), scale)
        except NotFhir as refused:
            raise Failed("\n".join(response_lines(refused.faults))) from refused
        _write(options["target"], table_text(scale, sheets))
        self.stderr.write(_("{count} sheets written.").format(count=len(sheets)))
        return 0

    def _calibrate(self, options: Mapping[str, Any]) -> int:
        try:
            found = calibration_command.calibrated(options, _pack(_path_of(options["scale"])).scale)
        except calibration_command.Refused as refused:
            raise Failed(str(refused)) from refused
        for line in calibration_command.lines_of(found, as_json=options["as_json"]):
            self.stdout.write(line)
        for rejected in found.rejected:
            self.stderr.write(row_message(rejected))
        return EXIT_SOME_ROWS if found.rejected else 0

    def _parameters(self, options: Mapping[str, Any]) -> int:
        try:
            self.stdout.write(calibration_command.loaded(options, _unit(options["unit"])))
        except calibration_command.Refused as refused:
            raise Failed(str(refused)) from refused
        return 0

    def _norms(self, options: Mapping[str, Any]) -> int:
        try:
            for line in norm_command.lines_of(options, _unit(options["unit"])):
                self.stdout.write(line)
        except norm_command.Refused as refused:
            raise Failed(str(refused)) from refused
        return 0

    def _publish(self, options: Mapping[str, Any]) -> int:
        try:
            done = publish_shipped_scales()
        except ScaleFault as fault:
            raise Failed(f"{fault.place}: {scale_fault_message(fault.code, fault.detail)}") from fault
        except CannotPublish as refused:
            lines = _fault_lines(refused.faults) or [import_message(refused.code)]
            raise Failed("\n".join(f"{refused.scale_id}: {line}" for line in lines)) from refused
        if options["as_json"]:
            self.stdout.write(json.dumps({"published": done.published, "unchanged": done.unchanged}))
            return 0
        self.stdout.write(_("{published} published, {unchanged} unchanged").format(
            published=len(done.published), unchanged=len(done.unchanged)))  # fmt: skip
        return 0

    def _list(self, options: Mapping[str, Any]) -> int:
        place = _unit(options["unit"]).path if options["unit"] else ""
        rows = [_list_row(version, place) for version in versions_at([place] if place else [])]
        if options["as_json"]:
            self.stdout.write(json.dumps({"scales": rows}, ensure_ascii=False))
            return 0
        for row in rows:
            told = "; ".join(map(refusal_message, row["reasons"])) or _("ready")
            self.stdout.write(f"{row['id']:<12} {row['version']:<12} {row['items']:>3}  {row['title']}  [{told}]")
        return 0


def _add_fhir_acts(acts: Any) -> None:
    out = acts.add_parser("fhir-export", help="write a scale as a FHIR R4 Questionnaire")
    out.add_argument("scale", help="id of a scale that ships, or a file")
    out.add_argument("--output", type=Path, dest="target", help="a file; standard output if left out")
    out.add_argument("--json", action="store_true", dest="as_json", help="print JSON (a Questionnaire always is)")
    back = acts.add_parser("fhir-import", help="read a FHIR R4 Questionnaire as a scale; exit 1 while it has gaps")
    back.add_argument("file", type=Path, help="a Questionnaire in JSON")
    back.add_argument("--output", type=Path, dest="target", help="write the scale file, gaps and all, as YAML")
    back.add_argument("--json", action="store_true", dest="as_json", help="print JSON")
    away = acts.add_parser("fhir-export-responses", help="write a CSV of answers as FHIR R4 QuestionnaireResponses")
    away.add_argument("scale", help="id of a scale that ships, or a file")
    away.add_argument("--input", required=True, type=Path, dest="source", help="columns id (a pseudonym), 1, 2, …")
    away.add_argument("--output", required=True, type=Path, dest="target", help="a Bundle in JSON")
    home = acts.add_parser("fhir-import-responses", help="write QuestionnaireResponses as a CSV of answers")
    home.add_argument("scale", help="id of a scale that ships, or a file")
    home.add_argument("file", type=Path, help="a QuestionnaireResponse or a Bundle of them in JSON")
    home.add_argument("--output", required=True, type=Path, dest="target", help="CSV with the columns id, 1, 2, …")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise Failed(table_message("not_written", str(path))) from error


def wording_fault_line(fault: WordingFault) -> str:
    """One fault of a workbook with its place in front."""
    cell = f"{fault.column}{fault.row or ''}"
    return " ".join(part for part in (fault.sheet, cell, workbook_message(fault.code, fault.params)) if part)


def _fault_lines(faults: tuple[Fault, ...]) -> list[str]:
    return [f"{fault.place}: {scale_fault_message(fault.code, fault.detail)}" for fault in faults]


def _path_of(name: str) -> Path:
    """The file of a scale that ships, by its id, else the file of that name."""
    shipped = {path.stem: path for path in shipped_files()}
    path = shipped.get(name) or Path(name)
    if not path.is_file():
        raise Failed(_("“{name}” is neither a scale nor a file. Scales: {ids}.").format(
            name=name, ids=listed(shipped)))  # fmt: skip
    return path


def _pack(path: Path) -> PackFile:
    try:
        return read_pack(path)
    except ScaleFault as fault:
        raise Failed(f"{path.name}: {fault.place}: {scale_fault_message(fault.code, fault.detail)}") from fault


def _sound_scale(name: str) -> Scale:
    """The scale to score with; one with faults would give wrong scores, so it is refused."""
    path = _path_of(name)
    scale = _pack(path).scale
    if faults := check_scale(scale):
        raise Failed("\n".join(f"{path.name}: {line}" for line in _fault_lines(tuple(faults))))
    return scale


def _faults_of(path: Path) -> tuple[PackFile | None, list[Fault]]:
    try:
        pack = read_pack(path)
    except ScaleFault as fault:
        return None, [Fault(fault.place, fault.code, fault.detail)]
    return pack, check_scale(pack.scale)


def _check_row(path: Path, pack: PackFile | None, faults: list[Fault]) -> dict[str, Any]:
    told = [
        {"place": f.place, "code": f.code, "detail": f.detail, "message": scale_fault_message(f.code, f.detail)}
        for f in faults
    ]
    scale = pack.scale if pack else None
    return {
        "file": path.name, "id": scale.id if scale else "", "version": scale.version if scale else "",
        "examples": len(scale.examples) if scale else 0, "faults": told,
    }  # fmt: skip


def _list_row(version: Any, place: str) -> dict[str, Any]:
    scale = scale_of(version)
    return {
        "id": version.code, "version": version.version, "title": scale.title.in_language(get_language() or ""),
        "items": len(scale.items), "licence": scale.licence.status, "has_wording": version.has_wording,
        "place": version.place, "reasons": launchable(version, place),
    }  # fmt: skip


def _unit(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise Failed(_("There is no unit with the code {code}.").format(code=code))
    return unit
