"""Hotline and joint activation of incidents: what waits has a clock, a call about a pupil is a signal."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.raw import Raw
from xinqiao.care.crisis.limbo.rooms import Room
from xinqiao.care.incidents.models import Hotline, HotlineCall, JointActivation, JointPart

_REASON = "proof that nothing waits unseen; nobody is named"
CALL, PART, ACTIVATION, HOTLINE = "hotline_call", "joint_part", "joint_activation", "hotline"
PART_CLOCKS = {"waiting": "joint_answer", "promised": "joint_arrival"}


def _rows() -> Mapping[str, Mapping[UUID, Mapping[str, Any]]]:
    read: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
        (CALL, HotlineCall, ("id", "hotline_id", "student_id", "signal_id", "back_state")),
        (PART, JointPart, ("id", "activation_id", "state", "arrives_at")),
        (ACTIVATION, JointActivation, ("id", "incident_id", "state")),
        (HOTLINE, Hotline, ("id", "incident_id", "state")),
    )
    return {
        kind: {row["id"]: row for row in model.objects.for_system(reason=_REASON).values(*columns)}
        for kind, model, columns in read
    }


def _is_over(kind: str, row: Mapping[str, Any]) -> bool:
    if kind == CALL:
        return bool(row["back_state"] != "waiting")
    return row["state"] not in (PART_CLOCKS if kind == PART else ("active", "open"))


def clocked(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every promised call back, every part of a partner and every activation that runs has a running clock."""
    for row in raw.others[CALL].values():
        if row["back_state"] == "waiting" and "hotline_back" not in raw.running[row["id"]]:
            yield Fault("call_back_without_clock", CALL, row["id"])
    for row in raw.others[PART].values():
        clock = PART_CLOCKS.get(row["state"])
        if clock and clock not in raw.running[row["id"]]:
            yield Fault("part_without_clock", PART, row["id"], clock)
    for row in raw.others[ACTIVATION].values():
        if row["state"] == "active" and "joint_situation" not in raw.running[row["id"]]:
            yield Fault("activation_without_clock", ACTIVATION, row["id"])


def signalled(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """A call about a pupil is a signal."""
    for row in raw.others[CALL].values():
        if row["student_id"] is not None and row["signal_id"] not in raw.signals:
            yield Fault("call_without_signal", CALL, row["id"])


def ended(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Nothing waits in a mode that has ended, and no mode runs in a closed incident."""
    for kind, above, column in ((CALL, HOTLINE, "hotline_id"), (PART, ACTIVATION, "activation_id")):
        for row in raw.others[kind].values():
            if not _is_over(kind, row) and _is_over(above, raw.others[above][row[column]]):
                yield Fault("waits_in_an_ended_mode", kind, row["id"])
    for kind in (HOTLINE, ACTIVATION):
        for row in raw.others[kind].values():
            if not _is_over(kind, row) and raw.incidents[row["incident_id"]]["state"] == "closed":
                yield Fault("mode_in_a_closed_incident", kind, row["id"])


ROOM = Room("hotline", (CALL, PART, ACTIVATION), _rows, _is_over, (clocked, signalled, ended))
