"""Trying a channel out: the one wording to one address, at once and outside any transaction."""

from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.notifications.delivering import deliver, nearest
from xinqiao.foundation.notifications.robots import Word
from xinqiao.foundation.notifications.webhooks import CannotSend
from xinqiao.foundation.notifications.words import neutral_words


def send_trial(place: str, channel: str, address: str) -> str:
    """Send the one wording to an address at once, as a notice to somebody of this place would go.

    Returns why it did not leave, as a code of `wording`; empty where it left.
    """
    try:
        deliver(nearest(channel, place), Word(address, neutral_words(), str(new_id())), channel=channel)
    except CannotSend as failure:
        return failure.code
    return ""
