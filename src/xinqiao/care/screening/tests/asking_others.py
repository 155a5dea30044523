"""A screening whose pupils' guardians and class teachers are asked too, and forms handed in through the intake."""

import time
from uuid import UUID

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.packs import definition_text, digest_of, read_pack, scale_folder
from xinqiao.care.scales.services.publishing import publish_pack
from xinqiao.care.screening.jobs.filling import fill_campaign
from xinqiao.care.screening.jobs.informants import fill_forms
from xinqiao.care.screening.models import Campaign, InformantForm
from xinqiao.care.screening.services.campaigns import create_campaign, launch_campaign
from xinqiao.care.screening.services.informants import open_own_form, plan_form
from xinqiao.care.screening.tests.conftest import School
from xinqiao.care.sheets.intake.bodies import CriticalBody, EnterBody, FormBody, SubmitBody
from xinqiao.care.sheets.intake.from_paper import HouseStore, typed_batch
from xinqiao.care.sheets.intake.replies import Reply
from xinqiao.care.sheets.intake.tickets import Ticket, read_ticket
from xinqiao.care.sheets.intake.work import Batch, Desk, Entry, FormEntry, Submission, Talk, Tick, Work
from xinqiao.care.sheets.intake.writer import commit
from xinqiao.care.sheets.models import Sitting
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.ring import ring
from xinqiao.register.people.models import Student

TEACHERS, GUARDIANS = "xq-teacher", "xq-guardian"
QUIET = [0] * 10
GRADE_7 = (("junior", 2026),)


def publish(*codes: str) -> dict[str, ScaleVersion]:
    with recording(system_actor("test")):
        return {code: publish_pack(read_pack(scale_folder() / f"{code}.yaml")) for code in codes}


def publish_worded(code: str) -> ScaleVersion:
    """Publish a key-only scale with invented wording."""
    mapping = dict(read_pack(scale_folder() / f"{code}.yaml").mapping)
    both, items = {"en": "Invented question", "zh-Hans": "占位题目"}, dict(mapping["items"])
    items["texts"] = {str(n): both for n in range(1, items["count"] + 1)}
    items["labels"] = {str(each): {"en": str(each), "zh-Hans": str(each)} for each in items["codes"]}
    mapping |= {"wording": "full", "rendering": "own", "items": items, "version": "0-test",
                "wording_licence": "placeholder", "instruction": both}  # fmt: skip
    definition = definition_text(mapping)
    return ScaleVersion.objects.create(
        code=code, version="0-test", definition=definition, digest=digest_of(definition), has_wording=True,
        published_at=clock.now(),
    )  # fmt: skip


def campaign_with(school: School, asked: dict[str, UUID], cohorts=GRADE_7, **changes) -> Campaign:
    """Launch a screening in which the informants named are asked one scale each."""
    psych = school.actor("psych")
    if not changes.get("scale_ids", True):
        changes.setdefault("cohorts", cohorts)
    campaign = create_campaign(school.unit, actor=psych, draft=school.draft(**changes))
    for who, scale_id in asked.items():
        plan_form(campaign, actor=psych, informant=who, scale_ids=[scale_id], cohorts=cohorts)
    campaign = launch_campaign(campaign, actor=psych)
    fill_campaign(campaign, clock.now())
    fill_forms(campaign, clock.now())
    return campaign


def form_of(campaign: Campaign, informant: str) -> InformantForm:
    return InformantForm.objects.for_system(reason="test").get(campaign=campaign, informant=informant)


def form_sitting_of(campaign: Campaign, informant: str, student: Student) -> Sitting:
    rows = Sitting.objects.for_system(reason="test").select_related("student")
    return rows.get(origin_id=form_of(campaign, informant).id, student=student)


def code_of(sitting: Sitting) -> str:
    return open_sealed([sitting], "code")[0]["code"]


class Door:
    """The intake over the connection of the test."""

    def __init__(self) -> None:
        secrets = ring().secrets
        schools = typed_batch(clock.now()).desk.schools  # asks over the connection of the test too
        self.desk = Desk(tickets_secret=secrets["tickets"], index_secret=secrets["index"], schools=schools)

    def do(self, *works: Work) -> list[Reply]:
        batch = Batch(HouseStore(), self.desk, at=clock.now(), clock_seconds=time.monotonic())
        return commit(batch, works)

    def enter(self, code: str) -> Reply:
        return self.do(FormEntry(FormBody(code=code)))[0]

    def enter_as_pupil(self, class_code: str, number: str, pin: str) -> Reply:
        return self.do(Entry(EnterBody(class_code=class_code, number=number, pin=pin)))[0]

    def ticket(self, code: str) -> Ticket:
        reply = self.enter(code)
        assert reply.status == 200, reply
        return read_ticket(self.desk.tickets_secret, reply.body["ticket"], clock.now())

    def hand_in(self, ticket: Ticket, answers: dict, note: str = "", key: str = "key-00000001") -> Reply:
        return self.do(Submission(ticket, SubmitBody(key=key, answers=answers, note=note)))[0]

    def tick(self, ticket: Ticket, scale: str, item: int, answer: int) -> Reply:
        return self.do(Tick(ticket, CriticalBody(scale=scale, item=item, answer=answer, key="key-00000009")))[0]

    def talk(self, ticket: Ticket) -> Reply:
        return self.do(Talk(ticket))[0]

    def answer(self, school: School, campaign: Campaign, informant: str, student: Student, answers: dict,
               note: str = "") -> Reply:  # fmt: skip
        """Hand in the form of a class teacher, opened from the list of the class, or of a guardian with a slip."""
        sitting = form_sitting_of(campaign, informant, student)
        if informant == "teacher":
            login = "teacher" if student.place == school.class_b.path else "teacher_a"
            code = open_own_form(sitting, actor=school.actor(login))
        else:
            code = code_of(sitting)
        return self.hand_in(self.ticket(code), answers, note)
