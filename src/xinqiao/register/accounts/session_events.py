"""What sign-in leaves in the audit: opened, closed, ended, failed; and what a person changes about the own sign-in."""

import datetime as dt
from typing import Any

from xinqiao.foundation.access.actors import Actor, system_actor
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import facts_text, record, recording
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.accounts.models import User
from xinqiao.register.people.models import Staff

HELP = ("accounts.password.given", "accounts.factor.reset", "accounts.sign_in.renewed")


def record_own(user: User, event: str, **facts: Any) -> None:
    """Record something that a user did to the own session or sign-in, at the place of the first role."""
    actor = actor_for(user, today())
    with recording(actor):
        _record(user, actor, event, facts)


def record_failure(username: str, *, failures: int) -> None:
    """Record a wrong password or code; a name that nobody has is not written down: it may be a mistyped password."""
    user = User.objects.filter(username=username.lower()).first()
    with recording(system_actor("sign-in")):
        if user is None:
            record("accounts.sign_in.failed", facts={"failures": failures, "is_known": False})
        else:
            facts = {"failures": failures, "is_known": True}
            _record(user, actor_for(user, today()), "accounts.sign_in.failed", facts)


def record_ended(user: User, reason: str) -> None:
    """Record that the system ended a session: other_browser, too_old or idle."""
    with recording(system_actor("sessions")):
        _record(user, actor_for(user, today()), "accounts.session.ended", {"reason": reason})


def theft_since_last_opened(user: User) -> dt.datetime | None:
    """Return when a session of this user came from another browser, after the last time one was opened; or None."""
    own = AuditEvent.objects.filter(subject_id=user.id).order_by("-id")
    opened = own.filter(event="accounts.session.opened").values_list("id", flat=True).first()
    ended = own.filter(event="accounts.session.ended", facts=facts_text({"reason": "other_browser"}))
    return (ended.filter(id__gt=opened) if opened else ended).values_list("at", flat=True).first()


def help_since_last_opened(user: User) -> AuditEvent | None:
    """Return the last time somebody drew a password for this user or took the second factor off, after the last time
    a session was opened; or None."""
    opened = AuditEvent.objects.filter(subject_id=user.id, event="accounts.session.opened").order_by("-id")
    last = opened.values_list("id", flat=True).first()
    helped = AuditEvent.objects.filter(subject_id=user.staff_id, event__in=HELP).order_by("-id")
    return (helped.filter(id__gt=last) if last else helped).first()


def _record(user: User, actor: Actor, event: str, facts: dict[str, Any]) -> None:
    place = actor.grants[0].place if actor.grants else ""
    record(event, subject_kind="user", subject_id=user.id, place=place, county_id=_shard(user), facts=facts)


def _shard(user: User) -> Any:
    found = Staff.objects.for_system(reason="the shard of one's own events").filter(pk=user.staff_id)
    return found.values_list("county_id", flat=True).first() if user.staff_id else None
