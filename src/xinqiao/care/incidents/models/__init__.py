"""Models of incidents."""

from xinqiao.care.incidents.models.drill import Drill
from xinqiao.care.incidents.models.exposure import Exposure
from xinqiao.care.incidents.models.incident import Incident, IncidentLine, IncidentNote
from xinqiao.care.incidents.models.report import IncidentReport

__all__ = ["Drill", "Exposure", "Incident", "IncidentLine", "IncidentNote", "IncidentReport"]
