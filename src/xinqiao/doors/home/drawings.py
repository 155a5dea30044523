"""The diagrams of docs/states: which file holds the drawing of which table of moves."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from xinqiao.care.alerts.states import diagram as signal_diagram
from xinqiao.care.alerts.states import gate_diagram
from xinqiao.care.archives.states import erasure_diagram, excerpt_diagram, request_diagram
from xinqiao.care.centre.states import diagram as booking_diagram
from xinqiao.care.centre.states import waiting_diagram
from xinqiao.care.counselling.states import course_diagram, member_diagram
from xinqiao.care.crisis.leave.states import leave_diagram
from xinqiao.care.crisis.referral.states import referral_diagram
from xinqiao.care.crisis.states import diagram as case_diagram
from xinqiao.care.crisis.watch.states import watch_diagram
from xinqiao.care.feedback.states import diagram as feedback_diagram
from xinqiao.care.feedback.states import meeting_diagram
from xinqiao.care.filings.states import diagram as filing_diagram
from xinqiao.care.incidents.states import (
    back_diagram,
    care_diagram,
    draft_diagram,
    hotline_diagram,
    incident_diagram,
    joint_diagram,
    line_diagram,
    opinion_diagram,
    part_diagram,
    report_diagram,
)
from xinqiao.care.letters.states import diagram as letter_diagram
from xinqiao.care.mailbox.states import diagram as pupil_letter_diagram
from xinqiao.care.mailbox.states import name_diagram, urgent_diagram
from xinqiao.care.rounds.states import diagram as round_diagram
from xinqiao.care.screening.states import EXPORT_MOVES, ORDERED_MOVES
from xinqiao.care.screening.states import diagram as campaign_diagram
from xinqiao.care.sheets.states import diagram as sitting_diagram
from xinqiao.care.support.states import diagram as register_diagram
from xinqiao.care.transfers.states import arrival_diagram, handover_diagram
from xinqiao.care.voices.states import diagram as worry_diagram
from xinqiao.register.people.states import roster_diagram
from xinqiao.register.staffing.states import diagram as staff_diagram
from xinqiao.register.years.states import diagram as year_diagram

FOLDER = Path(__file__).resolve().parents[4] / "docs" / "states"
BLOCK = re.compile(r"(?<=```mermaid\n).*?(?=\n```)", re.DOTALL)

Draw = Callable[[], str]
DRAWINGS: Mapping[str, Sequence[Draw]] = {
    "booking.md": (booking_diagram, waiting_diagram),
    "campaign.md": (
        campaign_diagram,
        lambda: campaign_diagram(EXPORT_MOVES, "waiting"),
        lambda: campaign_diagram(ORDERED_MOVES, "waiting"),
    ),
    "case.md": (case_diagram,),
    "counselling.md": (member_diagram, course_diagram),
    "feedback.md": (feedback_diagram,),
    "file-request.md": (request_diagram, excerpt_diagram, erasure_diagram),
    "transfer.md": (handover_diagram, arrival_diagram),
    "filing.md": (filing_diagram,),
    "incident.md": (
        incident_diagram,
        line_diagram,
        care_diagram,
        report_diagram,
        opinion_diagram,
        draft_diagram,
        hotline_diagram,
        back_diagram,
        joint_diagram,
        part_diagram,
    ),
    "leave.md": (leave_diagram,),
    "letter.md": (letter_diagram,),
    "meeting.md": (meeting_diagram,),
    "pupil-letter.md": (pupil_letter_diagram, urgent_diagram, name_diagram),
    "referral.md": (referral_diagram,),
    "register-entry.md": (register_diagram,),
    "roster-run.md": (roster_diagram,),
    "round-list.md": (round_diagram,),
    "signal.md": (signal_diagram, gate_diagram),
    "sitting.md": (sitting_diagram,),
    "staff-list.md": (staff_diagram,),
    "watch.md": (watch_diagram,),
    "worry.md": (worry_diagram,),
    "year-turn.md": (year_diagram,),
}


class CannotDraw(ValueError):
    """A file of docs/states is missing, is not listed here, or has another number of diagrams than it should."""


def outdated(folder: Path = FOLDER) -> dict[Path, str]:
    """Return the files whose diagrams differ from the code, each with its text drawn anew. Raises CannotDraw."""
    found = {path.name for path in folder.glob("*.md")}
    if found != set(DRAWINGS):
        raise CannotDraw(
            f"{folder}: expected {', '.join(sorted(DRAWINGS))}; found {', '.join(sorted(found)) or 'none'}"
        )
    changed = {}
    for name, draws in DRAWINGS.items():
        text = (folder / name).read_text("utf-8")
        if len(BLOCK.findall(text)) != len(draws):
            raise CannotDraw(
                f"{folder / name}: expected {len(draws)} mermaid diagrams, found {len(BLOCK.findall(text))}"
            )
        drawn = iter(draws)
        fresh = BLOCK.sub(lambda _, drawn=drawn: next(drawn)(), text)  # type: ignore[misc]  # bound for this file
        if fresh != text:
            changed[folder / name] = fresh
    return changed
