"""Who acts in the demo city, and when: days before it is loaded."""

import datetime as dt
from contextlib import AbstractContextManager

from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for


def actor_of(built: Built, login: str) -> Actor:
    """Return who a login of the cast is on the day the clock shows."""
    return actor_for(built.users[login], clock.today())


def days_ago(days: int) -> AbstractContextManager[dt.datetime]:
    """Let the clock stand so many days back."""
    return clock.frozen(clock.now() - dt.timedelta(days=days))
