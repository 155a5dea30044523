"""Campaigns and what hangs on them: orders, days of classes, plans by category, exports, how exact scores were."""

from xinqiao.care.screening.models.cadence import CadenceReminder
from xinqiao.care.screening.models.campaign import OF_EVERYONE, Campaign
from xinqiao.care.screening.models.class_day import ClassDay
from xinqiao.care.screening.models.class_reach import ClassReach
from xinqiao.care.screening.models.educating import ClassObservation, EducationPlan
from xinqiao.care.screening.models.export import ExportRequest
from xinqiao.care.screening.models.informant_form import InformantForm
from xinqiao.care.screening.models.lot import Lot, LotDraw
from xinqiao.care.screening.models.measured import MeasuredScore
from xinqiao.care.screening.models.measured_flag import MeasuredFlag
from xinqiao.care.screening.models.order import OrderedSchool, ScreeningOrder
from xinqiao.care.screening.models.population import CampaignPupil

__all__ = [
    "OF_EVERYONE",
    "CadenceReminder",
    "Campaign",
    "CampaignPupil",
    "ClassDay",
    "ClassObservation",
    "ClassReach",
    "EducationPlan",
    "ExportRequest",
    "InformantForm",
    "Lot",
    "LotDraw",
    "MeasuredFlag",
    "MeasuredScore",
    "OrderedSchool",
    "ScreeningOrder",
]
