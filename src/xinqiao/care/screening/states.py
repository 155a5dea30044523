"""Enums of screening, and the tables of what a campaign and an export may become."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves


class CampaignState(models.TextChoices):
    """Where a campaign stands."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Running")
    CLOSED = "closed", _("Ended")


class AskingEnd(models.TextChoices):
    """When a scale that is asked by adapting has been asked enough."""

    DECIDED = "decided", _("Once the whole scale's decision is known")
    PRECISE = "precise", _("Once that is known, and the estimate is precise enough too")


class ExportState(models.TextChoices):
    """Where a request to take named results out of the product stands."""

    WAITING = "waiting", _("Waiting for a second person")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Not approved")


class ExportPurpose(models.TextChoices):
    """What named results are taken out for; nothing else is offered."""

    CARE = "care", _("Planning talks and care")
    CONFERENCE = "conference", _("A case conference")
    SUPERVISION = "supervision", _("Supervision by a professional body")


class ClassMark(models.TextChoices):
    """What a class teacher may have seen in the class as a whole; nobody is named."""

    CALM = "calm", _("Calm and friendly with each other")
    PRESSURE = "pressure", _("Pressed by homework and marks")
    TIRED = "tired", _("Tired, too little sleep")
    QUARRELS = "quarrels", _("Quarrels, groups against each other")
    BULLYING = "bullying", _("Mocking or bullying")
    WITHDRAWN = "withdrawn", _("Several keep to themselves")
    SCREENS = "screens", _("Much time on phones and games")
    FAMILY = "family", _("Changes or quarrels at home for several")
    ABSENT = "absent", _("Absences have become more")
    EVENT = "event", _("An event that shook the class")


class EducationPlanState(models.TextChoices):
    """Where a plan by category stands."""

    RUNNING = "running", _("Under way")
    FINISHED = "finished", _("Finished")


class OrderState(models.TextChoices):
    """Where a bureau's order stands."""

    ISSUED = "issued", _("Issued")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class OrderedState(models.TextChoices):
    """What a school has answered to an order; whether it runs or has ended, its campaign says."""

    WAITING = "waiting", _("No answer yet")
    CONFIRMED = "confirmed", _("Confirmed")
    CANNOT = "cannot", _("Cannot")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Obstacle(models.TextChoices):
    """Why a school cannot hold an ordered screening."""

    NO_TEACHER = "no_teacher", _("No psychology teacher at present")
    NO_DUTY = "no_duty", _("Nobody can be on duty on those days")
    NO_CONSENT = "no_consent", _("Consent cannot be collected in time")
    DATES = "dates", _("The days do not suit (examinations, events)")
    HELD = "held", _("Held already this school year")
    NOBODY = "nobody", _("No pupils of these grades")
    OTHER = "other", _("Other reason")


MOVES = (
    Move(CampaignState.DRAFT, CampaignState.OPEN, "screening.campaign:edit", "screening.campaign.launched"),
    Move(CampaignState.OPEN, CampaignState.CLOSED, "screening.campaign:edit", "screening.campaign.closed"),
)
EDUCATION_PLAN_MOVES = (
    Move(EducationPlanState.RUNNING, EducationPlanState.FINISHED, "screening.education:edit",
         "screening.education.finished"),
)  # fmt: skip
EXPORT_MOVES = (
    Move(ExportState.WAITING, ExportState.APPROVED, "screening.export:approve", "screening.export.approved"),
    Move(ExportState.WAITING, ExportState.REFUSED, "screening.export:approve", "screening.export.refused"),
)

ORDERED_MOVES = (
    Move(OrderedState.WAITING, OrderedState.CONFIRMED, "screening.campaign:edit", "screening.order.confirmed"),
    Move(OrderedState.WAITING, OrderedState.CANNOT, "screening.campaign:edit", "screening.order.declined"),
    Move(OrderedState.CONFIRMED, OrderedState.CANNOT, "screening.campaign:edit", "screening.order.declined"),
    Move(OrderedState.CANNOT, OrderedState.WAITING, "screening.campaign:edit", "screening.order.reconsidered"),
    Move(OrderedState.WAITING, OrderedState.WITHDRAWN, "screening.order:edit", "screening.order.withdrawn"),
    Move(OrderedState.CONFIRMED, OrderedState.WITHDRAWN, "screening.order:edit", "screening.order.withdrawn"),
    Move(OrderedState.CANNOT, OrderedState.WITHDRAWN, "screening.order:edit", "screening.order.withdrawn"),
    Move(OrderedState.WAITING, OrderedState.CANNOT, "", "screening.order.prepared"),  # no pupils of these grades left
)


def diagram(moves: tuple[Move[str], ...] = MOVES, first: str = CampaignState.DRAFT) -> str:
    """Return the moves as a Mermaid diagram, as docs/states/campaign.md holds it."""
    return draw_moves(moves, [first])
