"""The prose of every code that scales can give: what is wrong, where, and how to mend it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SCALE_MESSAGES: Final = {
    "unreadable": _("The file cannot be read as a scale ({detail}). It must be a YAML file of less than 1 MB."),
    "missing_key": _("This entry is missing: {detail}. Add it as the guide on scales says."),
    "unknown_key": _("Nobody knows this entry. Correct its spelling, or take it out."),
    "not_a_mapping": _("Entries with names are expected here, not {detail}."),
    "not_a_list": _("A list is expected here, not {detail}."),
    "not_a_string": _("A text is expected here, not {detail}."),
    "not_an_integer": _("A whole number is expected here, not {detail}."),
    "not_a_number": _("A number is expected here, not {detail}."),
    "not_a_boolean": _("true or false is expected here, not {detail}."),
    "not_allowed": _("“{detail}” is not among what may stand here. The guide on scales lists it."),
    "one_of": _("Exactly one of these must stand here: {detail}."),
    "bad_id": _("“{detail}” cannot be an id: small letters and digits, not one of the columns' own names."),
    "bad_codes": _("Answer codes are two or more whole numbers from 0 to 253 in ascending order, not {detail}."),
    "bad_factor": _("A factor is above zero and has at most four decimals, not {detail}."),
    "empty_span": _("The interval is empty or turned round {detail}. Write the lower end first."),
    "out_of_range": _("{detail} lies outside what is possible here."),
    "wrong_length": _("There must be one answer an item; here there are {detail}."),
    "no_such_item": _("There is no item {detail}."),
    "no_such_subscale": _("There is no subscale “{detail}” above this place."),
    "branched_item_summed": _("Item {detail} is not asked of everybody, so it cannot be added up. Use steps."),
    "item_in_no_part": _("Item {detail} belongs to no part. Each item stands in exactly one."),
    "item_in_two_parts": _("Item {detail} belongs to two parts. Mark the one that repeats items as composite."),
    "item_twice": _("Item {detail} stands here twice."),
    "reversed_item_counted": _("Item {detail} is reversed and cannot be counted."),
    "gate_not_before": _("Item {detail} must come before the one that depends on it."),
    "not_a_code": _("{detail} is no answer code of this item, or its lowest."),
    "band_gap": _("The first band must begin at or below the lowest score, {detail}."),
    "bands_not_ascending": _("Bands must ascend; {detail} does not."),
    "unreachable": _("No score reaches {detail}, or every score does. Is it meant for a sum where there is a mean?"),
    "never_used": _("The bands above fit everybody, so these are never used."),
    "duplicate": _("This stands here twice: {detail}."),
    "no_such_source": _("There is no source “{detail}”. Every number names one."),
    "unused_source": _("No number names this source. Take it out, or name it."),
    "not_critical": _("Item {detail} asks about suicide and must be critical."),
    "self_report_too_early": _("Pupils answer themselves from grade 4 at the earliest, not from grade {detail}."),
    "informant_not_offered": _("It is not said to whom the form of “{detail}” is offered."),
    "wording_not_licensed": _("Wording is here and its licence is not. Take the wording out, or name the licence."),
    "too_few_examples": _("{detail} worked examples are too few; three at least, computed by hand."),
    "example_differs": _("A worked example comes out differently: {detail}. Correct the arithmetic or the key."),
    "unreadable_json": _("The file cannot be read as JSON ({detail}). Save it again as FHIR R4 JSON in UTF-8."),
    "wrong_resource": _("Another kind of resource is expected ({detail}). Choose the right file."),
    "empty_list": _("The list is empty, which FHIR does not allow. Fill it, or take it out."),
    "control_character": _("The text holds a character that cannot be printed. Type it again."),
    "too_deep": _("This is nested deeper than {detail} levels. Take the inner levels out."),
    "too_long": _("“{detail}” is too long. 24 characters at most."),
    "not_in_order": _("Questions are numbered 1, 2, 3, … in order; this one must be {detail}."),
    "no_coded_answers": _(
        "Questions of the type {detail} cannot be scored. Give it answers to choose from, or take it out."
    ),
    "no_number": _("The answer “{detail}” has no number. Give it a whole number as its code or its ordinal value."),
    "worth_differs": _(
        "The ordinal values {detail} do not fit the codes and the mark of reversal. Correct one of them."
    ),
    "worth_not_code": _(
        "The ordinal values {detail} are neither the codes nor the codes turned round. Use them as codes."
    ),
    "condition_too_rich": _(
        "This condition cannot be said here ({detail}): only “any of these questions, this answer or a higher one”."
    ),
    "fingerprint_differs": _(
        "Changed since its export: its fingerprint is {detail}. Fetch it anew, or delete the fingerprint."
    ),
}
DRAFT_MESSAGES: Final = {
    "not_own_id": _("The id of a unit's own form begins with own-, so that it is never taken for one that ships."),
    "version_used": _("Version {detail} is published already and never changes. Give this one a higher number."),
}
RESPONSE_MESSAGES: Final = {
    "no_pseudonym": _(
        "A sheet leaves under a pseudonym of letters, digits and hyphens, never a person's name, card or phone number. "
        "Change its id."
    ),
    "illegal_code": _("“{detail}” is no answer of this question. Correct it, or leave the answer out."),
    "two_answers": _("{detail} answers are given where one is asked for. Keep one."),
    "wrong_scale": _("These answers belong to another scale or version; this one is {detail}. Choose the right scale."),
    "withdrawn": _("This sheet was withdrawn as entered in error. Take it out."),
}
TABLE_MESSAGES: Final = {
    "missing": _("The file of answers cannot be opened: {detail}. Check the path."),
    "is_spreadsheet": _("{detail} is a workbook. Save its sheet as CSV and score that."),
    "encoding": _("The characters of {detail} cannot be read. Save it as CSV in UTF-8."),
    "line_too_long": _("Line {detail} is longer than any answer sheet. Is this the right file?"),
    "same_file": _("{detail} is both input and output. Name another output, so that the answers are kept."),
    "not_written": _("Nothing can be written to {detail}. Check the folder, its rights and the space left."),
    "no_header": _("The first line must name the columns: id, 1, 2, … to the last item. There is none."),
    "missing_column": _("First line: there is no column “{detail}”. It must name id, 1, 2, … to the last item."),
    "duplicate_column": _("First line: the column “{detail}” stands there twice. Rename or delete one."),
    "unknown_item": _("First line: this scale has no item {detail}. Is this the right scale?"),
    "item_count": _("The table has {detail} columns of items; two to a thousand can be computed."),
    "no_sheets": _("No row of {detail} can be read as a sheet. Check the columns and the codes."),
}
WORKBOOK_MESSAGES: Final = {
    "file_missing": _("The file cannot be opened. Choose it again."),
    "file_empty": _("The file is empty. Save it again and choose that file."),
    "file_too_big": _("The file is larger than {most_mib} MB. A scale needs far less: leave out pictures."),
    "password_protected": _(
        "The file is protected by a password. Open it, remove the password, save it, and try again."
    ),
    "not_a_workbook": _("This is not a workbook with sheets. Use the template, and save it as .xlsx."),
    "sheets_empty": _("No visible sheet of the file holds anything. Use the template."),
    "unreadable": _("The file cannot be read ({reason}). Copy its sheets into a new workbook and save it as .xlsx."),
    "sheet_missing": _("There is no second sheet. Sheet 1 holds the items, sheet 2 the answer options."),
    "columns_missing": _("The first line must name the columns {wanted}; there is no {missing}. Use the template."),
    "columns_twice": _("Two columns are named {column}. Delete one."),
    "not_an_item": _(
        "“{value}” is not the number of an item. Write 1 to {last}, or * for all items among the options."
    ),
    "item_again": _("Item {item} stood in row {row} already. Delete one."),
    "text_missing": _("The Chinese text is missing. Type it as your licensed edition has it."),
    "text_too_long": _("The text is longer than {most} characters. Shorten it."),
    "items_absent": _("These items have no row: {items}. The scale has {last} items; add them."),
    "not_a_code": _("“{value}” is no answer code here. Possible: {codes}."),
    "option_again": _("This answer stood in row {row} already. Delete one."),
    "options_absent": _("These answers have no text: {answers}. Add a row for each, or one with * for all items."),
    "instruction_twice": _("The third sheet holds one instruction in one row. Put it into one cell."),
    "formula": _("The cell holds a formula. Copy it and paste it as a value."),
    "cell_error": _("The cell shows an error. Type the text itself."),
    "date_cell": _("The spreadsheet took this for a date. Format the column as text and type it again."),
}
COLUMN_TITLES: Final = {
    "number": _("Item number"),
    "item": _("Item number"),
    "code": _("Answer code"),
    "zh": _("Chinese text"),
    "en": _("English text"),
}
IMPORT_MESSAGES: Final = {
    "not_published": _("This scale is not published here yet. An administrator runs: xinqiao scale publish"),
    "ships_in_full": _("This scale ships with its wording. Nothing needs to be imported."),
    "version_changed": _("The file was changed without a new version number. A published version never changes."),
    "faulty": _("With this wording the scale is not sound: {faults}"),
}
PARAMETER_MESSAGES: Final = {
    "missing": _("The file of item parameters cannot be opened: {detail}. Check the path."),
    "malformed": _("The file is not one of item parameters ({detail}). `xinqiao scale calibrate --output` writes one."),
    "other_scale": _("The file holds parameters of the scale “{detail}”. Name that scale, or another file."),
    "not_published": _("The scale “{detail}” is not published here yet. An administrator runs: xinqiao scale publish"),
    "too_few_sheets": _("{has} sheets are too few; {needed} at least. Collect more full sheets first."),
    "rare_category": _(
        "Item {item}: the answer in place {place} was chosen {times} times, {needed} times at least are "
        "needed. Collect more full sheets."
    ),
    "runaway": _(
        "Item {item} goes together with another almost entirely, so it has no curve of its own. Look for a "
        "column that stands there twice."
    ),
    "singular": _("The table does not tell the items apart. Look for columns that are the same."),
    "no_such_score": _("The scale has no score “{detail}”."),
    "not_summed": _("The score “{detail}” does not add up items, so it cannot be had from fewer."),
    "branched": _("Some items of “{detail}” are asked only after a yes; such a scale is asked whole."),
    "no_cut": _("No flag of the scale draws a line on the score “{detail}”, so there is no decision to shorten."),
    "cut_out_of_reach": _("The line on “{detail}” changes nothing within the scores that can be had."),
    "no_parameters": _("Item {detail} has no parameters. Every item of the score needs them."),
    "unknown_item": _("The scale has no item {detail}. Is this the right scale?"),
    "same_item": _("Item {detail} stands there twice. Delete one."),
    "threshold_count": _("Item {detail} needs one threshold less than it has answers."),
    "not_ascending": _("The thresholds of item {detail} must ascend."),
    "slope": _("The slope of item {detail} must be a number above zero. Is the item to be reversed?"),
    "rule": _("The rule in force cannot be used ({detail}). Correct the policy pack."),
}
DOUBTS: Final = {
    "fit_unknown": _("Nothing is known of how well the model fitted: the file came from elsewhere."),
    "not_converged": _("The search had not come to rest after {detail} rounds."),
    "not_one_trait": _(
        "The items may measure more than one thing: the first eigenvalue is {detail} times the second, "
        "more than 4 are wanted (Reeve et al. 2007)."
    ),
    "misfit": _("The answers to these items do not follow their curves (distance above 0.12, PISA 2015): {detail}."),
    "twins": _(
        "These items go together more than the trait explains (Q3 above 0.2, Christensen et al. 2017): {detail}."
    ),
}
ANSWER_MESSAGES: Final = {
    "illegal_answer": _("Not an answer of this scale: question {items}."),
    "missing_answer": _("Not answered: question {items}. Without it there is no score."),
    "unasked_answer": _("Question {items} is asked only after a yes before it; the answers contradict each other."),
}
REFUSALS: Final = {
    "no_wording": _(
        "Only the scoring key ships; the wording has an owner. Import the wording your school is licensed to use."
    ),
    "not_for_pupils": _("For staff, not for pupils."),
    "no_self_report": _("Answered by others about the pupil, so it cannot be put before pupils."),
    "retired": _("Replaced by a newer version."),
    "elsewhere": _("This wording is licensed to another unit."),
    "licence_ended": _("The licence of this wording has ended. Renew it, and import the wording anew."),
}


def scale_fault_message(code: str, detail: str) -> str:
    """The sentence for a fault in a scale file. Raises KeyError for a code that does not exist."""
    return gettext(SCALE_MESSAGES[code]).format(detail=detail)


def draft_message(code: str, detail: str) -> str:
    """The sentence for what is left to mend in a draft."""
    return gettext(DRAFT_MESSAGES.get(code) or SCALE_MESSAGES[code]).format(detail=detail)


def response_message(code: str, detail: str) -> str:
    """The sentence for a fault in a file of answer sheets as FHIR says them."""
    return gettext(RESPONSE_MESSAGES.get(code) or SCALE_MESSAGES[code]).format(detail=detail)


def table_message(code: str, detail: str) -> str:
    """The sentence for a file of answers that cannot be scored."""
    return gettext(TABLE_MESSAGES[code]).format(detail=detail)


def workbook_message(code: str, params: Mapping[str, str | int]) -> str:
    """The sentence for a fault in a workbook of wording."""
    shown = dict(params)
    if code == "columns_missing":
        shown = {name: listed(map(column_title, str(value).split())) for name, value in params.items()}
    return gettext(WORKBOOK_MESSAGES[code]).format(**shown)


def column_title(name: str) -> str:
    """The heading of a column in a workbook of wording."""
    return gettext(COLUMN_TITLES[name])


def import_message(code: str, faults: Sequence[str] = ()) -> str:
    """The sentence for wording that may not be imported."""
    return gettext(IMPORT_MESSAGES[code]).format(faults=listed(faults))


def parameter_message(code: str, detail: str = "", item: str = "", needed: int = 0) -> str:
    """The sentence for item parameters that cannot be had or may not be used."""
    first, _colon, second = detail.partition(":")
    shown = {"detail": detail, "item": item, "has": first, "needed": needed or second}
    if code == "rare_category":
        shown |= {"place": str(int(first) + 1), "times": second}
    return gettext(PARAMETER_MESSAGES[code]).format(**shown)


def doubt_message(code: str, detail: str) -> str:
    """The sentence for what speaks against believing a calibration."""
    return gettext(DOUBTS[code]).format(detail=detail)


def answer_message(code: str, items: str) -> str:
    """The sentence for answers that keep a sheet from being scored; `items` as `spans_of` writes them."""
    return gettext(ANSWER_MESSAGES[code]).format(items=items)


def refusal_message(code: str) -> str:
    """The sentence for why a scale cannot be put before pupils."""
    return gettext(REFUSALS[code])


def spans_of(numbers: Sequence[int]) -> str:
    """Item numbers in order, runs of three and more drawn together: 1–15, 17, 20, 21."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [[f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(number) for number in run] for run in runs]
    return listed(part for each in parts for part in each)


def listed(parts: Iterable[str]) -> str:
    """Several things in a row, parted as the language parts them."""
    return gettext(", ").join(parts)


def in_brackets(text: str, remark: str) -> str:
    """A text with a remark in brackets, in the language's own brackets."""
    return gettext("{text} ({remark})").format(text=text, remark=remark)


def after_colon(label: str, value: str) -> str:
    """A label and what belongs to it."""
    return gettext("{label}: {value}").format(label=label, value=value)
