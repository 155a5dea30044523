"""What the assistant says beside the editor: what is left, where to mend it, and what the examples come out as."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from xinqiao.care.scales.drafting import Judged
from xinqiao.care.scales.editor_forms import Editor
from xinqiao.care.scales.messages import after_colon, draft_message, listed, spans_of
from xinqiao.engines.scoring import Fault, Plan, ScaleFault, compile_scale, number_text, score_one

# Where in the editor a place of the scale file is mended; the first that matches.
_FIELDS: Final = (
    (r"id", "id_code"), (r"version", "id_version"), (r"title", "id_title_zh"), (r"informants", "id_informants_0"),
    (r"offered\[\d+\]\.(grades|ages)", "id_grades_from"), (r"offered", "id_offered_source"),
    (r"licence\.text", "id_licence_zh"), (r"licence", "id_licence_source"), (r"wording_licence", "id_wording_licence"),
    (r"wording|rendering", "id_rights_0"), (r"instruction", "id_instruction_zh"), (r"items\.reversed", "id_reversed"),
    (r"items\.(codes|labels)", "id_options"), (r"items\.source", "id_items_source"), (r"items$", "id_items"),
    (r"items", "id_items"), (r"missing\.(source|up_to)", "id_missing_source"), (r"missing", "id_missing_source"),
    (r"critical", "id_critical"), (r"suicide_items", "id_suicide_items"), (r"flags", "id_flags"),
    (r"sources", "id_sources"), (r"period", "id_period_zh"),
)  # fmt: skip


@dataclass(frozen=True)
class Hint:
    """One thing that is left; `anchor` is the field where it is mended, `label` what stands above that field."""

    place: str
    label: str
    anchor: str
    message: str


@dataclass(frozen=True)
class Computed:
    """What an example comes out as."""

    name: str
    scores: str
    critical: str
    flags: str
    error: str
    agrees: bool


@dataclass(frozen=True)
class Assistance:
    """All of it; `is_understood` is false while a field cannot be read at all."""

    is_understood: bool
    hints: tuple[Hint, ...]
    computed: tuple[Computed, ...]


def assistance(state: Judged, editor: Editor) -> Assistance:
    """What to say of the editor's content; of a field that cannot be read, the field itself says why."""
    is_understood = not editor.form.is_bound or editor.is_valid()
    hints = _hints(state, editor) if is_understood else list(_unread(editor))
    return Assistance(is_understood, tuple(hints), tuple(_computed(state)) if is_understood else ())


def _hints(state: Judged, editor: Editor) -> list[Hint]:
    parts = list(state.mapping.get("subscales") or {})
    anchors = [_anchor(fault, parts) for fault in state.faults]
    return [
        Hint(fault.place, _label(anchor, editor), anchor, _message(fault))
        for fault, anchor in zip(state.faults, anchors, strict=True)
    ]


def _message(fault: Fault) -> str:
    """The sentence; the editor has a field for each entry that may be missing, so it need not be called by its key."""
    return _("This is not filled in yet.") if fault.code == "missing_key" else draft_message(fault.code, fault.detail)


def _label(anchor: str, editor: Editor) -> str:
    """What the reader finds above the field: its label, and of which score or example it is."""
    name = anchor.removeprefix("id_")
    if match := re.fullmatch(r"(parts|examples)-(\d+)-(\w+)", name):
        rows = editor.parts if match[1] == "parts" else editor.examples
        row = _("Score {n}") if match[1] == "parts" else _("Example {n}")
        return after_colon(row.format(n=int(match[2]) + 1), str(rows.empty_form[match[3]].label))
    return str(editor.form[re.sub(r"_\d+$", "", name)].label)


def _anchor(fault: Fault, parts: Sequence[str]) -> str:
    place = fault.place
    if match := re.match(r"subscales\.([a-z0-9_]+)(?:\.(.+))?", place):
        at = parts.index(match[1]) if match[1] in parts else 0
        return f"id_parts-{at}-{_field_of_part(match[2] or '', fault.code)}"
    if place.startswith("subscales"):
        return "id_parts-0-items"
    if match := re.match(r"examples\[(\d+)\](\.expect\.(scores|bands|critical|flags|error))?", place):
        return f"id_examples-{match[1]}-{match[3] or 'answers'}"
    if place.startswith("examples"):
        return "id_examples-0-name"
    return next((anchor for pattern, anchor in _FIELDS if re.match(pattern, place)), "id_title_zh")


def _field_of_part(inner: str, code: str) -> str:
    """Which field of a score holds this entry."""
    is_source = code == "no_such_source" or inner.endswith("source")
    if inner.startswith("bands"):
        return "bands_source" if is_source else "bands"
    known = {"title": "title_zh", "multiply": "multiply", "method": "method"}
    return "source" if is_source else known.get(inner.split(".")[0], "items")


def _unread(editor: Editor) -> Iterator[Hint]:
    """The fields that cannot be read, with their own words."""
    forms: list[Any] = [editor.form, *editor.parts, *editor.examples]
    for form in forms:
        for name, told in form.errors.items():
            if name in form.fields:
                bound = form[name]
                yield Hint(name, str(bound.label), bound.id_for_label, " ".join(map(str, told)))


def _computed(state: Judged) -> Iterator[Computed]:
    scale = state.scale
    if scale is None:
        return
    plans: dict[str, Plan] = {}
    for n, example in enumerate(scale.examples):
        who = example.informant or scale.informants[0]
        try:
            plans[who] = plans.get(who) or compile_scale(scale, informant=who)
        except ScaleFault:
            return  # the hints say what keeps the scale from being computed
        result = score_one(plans[who], example.answers, sex=example.sex, grade=example.grade, age=example.age)
        scores = [
            f"{name}={number_text(value)}" + (f" ({band})" if (band := result.bands.get(name)) else "")
            for name, value in result.scores.items()
        ]
        yield Computed(
            name=example.name, scores=listed(scores) or _("no score"), critical=spans_of(result.critical),
            flags=listed(result.flags), error=result.error, agrees=not _is_about(state.faults, n),
        )  # fmt: skip


def _is_about(faults: Sequence[Fault], number: int) -> bool:
    return any(fault.place.startswith(f"examples[{number}]") for fault in faults)
