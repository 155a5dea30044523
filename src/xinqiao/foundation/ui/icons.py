"""The icons: drawn for this product on a 24 x 24 grid, few, and never the only sign of a meaning."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_SHAPES: dict[str, str] = {
    "alert": '<path d="M12 4 21 19.5H3z"/><path d="M12 10v4.5"/><path d="M12 17v.1"/>',
    "archive": '<path d="M4 5h16v4H4z"/><path d="M5.5 9v10h13V9"/><path d="M10 13h4"/>',
    "arrow-left": '<path d="M20 12H5"/><path d="m11 6-6 6 6 6"/>',
    "arrow-right": '<path d="M4 12h15"/><path d="m13 6 6 6-6 6"/>',
    "bell": (
        '<path d="M6 17c1.2-1.4 1.5-3 1.5-6a4.5 4.5 0 0 1 9 0c0 3 .3 4.6 1.5 6z"/><path d="M10 20a2.2 2.2 0 0 0 4 0"/>'
    ),
    "book": (
        '<path d="M12 6.5C10 5 7 4.5 4 5v13c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5V5c-3-.5-6 0-8 1.5z"/><path d="M12 6.5v13"/>'
    ),
    "bridge": '<path d="M3 17h18"/><path d="M5 17v-3.5a7 7 0 0 1 14 0V17"/><path d="M9 17v-6M15 17v-6M12 17v-7"/>',
    "calendar": '<path d="M4 6.5h16V20H4z"/><path d="M4 11h16"/><path d="M8.5 4v4M15.5 4v4"/>',
    "chart": '<path d="M4 20h16"/><path d="M7 20v-6M12 20V6M17 20v-9"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "chevron-down": '<path d="m6 9.5 6 6 6-6"/>',
    "chevron-left": '<path d="m14.5 6-6 6 6 6"/>',
    "chevron-right": '<path d="m9.5 6 6 6-6 6"/>',
    "clipboard": '<path d="M8 5.5H6V20h12V5.5h-2"/><path d="M9 4h6v3H9z"/><path d="M9 11.5h6M9 15h4"/>',
    "clock": '<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>',
    "copy": '<path d="M9 9h11v11H9z"/><path d="M15 9V4H4v11h5"/>',
    "door": '<path d="M6 20V4h9v16"/><path d="M4 20h16"/><path d="M12 12v.1"/>',
    "download": '<path d="M12 4v11"/><path d="m7 10.5 5 5 5-5"/><path d="M5 20h14"/>',
    "edit": '<path d="m5 19 .8-4L16 4.8 19.2 8 9 18.2z"/><path d="m13.5 7.5 3 3"/>',
    "eye": '<path d="M3 12c2.5-4 5.5-6 9-6s6.5 2 9 6c-2.5 4-5.5 6-9 6s-6.5-2-9-6z"/><circle cx="12" cy="12" r="2.5"/>',
    "file": '<path d="M6 4h8l4 4v12H6z"/><path d="M14 4v4h4"/>',
    "flag": '<path d="M6 21V4"/><path d="M6 5c3-1.5 6 1.5 11 0v8c-5 1.5-8-1.5-11 0"/>',
    "gear": (
        '<circle cx="12" cy="12" r="3"/>'
        '<path d="M12 4v3M12 17v3M4 12h3M17 12h3M6.3 6.3l2.2 2.2M15.5 15.5l2.2 2.2M17.7 6.3l-2.2 2.2M8.5 '
        '15.5l-2.2 2.2"/>'
    ),
    "globe": '<circle cx="12" cy="12" r="8"/><path d="M4 12h16"/><path d="M12 4c-5 5-5 11 0 16 5-5 5-11 0-16z"/>',
    "heart": '<path d="M12 19.5C7 16 4 13 4 9.5A4 4 0 0 1 12 8a4 4 0 0 1 8 1.5c0 3.5-3 6.5-8 10z"/>',
    "home": '<path d="m4 11 8-7 8 7"/><path d="M6 9.5V20h12V9.5"/><path d="M10 20v-5h4v5"/>',
    "info": '<circle cx="12" cy="12" r="8"/><path d="M12 11v5"/><path d="M12 8v.1"/>',
    "key": '<circle cx="8.5" cy="15.5" r="4"/><path d="m11.5 12.5 8-8M16 8l2.5 2.5"/>',
    "letter": '<path d="M4 6h16v12H4z"/><path d="m4 7 8 6 8-6"/>',
    "link": (
        '<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.6-5.7l-1.4 1.3"/>'
        '<path d="M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.6 5.7l1.4-1.3"/>'
    ),
    "lock": '<path d="M6 11h12v9H6z"/><path d="M8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "minus": '<path d="M5 12h14"/>',
    "pause": '<path d="M8.5 6v12M15.5 6v12"/>',
    "people": (
        '<circle cx="9" cy="8.5" r="3.5"/>'
        '<path d="M3 20c.3-4 2.5-6 6-6s5.7 2 6 6"/>'
        '<path d="M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.5c2 .8 3.2 2.6 3.5 5.5"/>'
    ),
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.5-4.5 3-7 7.5-7s7 2.5 7.5 7"/>',
    "phone": (
        '<path d="M6 4h3.5l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5V18a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 '
        '0 0 1 2-2z"/>'
    ),
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print": '<path d="M7 9V4h10v5"/><path d="M7 16H4V9h16v7h-3"/><path d="M7 14h10v6H7z"/>',
    "refresh": '<path d="M19 12a7 7 0 1 1-2-5"/><path d="M19 4v4h-4"/>',
    "school": '<path d="M3 20h18"/><path d="M5 20V10h14v10"/><path d="m12 4 7 6H5z"/><path d="M10.5 20v-4h3v4"/>',
    "search": '<circle cx="11" cy="11" r="6"/><path d="m15.5 15.5 4.5 4.5"/>',
    "shield": '<path d="M12 3.5 19 6v6c0 4-2.5 7-7 8.5C7.5 19 5 16 5 12V6z"/>',
    "sign-out": '<path d="M13 4H5v16h8"/><path d="M10 12h10"/><path d="m16.5 8.5 3.5 3.5-3.5 3.5"/>',
    "sound": '<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z"/><path d="M15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11"/>',
    "upload": '<path d="M12 16V4"/><path d="m7 9 5-5 5 5"/><path d="M5 20h14"/>',
    "x": '<path d="m6 6 12 12M18 6 6 18"/>',
}


class NoSuchIcon(LookupError):
    """The icon was not drawn; the message lists those that were."""


@lru_cache(maxsize=256)
def icon_svg(name: str, size_px: int = 20) -> SafeString:
    """The icon as inline SVG, hidden from screen readers: the words beside it say the meaning. Raises NoSuchIcon."""
    if name not in _SHAPES:
        message = f"no icon {name!r}; there are: {', '.join(icon_names())}"
        raise NoSuchIcon(message)
    return format_html(
        '<svg class="xq-icon" width="{0}" height="{0}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        "{1}</svg>",
        size_px,
        mark_safe(_SHAPES[name]),  # noqa: S308 - a constant of this file
    )


def icon_names() -> list[str]:
    """Every icon there is."""
    return sorted(_SHAPES)
