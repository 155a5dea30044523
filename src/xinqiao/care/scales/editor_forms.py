"""The forms of the editor: plain fields, rows of parts, rows of worked examples. They parse; the judge judges."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.care.scales import editing
from xinqiao.care.scales.drafting import OWN
from xinqiao.care.scales.editing import CLOSED, OPEN, BadLine
from xinqiao.engines.scoring.loading import MOST_NAME_CHARS
from xinqiao.register.orgs.models import Unit

MOST_PARTS, MOST_EXAMPLES = 30, 40  # ours: the largest that ships has 12 parts and 10 examples
MOST_CHARS = 60_000  # ours: a hundred questions in both languages take 20,000
KINDS: Final = {
    "publication": gettext_lazy("publication"),
    "owner": gettext_lazy("rights holder"),
    "own": gettext_lazy("our own choice"),
}


def _in_code(words: str, example: str) -> str:
    return format_html("{} <code>{}</code>", words, example)


# A hint that ends in what is typed, set apart from the words around it.
in_code: Any = lazy(_in_code, str)
_FOR_EXAMPLE = gettext_lazy("For example:")


class ParsedField(forms.CharField):
    """A text that is parsed; what cannot be understood is named with its line."""

    def __init__(self, parse: Callable[[str], Any], *, rows: int = 0, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        kwargs.setdefault("required", False)
        super().__init__(widget=widget, max_length=MOST_CHARS, strip=True, **kwargs)
        self._parse = parse

    def clean(self, value: Any) -> Any:
        """The parsed text. Raises ValidationError."""
        text = super().clean(value)
        try:
            return self._parse(text)
        except BadLine as bad:
            told = _("Line {number}: “{text}” cannot be understood. Write it as the hint says.")
            raise forms.ValidationError(told.format(number=bad.number, text=bad.text[:60])) from bad


def _sources(text: str) -> list[dict[str, Any]]:
    """The lines of sources; a kind may be written in the reader's language."""
    by_word = {str(word): kind for kind, word in KINDS.items()}
    found = editing.sources_from(text)
    return [{**each, "kind": by_word.get(each.get("kind", ""), each.get("kind", ""))} for each in found]


def _text(label: Any, *, required: bool = False, most: int = 200, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most, help_text=help_text)


def _number(label: Any, highest: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=highest)


class EditorForm(forms.Form):
    """Everything of a form but its parts and examples."""

    title_zh = _text(gettext_lazy("Title in Chinese"), required=True, most=80)
    title_en = _text(gettext_lazy("Title in English"), most=80)
    code = _text(gettext_lazy("Short name"), required=True, most=MOST_NAME_CHARS)
    version = _text(gettext_lazy("Version"), required=True, most=MOST_NAME_CHARS)
    informants = forms.MultipleChoiceField(
        label=gettext_lazy("Who answers"), widget=forms.CheckboxSelectMultiple(attrs={"class": "xq-choices"}),
        choices=[("self", gettext_lazy("Pupil")), ("parent", gettext_lazy("Parent")),
                 ("teacher", gettext_lazy("Teacher"))],
    )  # fmt: skip
    grades_from = _number(gettext_lazy("From grade"), 12)
    grades_to = _number(gettext_lazy("Up to grade"), 12)
    ages_from = _number(gettext_lazy("From age"), 120)
    ages_to = _number(gettext_lazy("Up to age"), 120)
    offered_source = _text(gettext_lazy("Source of these limits"))
    rights = forms.ChoiceField(
        label=gettext_lazy("Whose wording it is"), widget=forms.RadioSelect(attrs={"class": "xq-choices"}),
        choices=[(CLOSED, gettext_lazy("Used under a right that is ours alone")),
                 (OPEN, gettext_lazy("Anyone may have it (Chinese and English needed)"))],
    )  # fmt: skip
    licence_zh = _text(gettext_lazy("Rights in Chinese"), most=300)
    licence_en = _text(gettext_lazy("Rights in English"), most=300)
    wording_licence = _text(
        gettext_lazy("By what right your unit uses it"), most=400,
        help_text=gettext_lazy("For example: written by our own psychology teachers, or the author's permission of …"),
    )  # fmt: skip
    licence_source = _text(gettext_lazy("Source of the rights"))
    period_zh = _text(gettext_lazy("Period asked about, in Chinese"))
    period_en = _text(gettext_lazy("Period asked about, in English"))
    instruction_zh = _text(gettext_lazy("Instruction in Chinese"), most=500)
    instruction_en = _text(gettext_lazy("Instruction in English"), most=500)
    options = ParsedField(
        editing.options_from, rows=5, label=gettext_lazy("Answer options"),
        help_text=gettext_lazy("One a line, from the lowest: code | Chinese | English"),
    )  # fmt: skip
    items = ParsedField(
        editing.texts_from, rows=12, label=gettext_lazy("Questions"),
        help_text=gettext_lazy("One a line, numbered from 1 by their order: Chinese | English"),
    )  # fmt: skip
    reversed = ParsedField(
        editing.numbers_from, label=gettext_lazy("Reversed questions"),
        help_text=gettext_lazy("Numbers, for example 2, 5-7. Their answers count the other way round."),
    )  # fmt: skip
    items_source = _text(gettext_lazy("Source of the questions"))
    missing_up_to = forms.IntegerField(
        label=gettext_lazy("Missing answers that are made up for"), required=False, min_value=1, max_value=100,
        help_text=gettext_lazy("Leave it empty if there is no score with an answer missing."),
    )  # fmt: skip
    missing_source = _text(gettext_lazy("Source of this rule"))
    critical = ParsedField(
        editing.critical_from, rows=3, label=gettext_lazy("Critical answers"),
        help_text=gettext_lazy("One a line: question | from which answer on | source"),
    )  # fmt: skip
    suicide_items = ParsedField(
        editing.numbers_from, label=gettext_lazy("Questions about suicide"),
        help_text=gettext_lazy("Each must be critical; the form is then given only while somebody is on duty."),
    )  # fmt: skip
    flags = ParsedField(
        editing.flags_from, rows=3, label=gettext_lazy("Reasons for a second look"),
        help_text=in_code(
            gettext_lazy("One a line: name | condition | source | Chinese | English. A condition:"), "total >= 11"
        ),
    )  # fmt: skip
    sources = ParsedField(
        _sources, rows=5, label=gettext_lazy("Sources"),
        help_text=gettext_lazy("One a line: name | publication, rights holder or our own choice | citation"),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput(), min_value=1)

    def clean_code(self) -> str:
        """A short name is an own id without being told so."""
        return str(self.cleaned_data["code"]).strip()


class PartForm(forms.Form):
    """One score: its questions, how it is made, its bands."""

    id = _text(
        gettext_lazy("Short name"),
        required=True,
        most=40,
        help_text=in_code(gettext_lazy("For the only one:"), "total"),
    )
    title_zh = _text(gettext_lazy("Title in Chinese"))
    title_en = _text(gettext_lazy("Title in English"))
    items = ParsedField(editing.numbers_from, label=gettext_lazy("Questions"), help_text=gettext_lazy("1-4, 7"))
    method = forms.ChoiceField(
        label=gettext_lazy("How it is made"),
        choices=[("sum", gettext_lazy("Sum")), ("mean", gettext_lazy("Mean"))],
        initial="sum",
    )
    multiply = forms.FloatField(label=gettext_lazy("Times"), required=False, min_value=0.0001, max_value=1000)
    is_total = forms.BooleanField(label=gettext_lazy("Repeats questions of other scores (a total)"), required=False)
    is_better = forms.BooleanField(label=gettext_lazy("Higher is better"), required=False)
    source = _text(gettext_lazy("Source of this score"))
    bands = ParsedField(
        editing.bands_from, rows=4, label=gettext_lazy("Bands"),
        help_text=gettext_lazy("One a line, from the lowest: lower end | short name | Chinese | English"),
    )  # fmt: skip
    bands_source = _text(gettext_lazy("Source of the bands"))


class ExampleForm(forms.Form):
    """One sheet computed by hand."""

    name = _text(gettext_lazy("What it shows"), required=True)
    answers = ParsedField(
        editing.answers_from, label=gettext_lazy("Answers on this sheet"), required=True,
        help_text=gettext_lazy("In order, parted by commas; nothing between two commas is a missing answer."),
    )  # fmt: skip
    arithmetic = _text(gettext_lazy("Your arithmetic"), required=True, most=300)
    scores = ParsedField(
        editing.scores_from,
        label=gettext_lazy("Expected scores"),
        help_text=in_code(_FOR_EXAMPLE, "total=12, sleep=4"),
    )
    bands = ParsedField(
        editing.equations_from,
        label=gettext_lazy("Expected bands"),
        help_text=in_code(_FOR_EXAMPLE, "total=high"),
    )
    critical = ParsedField(editing.numbers_from, label=gettext_lazy("Critical questions"))
    flags = ParsedField(editing.words_from, label=gettext_lazy("Second looks"))
    error = _text(
        gettext_lazy("Why there is no score"),
        help_text=in_code(gettext_lazy("If so, for example:"), "missing_answer:4"),
    )


PartRows = forms.formset_factory(
    PartForm, extra=1, max_num=MOST_PARTS, absolute_max=MOST_PARTS + 1, can_delete=True, can_delete_extra=False
)
ExampleRows = forms.formset_factory(
    ExampleForm, extra=2, max_num=MOST_EXAMPLES, absolute_max=MOST_EXAMPLES + 1, can_delete=True, can_delete_extra=False
)


class Editor:
    """The three together."""

    def __init__(self, data: Any, mapping: Mapping[str, Any], revision: int) -> None:
        known = editing.plain(mapping)
        initial = {**editing.fields_of(known), "revision": revision}
        initial["sources"] = _in_words(initial["sources"])
        self.form = EditorForm(data, initial=initial)
        self.parts = PartRows(data, initial=editing.parts_of(known), prefix="parts")
        self.examples = ExampleRows(data, initial=editing.examples_of(known), prefix="examples")

    def is_valid(self) -> bool:
        """Whether everything could be understood."""
        return all([self.form.is_valid(), self.parts.is_valid(), self.examples.is_valid()])

    def mapping(self) -> dict[str, Any]:
        """The draft that the fields describe; once valid."""
        return editing.mapping_from(self.form.cleaned_data, _filled(self.parts), _filled(self.examples))


def _filled(rows: Any) -> list[Mapping[str, Any]]:
    return [row.cleaned_data for row in rows if row.cleaned_data and not row.cleaned_data.get("DELETE")]


def _in_words(lines: str) -> str:
    rows = [cells for _n, cells in editing.cells_of(lines)]
    return "\n".join(" | ".join([row[0], str(KINDS.get(row[1], row[1])), *row[2:]]) for row in rows if len(row) > 1)


def fits(mapping: Mapping[str, Any]) -> bool:
    """Whether the editor can show all that a draft says: what goes through its fields must come out the same."""
    shown = Editor(None, mapping, 1)
    data = {f"{name}": value for name, value in shown.form.initial.items() if value is not None}
    for rows, prefix in ((shown.parts, "parts"), (shown.examples, "examples")):
        given = rows.initial or []
        data |= {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": 0}
        data |= {
            f"{prefix}-{n}-{name}": value
            for n, row in enumerate(given)
            for name, value in row.items()
            if value not in (None, False)
        }
    again = Editor(data, {}, 1)
    return again.is_valid() and editing.plain(again.mapping()) == editing.plain(mapping)


class BeginForm(forms.Form):
    """What a new form needs before it can be written."""

    unit = forms.ChoiceField(label=gettext_lazy("For which unit"))
    title = _text(gettext_lazy("Title in Chinese"), required=True, most=80)
    code = _text(
        gettext_lazy("Short name"), required=True, most=MOST_NAME_CHARS - len(OWN),
        help_text=gettext_lazy("Small letters, digits and hyphens, for example sleep-habits. It names the form."),
    )  # fmt: skip

    def __init__(self, units: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {str(unit.id): unit for unit in units}
        self.fields["unit"].choices = [(key, unit.name) for key, unit in self._units.items()]  # type: ignore[attr-defined]  # a ChoiceField
        if len(units) == 1:
            self.initial.setdefault("unit", next(iter(self._units)))

    def clean_code(self) -> str:
        """An id of the unit's own."""
        code = str(self.cleaned_data["code"]).strip().removeprefix(OWN)
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code):
            raise forms.ValidationError(_("Use small letters, digits and single hyphens, for example sleep-habits."))
        return OWN + code

    def chosen_unit(self) -> Unit:
        """The unit, once the form is valid."""
        return self._units[self.cleaned_data["unit"]]
