"""Doing the same for many: one that fails keeps no other waiting, and its message is told nobody."""

import logging
from uuid import UUID

from xinqiao.foundation.core.jobs.apart import each_apart

IDS = [UUID(int=number) for number in range(1, 5)]


def test_one_that_fails_keeps_no_other_waiting(caplog):
    seen = []

    def act(key):
        seen.append(key)
        if key == IDS[1]:
            raise ValueError("欧阳思源")
        return 2

    assert each_apart(IDS, act, log=logging.getLogger("test"), words="not done") == (6, 1)
    assert seen == IDS
    assert "not done" in caplog.text
    assert str(IDS[1]) in caplog.text
    assert "欧阳思源" not in caplog.text
