"""What a service of filings raises."""

from collections.abc import Sequence

from xinqiao.care.letters.rules import Finding


class CannotFile(ValueError):
    """It does not stand; `codes` as in `rules`, `findings` spots in the words; nothing was written."""

    def __init__(self, codes: Sequence[str], findings: Sequence[Finding] = ()) -> None:
        super().__init__("; ".join([*codes, *(finding.code for finding in findings)]))
        self.codes, self.findings = tuple(codes), tuple(findings)


def demand_none(codes: Sequence[str], findings: Sequence[Finding] = ()) -> None:
    """Raise CannotFile if anything stands against it."""
    if codes or findings:
        raise CannotFile(codes, findings)
