"""Load a small city on given days, each into an empty database of its own, and say as JSON what came of it.

`python -m xinqiao.doors.demo.tests.one_day [--usual-terms] DAY…` in an installation that is migrated and empty.
The last city stays. With `--usual-terms` the mend is taken away: the city's terms are not moved for the day.
"""

import datetime as dt
import json
import shutil
import sys
from pathlib import Path

import django

TEN_IN_THE_MORNING = dt.time(2, tzinfo=dt.UTC)  # where the city stands
SCHOOLS = {"songhu-junior", "songhu-senior", "songhu-vocational", "wangshan-nine"}
PUPILS_A_CLASS = 3


def outcome_of(day: str) -> dict[str, object]:
    """Load the city on a day and return its screenings and who may enter, or the fault that stopped it."""
    from xinqiao.doors.demo.cast import read_city
    from xinqiao.doors.demo.loading import is_whole, load_city
    from xinqiao.foundation.core import clock

    at = dt.datetime.combine(dt.date.fromisoformat(day), TEN_IN_THE_MORNING)
    with clock.frozen(at):
        try:
            load_city(read_city(), size=PUPILS_A_CLASS, only=SCHOOLS)
            fault = ""
        except Exception as error:  # noqa: BLE001 - whatever it is, the test says on which day
            fault = f"{type(error).__name__}: {error}"
        return {"fault": fault, "is_whole": is_whole(), "campaigns": campaigns(at), "newcomers": newcomers(at.date())}


def campaigns(at: dt.datetime) -> list[dict[str, object]]:
    from xinqiao.care.screening.models import Campaign
    from xinqiao.care.sheets.models import Sitting
    from xinqiao.register.orgs.models import Unit

    schools = {unit.id: unit.code for unit in Unit.objects.all()}
    rows = []
    for campaign in Campaign.objects.for_system(reason="test").order_by("opens_at"):
        sittings = Sitting.objects.for_system(reason="test").filter(origin_id=campaign.id)
        rows.append(
            {
                "school": schools[campaign.school_id], "name": campaign.name, "state": campaign.state,
                "is_of_register": campaign.is_of_register, "school_year": campaign.school_year,
                "is_open": campaign.opens_at <= at < campaign.closes_at,
                "handed_in": sittings.filter(state="submitted").count(),
                "waiting": sittings.filter(state="waiting").count(),
            }
        )  # fmt: skip
    return rows


def newcomers(day: dt.date) -> int:
    """How many pupils come to their class only after this day."""
    from xinqiao.register.people.models import Enrolment

    return Enrolment.objects.for_system(reason="test").filter(start_on__gt=day).count()


def main(days: list[str]) -> None:
    django.setup()
    from django.conf import settings
    from django.db import connections

    database = Path(str(settings.DATABASES["default"]["NAME"]))
    empty = database.with_suffix(".empty")
    shutil.copy(database, empty)
    if "--usual-terms" in days:
        from xinqiao.doors.demo import dates

        days = [day for day in days if day != "--usual-terms"]
        dates.terms_holding = lambda terms, _window: terms
    found = {}
    for day in days:
        connections.close_all()
        for part in database.parent.glob(f"{database.name}*"):
            part.unlink()
        shutil.copy(empty, database)
        found[day] = outcome_of(day)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
