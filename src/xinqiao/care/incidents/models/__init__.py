"""Models of incidents."""

from xinqiao.care.incidents.models.draft import MessageDraft
from xinqiao.care.incidents.models.drill import Drill
from xinqiao.care.incidents.models.exposure import Exposure
from xinqiao.care.incidents.models.hotline import Hotline, HotlineCall, HotlineShift
from xinqiao.care.incidents.models.incident import Incident, IncidentLine, IncidentNote
from xinqiao.care.incidents.models.joint import JointActivation, JointNote, JointPart
from xinqiao.care.incidents.models.opinion import OpinionItem
from xinqiao.care.incidents.models.report import IncidentReport

__all__ = [
    "Drill", "Exposure", "Hotline", "HotlineCall", "HotlineShift", "Incident", "IncidentLine", "IncidentNote",
    "IncidentReport", "JointActivation", "JointNote", "JointPart", "MessageDraft", "OpinionItem",
]  # fmt: skip
