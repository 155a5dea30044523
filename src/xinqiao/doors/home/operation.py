"""What keeps the installation running, as its administrator sees it: no care data, only counts and moments."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.checks import CheckMessage, run_checks
from django.db import connection

from xinqiao.foundation.audit.models import AuditPending
from xinqiao.foundation.core.backup.last_good import last_good_backup
from xinqiao.foundation.core.models import JobMark
from xinqiao.foundation.notifications.models import Delivery, OutboxMessage
from xinqiao.register.orgs.models import Unit
from xinqiao.register.reach.selectors import unreached

OLD_BACKUP = dt.timedelta(days=2)  # our assumption: a day missed is noticed, two are a fault


@dataclass(frozen=True)
class OperationPage:
    """Backup age, scheduled jobs, messages that wait or were given up, and what the deploy checks say."""

    database: str
    last_backup_at: dt.datetime | None
    is_backup_old: bool
    jobs: Sequence[JobMark]
    messages_waiting: int
    messages_failed: int
    unreached: int
    events_unsealed: int
    faults: Sequence[CheckMessage]


def operation_page(now: dt.datetime) -> OperationPage:
    """Return the state of the installation."""
    backup_at = last_good_backup()
    messages = OutboxMessage.objects.for_system(reason="counts for the administrator")
    return OperationPage(
        database=connection.vendor,
        last_backup_at=backup_at,
        is_backup_old=backup_at is None or now - backup_at > OLD_BACKUP,
        jobs=list(JobMark.objects.order_by("name")),
        messages_waiting=messages.filter(status=Delivery.WAITING).count(),
        messages_failed=messages.filter(status=Delivery.FAILED).count(),
        unreached=len(unreached(list(Unit.objects.filter(parent=None).values_list("path", flat=True)), now)),
        events_unsealed=AuditPending.objects.count(),
        faults=run_checks(include_deployment_checks=True),
    )
