"""Someone without the right tried to reach a child: a line in the audit."""

from collections.abc import Sequence

from xinqiao.foundation.access.actors import any_place
from xinqiao.foundation.access.pages import Refusal
from xinqiao.foundation.audit.recording import record, recording


def record_refusals(refusals: Sequence[Refusal]) -> None:
    """Record each refusal in a transaction of its own, at the place of whoever tried: there somebody reads it."""
    for refusal in refusals:
        with recording(refusal.actor):
            record(
                "access.refused",
                subject_kind=refusal.child,
                subject_id=refusal.child_id,
                place=any_place(grant.place for grant in refusal.actor.grants if grant.place),
                facts={"route": refusal.route, "permission": refusal.permission, "status": refusal.status},
            )
