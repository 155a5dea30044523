"""The events of transfers, as sentences of the audit. None tells what a file says."""

from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.audit.events import declare_events

CHANGES = {
    "transfers.files.owed": _("{count} pupils left; where their files go is to be decided"),
    "transfers.file.sent": _("{actor} sent a pupil's file to the next school"),
    "transfers.file.arrived": _("{actor} sent the file of a pupil who came to this school"),
    "transfers.file.kept": _("{actor} said why a pupil's file is not handed over"),
    "transfers.file.recalled": _("{actor} called a pupil's file back that nobody had taken in"),
    "transfers.file.taken": _("{actor} took in a pupil's file from the school before"),
    "transfers.file.acknowledged": _("{actor} acknowledged a pupil's file to the school before"),
    "transfers.file.declined": _("{actor} sent a pupil's file back to the school before"),
    "transfers.file.not_needed": _("A pupil who had left is here again; the file stays"),
    "transfers.file.overdue": _("A file to be handed over is overdue; {sent} messages left"),
    "transfers.arrival.overdue": _("A file to be taken in is overdue; {sent} messages left"),
}
READINGS = {
    "transfers.leavers.read": _("{actor} read where the files of those who left go ({count})"),
    "transfers.handover.read": _("{actor} read what of a pupil's file goes to the next school"),
    "transfers.arrivals.read": _("{actor} read which files came from other schools ({count})"),
    "transfers.arrival.read": _("{actor} read a file that came from the school before"),
    "transfers.counts.read": _("{actor} read how far files are handed over"),
}


def declare() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES, care_facts=("sections",))
    declare_events(READINGS, reading=True)
