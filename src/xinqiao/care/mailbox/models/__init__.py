"""Letters of pupils, the words in them, sealed names, and the requests to open one."""

from xinqiao.care.mailbox.models.letter import LetterWords, PupilLetter
from xinqiao.care.mailbox.models.name import NameRequest, SealedName

__all__ = ["LetterWords", "NameRequest", "PupilLetter", "SealedName"]
