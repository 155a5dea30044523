"""What a filing takes from its case: codes, days and counts; nothing is copied from sealed notes."""

import datetime as dt

from django.utils import timezone

from xinqiao.care.crisis.models import Case, FollowUp
from xinqiao.care.crisis.referral.states import ENDED as REFERRAL_ENDED
from xinqiao.care.crisis.referral_building import age_of, findings_in_draft
from xinqiao.care.crisis.referral_rows import every_referral
from xinqiao.care.crisis.rows import every_case, every_follow_up, every_judgement, every_plan
from xinqiao.care.crisis.states import CaseState, Whom
from xinqiao.care.filings.models import Filing
from xinqiao.care.filings.payload import Facts, name_stands_in
from xinqiao.care.filings.rows import every_filing
from xinqiao.care.filings.terms import terms_of
from xinqiao.care.letters.rules import Finding
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.naming import grade_name
from xinqiao.register.orgs.selectors import name_on, school_of, unit_by_path
from xinqiao.register.people.finding import name_of
from xinqiao.register.people.models import Student


def case_now(filing: Filing) -> Case:
    """Return a filing's case as it stands in the database."""
    return every_case().select_related("student").get(pk=filing.case_id)


def is_ordered_up(filing: Filing, case: Case) -> bool:
    """Does the case run at a level that the filing's order names?"""
    return case.state != CaseState.CLOSED and case.level in terms_of(filing.terms).levels


def facts_of(filing: Filing) -> Facts:
    """Return what goes up of the case as it stands now, no more than the order's items."""
    terms, case, student, on = terms_of(filing.terms), case_now(filing), filing.student, today()
    asked, school = set(terms.items), school_of(filing.place)
    judgement = every_judgement().filter(case=case).order_by("number").last()
    visits, visited_on = _follow_ups(filing, Whom.PUPIL) if "visits" in asked else (None, "")
    talks, family_on = _follow_ups(filing, Whom.GUARDIAN) if "family" in asked else (None, "")
    return Facts(
        school=name_on(school, on) if school else "", reference=filing.reference, level=case.level or filing.level,
        judged_on=timezone.localtime(judgement.held_at).date().isoformat() if judgement else "",
        goes_on=case.state != CaseState.CLOSED, name=name_of(student) if terms.is_named else "",
        sex=student.sex if "sex" in asked else "", age=age_of(student, on) if "age" in asked else None,
        grade=_grade(student, on) if "grade" in asked else "",
        has_plan=every_plan().filter(case=case, is_current=True).exists() if "plan" in asked else None,
        visits=visits, visited_on=visited_on, family_talks=talks, family_on=family_on,
        referral=_referral(student) if "referral" in asked else "",
    )  # fmt: skip


def _follow_ups(filing: Filing, whom: str) -> tuple[int, str]:
    """How many there were since the filing before, and the day of the last; what they found stays where it is."""
    earlier = every_filing().filter(case_id=filing.case_id, order=filing.order, number__lt=filing.number)
    before = earlier.filter(sent_at__isnull=False).order_by("number").last()
    rows = every_follow_up().filter(case_id=filing.case_id, whom=whom)
    if before is not None:
        rows = rows.filter(recorded_at__gt=before.sent_at)
    last: FollowUp | None = rows.order_by("held_at").last()
    return rows.count(), timezone.localtime(last.held_at).date().isoformat() if last else ""


def _grade(student: Student, on: dt.date) -> str:
    unit = unit_by_path(student.place)
    if unit is None or not unit.stage or unit.entry_year is None:
        return ""
    return grade_name(unit.stage, unit.entry_year, on)


def _referral(student: Student) -> str:
    states = list(every_referral().filter(student=student).values_list("state", flat=True))
    if not states:
        return "none"
    return "open" if any(state not in REFERRAL_ENDED for state in states) else "ended"


def findings_in_words(filing: Filing, *texts: str) -> list[Finding]:
    """Return spots of typed words that sound like a diagnosis, which a school does not make."""
    return findings_in_draft(filing.student.place, "\n".join(texts), "", "")


def names_pupil(filing: Filing, *texts: str) -> bool:
    """Do typed words name a pupil whom the order has under a number only?"""
    return not terms_of(filing.terms).is_named and name_stands_in(name_of(filing.student), texts)
