"""The turn and its steps."""

from xinqiao.register.years.models.turn import TurnStep, YearTurn

__all__ = ["TurnStep", "YearTurn"]
