"""What the apps below keep of the four mechanisms: what the rules in force say of each, and when each was last used."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xinqiao.care.alerts.mechanisms import Last, Mechanism, Stands, register_in_force, register_use
from xinqiao.care.alerts.models import GuardianTold, Signal
from xinqiao.care.crisis.models import FollowUp, Judgement, Partner, Referral
from xinqiao.care.feedback.models import Feedback, Meeting
from xinqiao.care.rounds.models import Round
from xinqiao.care.screening.models import Campaign
from xinqiao.care.voices.models import ClassReport
from xinqiao.foundation.core.places import places_above
from xinqiao.register.duty.ladder import holes_of
from xinqiao.register.orgs.selectors import unit_by_path
from xinqiao.register.policy.selectors import parameters_for

REASON = "when something was last done at a school; no pupil is read"
M = Mechanism


def last_by(model: Any, moment: str, place: str, **condition: object) -> Last:
    """Return what says when rows of a model last had a moment, by school; `place` is the lookup of the school."""

    def last(places: Sequence[str]) -> Mapping[str, dt.datetime]:
        rows = model.objects.for_system(reason=REASON).filter(**{f"{place}__in": list(places)}, **condition)
        found = rows.filter(**{f"{moment}__isnull": False}).order_by().values(place).annotate(at=Max(moment))
        return {row[place]: row["at"] for row in found}

    return last


def open_mechanisms() -> None:
    """Register all; called once in `ready()`."""
    school = "student__school_place"
    of_case = "case__student__school_place"
    uses = (
        ("screening", M.PREVENTION, gettext_lazy("Last screening"),
         last_by(Campaign, "opens_at", "place", state__in=("open", "closed"))),
        ("round", M.PREVENTION, gettext_lazy("Last round through the classes"), last_by(Round, "opened_at", "place")),
        ("committee", M.PREVENTION, gettext_lazy("Last report of a committee member"), _last_report),
        ("warning", M.WARNING, gettext_lazy("Last warning"), last_by(Signal, "raised_at", school)),
        ("taken", M.WARNING, gettext_lazy("Last warning taken"), last_by(Signal, "acknowledged_at", school)),
        ("red", M.EMERGENCY, gettext_lazy("Last red warning"), last_by(Signal, "raised_at", school, urgency="red")),
        ("guardian", M.EMERGENCY, gettext_lazy("Last guardian told"), last_by(GuardianTold, "told_at", school)),
        ("referral", M.EMERGENCY, gettext_lazy("Last referral to an institution"),
         last_by(Referral, "sent_at", school)),
        ("conference", M.TRACKING, gettext_lazy("Last case conference"), last_by(Judgement, "held_at", of_case)),
        ("follow_up", M.TRACKING, gettext_lazy("Last follow-up"), last_by(FollowUp, "held_at", of_case)),
        ("feedback", M.TRACKING, gettext_lazy("Last feedback given"),
         last_by(Feedback, "done_at", school, state="given")),
        ("meeting", M.TRACKING, gettext_lazy("Last analysis meeting"), last_by(Meeting, "held_at", "place")),
    )  # fmt: skip
    for code, mechanism, label, last in uses:
        register_use(code, mechanism, label, last)
    for code, mechanism, found in (
        ("rules_of_prevention", M.PREVENTION, _prevention), ("rules_of_warning", M.WARNING, _warning),
        ("rules_of_emergency", M.EMERGENCY, _emergency), ("rules_of_tracking", M.TRACKING, _tracking),
    ):  # fmt: skip
        register_in_force(code, mechanism, found)


def _last_report(places: Sequence[str]) -> Mapping[str, dt.datetime]:
    rows = ClassReport.objects.for_system(reason=REASON).order_by().values("place").annotate(at=Max("reported_at"))
    found: dict[str, dt.datetime] = {}
    for row in rows:
        school = next((place for place in places if row["place"].startswith(place)), None)
        if school is not None:
            found[school] = max(row["at"], found.get(school, row["at"]))
    return found


def _prevention(place: str, on: dt.date) -> Sequence[Stands]:
    rules = parameters_for(place, on)
    times = ngettext("Screening: {count} time a school year", "Screening: {count} times a school year",
                     rules.times_per_school_year)  # fmt: skip
    windows = len(rules.round_rules.windows)
    rounds = ngettext("Rounds: {count} window in the rules", "Rounds: {count} windows in the rules", windows)
    return (Stands(times.format(count=rules.times_per_school_year)), Stands(rounds.format(count=windows)))


def _warning(place: str, on: dt.date) -> Sequence[Stands]:
    rules, school = parameters_for(place, on), unit_by_path(place)
    rungs = _("Ladder: {levels} levels are warned, {rungs} rungs are called").format(
        levels=len(rules.levels), rungs=len(rules.rungs)
    )
    holes = len(holes_of(school, on)) if school else 0
    words = ngettext("In {count} place a warning would reach nobody",
                     "In {count} places a warning would reach nobody", holes)  # fmt: skip
    gap = (Stands(words.format(count=holes), is_gap=True),) if holes else ()
    return (Stands(rungs), *gap)


def _emergency(place: str, on: dt.date) -> Sequence[Stands]:
    rules = parameters_for(place, on)
    lines = _("Help lines: {numbers}").format(numbers=" · ".join(line.number for line in rules.hotlines))
    partners = Partner.objects.for_system(reason="institutions of a school; no pupil is read")
    agreed = partners.filter(place__in=places_above(place), left_on=None, agreed_from__lte=on).exclude(
        agreed_until__lt=on
    )
    days = sorted(day for day in agreed.values_list("agreed_from", flat=True) if day)
    words = ngettext("{count} institution takes referrals by agreement",
                     "{count} institutions take referrals by agreement", len(days))  # fmt: skip
    if not days:
        return (Stands(lines), Stands(_("No institution takes referrals by agreement"), is_gap=True))
    return (Stands(lines), Stands(words.format(count=len(days)), since=days[0]))


def _tracking(place: str, on: dt.date) -> Sequence[Stands]:
    rules = parameters_for(place, on)
    meeting = ngettext("Analysis meeting: every {count} day", "Analysis meeting: every {count} days",
                       rules.meetings.every_days)  # fmt: skip
    days = rules.clocks["red"].follow_up_days
    looks = _("Follow-up at the red level: after {days} days").format(days=" · ".join(str(each) for each in days))
    return (Stands(looks), Stands(meeting.format(count=rules.meetings.every_days)))
