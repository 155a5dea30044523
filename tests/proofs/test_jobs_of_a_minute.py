"""No job that runs every minute or oftener goes through all signals that ever were."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xinqiao.foundation.core import clock
from xinqiao.foundation.core.schedule import jobs
from xinqiao.register.duty.tests.world import MONDAY_10, build_world

pytestmark = pytest.mark.django_db
A_MINUTE = 60
GROWING = (
    "alerts_signal",
    "feedback_feedback",
    "feedback_teacherword",
    "deadlines_deadline",
    "screening_informantform",
)


def plans_of(job) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        job.run(MONDAY_10)
    asked = [query["sql"] for query in seen.captured_queries if query["sql"].startswith("SELECT")]
    found = []
    with connection.cursor() as cursor:
        for sql in asked:
            cursor.execute("EXPLAIN QUERY PLAN " + sql)
            found += [(sql, row[3]) for row in cursor.fetchall()]
    return found


def asks_by_index():
    """Every part of a plan that touches a table that grows is a search, or a scan of an index of what waits."""
    build_world()
    with clock.frozen(MONDAY_10):
        often = [job for job in jobs().values() if job.every_seconds <= A_MINUTE and ".send_" not in job.name]
        assert len(often) > 10
        for job in often:
            for sql, step in plans_of(job):
                is_whole = step.startswith("SCAN") and (" INDEX " not in step or "sqlite_autoindex" in step)
                read = {table for table in GROWING if f'FROM "{table}"' in sql}
                assert not (is_whole and read), f"{job.name}: {step}: {sql}"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables whole, whatever there is")
def test_jobs_of_a_minute_find_what_waits_by_an_index():
    asks_by_index()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables whole, whatever there is")
@pytest.mark.parametrize("name", ["signal_by_state", "signal_at_gate"])
def test_control_without_the_index_the_same_check_would_fail(name):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {name}")
    with pytest.raises(AssertionError):
        asks_by_index()
