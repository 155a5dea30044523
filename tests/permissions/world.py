"""The world the walk goes through: the cast's readers, and six spots, each with a pupil and all that hangs on one.

Rows are planted through models and private bodies, so that what is tested is who may read them, not who may write.
"""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.permissions.canaries import Canary, Net, canary
from tests.permissions.table import ANONYMOUS, NO_ROLE
from xinqiao.care.alerts.models import Attention, GuardianTold, Interview, LevelWarning, Notice, Report, Signal
from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.archives.models import Erasure, Excerpt, FamilyNote, FileRequest, GrowthPlan
from xinqiao.care.centre.feeding import token_mac
from xinqiao.care.centre.models import Booking, CalendarFeed, CentreRoom, OpeningTime, RosterHour, Slot, Visit, Waiting
from xinqiao.care.counselling.models import Course, Goal, Group, GroupVersion, Member, OwnKey, Recovery, Session
from xinqiao.care.crisis.models import (
    CarePlan,
    Case,
    FollowUp,
    Judgement,
    Leave,
    LeaveStep,
    Measure,
    Partner,
    Referral,
    Watch,
    WatchLook,
)
from xinqiao.care.crisis.referral.codes import link_mac
from xinqiao.care.crisis.referral.payload import Payload
from xinqiao.care.feedback.models import AgendaItem, Decision, Feedback, GuardianTry, Meeting, TeacherWord
from xinqiao.care.filings.models import Edition, Filing, Passing
from xinqiao.care.filings.payload import Facts
from xinqiao.care.filings.payload import Payload as FiledPayload
from xinqiao.care.incidents.models import (
    Drill,
    Exposure,
    Hotline,
    HotlineCall,
    HotlineShift,
    Incident,
    IncidentLine,
    IncidentNote,
    IncidentReport,
    JointActivation,
    JointNote,
    JointPart,
    MessageDraft,
    OpinionItem,
)
from xinqiao.care.letters.codes import code_mac, locator_mac
from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.mailbox.models import LetterWords, NameRequest, PupilLetter, SealedName
from xinqiao.care.rounds.models import DormVisit, Round, RoundCall, RoundLine, RoundList
from xinqiao.care.rounds.reasons import Told
from xinqiao.care.scales.editing import skeleton
from xinqiao.care.scales.models import LocalNorm, ScaleDraft, ScaleVersion
from xinqiao.care.scales.selectors import plan_for
from xinqiao.care.scales.services.publishing import publish_shipped_scales
from xinqiao.care.screening.models import (
    OF_EVERYONE,
    Campaign,
    CampaignPupil,
    EducationPlan,
    ExportRequest,
    InformantForm,
    Lot,
    LotDraw,
    OrderedSchool,
    ScreeningOrder,
)
from xinqiao.care.sheets.models import AnswerSheet, CriticalTick, Sitting
from xinqiao.care.sheets.scoring import result_text, score_sheet
from xinqiao.care.sheets.services.forms import open_forms
from xinqiao.care.sheets.services.papers import build_paper
from xinqiao.care.sheets.services.sittings import open_sittings
from xinqiao.care.support.models import ContactDuty, FamilyContact, MentorTalk, RegisterEntry
from xinqiao.care.transfers.models import Arrival, Handover
from xinqiao.care.transfers.parcel import Line, Parcel, Part, parcel_text
from xinqiao.care.voices.models import ClassmateWorry, ClassReport, CommitteeSeat
from xinqiao.doors.demo.cast import City
from xinqiao.doors.demo.tree import Built, add_staff, build_tree
from xinqiao.engines.scoring import pack_answers
from xinqiao.engines.triage import Reason
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.foundation.notifications.models import ChannelSetting
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.deadlines.models import ClockPause, Deadline
from xinqiao.register.duty.models import Absence, DutyShift
from xinqiao.register.orgs.models import CalendarDay, Unit
from xinqiao.register.orgs.services.units import build_unit, ensure_class
from xinqiao.register.people.models import (
    Consent,
    ConsentForm,
    Guardian,
    PupilPin,
    RosterRefusal,
    RosterRun,
    Staff,
    Student,
    Tie,
)
from xinqiao.register.people.registering import GuardianDraft, StudentDraft, register_staff, register_students
from xinqiao.register.staffing.models import StaffLine, StaffRun
from xinqiao.register.years.models import YearTurn

PASSWORD = "only-in-tests-7Q"
FEED = "signs-of-a-calendar-address-only-in-tests-3x"
SCHOOLS = {"songhu-junior", "songhu-primary", "wangshan-nine"}
# spot → school, stage, year in the stage, class number
SPOTS = {
    "own_class": ("songhu-junior", "junior", 1, 3),
    "own_grade": ("songhu-junior", "junior", 1, 1),
    "own_school": ("songhu-junior", "junior", 2, 1),
    "other_school": ("songhu-primary", "primary", 5, 1),
    "other_county": ("wangshan-nine", "junior", 1, 1),
    "elsewhere": ("far-junior", "junior", 1, 1),
}
RELATIONS = tuple(SPOTS)
# Who reads, one login per role of the domain paper; relations are as seen from these people's own units.
READERS = {
    "class_teacher": "class.songhu", "grade_head": "grade.songhu", "subject_teacher": "subject.songhu",
    "mentor": "mentor.songhu", "dorm_keeper": "dorm.songhu", "psych_teacher": "psych.songhu",
    "paper_typist": "typist.songhu",
    "principal": "head.songhu", "leading_group": "group.songhu", "county_officer": "county.songhu",
    "city_officer": "city.linxi", "province_officer": "province.yunling", "researcher": "research.linxi",
    "supervisor": "supervisor.linxi", "station_counsellor": "station.songhu", "hospital_liaison": "hospital.linxi",
    "security_officer": "security.linxi", "system_admin": "admin.linxi", "auditor": "audit.linxi",
}  # fmt: skip
TWO_HATS = "two_hats"
ROLES = (*READERS, NO_ROLE, ANONYMOUS)
KINDS = (
    "pupil.name", "guardian.name", "staff.name", "pupil.number", "pupil.id_number", "guardian.phone", "staff.phone",
    "staff.mail", "pupil.pin", "pupil.code", "consent.remark", "attention.advice", "signal.basis", "sheet.score",
    "interview.note", "interview.risk", "roster.refused", "register.reason", "guardian.code", "guardian.note",
    "letter.words", "letter.code", "told.words", "pause.note", "report.typed", "report.words", "worry.words",
    "round.words", "visit.seen", "case.words", "case.helper", "referral.words", "referral.code",
    "leave.words", "leave.appeal", "watch.words", "feedback.words", "feedback.try", "meeting.words", "task.words",
    "incident.words", "incident.report", "incident.message", "exposure.words", "call.words", "joint.words",
    "filing.words", "filing.reason", "mail.words", "mail.reason", "goal.words",
    "plan.words", "family.words", "request.words", "booking.words", "talk.words", "contact.words",
)  # fmt: skip


@dataclass
class Spot:
    """What stands at one spot; `ids` names every object a URL can ask for."""

    name: str
    school: Unit
    group: Unit
    values: dict[str, str]
    ids: dict[str, Any] = field(default_factory=dict)
    student: Student | None = None
    staff_user: User | None = None
    reader_staff: tuple[UUID, ...] = ()
    warned: tuple[tuple[UUID, str, str, str], ...] = ()
    reporter: UUID | None = None
    asker: UUID | None = None


@dataclass
class World:
    """The built tree, the spots, and the net of planted values."""

    built: Built
    spots: dict[str, Spot]
    canaries: tuple[Canary, ...]
    net: Net
    plain_result: str = ""

    def user_of(self, role: str) -> User | None:
        """The user who reads in this role, as the database has it now."""
        return None if role == ANONYMOUS else User.objects.get(pk=self.built.users[READERS.get(role, role)].pk)


def build_world(city: City) -> World:
    """Build everything, inside the caller's transaction and frozen time."""
    built = build_tree(city, today(), only=SCHOOLS)
    _add_far_province(built)
    add_staff(built, city, password=PASSWORD)
    _add_former_teacher(built)
    _add_two_hats(built)
    publish_shipped_scales()
    planted = [canary(kind, spot, k, s) for s, spot in enumerate(SPOTS) for k, kind in enumerate(KINDS)]
    spots = {name: _spot(built, name, planted) for name in SPOTS}
    scored = score_sheet(plan_for(_shipped("phq-9").id), pack_answers([1] * 9), None)
    return World(built, spots, tuple(planted), Net(planted), result_text(scored))


def _add_far_province(built: Built) -> None:
    parent = None
    for kind, code in (("province", "far"), ("city", "far-city"), ("county", "far-county"), ("school", "far-junior")):
        stages = {"stages": "junior"} if kind == "school" else {}
        parent = build_unit(parent, kind, code, code, **stages)
        parent.save(force_insert=True)
        built.units[code] = parent
    assert parent is not None
    built.classes["far-junior", "junior", 1, 1] = ensure_class(parent, "junior", 2026, 1)[0]


def _add_former_teacher(built: Built) -> None:
    """Someone whose membership ended yesterday: still has a login, holds nothing."""
    school = built.units["songhu-junior"]
    staff = register_staff(school, "旧同事")
    user = User.objects.create_user(NO_ROLE, PASSWORD, staff_id=staff.id)
    Membership.objects.create(
        user=user, role="psych_teacher", place=school.path, start_on=today() - dt.timedelta(days=400), end_on=today()
    )
    built.users[NO_ROLE], built.staff[NO_ROLE] = user, staff


def _add_two_hats(built: Built) -> None:
    """Someone who heads one school and is the psychology teacher of its neighbour: rights must not add up."""
    head, psych = built.units["songhu-junior"], built.units["songhu-primary"]
    staff = register_staff(head, "兼任者")
    user = User.objects.create_user(TWO_HATS, PASSWORD, staff_id=staff.id)
    for role, place in (("principal", head.path), ("psych_teacher", psych.path)):
        Membership.objects.create(user=user, role=role, place=place, start_on=today() - dt.timedelta(days=90))
    built.users[TWO_HATS], built.staff[TWO_HATS] = user, staff


def _spot(built: Built, name: str, planted: list[Canary]) -> Spot:
    code, stage, grade, number = SPOTS[name]
    group = built.classes[code, stage, grade, number]
    spot = Spot(name, built.units[code], group, {c.kind: c.value for c in planted if c.spot == name})
    assert group.parent is not None
    spot.ids = {"class": group.id, "grade": group.parent_id, "school": spot.school.id, "window": group.window_code,
                "school_code": spot.school.code, "class_code": group.code}  # fmt: skip
    county = spot.school.parent
    assert county is not None
    spot.ids["county"] = county.id
    if code == "songhu-junior":
        spot.reader_staff = tuple(built.staff[READERS[role]].id for role in ("psych_teacher", "principal"))
    spot.warned = _warned(built, spot)
    _plant_staff(spot)
    spot.reporter = built.staff[READERS["class_teacher"]].id if name == "own_class" else spot.ids["staff"]
    spot.asker = built.users[READERS["psych_teacher"]].id if code == "songhu-junior" else spot.staff_user.id
    _plant_pupil(spot)
    _plant_consent(spot)
    _plant_scale(spot)
    _plant_screening(spot)
    _plant_order(spot)
    _plant_alert(spot)
    _plant_letters(spot)
    _plant_roster(spot)
    _plant_turn(spot)
    _plant_staff_list(spot)
    _plant_register(spot)
    _plant_mentor(spot, built.staff[READERS["mentor"]].id if name == "own_class" else spot.ids["plain_staff"])
    _plant_voices(spot)
    _plant_mailbox(spot)
    _plant_round(spot)
    _plant_case(spot, built.staff[READERS["class_teacher"]].id if name == "own_class" else spot.ids["staff"])
    _plant_referrals(spot)
    _plant_feedback(spot, built.staff[READERS["class_teacher"]].id if name == "own_class" else spot.ids["staff"])
    _plant_incident(spot)
    _plant_modes(spot)
    _plant_filings(spot)
    _plant_group(spot, built)
    _plant_course(spot, built)
    _plant_files(spot)
    _plant_transfers(spot)
    _plant_centre(spot, spot.reporter)
    return spot


def _warned(built: Built, spot: Spot) -> tuple[tuple[UUID, str, str, str], ...]:
    """Whom the ladder names at a spot, of those who read: staff id, word, where they stand, and what they see."""
    junior, group = built.units["songhu-junior"], spot.group
    assert group.parent is not None
    found = []
    if spot.name == "own_class":
        found.append(("class_teacher", "class_teacher", group.path, "level_and_advice"))
    if spot.name in ("own_class", "own_grade"):
        found.append(("grade_head", "grade_head", group.parent.path, "notice_only"))
    if spot.school == junior:
        found.append(("dorm_keeper", "dorm_keeper", built.units["songhu-dorm-1"].path, "notice_only"))
    if spot.school.parent == junior.parent:
        found.append(("county_officer", "county_officer", built.units["songhu"].path, "beyond"))
    return tuple((built.staff[READERS[role]].id, word, place, sees) for role, word, place, sees in found)


def _at(spot: Spot, *, at_school: bool = False) -> dict[str, Any]:
    return {"county_id": spot.school.shard_id, "place": spot.school.path if at_school else spot.group.path}


def _keep(spot: Spot, name: str, row: Any) -> Any:
    row.save(force_insert=True)
    spot.ids[name] = row.id
    return row


def _plant_staff(spot: Spot) -> None:
    values = spot.values
    staff = register_staff(
        spot.school, values["staff.name"], phone=values["staff.phone"], mail=f"{values['staff.mail']}@example.org"
    )
    user = User.objects.create_user(f"watched.{spot.name}", PASSWORD, staff_id=staff.id)
    start = today() - dt.timedelta(days=90)
    held = Membership.objects.create(user=user, role="psych_teacher", place=spot.school.path, start_on=start)
    spot.staff_user = user
    plain = register_staff(spot.school, "普通同事")
    colleague = User.objects.create_user(f"plain.{spot.name}", PASSWORD, staff_id=plain.id)
    Membership.objects.create(user=colleague, role="subject_teacher", place=spot.school.path, start_on=start)
    spot.ids |= {"staff": staff.id, "plain_staff": plain.id, "user": user.id, "membership": held.id}
    shift = DutyShift(
        staff_id=staff.id, role="psychology", start_at=now() - dt.timedelta(hours=2),
        end_at=now() + dt.timedelta(hours=6), **_at(spot, at_school=True),
    )  # fmt: skip
    _keep(spot, "shift", shift)
    absence = Absence(
        staff_id=plain.id, substitute_id=staff.id, start_on=today(), end_on=today() + dt.timedelta(days=3),
        entered_by=staff.id, **_at(spot, at_school=True),
    )  # fmt: skip
    _keep(spot, "absence", absence)
    channel = ChannelSetting(
        channel="sms", config="{}", host="gateway.example", set_by=staff.id, set_at=now(), ended_at=now(),
        key_id=staff.key_id, **_at(spot, at_school=True),
    )  # fmt: skip
    _keep(spot, "channel", channel)
    day, _ = CalendarDay.objects.get_or_create(
        unit=spot.school, day=today() + dt.timedelta(days=5), defaults={"is_school_day": True, "reason": "补课"}
    )
    spot.ids["day"] = day.id


def _plant_pupil(spot: Spot) -> None:
    values = spot.values
    draft = StudentDraft(
        name=values["pupil.name"], class_unit=spot.group, number=values["pupil.number"], sex="female",
        id_number=values["pupil.id_number"], birth_on=dt.date(2013, 11, 5), ethnicity="汉族", boards=True,
        guardians=(GuardianDraft(values["guardian.name"], values["guardian.phone"], "mother"),),
    )  # fmt: skip
    (student,) = register_students(spot.school, [draft], today() - dt.timedelta(days=80))
    spot.student, spot.ids["student"] = student, student.id
    tie = Tie.objects.for_system(reason="a test's world").get(student=student)
    spot.ids |= {"tie": tie.id, "guardian": tie.person_id}
    pin = PupilPin.objects.for_system(reason="a test's world").get(student=student)
    pin.pin = values["pupil.pin"]
    pin.save()
    assert Guardian.objects.for_system(reason="a test's world").filter(pk=tie.person_id).exists()


def _plant_consent(spot: Spot) -> None:
    form = ConsentForm.objects.for_system(reason="a test's world").filter(place=spot.school.path).first()
    if form is None:
        form = ConsentForm(
            purpose="screening", version=1, title_zh="知情同意", title_en="Consent", text_zh="请阅读。",
            text_en="Please read.", published_at=now(), **_at(spot, at_school=True),
        )  # fmt: skip
        form.save(force_insert=True)
    spot.ids["form"] = form.id
    consent = Consent(
        student=spot.student, form=form, decision="given", given_by="guardian", guardian_id=spot.ids["guardian"],
        decided_at=now(), recorded_by=spot.staff_user.id, key_id=spot.student.key_id,
        remark=spot.values["consent.remark"], **_at(spot),
    )  # fmt: skip
    _keep(spot, "consent", consent)


def _plant_screening(spot: Spot) -> None:
    campaign = (
        Campaign.objects.for_system(reason="a test's world")
        .filter(place=spot.school.path, register=OF_EVERYONE)
        .first()
    )
    if campaign is None:
        campaign = _campaign(spot)
    spot.ids["campaign"] = campaign.id
    spot.ids["ended"] = _ended(campaign).id
    plan = EducationPlan(
        campaign=campaign, title="少一点压力", aim="轻松些", measures="班会课", owner_id=spot.staff_user.id,
        starts_on=now().date(), due_on=now().date(), observations=0, written_by=spot.staff_user.id, written_at=now(),
        **_at(spot, at_school=True),
    )  # fmt: skip
    _keep(spot, "education_plan", plan)
    row = _sitting(spot, campaign, 1)
    row.state, row.started_at, row.submitted_at = "submitted", now(), now()
    row.receipt, row.key, row.payload_digest = f"R{spot.student.id.hex[-9:]}".upper(), "k" * 16, b"\0" * 32
    row.save()
    spot.ids |= {"sitting": row.id, "paper": row.paper_id}
    _plant_answers(spot, campaign, row)
    again = _sitting(spot, campaign, 2)
    again.code = spot.values["pupil.code"]
    again.save()
    request = ExportRequest(
        campaign=campaign, purpose="care", pupils=3, state="approved", requested_by=spot.asker,
        requested_at=now(), expires_at=now() + dt.timedelta(hours=24), **_at(spot, at_school=True),
    )  # fmt: skip
    _keep(spot, "request", request)
    _plant_forms(spot, campaign)


def _plant_forms(spot: Spot, campaign: Campaign) -> None:
    """What the guardian and the class teacher are asked about the pupil, and what the guardian wrote last year."""
    row = _open_form(spot, campaign, "parent", "xq-guardian")
    row.code = spot.values["guardian.code"]
    row.save(update_fields=["code"])
    spot.ids["guardian_form"] = row.id
    spot.ids["teacher_form"] = _open_form(spot, campaign, "teacher", "xq-teacher").id
    told = _open_form(spot, _ended(campaign), "parent", "xq-guardian")
    told.state, told.submitted_at, told.receipt = "submitted", told.opens_at, f"G{spot.student.id.hex[-9:]}".upper()
    told.note = spot.values["guardian.note"]
    told.save()


def _open_form(spot: Spot, campaign: Campaign, informant: str, code: str) -> Sitting:
    paper = build_paper([_shipped(code)], place=spot.school.path, county_id=spot.school.shard_id, informant=informant)
    forms = InformantForm.objects.for_system(reason="a test's world")
    form = forms.filter(campaign=campaign, informant=informant).first() or InformantForm(
        campaign=campaign, informant=informant, scale_ids=json.dumps([str(_shipped(code).id)]),
        grades=campaign.grades, paper_id=paper.id, **_at(spot, at_school=True),
    )  # fmt: skip
    form.save()
    (row,) = open_forms(
        form.id, paper, [spot.student], {spot.group.path: spot.group}, opens_at=campaign.opens_at,
        closes_at=campaign.closes_at,
    )  # fmt: skip
    return row


def _plant_order(spot: Spot) -> None:
    """The county's order, and the plan that the school has of it."""
    county = spot.school.parent
    orders = ScreeningOrder.objects.for_system(reason="a test's world")
    order = orders.filter(place=county.path).first()
    if order is None:
        order = ScreeningOrder(
            county_id=county.shard_id, place=county.path, unit_id=county.id, name="全县测评", scale_codes='["phq-9"]',
            stages='["junior", "primary"]', earliest_on=today(), latest_on=today() + dt.timedelta(days=20),
            answer_by=today() + dt.timedelta(days=3), issued_by=spot.staff_user.id, issued_at=now(),
        )  # fmt: skip
        order.save(force_insert=True)
    spot.ids["order"] = order.id
    rows = OrderedSchool.objects.for_system(reason="a test's world")
    row = rows.filter(order=order, school_id=spot.school.id).first()
    if row is None:
        plan = Campaign(
            name="全县测评", school_id=spot.school.id, school_year=2026, form_id=spot.ids["form"],
            opens_at=now() + dt.timedelta(days=6), closes_at=now() + dt.timedelta(days=8),
            created_by=spot.staff_user.id, created_at=now(), **_at(spot, at_school=True),
        )  # fmt: skip
        plan.save(force_insert=True)
        row = OrderedSchool(order=order, school_id=spot.school.id, campaign=plan, **_at(spot, at_school=True))
        row.save(force_insert=True)
    spot.ids["ordered"] = row.campaign_id


def _sitting(spot: Spot, campaign: Campaign, round_number: int) -> Sitting:
    paper = build_paper([_shipped("phq-9")], place=spot.school.path, county_id=spot.school.shard_id)
    opened = open_sittings(
        campaign.id, paper, [spot.student], opens_at=campaign.opens_at, closes_at=campaign.closes_at,
        round_number=round_number,
    )  # fmt: skip
    return Sitting.objects.for_system(reason="a test's world").get(pk=opened.sittings[0].pk)


def _plant_scale(spot: Spot) -> None:
    """A licensed wording of the school's own beside what ships."""
    shipped = _shipped("phq-9")
    own, _ = ScaleVersion.objects.get_or_create(
        code="phq-9", version="own", place=spot.school.path,
        defaults={"definition": shipped.definition, "digest": shipped.digest, "has_wording": True,
                  "published_at": now()},
    )  # fmt: skip
    spot.ids |= {"shipped": shipped.id, "own_scale": own.id}
    drafts = ScaleDraft.objects.for_system(reason="a test's world")
    draft = drafts.filter(place=spot.school.path).first()
    if draft is None:
        draft = ScaleDraft(
            definition=json.dumps(skeleton("own-form", "问卷")), created_by=spot.asker,
            created_at=now(), changed_by=spot.asker, changed_at=now(), **_at(spot, at_school=True),
        )  # fmt: skip
        draft.save(force_insert=True)
    spot.ids["draft"] = draft.id
    county = spot.school.parent
    assert county is not None
    for name, unit in (("norm", spot.school), ("county_norm", county)):
        norm, _ = LocalNorm.objects.get_or_create(
            version=shipped, place=unit.path, number=1,
            defaults={"school_year": 2025, "sheets": 120, "definition": _norm_text(), "digest": "0" * 64,
                      "published_by": spot.asker, "published_at": now()},
        )  # fmt: skip
        spot.ids[name] = norm.id


def _norm_text() -> str:
    table = {"mean": 4.0, "sd": 3.0, "lines": [[0, 3, 60], [4, 27, 60]]}
    rules = {"group_sheets": 100, "line_sheets": 5, "schools": 3, "left_out_signs": [], "revision": "test"}
    group = {"sex": "", "bands": [["junior", [7, 8, 9]]], "n": 120, "scores": {"total": table}}
    norm = {"format": "xinqiao.local-norm/1", "scale": "phq-9", "version": "1", "school_year": 2025, "schools": 1}
    return json.dumps({**norm, "groups": [group], "left_out": {}, "rules": rules})


def _campaign(spot: Spot) -> Campaign:
    stage, entry_year = spot.group.stage, spot.group.entry_year
    years = sorted({entry_year, entry_year - 1})
    campaign = Campaign(
        name="秋季测评", school_id=spot.school.id, school_year=2026, grades=json.dumps([[stage, y] for y in years]),
        scale_ids=json.dumps([str(_shipped("phq-9").id)]), form_id=spot.ids["form"],
        opens_at=now() - dt.timedelta(days=2), closes_at=now() + dt.timedelta(days=5), state="open",
        created_by=spot.staff_user.id, created_at=now() - dt.timedelta(days=3),
        launched_at=now() - dt.timedelta(days=2), **_at(spot, at_school=True),
    )  # fmt: skip
    paper = build_paper([_shipped("phq-9")], place=spot.school.path, county_id=spot.school.shard_id)
    campaign.paper_id = paper.id
    campaign.save(force_insert=True)
    return campaign


def _ended(campaign: Campaign) -> Campaign:
    """The school's screening of the year before, ended."""
    known = Campaign.objects.for_system(reason="a test's world").filter(place=campaign.place, state="closed").first()
    if known is not None:
        return known
    year = dt.timedelta(days=365)
    ended = Campaign(
        name="去年测评", school_id=campaign.school_id, school_year=2025, grades=campaign.grades,
        scale_ids=campaign.scale_ids, form_id=campaign.form_id, paper_id=campaign.paper_id, state="closed",
        opens_at=campaign.opens_at - year, closes_at=campaign.closes_at - year, created_by=campaign.created_by,
        created_at=campaign.created_at - year, launched_at=campaign.opens_at - year,
        closed_at=campaign.closes_at - year, county_id=campaign.county_id, place=campaign.place,
    )  # fmt: skip
    ended.save(force_insert=True)
    return ended


def _shipped(code: str) -> ScaleVersion:
    return ScaleVersion.objects.get(code=code, place="")


def _plant_answers(spot: Spot, campaign: Campaign, sitting: Sitting) -> None:
    version = _shipped("phq-9")
    packed = pack_answers([2, 2, 2, 2, 2, 2, 2, 2, 1])
    result = json.loads(result_text(score_sheet(plan_for(version.id), packed, None)))
    result["scores"] = {name: int(spot.values["sheet.score"]) for name in result["scores"]}
    sheet = AnswerSheet(
        sitting=sitting, student=spot.student, key_id=spot.student.key_id, origin_id=campaign.id, scale_code="phq-9",
        scale_id=version.id, answers=packed, result=json.dumps(result), submitted_at=now(), **_at(spot),
    )  # fmt: skip
    _keep(spot, "sheet", sheet)
    tick = CriticalTick(
        sitting=sitting, student=spot.student, key_id=spot.student.key_id, scale_code="phq-9",
        answer=json.dumps({"item": 9, "code": 1}), ticked_at=now(), once=f"tick:{sitting.id}", **_at(spot),
    )  # fmt: skip
    _keep(spot, "tick", tick)


def _plant_alert(spot: Spot) -> None:
    student = spot.student
    basis = [Reason("critical_item", spot.values["signal.basis"], ("9",)), Reason("flag", "phq-9", ("total",))]
    signal = prepare_signal(
        student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id,
        source="critical_answer", urgency="red", evidence=87, basis=basis, origin_kind="sitting",
        origin_id=spot.ids["sitting"], once=f"critical:{spot.ids['sitting']}", at=now() - dt.timedelta(minutes=4),
    )  # fmt: skip
    signal.told_at = now()
    _keep(spot, "signal", signal)
    for staff_id in (spot.ids["staff"], *spot.reader_staff):
        notice = Notice(
            signal=signal, staff_id=staff_id, role="psychology", created_at=now(), **_at(spot, at_school=True)
        )
        _keep(spot, "notice", notice)
    _plant_warnings(spot, signal)
    _plant_gate_signal(spot, basis)
    _plant_report(spot, basis)
    _plant_draw(spot)
    _plant_clock(spot, signal)
    _plant_interview(spot, signal)


def _plant_warnings(spot: Spot, signal: Signal) -> None:
    """The ladder's people are warned, and one whom no reader is; a guardian was told."""
    somebody = (spot.ids["plain_staff"], "class_teacher", spot.school.path, "beyond")
    for staff_id, word, place, sees in (somebody, *spot.warned):
        row = LevelWarning(
            signal=signal, staff_id=staff_id, level="class", role=word, sees=sees, must_acknowledge=True,
            named_at=place, created_at=now(), called_at=now(), county_id=signal.county_id, place=place,
        )  # fmt: skip
        _keep(spot, "warning", row)
        if sees == "beyond":
            spot.ids["beyond"] = row.id
    told = GuardianTold(
        signal=signal, student=spot.student, key_id=spot.student.key_id, told_at=now(), way="phone", advised="yes",
        guardian_id=spot.ids["guardian"], words=spot.values["told.words"], recorded_by=spot.staff_user.id,
        recorded_at=now(), **_at(spot),
    )  # fmt: skip
    _keep(spot, "told", told)


def _plant_report(spot: Spot, basis: list[Reason]) -> None:
    """A worry that a member of staff reported, in their own words: in the class itself the class teacher."""
    student = spot.student
    signal = prepare_signal(
        student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id,
        source="staff", urgency="yellow", evidence=1, basis=basis, origin_kind="report", origin_id=student.id,
        once=f"report:{student.id}", at=now() - dt.timedelta(hours=1),
    )  # fmt: skip
    signal.told_at = now()
    _keep(spot, "reported", signal)
    report = Report(
        student=student, signal=signal, key_id=student.key_id, reported_by=spot.reporter, reported_at=now(),
        seen_when="today", typed=spot.values["report.typed"], words=spot.values["report.words"], **_at(spot),
    )  # fmt: skip
    _keep(spot, "report", report)


def _plant_draw(spot: Spot) -> None:
    """The pupil was also drawn by lot, of the same screening; classes of a school share the one draw."""
    lot = Lot.objects.for_system(reason="world").filter(campaign_id=spot.ids["campaign"]).first()
    if lot is None:
        lot = Lot(
            campaign_id=spot.ids["campaign"], seed="0" * 16, pupils=40, drawn_by=spot.staff_user.id, drawn_at=now(),
            **_at(spot, at_school=True),
        )  # fmt: skip
        _keep(spot, "lot", lot)
    _keep(spot, "draw", LotDraw(lot=lot, student=spot.student, position=1, **_at(spot)))


def _plant_letters(spot: Spot) -> None:
    """The ended screening's mailing, one letter with own words that is out, one that waits, one asking for a talk."""
    rows = Mailing.objects.for_system(reason="a test's world")
    mailing = rows.filter(campaign_id=spot.ids["ended"]).first()
    if mailing is None:
        mailing = Mailing(
            campaign_id=spot.ids["ended"], title="致家长", words="每个家庭都会收到这样一封信。",
            written_by=spot.staff_user.id, written_at=now(), **_at(spot, at_school=True),
        )  # fmt: skip
        mailing.save(force_insert=True)
    code, student = spot.values["letter.code"], spot.student
    out = Letter(
        mailing=mailing, student=student, key_id=student.key_id, class_id=spot.group.id, kind="own",
        words=spot.values["letter.words"], state="released", title="致家长", released_at=now(),
        expires_at=now() + dt.timedelta(days=30), code=code, code_mac=b"m", locator_mac=locator_mac(code), **_at(spot),
    )  # fmt: skip
    out.code_mac = code_mac(out.id, code)
    _keep(spot, "letter", out)
    spot.ids["letter_campaign"] = spot.ids["ended"]


def _plant_gate_signal(spot: Spot, basis: list[Reason]) -> None:
    """A flag of an earlier screening that waits at the second gate."""
    student = spot.student
    signal = prepare_signal(
        student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id,
        source="screening", urgency="yellow", evidence=30, basis=basis, origin_kind="sitting",
        origin_id=student.id, once=f"screening:{student.id}", at=now() - dt.timedelta(days=1),
    )  # fmt: skip
    signal.told_at = signal.gate_at = now()
    signal.gate, signal.gate_state = "talk", "waiting"
    _keep(spot, "gate_signal", signal)


def _plant_clock(spot: Spot, signal: Signal) -> None:
    deadline = Deadline(
        kind="acknowledge", subject_kind="signal", subject_id=signal.id, urgency="red", began_at=signal.raised_at,
        due_at=now() + dt.timedelta(minutes=11), original_due_at=now() + dt.timedelta(minutes=11),
        pack_revision="national-default@1#0", **_at(spot),
    )  # fmt: skip
    _keep(spot, "deadline", deadline)
    seen = Deadline(
        kind="seen", subject_kind="signal", subject_id=signal.id, urgency="red", began_at=signal.raised_at,
        due_at=now() + dt.timedelta(hours=6), original_due_at=now() + dt.timedelta(hours=6), paused_at=now(),
        pack_revision="national-default@1#0", **_at(spot),
    )  # fmt: skip
    _keep(spot, "paused", seen)
    pause = ClockPause(
        deadline=seen, key_id=signal.key_id, paused_at=now(), paused_by=spot.staff_user.id, reason="other",
        note=spot.values["pause.note"], left_seconds=60, climb_left_seconds=60, **_at(spot),
    )  # fmt: skip
    _keep(spot, "pause", pause)


def _plant_interview(spot: Spot, signal: Signal) -> None:
    student, values = spot.student, spot.values
    interview = Interview(
        student=student, signal=signal, key_id=student.key_id, held_at=now(), held_by=spot.staff_user.id,
        asked_about_suicide="yes", risk_found=values["interview.risk"], note=values["interview.note"], outcome="",
        recorded_at=now(), **_at(spot),
    )  # fmt: skip
    _keep(spot, "interview", interview)
    attention = Attention(
        student=student, key_id=student.key_id, level="orange", advice=values["attention.advice"],
        basis_kind="interview", basis_id=interview.id, set_by=spot.staff_user.id, set_at=now(),
        review_on=today() + dt.timedelta(days=14), **_at(spot),
    )  # fmt: skip
    _keep(spot, "attention", attention)


def _plant_roster(spot: Spot) -> None:
    run = RosterRun(
        unit_id=spot.school.id, key_id=new_key("unit"), state="done", counted_on=today(), file_name="roster.xlsx",
        size_bytes=1000, digest="0" * 64, uploaded_by=spot.staff_user.id, uploaded_at=now(), finished_at=now(),
        row_count=2, done_count=2, created=1, rejected=1, **_at(spot, at_school=True),
    )  # fmt: skip
    _keep(spot, "run", run)
    said = {"name": spot.values["roster.refused"], "class": "七(3)"}
    detail = {"sheet": "1", "row": 7, "column": "id_number", "code": "id_checksum", "params": {}, "said": said}
    refusal = RosterRefusal(
        run=run, key_id=run.key_id, row=7, code="id_checksum", detail=json.dumps(detail), **_at(spot, at_school=True)
    )
    _keep(spot, "refusal", refusal)


def _plant_turn(spot: Spot) -> None:
    turn = YearTurn.objects.for_system(reason="a test's world").filter(place=spot.school.path).first()
    if turn is None:
        turn = YearTurn(
            unit_id=spot.school.id, key_id=new_key("unit"), starts_in=2027, on=dt.date(2027, 9, 1),
            drafted_by=spot.staff_user.id, drafted_at=now(), changed_at=now(), **_at(spot, at_school=True),
        )  # fmt: skip
        turn.save(force_insert=True)
    spot.ids["turn"] = turn.id


def _plant_staff_list(spot: Spot) -> None:
    run = StaffRun(
        unit_id=spot.school.id, key_id=new_key("unit"), state="checked", file_name="staff.xlsx",
        uploaded_by=spot.staff_user.id, uploaded_at=now(), **_at(spot, at_school=True),
    )  # fmt: skip
    _keep(spot, "staff_run", run)
    said = {"name": "新同事", "number": "", "phone": "", "mail": "", "post": "", "employment": "", "qualification": "",
            "roles": [], "cohorts": []}  # fmt: skip
    line = StaffLine(run=run, key_id=run.key_id, row=2, match="new", body=json.dumps(said), **_at(spot, at_school=True))
    line.save(force_insert=True)


def _plant_voices(spot: Spot) -> None:
    """The pupil is committee member, has reported, and worries about somebody who is not known yet."""
    student = spot.student
    seat = CommitteeSeat(
        student=student, class_id=spot.group.id, chair=1, start_on=today(), appointed_by=spot.staff_user.id, **_at(spot)
    )
    _keep(spot, "seat", seat)
    report = ClassReport(
        student=student, class_id=spot.group.id, key_id=student.key_id, week_on=today(), reported_at=now(),
        answers='{"mood": "low", "quarrels": "some", "load": "heavy"}', key="k" * 16, digest=b"\0" * 32,
        receipt=f"V{student.id.hex[-9:]}".upper(), told_at=now(), **_at(spot),
    )  # fmt: skip
    _keep(spot, "class_report", report)
    words = spot.values["worry.words"]
    worry = ClassmateWorry(
        report=report, student=student, key_id=student.key_id, about=words, said=f'[["low"], "{words}"]',
        urgency="yellow", state="open", raised_at=now(), told_at=now(), **_at(spot),
    )  # fmt: skip
    _keep(spot, "worry", worry)


def _plant_mailbox(spot: Spot) -> None:
    """A letter without a name, whose name is asked for by a colleague, and was opened to save a life."""
    student, values, at = spot.student, spot.values, now()
    letter = PupilLetter(
        channel="web", key_id=new_key("unit"), code_index=new_id().bytes, written_at=at, waits_since=at, told_at=at,
        **_at(spot, at_school=True),
    )  # fmt: skip
    _keep(spot, "mail", letter)
    common = {"letter": letter, **_at(spot, at_school=True)}
    LetterWords(
        key_id=letter.key_id, writer="pupil", words=values["mail.words"], at=at, once=new_id().bytes, **common
    ).save(force_insert=True)
    SealedName(key_id=new_key("unit"), who=student.id.hex, **common).save(force_insert=True)
    request = NameRequest(
        key_id=letter.key_id, state="asked", reason=values["mail.reason"], told=values["mail.reason"],
        asked_by=spot.ids["staff"], asked_at=at, due_at=at, **common,
    )  # fmt: skip
    _keep(spot, "name_request", request)


def _plant_mentor(spot: Spot, mentor: UUID) -> None:
    """The pupil has a mentor, who has noted a talk."""
    student = spot.student
    _keep(spot, "mentoring", Tie(student=student, kind="mentor", person_id=mentor, start_on=today(), **_at(spot)))
    talk = MentorTalk(
        student=student, key_id=student.key_id, key=new_id(), mentor=mentor, held_on=today(), kind="mind",
        form="one_to_one", words=spot.values["talk.words"], noted_at=now(), **_at(spot),
    )  # fmt: skip
    _keep(spot, "talk", talk)
    contact = FamilyContact(
        student=student, key_id=student.key_id, key=new_id(), reached_on=today(), channel="phone", is_answered=True,
        guardian_id=spot.ids["guardian"], topics="sleep", words=spot.values["contact.words"],
        noted_by=spot.ids["plain_staff"], noted_at=now(), **_at(spot),
    )  # fmt: skip
    _keep(spot, "contact", contact)
    duty = ContactDuty(kind="pupil", student=student, began_at=now(), due_at=now(), **_at(spot))
    _keep(spot, "contact_duty", duty)


def _plant_register(spot: Spot) -> None:
    """The pupil is on the register, is proposed for it once more, and is asked by a screening of the register."""
    student, why = spot.student, spot.values["register.reason"]
    entry = RegisterEntry(
        student=student, key_id=student.key_id, category="family", reason=why, state="kept", since=today(),
        review_on=today(), **_at(spot),
    )  # fmt: skip
    _keep(spot, "entry", entry)
    proposal = RegisterEntry(
        student=student, key_id=student.key_id, category="physique", reason=why, state="proposed",
        proposed_by=spot.ids["staff"], proposed_at=now(), **_at(spot),
    )  # fmt: skip
    _keep(spot, "proposal", proposal)
    running = Campaign.objects.for_system(reason="a test's world").filter(place=spot.school.path)
    everyones = running.get(pk=spot.ids["campaign"])
    campaign = running.exclude(register=OF_EVERYONE).first()
    if campaign is None:
        campaign = Campaign(
            name="小问卷", school_id=everyones.school_id, school_year=2026, grades=everyones.grades, state="open",
            register='["family"]', scale_ids=everyones.scale_ids, form_id=everyones.form_id,
            paper_id=everyones.paper_id, opens_at=everyones.opens_at, closes_at=everyones.closes_at,
            created_by=everyones.created_by, created_at=everyones.created_at, launched_at=everyones.launched_at,
            **_at(spot, at_school=True),
        )  # fmt: skip
        campaign.save(force_insert=True)
    spot.ids["of_register"] = campaign.id
    CampaignPupil(campaign=campaign, student=student, **_at(spot)).save(force_insert=True)


def _plant_centre(spot: Spot, by: UUID) -> None:
    """A room with a weekly line and an hour of the roster; a pupil has a slot of it, another one is free."""
    at = {**_at(spot, at_school=True), "school_id": spot.school.id}
    room = _keep(spot, "centre_room", CentreRoom(name=f"辅导室 {spot.name}", zone="individual", **at))
    sits = spot.ids["staff"]
    line = OpeningTime(
        room=room, weekday=1, start_at=dt.time(13), end_at=dt.time(15), during="lessons", staff_id=sits, **at
    )
    _keep(spot, "opening", line)
    start = now() + dt.timedelta(days=1)
    hour = RosterHour(
        room=room, staff_id=sits, start_at=start, end_at=start + dt.timedelta(hours=2), during="lessons", **at
    )
    _keep(spot, "roster_hour", hour)
    Visit(
        hour=hour, student=spot.student, key_id=spot.student.key_id, came_at=now(), minutes=15, topics='["study"]',
        noted_by=sits, once=new_id(), **at,
    ).save(force_insert=True)  # fmt: skip
    slots = [Slot(hour=hour, start_at=start + dt.timedelta(hours=n), end_at=start + dt.timedelta(hours=n, minutes=40),
                  **at) for n in range(2)]  # fmt: skip
    for slot in slots:
        slot.save(force_insert=True)
    _keep(spot, "booking", Booking(
        school_id=spot.school.id, slot=slots[0], student=spot.student, key_id=spot.student.key_id, seat=1,
        booked_by=by, reason=spot.values["booking.words"], followed=spot.values["booking.words"], booked_at=now(),
        **_at(spot),
    ))  # fmt: skip
    _keep(spot, "waiting", Waiting(
        school_id=spot.school.id, student=spot.student, key_id=spot.student.key_id, asked_by=str(by), since=now(),
        clocked_at=now(), words=spot.values["booking.words"], **_at(spot),
    ))  # fmt: skip
    if spot.name == "own_class":
        _plant_feed(spot, room, start + dt.timedelta(days=1))


def _plant_feed(spot: Spot, room: CentreRoom, start: dt.datetime) -> None:
    """The psychology teacher who reads has a calendar address, and an hour that the pupil has booked."""
    at = {**_at(spot, at_school=True), "school_id": spot.school.id}
    psych = spot.reader_staff[0]
    hour = RosterHour(room=room, staff_id=psych, start_at=start, end_at=start + dt.timedelta(hours=1), during="lessons",
                      **at)  # fmt: skip
    hour.save(force_insert=True)
    slot = Slot(hour=hour, start_at=start, end_at=start + dt.timedelta(minutes=40), **at)
    slot.save(force_insert=True)
    Booking(
        school_id=spot.school.id, slot=slot, student=spot.student, key_id=spot.student.key_id, seat=2, booked_by=psych,
        reason=spot.values["booking.words"], booked_at=now(), **_at(spot),
    ).save(force_insert=True)  # fmt: skip
    CalendarFeed(
        staff_id=psych, mac=token_mac(FEED), made_at=now(), hour_at=now(), **_at(spot, at_school=True)
    ).save(force_insert=True)  # fmt: skip
    spot.ids["feed"] = FEED


def _plant_round(spot: Spot) -> None:
    """A round runs at the school, its list waits in the class, a worry about the pupil stands on it; a call of the
    school and one of its bureau can be taken back, and somebody saw the boarders."""
    by, student = spot.ids["staff"], spot.student
    for name, place in (("round_call", spot.school.path), ("county_call", spot.school.parent.path)):
        call = RoundCall.objects.for_system(reason="a test's world").filter(place=place).first()
        if call is None:
            call = RoundCall(
                county_id=spot.school.shard_id, place=place, window="disaster", reason="台风过后", called_by=by,
                called_at=now(),
            )  # fmt: skip
            call.save(force_insert=True)
        spot.ids[name] = call.id
    found = Round.objects.for_system(reason="a test's world").filter(place=spot.school.path).first()
    if found is None:
        found = Round(
            school_id=spot.school.id, window="spring", occasion="2026", names='{"en": "Spring", "zh": "春季"}',
            opened_at=now(), due_at=now() + dt.timedelta(days=5), **_at(spot, at_school=True),
        )  # fmt: skip
        found.save(force_insert=True)
    spot.ids["round"] = found.id
    row = _keep(spot, "round_list", RoundList(round=found, class_id=spot.group.id, **_at(spot)))
    RoundLine(
        list=row, student=student, key_id=student.key_id, finding="worry", looked_by=by, looked_at=now(),
        noted=Told(words=spot.values["round.words"]).as_json(), **_at(spot),
    ).save(force_insert=True)  # fmt: skip
    visitor = Staff.objects.for_system(reason="a test's world").get(pk=by)
    DormVisit(
        class_id=spot.group.id, key_id=visitor.key_id, visited_on=today(), rooms="一号楼", visited_by=by,
        noted_at=now(), seen=spot.values["visit.seen"], **_at(spot),
    ).save(force_insert=True)  # fmt: skip


def _plant_incident(spot: Spot) -> None:
    """An incident runs at the school, the pupil stands on its map, a step waits, one report is written, one is sent;
    something is said of it, a message waits, and a drill was held."""
    by, words, student = spot.staff_user.staff_id, spot.values["incident.words"], spot.student
    assert student is not None
    school = _at(spot, at_school=True)
    made = Incident(
        school_id=spot.school.id, key_id=new_key(SubjectKind.INCIDENT), once=new_id(), kind="accident",
        names='{"en": "An accident", "zh": "意外事故"}', happened_at=now(), where=words, what=words, leader=by,
        opened_by=by, opened_at=now(), **school,
    )  # fmt: skip
    _keep(spot, "incident", made)
    common = {"incident": made, "key_id": made.key_id, **school}
    line = IncidentLine(
        once=f"step:{made.id}", kind="step", code="safety", names='{"en": "Safety", "zh": "现场"}', added_by=by,
        asked=words, began_at=now(), due_at=now() + dt.timedelta(minutes=5), **common,
    )  # fmt: skip
    _keep(spot, "incident_line", line)
    IncidentNote(once=new_id(), at=now(), words=words, noted_by=by, noted_at=now(), **common).save(force_insert=True)
    exposure = Exposure(
        incident=made, student=student, key_id=student.key_id, how="classmate", by="class_teacher", added_by=by,
        added_at=now(), due_at=now() + dt.timedelta(days=2), words=spot.values["exposure.words"], **_at(spot),
    )  # fmt: skip
    _keep(spot, "exposure", exposure)
    report = {"due_at": now(), "text": spot.values["incident.report"], "version": 1, "written_by": by, **common}
    _keep(spot, "incident_report", IncidentReport(form="follow-up", position=2, is_checked=False, state="written",
                                                  **report))  # fmt: skip
    sent = {"state": "sent", "sent_at": now(), "sent_to": "县教育局", "sent_by": by}
    _keep(spot, "sent_report", IncidentReport(form="first", position=1, is_checked=False, **sent, **report))
    said = {"where": words, "says": words, "link": words, "found_at": now(), "is_counted": True, "due_at": now()}
    _keep(spot, "opinion_item", OpinionItem(once=new_id(), collected_by=by, collected_at=now(), **said, **common))
    message = MessageDraft(
        once=new_id(), audience="staff", language="zh-Hans", text=spot.values["incident.message"], written_by=by,
        written_at=now(), **common,
    )  # fmt: skip
    _keep(spot, "message_draft", message)
    Drill(
        school_id=spot.school.id, key_id=made.key_id, once=new_id(), held_on=today(), scenario=words, people=words,
        found=words, noted_by=by, noted_at=now(), **school,
    ).save(force_insert=True)  # fmt: skip


def _plant_modes(spot: Spot) -> None:
    """The incident has a hotline with somebody on the roster and a call about the pupil that waits to be called back,
    and a joint activation with a partner that has not answered."""
    by, words, student = spot.staff_user.staff_id, spot.values["call.words"], spot.student
    assert student is not None
    made = Incident.objects.for_system(reason="a test's world").get(pk=spot.ids["incident"])
    school, soon = _at(spot, at_school=True), now() + dt.timedelta(hours=1)
    hotline = Hotline(
        incident=made, key_id=made.key_id, once=f"{made.id}", numbers="0592-0000000", from_hour=8, hours=12,
        opened_by=by, opened_at=now(), **school,
    )  # fmt: skip
    _keep(spot, "hotline", hotline)
    shift = HotlineShift(
        hotline=hotline, once=new_id(), day=today(), from_hour=8, hours=12, sitter=by, added_by=by, added_at=now(),
        **school,
    )  # fmt: skip
    _keep(spot, "hotline_shift", shift)
    call = HotlineCall(
        hotline=hotline, key_id=student.key_id, once=new_id(), at=now(), caller="guardian", concern=words,
        answered=words, student=student, signal_id=new_id(), taken_by=by, back_state="waiting", back_to=words,
        back_began_at=now(), back_due_at=soon, **school,
    )  # fmt: skip
    _keep(spot, "hotline_call", call)
    told = spot.values["joint.words"]
    joint = JointActivation(
        incident=made, key_id=made.key_id, once=new_id(), level="county", level_names='{"en": "County", "zh": "县级"}',
        grounds=told, partner_id=new_id(), partner_name="辅导站", partner_contact="值班室", lead_education=by,
        lead_health=told, opened_by=by, opened_at=now(), situation_due_at=soon, **school,
    )  # fmt: skip
    _keep(spot, "joint", joint)
    common = {"activation": joint, "key_id": made.key_id, **school}
    part = JointPart(once=new_id(), whom="辅导站", asked=told, asked_by=by, asked_at=now(), due_at=soon, **common)
    _keep(spot, "joint_part", part)
    JointNote(once=new_id(), at=now(), words=told, noted_by=by, noted_at=now(), **common).save(force_insert=True)


def _plant_case(spot: Spot, helper: UUID) -> None:
    """The pupil is in care: judged, with a plan, a follow-up, and one named helper."""
    student, words, on = spot.student, spot.values["case.words"], today()
    common = {"key_id": student.key_id, **_at(spot)}
    case = Case(
        student=student, state="judged", owner=spot.ids["staff"], level="orange", opened_at=now(), opened_for=words,
        opened_by=spot.ids["staff"], judge_by=on + dt.timedelta(days=9), follow_up_on=on + dt.timedelta(days=9),
        **common,
    )  # fmt: skip
    _keep(spot, "case", case)
    judgement = Judgement(
        case=case, number=1, held_at=now(), recorded_at=now(), recorded_by=spot.ids["staff"], others=words,
        present=json.dumps([str(spot.ids["staff"])]), evidence="[]", has_static=False, has_dynamic=False,
        looked_at=words, level="orange", reasons=words, advice=spot.values["attention.advice"],
        review_on=case.judge_by, **common,
    )  # fmt: skip
    _keep(spot, "judgement", judgement)
    plan = CarePlan(
        case=case, number=1, goals=words, family_part=words, helper=helper, for_helper=spot.values["case.helper"],
        review_on=case.judge_by, written_by=spot.ids["staff"], written_at=now(), **common,
    )  # fmt: skip
    _keep(spot, "care_plan", plan)
    Measure(plan=plan, position=1, what=words, who=words, **common).save(force_insert=True)
    follow_up = FollowUp(
        case=case, held_at=now(), held_by=spot.ids["staff"], way="in_person", whom="pupil", seen_words=words,
        finding="none", next_on=case.follow_up_on, recorded_at=now(), **common,
    )  # fmt: skip
    _keep(spot, "follow_up", follow_up)


def _plant_referrals(spot: Spot) -> None:
    """An institution of the school's own, a referral that is out there, and one that is being written."""
    partner = Partner.objects.for_system(reason="a test's world").filter(place=spot.school.path).first()
    if partner is None:
        partner = Partner(
            name="某某医院", kind="hospital", contact="门诊", agreed_from=today() - dt.timedelta(days=30),
            written_by=spot.staff_user.id, written_at=now(), **_at(spot, at_school=True),
        )  # fmt: skip
        partner.save(force_insert=True)
    spot.ids["partner"] = partner.id
    student, values = spot.student, spot.values
    common = {
        "student": student, "key_id": student.key_id, "reason": values["referral.words"], "contact": "办公室",
        "written_by": spot.staff_user.id, "written_at": now(), **_at(spot),
    }  # fmt: skip
    shown = Payload("学校", "办公室", partner.name, values["referral.words"]).as_json()
    out = Referral(
        partner=partner, state="sent", payload=shown, payload_digest=b"d", link=values["referral.code"],
        link_mac=link_mac(values["referral.code"]), code=values["referral.code"], code_mac=b"c", sent_at=now(),
        expires_at=now() + dt.timedelta(days=30), **common,
    )  # fmt: skip
    _keep(spot, "referral", out)
    other = Partner(
        name="另一医院", kind="hospital", contact="门诊", agreed_from=today(), left_on=today(),
        left_by=spot.staff_user.id, written_by=spot.staff_user.id, written_at=now(), **_at(spot, at_school=True),
    )  # fmt: skip
    other.save(force_insert=True)
    _keep(spot, "referral_draft", Referral(partner=other, **common))
    _plant_leave(spot)
    _plant_watch(spot)


def _plant_watch(spot: Spot) -> None:
    """A pupil kept in view, looked at once."""
    student, by, words = spot.student, spot.staff_user.id, spot.values["watch.words"]
    watch = Watch(
        student=student, key_id=student.key_id, owner=by, opened_at=now(), opened_by=by, looks=1,
        look_on=today() + dt.timedelta(days=14), **_at(spot),
    )  # fmt: skip
    _keep(spot, "watch", watch)
    WatchLook(
        watch=watch, number=1, key_id=student.key_id, held_at=now(), held_by=by, way="in_person", seen_words=words,
        finding="none", next_on=watch.look_on, recorded_at=now(), **_at(spot),
    ).save(force_insert=True)  # fmt: skip


def _plant_filings(spot: Spot) -> None:
    """One filing that came in and was passed on to city and province, one that is owed, and one that was dropped."""
    student, values, by = spot.student, spot.values, spot.staff_user.id
    terms = {
        "code": "high-risk", "name": {"en": "High-risk pupil", "zh-Hans": "高危学生报告"}, "levels": ["orange"],
        "to": "county", "within": {"school_days": 1}, "may_lapse": True, "on_to": ["city", "province"],
    }  # fmt: skip
    bureaus = []
    above = spot.school.parent
    while above is not None:
        bureaus.append(above.id)
        above = above.parent
    common = {
        "student": student, "case_id": spot.ids["case"], "key_id": student.key_id, "kind": "first", "level": "orange",
        "terms": json.dumps(terms), "reference": "QQ23456X", "bureau": bureaus[0], "owed_at": now(),
        "due_at": now() + dt.timedelta(days=1), "number": 1, **_at(spot, at_school=True),
    }  # fmt: skip
    came = Filing(order="high-risk", state="sent", version=1, sent_at=now(), **common)
    _keep(spot, "filing", came)
    facts = Facts(spot.school.name, "QQ23456X", "orange", today().isoformat(), goes_on=True)
    Edition(
        filing=came, key_id=student.key_id, number=1, composed_by=by, composed_at=now(), sent_by=by, sent_at=now(),
        payload=FiledPayload(facts, values["filing.words"], "", "办公室").as_json(), **_at(spot, at_school=True),
    ).save(force_insert=True)  # fmt: skip
    for bureau in bureaus[1:]:
        Passing(filing=came, bureau=bureau, passed_by=by, passed_at=now(), **_at(spot, at_school=True)).save(
            force_insert=True
        )
    _keep(spot, "filing_owed", Filing(order="other", state="writing", **common))
    dropped = Filing(
        order="third", state="lapsed", lapsed_at=now(), lapsed_by=by, lapse_words=values["filing.reason"], **common
    )
    _keep(spot, "filing_dropped", dropped)


def _plant_group(spot: Spot, built: Built) -> None:
    """The school has a counselling group; somebody waits to be admitted, and two holders are asked for a recovery."""
    at = _at(spot, at_school=True)
    group = Group.objects.for_system(reason="a test's world").filter(school_id=spot.school.id).first()
    if group is None:
        group = Group(school_id=spot.school.id, founded_by=spot.ids["staff"], founded_at=now(), **at)
        group.save(force_insert=True)
        version = GroupVersion(group=group, number=1, public=bytes(32), made_at=now(), **at)
        version.save(force_insert=True)
        if spot.school.code == "songhu-junior":
            reader = built.staff[READERS["psych_teacher"]].id
            Member(
                group=group, staff_id=reader, state="admitted", asked_at=now(), admitted_at=now(), **at
            ).save(force_insert=True)  # fmt: skip
    spot.ids["counsel_group"] = group.id
    person = Staff.objects.for_system(reason="a test's world").get(pk=spot.ids["staff"])
    key = OwnKey(
        staff_id=person.id, key_id=person.key_id, public=bytes(32), guarded=b"x", made_at=now(), **at
    )  # fmt: skip
    key.save(force_insert=True)
    member = Member(group=group, staff_id=person.id, state="waiting", asked_at=now(), **at)
    _keep(spot, "counsel_member", member)
    _keep(spot, "recovery", Recovery(group=group, heir_key=key, begun_by=new_id(), begun_at=now(), **at))


def _plant_course(spot: Spot, built: Built) -> None:
    """The pupil is counselled: at the own school by the psychology teacher who reads, elsewhere by somebody else."""
    is_own = spot.school.code == "songhu-junior"
    counsellor = built.staff[READERS["psych_teacher"]].id if is_own else spot.ids["staff"]
    row = Course(
        student=spot.student, state="running", counsellor=counsellor, agreement="知情同意", signed="pupil",
        signed_on=today(), opened_by=counsellor, opened_at=now(), **_at(spot),
    )  # fmt: skip
    course = _keep(spot, "counsel_course", row)
    Goal(
        course=course, key_id=spot.student.key_id, words=spot.values["goal.words"], set_by=counsellor, set_at=now(),
        **_at(spot),
    ).save(force_insert=True)  # fmt: skip
    session = Session(
        course=course, held_on=today(), minutes=50, form="individual", written_by=counsellor, written_at=now(),
        has_process=True, has_analysis=False, has_countermeasure=False, has_effect=False, **_at(spot),
    )  # fmt: skip
    _keep(spot, "counsel_session", session)


def _plant_files(spot: Spot) -> None:
    """A growth plan, family sections, a request that waits with an excerpt to be decided on, and one approved."""
    student, values, by = spot.student, spot.values, spot.staff_user.id
    common = {"student": student, "key_id": student.key_id, **_at(spot)}
    GrowthPlan(
        year=2026, term=1, number=1, strengths=values["plan.words"], aim=values["plan.words"],
        helps=values["plan.words"], look_on=today() + dt.timedelta(days=60), written_by=by, written_at=now(), **common,
    ).save(force_insert=True)  # fmt: skip
    FamilyNote(
        number=1, is_whole=True, told_by="pupil", situation=values["family.words"], upbringing=values["family.words"],
        experience=values["family.words"], written_by=by, written_at=now(), **common,
    ).save(force_insert=True)  # fmt: skip
    common |= _at(spot, at_school=True)
    request = FileRequest(
        kind="see", asked_by="guardian", way="person", asked_on=today(), words=values["request.words"], recorded_by=by,
        recorded_at=now(), due_at=now() + dt.timedelta(days=20), **common,
    )  # fmt: skip
    _keep(spot, "file_request", request)
    waiting = Excerpt(
        request=request, sections="plan", purpose=values["request.words"], written_by=by, written_at=now(), **common
    )
    _keep(spot, "excerpt", waiting)
    approved = Excerpt(
        request=request, sections="plan,family", purpose=values["request.words"], state="approved", written_by=by,
        written_at=now(), decided_by=spot.ids["plain_staff"], decided_at=now(), **common,
    )  # fmt: skip
    _keep(spot, "excerpt_approved", approved)
    deletion = FileRequest(
        kind="delete", asked_by="guardian", way="letter", asked_on=today(), words=values["request.words"],
        recorded_by=by, recorded_at=now(), due_at=now() + dt.timedelta(days=20), **common,
    )  # fmt: skip
    _keep(spot, "deletion", deletion)
    about = {"student": student, "request": deletion, **_at(spot, at_school=True)}
    _keep(spot, "erasure", Erasure(proposed_by=by, proposed_at=now(), **about))


def _plant_transfers(spot: Spot) -> None:
    """A file to be handed over, one that came and waits, and one that was taken in for the pupil."""
    student, values, by = spot.student, spot.values, spot.staff_user.id
    common, days = {"key_id": student.key_id, **_at(spot, at_school=True)}, dt.timedelta(days=20)
    left = {"student": student, "class_id": spot.group.id, "left_on": dt.date(2026, 6, 30), "due_at": now() + days}
    _keep(spot, "handover", Handover(state="returned", reason=values["request.words"], **left, **common))
    parcel = Parcel(
        name=values["pupil.name"], sex="female", birth="2013-05-01", school="前一所小学", left_on=dt.date(2026, 6, 30),
        parts=(Part("family", "家庭", (Line(now(), values["family.words"]),)),),
    )  # fmt: skip
    for name, state in (("arrival", "waiting"), ("arrival_taken", "taken")):
        sent = Handover(state="done", target_id=spot.school.id, decided_by=by, decided_at=now(), **left, **common)
        sent.save(force_insert=True)
        taken = {"student": student, "taken_by": by, "taken_at": now()} if state == "taken" else {}
        row = Arrival(
            handover=sent, from_id=spot.school.id, parcel=parcel_text(parcel), state=state, arrived_at=now(),
            due_at=now() + days, **taken, **common,
        )  # fmt: skip
        _keep(spot, name, row)


def _plant_leave(spot: Spot) -> None:
    """A return that was put off, with the family's appeal against it."""
    student, by = spot.student, spot.staff_user.id
    leave = Leave(
        student=student, key_id=student.key_id, state="appealed", opened_by=by, opened_at=now(), left_on=today(),
        decided_by=by, **_at(spot),
    )  # fmt: skip
    _keep(spot, "leave", leave)
    for kind, words in (("found", spot.values["leave.words"]), ("appealed", spot.values["leave.appeal"])):
        LeaveStep(
            leave=leave, key_id=student.key_id, kind=kind, at=now(), by=by, day=today(), people=words, words=words,
            **_at(spot),
        ).save(force_insert=True)  # fmt: skip


def _plant_feedback(spot: Spot, teacher: UUID) -> None:
    """Words are out to one teacher, a guardian was tried in vain, and a meeting is under way with a task for the same
    teacher."""
    student, values = spot.student, spot.values
    common = {"key_id": student.key_id, **_at(spot)}
    for to, state in (("teachers", "released"), ("guardian", "owed")):
        row = Feedback(
            student=student, to=to, state=state, flagged_at=now(), due_at=now() + dt.timedelta(days=3),
            words=values["feedback.words"] if to == "teachers" else None, **common,
        )  # fmt: skip
        _keep(spot, f"feedback_{to}", row)
    word = TeacherWord(
        feedback_id=spot.ids["feedback_teachers"], staff_id=teacher, sees_level=True, released_at=now(), **_at(spot)
    )
    _keep(spot, "word", word)
    GuardianTry(
        feedback_id=spot.ids["feedback_guardian"], tried_at=now(), way="phone", outcome="nobody",
        words=values["feedback.try"], recorded_by=spot.staff_user.id, recorded_at=now(), **common,
    ).save(force_insert=True)  # fmt: skip
    _plant_meeting(spot, teacher)


def _plant_meeting(spot: Spot, teacher: UUID) -> None:
    student, values = spot.student, spot.values
    meeting = Meeting.objects.for_system(reason="a test's world").filter(school_id=spot.school.id).first()
    if meeting is None:
        meeting = Meeting(
            school_id=spot.school.id, key_id=new_key("unit"), state="open", due_on=today(), called_at=now(),
            opened_at=now(), opened_by=spot.ids["staff"], words=values["meeting.words"],
            others=values["meeting.words"], **_at(spot, at_school=True),
        )  # fmt: skip
        meeting.save(force_insert=True)
    spot.ids["meeting"] = meeting.id
    item = AgendaItem(
        meeting=meeting, student=student, key_id=student.key_id, level="orange", why='["case"]', looked_at=True,
        words=values["meeting.words"], **_at(spot),
    )  # fmt: skip
    _keep(spot, "agenda_item", item)
    decision = Decision(
        meeting=meeting, item=item, key_id=student.key_id, what=values["task.words"], owner=teacher,
        due_on=today() + dt.timedelta(days=5), written_at=now(), **_at(spot),
    )  # fmt: skip
    _keep(spot, "decision", decision)
