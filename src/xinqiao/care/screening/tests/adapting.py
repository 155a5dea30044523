"""Item parameters of a school, and pupils who hand in sheets asked by adapting, through the intake's own functions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from xinqiao.care.scales.models import ItemParameterSet
from xinqiao.care.scales.parameter_file import ParameterFile, parameters_of_text
from xinqiao.care.scales.services.parameters import load_parameters
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.tests.handing_in import sitting_of
from xinqiao.care.sheets.intake.bodies import SubmitBody
from xinqiao.care.sheets.intake.entering import ticket_of_sitting
from xinqiao.care.sheets.intake.from_paper import typed_batch
from xinqiao.care.sheets.intake.replies import Reply
from xinqiao.care.sheets.intake.submitting import prepare_submissions, write_submissions
from xinqiao.care.sheets.intake.work import Submission
from xinqiao.engines.adaptive import Design, ask_all
from xinqiao.engines.tests.adaptive_samples import RULE, design, invented
from xinqiao.engines.tests.scoring_samples import pack
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.core import clock
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student

PHQ: Design = design("phq-9")
PRECISE_PHQ: Design = design("phq-9", replace(RULE, precision=0.4))
CALM, GAD_LOW = dict.fromkeys(range(1, 10), 0), [0] * 7
RAISED = dict.fromkeys(range(1, 9), 2) | {9: 0}


def made_file(scale_id: str = "phq-9", **changes: Any) -> ParameterFile:
    """Parameters of nobody's study."""
    items = [
        {"item": one.number, "slope": one.slope, "thresholds": list(one.thresholds)}
        for one in invented(pack(scale_id), "total")
    ]
    told = {"format": "xinqiao.item-parameters/1", "scale": scale_id, "subscale": "total", "model": "graded-response",
            "sheets": 600, "source": "Invented for tests", "items": items}  # fmt: skip
    return parameters_of_text(json.dumps(told | changes))


def load(unit: Unit, scale_id: str = "phq-9", **changes: Any) -> ItemParameterSet:
    """Keep parameters for a unit."""
    kept = load_parameters(unit, actor=system_actor("test"), file=made_file(scale_id, **changes))
    assert isinstance(kept, ItemParameterSet)
    return kept


def due(sheet: Mapping[int, int], made: Design = PHQ) -> list[int | None]:
    """What somebody is asked of PHQ-9 who would answer so; None where nothing is."""
    asked = ask_all(made, sheet).asked
    return [sheet[n] if n in asked else None for n in range(1, 10)]


def submit(campaign: Campaign, student: Student, phq: Sequence[int | None], *, adapted: Sequence[str] = ("phq-9",),
           key: str = "key-00000001") -> Reply:  # fmt: skip
    """Hand in as the pupil's page does."""
    batch = typed_batch(clock.now())
    ticket = ticket_of_sitting(batch, sitting_of(campaign, student).id)
    assert ticket is not None
    answers = {"phq-9": list(phq), "gad-7": list(GAD_LOW)}
    body = SubmitBody(key=key, answers=answers, seconds={"phq-9": [40] * 9}, adapted=list(adapted))
    (reply,) = write_submissions(batch, prepare_submissions(batch, [Submission(ticket, body)]))
    batch.rows.write(batch.store)
    return reply
