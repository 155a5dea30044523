"""Cases and what belongs to them."""

from xinqiao.care.crisis.models.case import Case
from xinqiao.care.crisis.models.follow_up import FollowUp
from xinqiao.care.crisis.models.judgement import Judgement
from xinqiao.care.crisis.models.plan import CarePlan, Measure

__all__ = ["CarePlan", "Case", "FollowUp", "Judgement", "Measure"]
