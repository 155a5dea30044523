"""The order under which a filing stands, kept with it as it was when the filing became due."""

import msgspec

from xinqiao.register.policy.packs import FilingOrder


def terms_text(order: FilingOrder) -> str:
    """Return an order as the JSON that `Filing.terms` holds."""
    return msgspec.json.encode(order).decode()


def terms_of(text: str) -> FilingOrder:
    """Read what `terms_text` wrote."""
    return msgspec.json.decode(text, type=FilingOrder)
