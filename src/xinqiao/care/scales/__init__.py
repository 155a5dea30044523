"""Scales as published versions that never change, their licences, and the import of wording a school holds."""
