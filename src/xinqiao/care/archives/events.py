"""The events of pupils' files, as sentences of the audit. None tells what a file says."""

from django.utils.translation import gettext_lazy as _

from xinqiao.care.archives.states import RequestKind, RequestState
from xinqiao.foundation.audit.events import declare_events, declare_words

CHANGES = {
    "archives.plans.written": _("{actor} wrote growth plans for {count} pupils"),
    "archives.family.written": _("{actor} wrote down a pupil's family, upbringing and experience"),
    "archives.request.recorded": _("{actor} took in a request about a file ({kind})"),
    "archives.request.answered": _("{actor} answered a request about a file ({outcome})"),
    "archives.request.overdue": _("A request about a file is overdue; {sent} messages left"),
    "archives.erasure.proposed": _("{actor} proposed to erase a pupil's texts"),
    "archives.erasure.approved": _("{actor} approved the erasure of a pupil's texts"),
    "archives.erasure.refused": _("{actor} did not approve the erasure of a pupil's texts"),
    "archives.erasure.recalled": _("{actor} called back the erasure of a pupil's texts"),
    "archives.erasure.stopped": _("The erasure of a pupil's texts was stopped: something was still open"),
    "archives.erasure.done": _("A pupil's texts were erased, their key destroyed"),
    "archives.erasure.names": _("Sealed names of erased pupils were destroyed ({count})"),
    "archives.excerpt.asked": _("{actor} asked for an excerpt of a file to be approved"),
    "archives.excerpt.approved": _("{actor} approved an excerpt of a file"),
    "archives.excerpt.refused": _("{actor} did not approve an excerpt of a file"),
    "archives.excerpt.printed": _("{actor} printed an approved excerpt of a file"),
}
READINGS = {
    "archives.file.read": _("{actor} read a pupil's file ({count} sections)"),
    "archives.class.read": _("{actor} read the list of the files of a class ({count})"),
    "archives.plans.read": _("{actor} read who of a class has a growth plan ({count})"),
    "archives.plan.read": _("{actor} read a pupil's growth plan"),
    "archives.family.read": _("{actor} read what is written of a pupil's family"),
    "archives.access.read": _("{actor} read who read a pupil's file"),
    "archives.access.printed": _("{actor} printed who read a pupil's file"),
    "archives.requests.read": _("{actor} read the requests about files ({count})"),
    "archives.request.read": _("{actor} read a request about a file"),
    "archives.figures.read": _("{actor} read the statistics of the files"),
}


def declare() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES)
    declare_events(READINGS, reading=True, care_facts=("sections",))
    declare_words("archives.request.recorded", kind=dict(RequestKind.choices))
    declare_words("archives.request.answered", outcome=dict(RequestState.choices))
