"""A change of the master key is an event too; keys stand below the audit, so they tell by a hook."""

from collections.abc import Sequence
from dataclasses import asdict

from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.keys.rotation import Rotated


def record_rotations(rotations: Sequence[Rotated]) -> None:
    """Record each rotation or retirement; the facts name masters, never keys."""
    with recording(system_actor("keys")):
        for rotation in rotations:
            record("keys.rotated", facts=asdict(rotation))
