"""How an order to file cases reads on the page of the policy."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.register.policy.packs import FilingOrder


def bureau_words(code: str) -> str:
    """Return whose bureau it is."""
    words = {
        "county": _("county education bureau"),
        "city": _("city education bureau"),
        "province": _("province education bureau"),
    }
    return words[code]


def filing_order_words(order: FilingOrder, levels: str, within: str) -> str:
    """Return one order on one line: which levels, with whom, within what, and what else holds."""
    text = _("{name}: {levels}, with the {bureau} within {within}").format(
        name=order.name.in_language(get_language() or ""), levels=levels, bureau=bureau_words(order.to), within=within
    )
    more = [
        _("with the pupil's name") if order.is_named else _("by a number, without a name"),
        _("checked by the principal") if order.is_checked else "",
        _("may be dropped with a reason") if order.may_lapse else "",
        _("visits back every {days} days").format(
            days="/".join(str(days) for days in order.visits_every_days.values())
        ) if order.visits_every_days else "",
        _("may be passed on to: {bureaus}").format(
            bureaus=_(", ").join(bureau_words(code) for code in order.on_to)
        ) if order.on_to else "",
    ]  # fmt: skip
    return "; ".join([text, *(each for each in more if each)])
