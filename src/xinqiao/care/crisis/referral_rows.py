"""Rows for private bodies of commands and for jobs, and for a page whose reader was checked or holds a link."""

from django.db.models import QuerySet

from xinqiao.care.crisis.models import Partner, Referral, ReferralStep

_REASON = "body of a command or job, or a page whose reader was checked"


def every_partner() -> QuerySet[Partner]:
    """Return all institutions."""
    rows: QuerySet[Partner] = Partner.objects.for_system(reason=_REASON)
    return rows


def every_referral() -> QuerySet[Referral]:
    """Return all referrals."""
    rows: QuerySet[Referral] = Referral.objects.for_system(reason=_REASON)
    return rows


def every_step() -> QuerySet[ReferralStep]:
    """Return all steps of referrals."""
    rows: QuerySet[ReferralStep] = ReferralStep.objects.for_system(reason=_REASON)
    return rows
