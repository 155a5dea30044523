"""Go in as a pupil, by the intake's own work, and look at the welcome page; say as JSON what came of it.

`python -m xinqiao.doors.demo.tests.at_the_door CLASS_CODE NUMBER CODE…`
"""

import json
import sys
import time

import django


def status_of(class_code: str, number: str, code: str) -> int:
    from django.conf import settings

    from xinqiao.care.sheets.intake.bodies import EnterBody
    from xinqiao.care.sheets.intake.store import open_store
    from xinqiao.care.sheets.intake.work import Batch, Desk, Entry
    from xinqiao.care.sheets.intake.writer import commit
    from xinqiao.foundation.core.clock import now
    from xinqiao.foundation.keys.ring import ring

    secrets, store = ring().secrets, open_store(settings.DATABASES["default"])
    desk = Desk(tickets_secret=secrets["tickets"], index_secret=secrets["index"])
    batch = Batch(store, desk, at=now(), clock_seconds=time.monotonic())
    (reply,) = commit(batch, [Entry(EnterBody(class_code=class_code, number=number, pin=code))])
    store.close()
    return reply.status


def welcome_page() -> str:
    from django.test import Client

    return Client().get("/", headers={"host": "127.0.0.1"}).content.decode()


def main(class_code: str, number: str, *codes: str) -> None:
    django.setup()
    page = welcome_page()
    found = {
        "on_the_welcome_page": {words: words in page for words in (class_code, number, codes[-1])},
        "statuses": [status_of(class_code, number, code) for code in codes],
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
