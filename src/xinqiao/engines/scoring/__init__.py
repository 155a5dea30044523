"""Scales as frozen values, and their scoring: one sheet at once, whole tables at once, tables of text.

Reading a file is `scale_from_mapping`, judging it `check_scale`; scoring needs a `Plan` from `compile_scale`.
"""

from xinqiao.engines.scoring.checks import check_scale, wording_gaps
from xinqiao.engines.scoring.faults import ANSWER_FAULT_CODES, AnswerFault, Fault, ScaleFault, TableFault
from xinqiao.engines.scoring.loading import scale_from_mapping
from xinqiao.engines.scoring.many import UNKNOWN, Scores, score_many
from xinqiao.engines.scoring.model import SEX_CODES, Scale, Text
from xinqiao.engines.scoring.one import Result, critical_answers, score_one, score_part
from xinqiao.engines.scoring.packing import ILLEGAL, MISSING, pack_answers, unpack_answers
from xinqiao.engines.scoring.plan import Plan, compile_scale
from xinqiao.engines.scoring.table import number_text, score_table

__all__ = [
    "ANSWER_FAULT_CODES",
    "ILLEGAL",
    "MISSING",
    "SEX_CODES",
    "UNKNOWN",
    "AnswerFault",
    "Fault",
    "Plan",
    "Result",
    "Scale",
    "ScaleFault",
    "Scores",
    "TableFault",
    "Text",
    "check_scale",
    "compile_scale",
    "critical_answers",
    "number_text",
    "pack_answers",
    "scale_from_mapping",
    "score_many",
    "score_one",
    "score_part",
    "score_table",
    "unpack_answers",
    "wording_gaps",
]
