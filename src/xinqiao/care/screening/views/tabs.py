"""The views of one campaign that a reader may open."""

from django.urls import reverse
from django.utils.translation import gettext as _

from xinqiao.care.screening.models import Campaign
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import covers
from xinqiao.foundation.ui.wording import Text

FOR_ONE_CLASS = ["progress", "education"]  # whoever follows a campaign for one class has these too
OF_EVERYONE_ALONE = ["education"]  # speaks of classes by their pupils, and would tell who is on the register
_more: list[tuple[str, Text, str, Permission]] = []
_spared: dict[str, Permission] = {}  # a tab is not shown to those who reach the same by another one


def register_tab(
    key: str, label: Text, url_name: str, permission: Permission, *, of_a_class: bool = False,
    of_everyone_alone: bool = False, unless: Permission | None = None,
) -> None:  # fmt: skip
    """Let an app above add a view of a campaign, whose URL takes the campaign's id. Called in its `ready()`.

    `of_everyone_alone`: a campaign of the register has no such view.
    """
    if key not in [each[0] for each in _more]:
        _spared.update({key: unless} if unless else {})
        _more.append((key, label, url_name, permission))
        FOR_ONE_CLASS.extend([key] if of_a_class else [])
        OF_EVERYONE_ALONE.extend([key] if of_everyone_alone else [])


def _may_within(actor: Actor, permission: Permission, campaign: Campaign) -> bool:
    """Does the actor hold the permission over a part of the campaign's school?"""
    return any(covers(campaign.place, place) for place in actor.places(permission))


def tabs_of(actor: Actor, campaign: Campaign) -> list[tuple[str, str, str]]:
    """Return (key, label, URL) of each."""
    every = (
        ("progress", _("Progress"), "screening:campaign", Permission.CAMPAIGN_PROGRESS),
        ("results", _("Whom to talk to first"), "screening:results", Permission.RESULT_FULL),
        ("distribution", _("Distribution"), "screening:distribution", Permission.RESULT_FULL),
        ("figures", _("Figures"), "screening:figures", Permission.RESULT_FULL),
        ("accuracy", _("How good it was"), "screening:accuracy", Permission.RESULT_FULL),
        ("coverage", _("Coverage"), "screening:campaign-coverage", Permission.COVERAGE_VIEW),
        ("education", _("Plans by category"), "screening:education", Permission.EDUCATION_VIEW),
        *_more,
        ("summary", _("Summary"), "screening:summary", Permission.SUMMARY_VIEW),
        ("exports", _("Take results out"), "screening:exports", Permission.EXPORT_APPROVE),
    )
    return [
        (key, str(label), reverse(name, args=[campaign.pk]))
        for key, label, name, permission in every
        if not (key in OF_EVERYONE_ALONE and campaign.is_of_register)
        if not (key in _spared and actor.can(_spared[key], campaign.place))
        if actor.can(permission, campaign.place) or (key in FOR_ONE_CLASS and _may_within(actor, permission, campaign))
    ]
