"""What the schools of the demo city file of their cases: written, checked, sent, confirmed; now and then late."""

import datetime as dt

from xinqiao.care.crisis.models import Case
from xinqiao.care.filings.rows import every_filing
from xinqiao.care.filings.services.receiving import acknowledge_edition
from xinqiao.care.filings.services.writing import Words, check_edition, send_edition, write_edition
from xinqiao.care.filings.states import FilingState
from xinqiao.doors.demo.cast import City
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.orgs.selectors import units_by_id, units_by_path

SOON = dt.timedelta(days=7)
UNTIL_CONFIRMED = dt.timedelta(hours=20)
PHONE = "0570-8000001"


class Desks:
    """Who checks and who confirms, found by school and bureau; none where the city has no such login."""

    def __init__(self, built: Built, city: City) -> None:
        self.built, self.care = built, city.care
        self.by_role = {(seed.role, seed.at): seed.login for seed in city.staff}

    def _actor(self, role: Role, code: str) -> Actor | None:
        login = self.by_role.get((role.value, code))
        user = self.built.users.get(login) if login else None
        return actor_for(user, clock.today()) if user else None

    def file(self, case: Case, psych: Actor, *, until: dt.datetime) -> None:
        """Send what is owed of a case within a week, and let the bureau confirm it if a day has passed since."""
        rows = every_filing().filter(case=case, state=FilingState.WRITING, due_at__lt=clock.now() + SOON)
        for filing in rows.select_related("student", "case"):
            school = units_by_path([filing.place])[filing.place]
            bureau = units_by_id([filing.bureau])[filing.bureau]
            head, officer = self._actor(Role.PRINCIPAL, school.code), self._actor(Role.COUNTY_OFFICER, bureau.code)
            if head is None:
                continue
            said = Words(words=self.care.filed, asks=self.care.asked, contact=f"{psych.name} {PHONE}")
            write_edition(filing, actor=psych, said=said, seen=0)
            check_edition(filing, actor=head, seen=1)
            send_edition(filing, actor=psych, seen=1)
            at = clock.now() + UNTIL_CONFIRMED
            if officer is not None and at < until:
                with clock.frozen(at):
                    acknowledge_edition(filing, actor=officer, seen=1, reply=self.care.replied)
