"""Setting a unit's webhook."""

from uuid import UUID

from django.conf import settings

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.foundation.notifications.models import Webhook
from xinqiao.foundation.notifications.webhooks import CannotSend, check_target


class CannotSetWebhook(ValueError):
    """The address cannot be used; `code` as in `webhooks.check_target`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@command(Permission.DUTY_EDIT)
def set_webhook(place: str, *, actor: Actor, county_id: UUID, address: str) -> Webhook | Unchanged:
    """Send this unit's messages to `address` as well, from now on; an empty address ends that.

    Raises CannotSetWebhook where the address may not be used. A host that cannot be found just now is accepted.
    """
    if address:
        try:
            check_target(address, settings.XINQIAO_WEBHOOK_HOSTS)
        except CannotSend as error:
            if error.code != "host_unknown":
                raise CannotSetWebhook(error.code) from error
    open_rows = Webhook.objects.for_system(reason="body of a command").filter(place=place, ended_at__isnull=True)
    at = now()
    ended = open_rows.update(ended_at=at)
    if not address:
        if not ended:
            return Unchanged("no_webhook")
        record("notifications.webhook.ended", subject_kind="unit", place=place, county_id=county_id)
        return Unchanged("ended")
    row = Webhook(county_id=county_id, place=place, key_id=new_key(SubjectKind.UNIT), address=address,
                  set_by=actor.id, set_at=at)  # fmt: skip
    row.save(force_insert=True)
    record("notifications.webhook.set", subject_kind="unit", subject_id=row.id, place=place, county_id=county_id)
    return row
