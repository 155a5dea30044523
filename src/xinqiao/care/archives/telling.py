"""What commands and hooks of requests share: the event about one."""

from xinqiao.care.archives.models import FileRequest
from xinqiao.foundation.audit.recording import record


def record_of(request: FileRequest, event: str, **facts: object) -> None:
    """Leave an event about a request."""
    record(
        event, subject_kind="student", subject_id=request.student_id, place=request.place, county_id=request.county_id,
        facts={"request": str(request.id), **facts},
    )  # fmt: skip
