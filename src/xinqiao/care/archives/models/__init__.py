"""Models of pupils' files: what the file adds to what other apps keep."""

from xinqiao.care.archives.models.erasure import Erasure
from xinqiao.care.archives.models.family import FamilyNote
from xinqiao.care.archives.models.plan import GrowthPlan
from xinqiao.care.archives.models.request import Excerpt, FileRequest

__all__ = ["Erasure", "Excerpt", "FamilyNote", "FileRequest", "GrowthPlan"]
