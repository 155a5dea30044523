"""Opening what the calendar or a bureau asks for, at each school once; also what fell on a day without the server."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from xinqiao.care.rounds.models import RoundCall
from xinqiao.care.rounds.opening import open_round
from xinqiao.care.rounds.recipients import class_teachers
from xinqiao.care.rounds.rows import every_call, every_list, every_round
from xinqiao.care.rounds.states import ListState
from xinqiao.engines.schedule import TermSpan, openings
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core.places import covers, places_above
from xinqiao.register.deadlines.kinds import ROUND
from xinqiao.register.deadlines.services.clocks import hasten_climb
from xinqiao.register.orgs.models import Term, Unit
from xinqiao.register.orgs.states import SCHOOL_KINDS
from xinqiao.register.policy.calendar import calendar_for
from xinqiao.register.policy.packs import RoundWindow
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_by_place

LONGEST = dt.timedelta(days=120)  # no policy lets a call reach a school later
A_YEAR_AND_MORE = 500
Due = tuple[Unit, RoundWindow, str, RoundCall | None]


def open_due(now: dt.datetime) -> int:
    """Open every window that is due at a school and was not opened yet; return how many rounds were.

    Each in a transaction of its own. Run twice, or by two tickers at once, a window opens once.
    """
    schools = list(Unit.objects.filter(kind__in=SCHOOL_KINDS, is_closed=False))
    on = timezone.localtime(now).date()
    rules = parameters_by_place([school.path for school in schools], on)
    return _open_all(list(_by_calendar(schools, rules, on)), rules, now)


def follow_calls(now: dt.datetime) -> int:
    """Open what a bureau called for at each of its schools, once; return how many rounds were opened."""
    calls = list(every_call().filter(withdrawn_at__isnull=True, called_at__gte=now - LONGEST).order_by("called_at"))
    if not calls:
        return 0
    schools = list(Unit.objects.filter(kind__in=SCHOOL_KINDS, is_closed=False))
    rules = parameters_by_place([school.path for school in schools], timezone.localtime(now).date())
    return _open_all(list(_by_call(calls, schools, rules, now)), rules, now)


def _open_all(due: Sequence[Due], rules: Mapping[str, Parameters], now: dt.datetime) -> int:
    opened = 0
    for school, window, occasion, call in due:
        with recording(system_actor("rounds.open")):
            made = open_round(school, window, occasion, parameters=rules[school.path], at=now, call=call)
        opened += made is not None
    return opened


def _by_calendar(schools: Sequence[Unit], rules: Mapping[str, Parameters], on: dt.date) -> Iterator[Due]:
    known = _opened_already(on)
    spans = _terms([school.path for school in schools], on, rules)
    for school in schools:
        rule, terms = rules[school.path].round_rules, spans[school.path]
        if not terms:
            continue
        calendar = calendar_for(school.path, {term.start_on.year for term in terms} | {on.year, on.year + 1}).calendar
        since = on - dt.timedelta(days=rule.catch_up_days)
        for window in rule.windows:
            for opening in openings(window.rule(rule.free_days), terms, calendar):
                if since <= opening.on <= on and (school.id, window.code, opening.occasion) not in known:
                    yield school, window, opening.occasion, None


def _opened_already(on: dt.date) -> set[tuple[UUID, str, str]]:
    """What was opened in a year and more: an occasion of an earlier school year does not come again."""
    lately = every_round().filter(opened_at__date__gt=on - dt.timedelta(days=A_YEAR_AND_MORE))
    return set(lately.values_list("school_id", "window", "occasion"))


def _by_call(
    calls: Sequence[RoundCall], schools: Sequence[Unit], rules: Mapping[str, Parameters], now: dt.datetime
) -> Iterator[Due]:
    """What was called for at schools that it did not reach yet, while the school's policy still lets it."""
    known = set(every_round().filter(call__in=calls).values_list("school_id", "call_id"))
    for call in calls:
        for school in schools:
            rule = rules[school.path].round_rules
            is_fresh = now - call.called_at <= dt.timedelta(days=rule.catch_up_days)
            if is_fresh and covers(call.place, school.path) and (school.id, call.id) not in known:
                window = next((each for each in rule.windows if each.code == call.window), None)
                if window is not None:
                    yield school, window, call.id.hex, call


def _terms(
    places: Collection[str], on: dt.date, rules: Mapping[str, Parameters]
) -> dict[str, list[TermSpan]]:  # fmt: skip
    """Return the terms around a day of each school, by the nearest unit that keeps any."""
    reach = max((rule.round_rules.catch_up_days for rule in rules.values()), default=0)
    above = {place: places_above(place) for place in places}
    rows = Term.objects.filter(
        year__unit__path__in={each for path in above.values() for each in path},
        start_on__lte=on, end_on__gte=on - dt.timedelta(days=reach),
    )  # fmt: skip
    kept: dict[str, list[TermSpan]] = {}
    for path, year, number, first, after in rows.order_by("start_on").values_list(
        "year__unit__path", "year__starts_in", "number", "start_on", "end_on"
    ):
        kept.setdefault(path, []).append(TermSpan(year, number, first, after))
    return {
        place: next((kept[each] for each in reversed(path) if each in kept), []) for place, path in above.items()
    }  # fmt: skip


def hasten_holes(now: dt.datetime) -> int:
    """Let lists climb whose class has lost its class teacher since they were opened; return how many will."""
    waiting = list(every_list().filter(state=ListState.WAITING, rung=0))
    teachers = class_teachers({row.place for row in waiting}, timezone.localtime(now).date())
    return sum(
        hasten_climb(ROUND, row.id, at=now, below_rung=1) for row in waiting if not teachers[row.place]
    )  # fmt: skip


def keep_rounds(now: dt.datetime) -> int:
    """The scheduled job: open what is due, and let what nobody can sign climb."""
    return open_due(now) + hasten_holes(now)
