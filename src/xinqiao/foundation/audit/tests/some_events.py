"""Events for the audit's tests."""

from uuid import UUID

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.store import new_key

COUNTIES = (UUID(int=0), UUID(int=71), UUID(int=72))
ACTOR = Actor(id=UUID(int=9), name="测试")


def write_some(
    count: int, county_id: UUID = COUNTIES[1], place: str = "aaaaaaaa/", names: tuple[str, ...] = ()
) -> None:
    """Commit events, each of its own transaction; every name becomes a sealed label."""
    for number in range(count):
        with recording(ACTOR):
            key_id = new_key("student") if names else None
            record(
                "access.refused", subject_kind="student", subject_id=new_id(), place=place, county_id=county_id,
                key_id=key_id, labels={"name": names[number % len(names)]} if names else None,
                facts={"route": f"r{number}", "status": 403},
            )  # fmt: skip


def newest() -> AuditEvent:
    """Return the last event."""
    found = AuditEvent.objects.order_by("-id").first()
    assert found is not None
    return found
