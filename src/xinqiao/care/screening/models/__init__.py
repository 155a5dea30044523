"""Campaigns, plans by category, requests to take their results out, and how exact their scores were."""

from xinqiao.care.screening.models.campaign import Campaign
from xinqiao.care.screening.models.educating import ClassObservation, EducationPlan
from xinqiao.care.screening.models.export import ExportRequest
from xinqiao.care.screening.models.measured import MeasuredScore

__all__ = ["Campaign", "ClassObservation", "EducationPlan", "ExportRequest", "MeasuredScore"]
