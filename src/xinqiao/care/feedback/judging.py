"""What words for teachers may not say: by the same rules as letters, but a level may be named."""

from dataclasses import replace

from xinqiao.care.letters.rules import Forbidden, findings_in
from xinqiao.foundation.core.clock import today
from xinqiao.register.people.models import Student
from xinqiao.register.policy.selectors import parameters_for

WHY = ("scale", "diagnosis", "score")


def spots_in(words: str, student: Student) -> tuple[str, ...]:
    """Return the spots of a text that tell why: names of scales and results, diagnoses, scores; each once."""
    parameters = parameters_for(student.place, today())
    rules = parameters.letters
    forbidden = Forbidden(
        scale=rules.scale_words, level=rules.level_words, diagnosis=rules.diagnosis_words, doubtful=(),
        told_numbers=tuple(line.number for line in parameters.hotlines),
    )  # fmt: skip
    found = findings_in(words, replace(forbidden, level=()))
    return tuple(dict.fromkeys(each.found for each in found if each.code in WHY))
