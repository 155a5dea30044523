"""Models of pupils' files: what the file adds to what other apps keep."""

from xinqiao.care.archives.models.family import FamilyNote
from xinqiao.care.archives.models.plan import GrowthPlan
from xinqiao.care.archives.models.request import Excerpt, FileRequest

__all__ = ["Excerpt", "FamilyNote", "FileRequest", "GrowthPlan"]
