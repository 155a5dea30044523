"""Files that go to the next school in the demo city: a class that left the primary school, pupils of the junior one."""

import datetime as dt

from xinqiao.care.archives.services.plans import PlanWords, write_plans
from xinqiao.care.transfers.models import Arrival, Handover
from xinqiao.care.transfers.services.handing import keep_files, send_files
from xinqiao.care.transfers.services.taking import acknowledge_files, take_in
from xinqiao.doors.demo.acting import actor_of, days_ago
from xinqiao.doors.demo.cast import City
from xinqiao.doors.demo.transfer_seed import TransferSeed
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.actors import Actor, system_actor
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed, seal_rows
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import ensure_class, shut_unit
from xinqiao.register.orgs.states import STAGE_YEARS, Stage
from xinqiao.register.people.bulk import update_rows
from xinqiao.register.people.models import ConsentForm, Student
from xinqiao.register.people.moving import place_students
from xinqiao.register.people.registering import StudentDraft, index_of, register_students
from xinqiao.register.people.services.consents import publish_form, record_consents, shipped_text
from xinqiao.register.people.states import Decision, GivenBy, Purpose, StayEnd

OWN_FROM_AGE = 14
LEFT = (7, 5)  # month and day on which the class left
FOUND_DAYS_AGO, SENT_DAYS_AGO, TAKEN_DAYS_AGO, ACKNOWLEDGED_DAYS_AGO = 12, 9, 6, 5
SENT, TAKEN, ACKNOWLEDGED = 5, 4, 3  # of those who left, in turn: the next one is kept, the others are still owed


def add_transfers(built: Built, city: City) -> None:
    """Let a class leave one school for another, and bring its files along as far as each is."""
    seed = city.transfers
    people = seed.psych_before in built.users and seed.psych_next in built.users
    newcomers = [each for each in built.students.get(seed.next, ()) if _is_first_class(built, seed, each)]
    if not people or seed.before not in built.units or len(newcomers) <= SENT + 1:
        return
    before, after = built.units[seed.before], built.units[seed.next]
    with days_ago(FOUND_DAYS_AGO):
        psych = actor_of(built, seed.psych_before)
        _graduate(built, seed, before, newcomers[: seed.pupils], psych)
    owed = list(Handover.objects.for_system(reason="of the demo city").filter(place=before.path).order_by("id"))
    with days_ago(SENT_DAYS_AGO):
        psych = actor_of(built, seed.psych_before)
        send_files(before, actor=psych, targets={each.id: after for each in owed[:SENT]})
        keep_files(before, actor=psych, handover_ids=[owed[SENT].id], reason=seed.kept)
    _take(built, seed, after, newcomers)


def _is_first_class(built: Built, seed: TransferSeed, student: Student) -> bool:
    unit = built.classes.get((seed.next, Stage.JUNIOR, 1, 1))
    return unit is not None and student.place == unit.path


def _graduate(built: Built, seed: TransferSeed, before: Unit, newcomers: list[Student], psych: Actor) -> None:
    """The same children as pupils of the school before, in a class that is closed since."""
    year = built.dates.year
    unit, _is_new = ensure_class(before, Stage.PRIMARY, year - STAGE_YEARS[Stage.PRIMARY], 1)
    numbers = [f"G33010220{year - 2012:02d}{n:08d}" for n, _each in enumerate(newcomers, 1)]
    opened = open_sealed(newcomers, "name", "birth_on")
    drafts = [
        StudentDraft(
            words["name"] or "", unit, f"{year - 6}{n:04d}", number, sex=each.sex,
            birth_on=dt.date.fromisoformat(words["birth_on"]) if words["birth_on"] else None,
        )
        for n, (each, words, number) in enumerate(zip(newcomers, opened, numbers, strict=True), 1)
    ]  # fmt: skip
    pupils = register_students(before, drafts, dt.date(year - 6, 9, 1))
    _number(newcomers, numbers)
    look_on = clock.today() + dt.timedelta(days=60)
    write_plans(unit, actor=psych, student_ids=[each.id for each in pupils[:SENT]],
                said=PlanWords(seed.strengths, seed.aim, seed.helps, look_on))  # fmt: skip
    form = publish_form(
        before, actor=psych, purpose=Purpose.TRANSFER, text=shipped_text(Purpose.TRANSFER, OWN_FROM_AGE)
    )
    assert isinstance(form, ConsentForm)
    record_consents(unit, actor=psych, form=form, student_ids=[each.id for each in pupils[:TAKEN]],
                    decision=Decision.GIVEN, given_by=GivenBy.GUARDIAN)  # fmt: skip
    with recording(system_actor("demo.load")):
        leaving = [(each, None) for each in pupils]
        place_students(leaving, dt.date(year, *LEFT), ended_as=StayEnd.GRADUATED)
        shut_unit(unit)


def _number(students: list[Student], numbers: list[str]) -> None:
    """Give pupils a national number, as a roster does."""
    for student, number in zip(students, numbers, strict=True):
        student.national_number, student.national_index = number, index_of("national_number", number)
    seal_rows(students)
    columns = ("national_number", "national_index")
    update_rows(Student, columns, [(each.national_number, each.national_index, each.id) for each in students])


def _take(built: Built, seed: TransferSeed, after: Unit, newcomers: list[Student]) -> None:
    rows = list(Arrival.objects.for_system(reason="of the demo city").filter(place=after.path).order_by("id"))
    with days_ago(TAKEN_DAYS_AGO):
        pairs = zip(rows[:TAKEN], newcomers, strict=False)
        take_in(after, actor=actor_of(built, seed.psych_next), pupils={row.id: each.id for row, each in pairs})
    with days_ago(ACKNOWLEDGED_DAYS_AGO):
        acknowledge_files(
            after, actor=actor_of(built, seed.psych_next), arrival_ids=[row.id for row in rows[:ACKNOWLEDGED]]
        )
