"""Cases and what belongs to them."""

from xinqiao.care.crisis.models.case import Case
from xinqiao.care.crisis.models.follow_up import FollowUp
from xinqiao.care.crisis.models.judgement import Judgement
from xinqiao.care.crisis.models.leave import Leave, LeaveStep
from xinqiao.care.crisis.models.partner import Partner
from xinqiao.care.crisis.models.plan import CarePlan, Measure
from xinqiao.care.crisis.models.referral import Referral, ReferralStep
from xinqiao.care.crisis.models.watch import Watch, WatchLook

__all__ = [
    "CarePlan",
    "Case",
    "FollowUp",
    "Judgement",
    "Leave",
    "LeaveStep",
    "Measure",
    "Partner",
    "Referral",
    "ReferralStep",
    "Watch",
    "WatchLook",
]
