"""Spreadsheets: results with names, and a class's list. Strings only, formulas disarmed, who and when on every page."""

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.care.scales.selectors import scale_of, versions_by_id
from xinqiao.care.screening.listing import listed
from xinqiao.care.screening.models import Campaign, ExportRequest
from xinqiao.care.screening.selectors.progress import pupils_of_class
from xinqiao.care.screening.selectors.results import sheets_of_campaign, signs_of
from xinqiao.care.screening.selectors.sheets import OpenSheet, ShortLine, score_lines, short_line
from xinqiao.care.screening.states import ExportPurpose
from xinqiao.care.screening.wording import sign_words, standing_words
from xinqiao.engines.scoring import Scale
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.ui.wording import clock_words, day_words
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_by_id, units_by_path
from xinqiao.register.people.models import Student

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
LONGEST_SHEET_NAME = 31

Row = Sequence[str]


def disarmed(text: str) -> str:
    """Return text that no spreadsheet program takes for a formula, here or after being saved as CSV."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def workbook(sheets: Iterable[tuple[str, Row, Iterable[Row]]], notes: Sequence[str]) -> bytes:
    """Return sheets of (name, header, rows) as .xlsx; `notes` stand above each table and at the foot of each page."""
    body = io.BytesIO()
    book = xlsxwriter.Workbook(
        body, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True})
    for name, header, rows in sheets:
        page = book.add_worksheet(disarmed(name.translate(FORBIDDEN_IN_NAMES))[:LONGEST_SHEET_NAME])
        page.set_footer("&L" + " · ".join(notes).replace("&", "&&")[:240])
        for index, note in enumerate(notes):
            page.write_string(index, 0, disarmed(note))
        top = len(notes) + 1
        for column, text in enumerate(header):
            page.write_string(top, column, disarmed(text), bold)
        for index, row in enumerate(rows, start=top + 1):
            for column, text in enumerate(row):
                page.write_string(index, column, disarmed(text))
        page.freeze_panes(top + 1, 0)
    book.close()
    return body.getvalue()


def _marks(actor: Actor, campaign: Campaign, at: dt.datetime, *more: str) -> list[str]:
    taken = _("Taken out by {name} on {day} at {time}")
    return [campaign.name, taken.format(name=actor.name, day=day_words(at), time=clock_words(at)), *more]


def results_workbook(actor: Actor, request: ExportRequest, at: dt.datetime) -> bytes:
    """Return the named results that an approved request is about, one sheet a scale. Leaves the event of reading."""
    campaign = request.campaign
    unit = units_by_id([request.class_id]).get(request.class_id) if request.class_id else None
    opened = sheets_of_campaign(actor, campaign, class_unit=unit)
    by_scale: dict[UUID, list[OpenSheet]] = defaultdict(list)
    for sheet in opened:
        by_scale[sheet.scale_id].append(sheet)
    versions = versions_by_id(by_scale)
    names = _names(actor, {sheet.student_id for sheet in opened}, at)
    purpose = _("Purpose: {purpose}. Not for ranking, evaluation or admission.").format(
        purpose=ExportPurpose(request.purpose).label
    )
    notes = _marks(actor, campaign, at, purpose, _("A score is not a finding about a child. Ask before you conclude."))
    language = get_language() or "zh-hans"
    pages = [
        _scale_page(scale_of(versions[scale_id]), sheets, names, language) for scale_id, sheets in by_scale.items()
    ]
    return workbook(pages, notes)


def _scale_page(
    scale: Scale, sheets: Sequence[OpenSheet], names: dict[UUID, Row], language: str
) -> tuple[str, Row, list[Row]]:
    header = [_("Class"), _("Name"), _("Student number"), _("Handed in")]
    for subscale in scale.subscales:
        header += [subscale.title.in_language(language), _("Band")]
    header += [_("Second look"), _("Critical items"), _("Doubts")]
    flags = {flag.id: flag.title.in_language(language) for flag in scale.flags}
    rows = [
        [*names[sheet.student_id], day_words(sheet.submitted_at), *_score_cells(scale, sheet, language),
         listed(flags[flag] for flag in sheet.result["flags"]), listed(sheet.result["critical"]),
         " ".join(sign_words(sign) for sign in signs_of(sheet))]
        for sheet in sheets
        if sheet.student_id in names
    ]  # fmt: skip
    return scale.id, header, sorted(rows, key=lambda row: (row[0], row[2], row[1]))


def _score_cells(scale: Scale, sheet: OpenSheet, language: str) -> list[str]:
    """Two cells a score. A score that was not asked for says so: it is neither empty nor missing."""
    lines = {line.id: line for line in score_lines(scale, sheet.result, language)}
    short = short_line(scale, sheet.result, language)
    cells = []
    for subscale in scale.subscales:
        line = lines.get(subscale.id)
        if line is None and short is not None and short.is_known:
            cells += _short_cells(short, is_decided=subscale.id == sheet.result["short"]["score"])
        else:
            cells += [line.value, line.band] if line else ["", ""]
    return cells


def _short_cells(short: ShortLine, *, is_decided: bool) -> list[str]:
    if not is_decided:
        return [_("not asked"), _("asked by adapting")]
    return [
        _("estimate {value} ({low}–{high})").format(value=short.value, low=short.low, high=short.high),
        _("asked by adapting, {asked} of {of} questions").format(asked=short.asked, of=short.of),
    ]


def _names(actor: Actor, student_ids: set[UUID], at: dt.datetime) -> dict[UUID, Row]:
    """Return class, name and number of pupils the actor may read."""
    students = list(Student.objects.visible_to(actor, Permission.RESULT_FULL).filter(pk__in=student_ids))
    units = units_by_path({student.place for student in students})
    return {
        s.id: (
            name_on(units[s.place], at.date()) if s.place in units else "", words["name"] or "", words["number"] or ""
        )
        for s, words in zip(students, open_sealed(students, "name", "number"), strict=True)
    }  # fmt: skip


def class_workbook(actor: Actor, campaign: Campaign, unit: Unit, at: dt.datetime) -> bytes:
    """Return a class's list: who has handed in, without results. A working paper of the class; leaves an event."""
    pupils = pupils_of_class(actor, campaign, unit)
    note_reading(
        actor, "screening.class_list.read", subject_kind="campaign", subject_id=campaign.id, place=unit.path,
        county_id=campaign.county_id, facts={"pupils": len(pupils)},
    )  # fmt: skip
    name = name_on(unit, at.date())
    rows = [[pupil.number, pupil.name, standing_words(pupil.state, pupil.excuse)] for pupil in pupils]
    header = [_("Student number"), _("Name"), _("Status")]
    return workbook([(name, header, rows)], _marks(actor, campaign, at, name))
