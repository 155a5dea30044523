"""What a command of letters raises."""

from collections.abc import Sequence

from xinqiao.care.letters.rules import Finding, WhyNot


class ForbiddenWords(ValueError):
    """The words cannot be kept so; `findings` says every spot."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(finding.code for finding in findings))
        self.findings = tuple(findings)


class CannotDo(ValueError):
    """What was asked for cannot be done with these letters; `reasons` says every why."""

    def __init__(self, reasons: Sequence[WhyNot]) -> None:
        super().__init__("; ".join(reason.code for reason in reasons))
        self.reasons = tuple(reasons)
