"""What screening knows before a school year turns: campaigns that still run."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.states import CampaignState
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.wording import day_words
from xinqiao.register.years.doubts import Doubt, Question


def campaigns_that_run(question: Question) -> Sequence[Doubt]:
    """Return the school's campaigns that are open beyond the day of the turn, or planned into it."""
    if not question.actor.can(Permission.CAMPAIGN_VIEW, question.school.path):
        return ()
    rows = Campaign.objects.visible_to(question.actor, Permission.CAMPAIGN_VIEW).filter(
        school_id=question.school.id,
        state__in=[CampaignState.OPEN, CampaignState.DRAFT],
        closes_at__date__gte=question.on,
    )
    return [
        Doubt(
            "yellow", _("A screening runs across the turn: {name}").format(name=row.name),
            _("It ends on {day}. Whoever graduates and has not answered is excused as having left; end it first, or "
              "choose a later day.").format(day=day_words(timezone.localtime(row.closes_at).date())),
            url=reverse("screening:campaign", args=[row.id]), url_words=_("Open the screening"),
        )
        for row in rows.order_by("closes_at")
    ]  # fmt: skip
