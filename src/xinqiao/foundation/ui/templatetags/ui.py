"""The components of the staff side as template tags; docs/guides/add-a-page.md shows each with an example."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from xinqiao.foundation.ui import badges, charts, doors, fields, icons, wording

register = template.Library()

Parts = dict[str, Any]


# ---- words and dates


@register.filter
def on_day(value: date | None) -> str:
    """2026年11月22日 周日; empty for None."""
    return wording.day_words(value) if value else ""


@register.filter
def on_short_day(value: date | None) -> str:
    """11月22日 周日, with the year where it could be taken for this one; empty for None."""
    return wording.short_day_words(value) if value else ""


@register.filter
def at_moment(value: datetime | None) -> str:
    """11月22日 周日 14:05; empty for None."""
    return wording.moment_words(value) if value else ""


@register.filter
def at_clock(value: datetime | None) -> str:
    """14:05; empty for None."""
    return wording.clock_words(value) if value else ""


@register.filter
def as_duration(minutes: float | None) -> str:
    """2 小时 5 分钟; empty for None."""
    return "" if minutes is None else wording.duration_words(minutes)


@register.filter
def as_due(minutes_left: float | None) -> str:
    """剩 45 分钟, or 已超时 2 小时; empty for None."""
    return "" if minutes_left is None else wording.due_words(minutes_left)


# ---- small pieces


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """`{% icon "bell" %}`; silent for screen readers."""
    return icons.icon_svg(name, size)


@register.simple_tag
def urgency(code: str) -> SafeString:
    """`{% urgency row.urgency %}`: red, orange, yellow, watch."""
    return badges.urgency_badge(str(code))


@register.simple_tag
def level(code: str) -> SafeString:
    """`{% level row.level %}`: red, orange, yellow, green, none."""
    return badges.level_badge(str(code))


@register.inclusion_tag("ui/components/progress.html")
def progress(done: int, total: int, label: str = "") -> Parts:
    """`{% progress answered invited _("Answered") %}`: a bar with its numbers."""
    return {"done": done, "total": total, "label": label, "share": wording.share_words(done, total)}


@register.inclusion_tag("ui/components/stat.html")
def stat(label: str, value: object, note: str = "", url: str = "", tone: str = "") -> Parts:
    """`{% stat _("Waiting") 3 note=… url=… tone="red" %}`: one number with its name, inside `{% stats %}`."""
    return {"label": label, "value": value, "note": note, "url": url, "tone": tone}


@register.inclusion_tag("ui/components/count_down.html")
def count_down(minutes_left: float | None) -> Parts:
    """`{% count_down row.minutes_left %}`: the time left as the server saw it, counted on by the page."""
    if minutes_left is None:
        return {"is_running": False}
    return {
        "is_running": True,
        "words": wording.due_words(minutes_left),
        "seconds_left": round(minutes_left * 60),
        "is_overdue": minutes_left < 0,
        "is_near": 0 <= minutes_left < wording.MINUTES_IN_HOUR,
    }


@register.inclusion_tag("ui/components/copy.html")
def copy_button(text: str) -> Parts:
    """`{% copy_button ticket.code %}`: copies the text, also where the page has no secure context."""
    return {"text": text}


@register.inclusion_tag("ui/components/changed.html", takes_context=True)
def changed_note(context: Context) -> Parts:
    """`{% changed_note %}` above a list of those who wait: appears when the notices change; loads the page anew."""
    return {"address": context["request"].get_full_path()}


@register.inclusion_tag("ui/components/print.html")
def print_button(label: str = "") -> Parts:
    """`{% print_button %}`: shown only where scripts run, since the browser's own print does the same."""
    return {"label": label}


# ---- page structure


@register.simple_block_tag
def page_header(content: str, title: str, subtitle: str = "") -> SafeString:
    """`{% page_header _("Pupils") subtitle=… %}actions{% endpage_header %}`: the one h1 of the page."""
    return _rendered("page_header", content=content, title=title, subtitle=subtitle)


@register.inclusion_tag("ui/components/crumb.html")
def crumb(label: str, url: str = "") -> Parts:
    """`{% crumb _("Pupils") url %}` inside block breadcrumbs; without a URL it is the present page."""
    return {"label": label, "url": url}


@register.simple_block_tag
def stats(content: str) -> SafeString:
    """`{% stats %}{% stat … %}{% endstats %}`: a row of numbers."""
    return format_html('<div class="xq-stats">{}</div>', content)


@register.simple_block_tag
def panel(content: str, title: str = "", subtitle: str = "", tone: str = "") -> SafeString:
    """`{% panel _("Today") %}…{% endpanel %}`: a card with a heading."""
    return _rendered("panel", content=content, title=title, subtitle=subtitle, tone=tone)


@register.simple_block_tag
def alert(content: str, tone: str = "info", title: str = "") -> SafeString:
    """`{% alert "red" _("Nobody is on duty") %}…{% endalert %}`; tones: info, red, orange, yellow, green."""
    marks = {"red": "alert", "orange": "alert", "yellow": "alert", "green": "check"}
    return _rendered("alert", content=content, tone=tone, title=title, icon_name=marks.get(tone, "info"))


@register.simple_block_tag
def table(
    content: str,
    rows: Sequence[object] | Page[Any],
    caption: str,
    empty_title: str,
    empty_hint: str = "",
    empty_url: str = "",
    empty_action: str = "",
    layout: str = "cards",
) -> SafeString:
    """A table, or its empty state where `rows` is empty. `layout`: on a phone "cards" or "scroll"."""
    has_rows = bool(len(rows))
    empty = {"title": empty_title, "hint": empty_hint, "url": empty_url, "action": empty_action}
    return _rendered("table", content=content, has_rows=has_rows, caption=caption, empty=empty, layout=layout)


@register.inclusion_tag("ui/components/empty_state.html")
def empty_state(title: str, hint: str = "", url: str = "", action: str = "") -> Parts:
    """`{% empty_state _("No pupils yet") _("Import …") url _("Import") %}`: says what to do first."""
    return {"title": title, "hint": hint, "url": url, "action": action}


@register.inclusion_tag("ui/components/facts.html")
def facts(rows: Sequence[tuple[object, object]]) -> Parts:
    """`{% facts rows %}` for rows of (label, value): a definition list; nothing shows a dash, a date its day."""
    return {"rows": [(label, _shown(value)) for label, value in rows]}


@register.inclusion_tag("ui/components/timeline.html")
def timeline(events: Sequence[object]) -> Parts:
    """`{% timeline events %}`: each event has `at`, `title`, and may have `text`, `who`, `tone`, `url`."""
    return {"events": events}


@register.inclusion_tag("ui/components/tabs.html")
def tabs(items: Sequence[Sequence[object]], current: str) -> Parts:
    """`{% tabs items "open" %}` for items of (key, label, url) or (key, label, url, count)."""
    shown = [
        {
            "label": item[1],
            "url": item[2],
            "count": item[3] if len(item) > 3 else None,
            "is_current": item[0] == current,
        }
        for item in items
    ]
    return {"items": shown}


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page") -> Parts:
    """`{% pagination page_obj %}`: keeps the other parameters of the address."""
    request: HttpRequest | None = context.get("request")

    def address(number: int) -> str:
        query = request.GET.copy() if request else None
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "before": address(page.previous_page_number()) if page.has_previous() else "",
        "after": address(page.next_page_number()) if page.has_next() else "",
    }


# ---- forms


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(form: BaseForm) -> Parts:
    """`{% error_summary form %}`: what was wrong, each with a link to its field. Put it above the form."""
    return {"faults": fields.faults_of(form), "general": form.non_field_errors()}


@register.inclusion_tag("ui/components/form_fields.html")
def form_fields(form: BaseForm) -> Parts:
    """`{% form_fields form %}`: every visible field in order, and the hidden ones."""
    return {"form": form}


@register.inclusion_tag("ui/components/field.html")
def field(bound: BoundField) -> Parts:
    """`{% field form.name %}`: label, help, control and errors, tied together for screen readers."""
    return {
        "field": bound,
        "kind": fields.kind_of(bound),
        "control": fields.control_of(bound),
        "described": fields.described_by(bound),
    }


@register.inclusion_tag("ui/components/submit_row.html")
def submit_row(label: str, cancel_url: str = "", tone: str = "") -> Parts:
    """`{% submit_row _("Save") cancel_url %}`: the button that sends (tone "red" where it harms), the way back."""
    return {"label": label, "cancel_url": cancel_url, "tone": tone}


@register.inclusion_tag("ui/components/file_drop.html")
def file_drop(bound: BoundField) -> Parts:
    """`{% file_drop form.file %}`: a file field onto which a file can be dropped."""
    return {"field": bound, "control": fields.control_of(bound)}


@register.simple_block_tag(takes_context=True)
def confirm_form(
    context: Context,
    content: str,
    url: str,
    label: str,
    title: str,
    confirm_label: str = "",
    tone: str = "red",
) -> SafeString:
    """A button that asks before it posts to `url`; without scripts the question opens in place.

    The content may hold further inputs, for example the reason.
    """
    parts: Parts = {"content": content, "url": url, "label": label, "title": title, "tone": tone}
    parts |= {"confirm_label": confirm_label or label, "csrf_token": context.get("csrf_token", "")}
    return _rendered("confirm_form", **parts)


# ---- doors and links


@register.simple_tag(takes_context=True)
def door(context: Context, name: str, target_id: Any) -> str:
    """`{% door "student-file" row.id as url %}`: its URL, or empty where not permitted."""
    request = context.get("request")
    return doors.link_to(name, request, target_id) if request is not None else ""


@register.simple_block_tag(takes_context=True)
def door_link(context: Context, content: str, name: str, target_id: Any) -> SafeString:
    """`{% door_link "student-file" row.id %}words{% enddoor_link %}`: a link, or the bare words where not permitted."""
    url = door(context, name, target_id)
    return format_html('<a href="{}">{}</a>', url, content) if url else SafeString(content)


# ---- charts


@register.inclusion_tag("ui/components/bars.html")
def bars(rows: Sequence[Sequence[object]], title: str, unit: str = "", maximum: float | None = None) -> Parts:
    """`{% bars rows _("Answered by class") %}` for rows of (label, value[, tone]); its table comes with it."""
    return {"bars": charts.bar_rows(rows, maximum=maximum), "title": title, "unit": unit}


@register.inclusion_tag("ui/components/stacked_bars.html")
def stacked_bars(
    rows: Sequence[Sequence[object]], series: Sequence[tuple[object, str]], title: str, first: str = ""
) -> Parts:
    """`{% stacked_bars rows series _("Levels by class") %}`: rows (label, values), series (label, tone)."""
    stacked = charts.stacked_rows(rows, series)
    return {"rows": stacked, "series": [{"label": s[0], "tone": s[1]} for s in series], "title": title, "first": first}


@register.inclusion_tag("ui/components/trend.html")
def trend(values: Sequence[float], lowest: float, highest: float) -> Parts:
    """`{% trend values 0 27 %}`: a small curve beside words that say the same; silent for screen readers."""
    return {"points": charts.trend_points(values, lowest=lowest, highest=highest)}


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        return wording.moment_words(value)
    return wording.day_words(value) if isinstance(value, date) else value


def _rendered(component: str, **parts: Any) -> SafeString:
    return render_to_string(f"ui/components/{component}.html", parts)
