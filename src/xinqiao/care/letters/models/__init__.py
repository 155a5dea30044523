"""The words for everybody, and the letter of one pupil."""

from xinqiao.care.letters.models.letter import Letter
from xinqiao.care.letters.models.mailing import Mailing

__all__ = ["Letter", "Mailing"]
