"""Codes of referrals in words that say what is wrong and how to mend it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from xinqiao.care.letters.rules import Finding


def refusal_words(code: str) -> str:
    """Return why something cannot be done, and what to do."""
    words = {
        "partner_left": _("This institution takes nobody any more. Choose another one of the list."),
        "no_agreement": _("There is no agreement with this institution yet. Write it down first, or choose another."),
        "agreement_not_begun": _("The agreement with this institution has not begun. Choose another one."),
        "agreement_over": _("The agreement with this institution has run out. Renew it, or choose another one."),
        "left_school": _("This pupil has left the school."),
        "runs_already": _("A referral to this institution runs already. Open it, or withdraw it first."),
        "not_ready": _("Look through it first, exactly as the institution will see it."),
        "changed_meanwhile": _("Something was changed meanwhile. Look through it once more as it stands now."),
        "no_consent": _("The family has not agreed. Note their yes, or say why it cannot wait."),
        "no_form": _("No consent form for referrals is published. Publish one, or say why it cannot wait."),
        "not_now": _("That cannot be done as the referral stands now. Look at its story."),
        "reason_needed": _("Choose a reason."),
        "words_needed": _("Say it in a sentence or two."),
        "day_of_visit_ahead": _("Name a day from today on, at most a year ahead."),
        "day_of_visit_past": _("Name the day on which the pupil was there, today or before."),
        "too_long": _("That is too long. Shorten it."),
        "guardian_needed": _("At this age the guardian decides. Note what the guardian said."),
    }
    return words[code]


def finding_words(finding: Finding) -> str:
    """Return what is wrong with a spot of a text."""
    words = {
        "diagnosis": _("“{found}” sounds like a diagnosis, which a school does not make. Describe what you see."),
        "scale": _("“{found}” speaks of a scale or a result. Leave it out."),
        "level": _("“{found}” is a level. Guardians are told what helps, not a level."),
        "score": _("“{found}” looks like a score. Take it out."),
    }
    return words[finding.code].format(found=finding.found)


def all_words(reasons: Iterable[str], findings: Iterable[Finding] = ()) -> str:
    """Return several reasons as sentences in a row."""
    return " ".join([*(refusal_words(code) for code in reasons), *(finding_words(each) for each in findings)])


def consent_words(state: str, *, is_asked: bool) -> str:
    """Return what the family's decisions come to."""
    if not is_asked:
        return _("no form for referrals is published yet")
    words = {
        "given": _("agreed"), "refused": _("does not agree"), "withdrawn": _("took the yes back"),
        "open": _("not decided yet"), "not_needed": _("no objection"),
    }  # fmt: skip
    return words[state]
