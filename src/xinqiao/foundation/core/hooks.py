"""Hooks: the only way a lower floor tells a higher one that something happened, in the same transaction.

A hook is declared where the fact is born and connected in `ready()` of the app that cares. The payload is a list.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Payload = TypeVar("Payload")


class Hook(Generic[Payload]):
    """A named event with receivers called in order of their connection."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._receivers: list[Callable[[Sequence[Payload]], None]] = []

    def connect(self, receiver: Callable[[Sequence[Payload]], None]) -> None:
        """Add a receiver once; connecting it again changes nothing."""
        if receiver not in self._receivers:
            self._receivers.append(receiver)

    def send(self, payload: Sequence[Payload]) -> None:
        """Call every receiver; an exception of one rolls the whole transaction back."""
        if payload:
            for receiver in self._receivers:
                receiver(payload)

    def receivers(self) -> list[str]:
        """Return the dotted names of the receivers, for the docs."""
        return [f"{receiver.__module__}.{receiver.__qualname__}" for receiver in self._receivers]
