"""The register of pupils who need more attention, and what mentors and families do with the school."""

from xinqiao.care.support.models.contact import ContactDuty, FamilyContact
from xinqiao.care.support.models.entry import RegisterEntry
from xinqiao.care.support.models.mentor import MentorTalk
from xinqiao.care.support.models.parents import ParentSession

__all__ = ["ContactDuty", "FamilyContact", "MentorTalk", "ParentSession", "RegisterEntry"]
