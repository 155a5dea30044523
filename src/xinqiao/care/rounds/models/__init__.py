"""Models of rounds."""

from xinqiao.care.rounds.models.round import Round, RoundCall, RoundLine, RoundList
from xinqiao.care.rounds.models.visit import DormVisit

__all__ = ["DormVisit", "Round", "RoundCall", "RoundLine", "RoundList"]
