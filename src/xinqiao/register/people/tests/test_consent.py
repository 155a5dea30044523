"""Who decides about a consent, what decisions come to, and the pages where they are recorded."""

import datetime as dt

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from xinqiao.foundation.access.actors import Actor, Forbidden, Grant
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.orgs.services.units import build_unit, ensure_class
from xinqiao.register.people.models import Consent, ConsentForm
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.people.rules import (
    ConsentRule,
    DecisionFact,
    Standing,
    consent_rule,
    is_age_certain,
    standing_of,
    state_of,
)
from xinqiao.register.people.selectors.consent import consent_rows, consent_state, current_form, forms_published
from xinqiao.register.people.services import consents
from xinqiao.register.people.services.consents import (
    CannotPublish,
    CannotRecord,
    FormText,
    publish_form,
    record_consents,
    shipped_text,
)
from xinqiao.register.people.sorting import sound_order
from xinqiao.register.people.states import Purpose
from xinqiao.register.people.tests.conftest import NOW
from xinqiao.register.policy.tests.local_packs import consent_part, local_pack, put_in_force

ON = dt.date(2026, 11, 23)
EARLY, LATE = dt.datetime(2026, 11, 1, tzinfo=dt.UTC), dt.datetime(2026, 11, 2, tzinfo=dt.UTC)


def fact(decision, given_by, at=EARLY):
    return DecisionFact(decision, given_by, at)


FOURTEEN, SIXTEEN = ConsentRule(14, None), ConsentRule(16, None)
SILENT = ConsentRule(14, 16)


def standing(decides_alone, takes_silence=True):
    return Standing(SILENT, decides_alone, takes_silence)


@pytest.mark.parametrize(
    ("born", "alone"),
    [("2012-11-23", True), ("2012-11-24", False), ("2012-11-22", True), ("2012-02-29", True), ("2015-01-01", False)],
)
def test_a_pupil_decides_alone_from_the_fourteenth_birthday(born, alone):
    day = dt.date.fromisoformat(born)
    assert standing_of(FOURTEEN, day, day.year, ON).decides_alone is alone
    earlier = day.replace(year=day.year - 2, day=min(day.day, 28))
    assert standing_of(SIXTEEN, earlier, earlier.year, ON).decides_alone is alone


@pytest.mark.parametrize(
    ("rule", "born", "takes"),
    [
        (SILENT, "2010-11-23", True),
        (SILENT, "2010-11-24", False),
        (FOURTEEN, "2008-01-01", False),
        (ConsentRule(16, 14), "2011-01-01", False),
    ],
)
def test_silence_is_taken_from_the_age_of_the_rule_and_never_where_a_yes_is_needed(rule, born, takes):
    day = dt.date.fromisoformat(born)
    assert standing_of(rule, day, day.year, ON).takes_silence is takes


def test_the_mode_makes_the_rule():
    assert consent_rule("opt_in", 14, 16) == ConsentRule(14, None)
    assert consent_rule("opt_out", 14, 16) == SILENT
    assert SILENT.ages == (14, 16)


@pytest.mark.parametrize(("year", "alone"), [(2011, True), (2012, False), (2013, False), (None, False)])
def test_without_the_day_doubt_means_the_guardian(year, alone):
    assert standing_of(FOURTEEN, None, year, ON).decides_alone is alone
    assert is_age_certain(year, ON, (14,)) is (year != 2012)
    assert not is_age_certain(2010, ON, (14, 16))


@pytest.mark.parametrize(
    ("facts", "alone", "opt_out", "state"),
    [
        ([], False, False, "open"),
        ([], False, True, "open"),
        ([], True, False, "open"),
        ([], True, True, "not_needed"),
        ([fact("given", "student")], False, False, "open"),
        ([fact("given", "guardian")], False, False, "given"),
        ([fact("given", "guardian"), fact("withdrawn", "guardian", LATE)], False, False, "withdrawn"),
        ([fact("withdrawn", "guardian"), fact("given", "guardian", LATE)], False, False, "given"),
        ([fact("given", "guardian"), fact("refused", "student")], True, False, "refused"),
        ([fact("refused", "guardian"), fact("given", "student")], True, False, "given"),
        ([fact("refused", "guardian")], True, True, "refused"),
        ([fact("given", "guardian")], True, False, "given"),
        ([fact("refused", "guardian"), fact("given", "student", LATE)], False, True, "refused"),
    ],
)
def test_what_decisions_come_to(facts, alone, opt_out, state):
    assert state_of(facts, standing(alone), is_opt_out=opt_out) == state


def test_silence_on_an_opt_out_form_is_open_where_the_rule_does_not_take_it():
    assert state_of([], standing(True, takes_silence=False), is_opt_out=True) == "open"


TEXT = FormText("标题", "正文", "Title", "Text")
SYSTEM = Actor(id=new_id(), kind="system", name="test")


@pytest.fixture
def class_of(school):
    with clock.frozen(NOW):
        unit, _ = ensure_class(school, "junior", 2026, 3)
        drafts = [
            StudentDraft("十三岁", unit, "1001", birth_on=dt.date(2013, 5, 1)),
            StudentDraft("十四岁", unit, "1002", birth_on=dt.date(2012, 5, 1)),
            StudentDraft("不知道", unit, "1003"),
        ]
        students = {s.number_index: s for s in register_students(school, drafts, ON)}
        yield unit, list(students.values())


def actor(place, role=Role.CLASS_TEACHER):
    return Actor(id=new_id(), name="周海宁", grants=(Grant(role, place),))


def published(school, **fields):
    return publish_form(school, actor=actor(school.path, Role.PSYCH_TEACHER), purpose="screening", text=TEXT, **fields)


@pytest.mark.django_db
def test_recording_and_reading_states(school, class_of):
    unit, (young, old, unknown) = class_of
    form = published(school)
    by = actor(unit.path)
    record_consents(unit, actor=by, form=form, student_ids=[young.id], decision="given", given_by="guardian")
    record_consents(unit, actor=by, form=form, student_ids=[old.id], decision="given", given_by="student")
    states = consent_state([young, old, unknown], form, ON)
    assert states == {young.id: "given", old.id: "given", unknown.id: "open"}
    assert consent_state([young], form, ON - dt.timedelta(days=1)) == {young.id: "open"}
    with clock.frozen(NOW + dt.timedelta(hours=1)):
        record_consents(unit, actor=by, form=form, student_ids=[young.id], decision="withdrawn", given_by="guardian")
    assert consent_state([young], form, ON) == {young.id: "withdrawn"}
    assert Consent.objects.for_system(reason="test").filter(student=young).count() == 2, "rows are added, not changed"


@pytest.mark.django_db
def test_what_cannot_be_recorded(school, class_of):
    unit, (young, old, unknown) = class_of
    form, by = published(school), actor(unit.path)

    def record(students, decision="given", given_by="guardian"):
        ids = [student.id for student in students]
        return record_consents(unit, actor=by, form=form, student_ids=ids, decision=decision, given_by=given_by)

    with pytest.raises(CannotRecord, match="guardian_needed") as refused:
        record([young, old, unknown], given_by="student")
    assert set(refused.value.student_ids) == {young.id, unknown.id}
    with pytest.raises(CannotRecord, match="nothing_to_withdraw"):
        record([young], "withdrawn")
    with pytest.raises(CannotRecord, match="nobody_chosen"):
        record([])
    assert record([young]) == 1
    assert isinstance(record([young]), Unchanged)
    assert not Consent.objects.for_system(reason="test").exclude(student=young).exists()


# ---- the pack in force decides


@pytest.fixture
def pack(tmp_path, settings):
    """Put a pack of the school in force; `pack(mode="opt_out", guardian_below=16, …)`; `pack()` says as the default."""

    def put(unit_code="first", **consent):
        put_in_force(tmp_path, settings, local_pack("of-school", unit_code, consent=consent_part(**consent)))

    return put


def states_of(students, form):
    return [consent_state([student], form, ON)[student.id] for student in students]


@pytest.fixture
def aged(school, class_of):
    """Pupils of 13, 15 and 16 whose birth dates are known."""
    unit, _ = class_of
    born = [dt.date(2013, 5, 1), dt.date(2011, 5, 1), dt.date(2010, 5, 1)]
    drafts = [StudentDraft(f"学生{day.year}", unit, f"3{day.year}", birth_on=day) for day in born]
    students = register_students(school, drafts, ON)
    return unit, sorted(students, key=lambda student: -(student.birth_year or 0))


def decide(unit, form, students, given_by, decision="given"):
    ids = [student.id for student in students]
    by = actor(unit.path)
    return record_consents(unit, actor=by, form=form, student_ids=ids, decision=decision, given_by=given_by)


@pytest.mark.django_db
def test_a_pack_raises_the_age_from_which_a_pupil_decides(school, aged, pack):
    unit, (young, fifteen, sixteen) = aged
    pack(guardian_below=16, opt_out_from=16)
    form = published(school)
    with pytest.raises(CannotRecord, match="guardian_needed") as refused:
        decide(unit, form, [young, fifteen, sixteen], "student")
    assert set(refused.value.student_ids) == {young.id, fifteen.id}
    assert decide(unit, form, [sixteen], "student") == 1
    assert decide(unit, form, [fifteen], "guardian") == 1
    assert states_of([young, fifteen, sixteen], form) == ["open", "given", "given"]


@pytest.mark.django_db
def test_control_without_the_pack_the_pupil_of_fifteen_decides(school, aged, pack):
    unit, (_young, fifteen, _sixteen) = aged
    pack("songhu")
    assert decide(unit, published(school), [fifteen], "student") == 1


@pytest.mark.django_db
def test_a_yes_of_ones_own_no_longer_suffices_once_the_pack_raises_the_age(school, aged, pack):
    unit, (_young, fifteen, _sixteen) = aged
    form = published(school)
    decide(unit, form, [fifteen], "student")
    assert states_of([fifteen], form) == ["given"]
    pack(guardian_below=16, opt_out_from=16)
    assert states_of([fifteen], form) == ["open"]


@pytest.mark.django_db
def test_an_opt_out_form_is_refused_where_a_yes_is_needed(school, pack):
    with pytest.raises(CannotPublish, match="yes_needed"):
        published(school, is_opt_out=True)
    assert not ConsentForm.objects.for_system(reason="test").exists()
    pack(mode="opt_out")
    assert published(school, is_opt_out=True).is_opt_out


@pytest.mark.django_db
def test_silence_counts_from_the_packs_age_and_only_while_its_mode_allows_it(school, aged, pack):
    _unit, pupils = aged
    pack(mode="opt_out", opt_out_from=16)
    form = published(school, is_opt_out=True)
    assert states_of(pupils, form) == ["open", "open", "not_needed"]
    pack(mode="opt_out", opt_out_from=14)
    assert states_of(pupils, form) == ["open", "not_needed", "not_needed"]
    pack(mode="opt_in")
    assert states_of(pupils, form) == ["open", "open", "open"]


def cost_of(read) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert read()
    return len(queries)


@pytest.mark.django_db
def test_the_list_of_a_class_and_the_list_of_forms_cost_the_same_for_one_row_and_for_twenty(school, pack):
    pack(mode="opt_out", guardian_below=16, opt_out_from=16)
    unit, _ = ensure_class(school, "junior", 2026, 5)
    by, form = actor(school.path, Role.PSYCH_TEACHER), published(school, is_opt_out=True)
    drafts = [StudentDraft(f"学生{i}", unit, f"5{i:03d}", birth_on=dt.date(2010, 12, 1)) for i in range(20)]
    register_students(school, drafts[:1], ON)
    one = cost_of(lambda: consent_rows(unit, by, form, ON)), cost_of(lambda: forms_published(by))
    register_students(school, drafts[1:], ON)
    for number in range(19):
        publish_form(school, actor=by, purpose="screening", text=FormText(f"标题{number}", "正文", "Title", "Text"))
    assert (len(consent_rows(unit, by, form, ON)), len(forms_published(by))) == (20, 20)
    assert one == (cost_of(lambda: consent_rows(unit, by, form, ON)), cost_of(lambda: forms_published(by)))


@pytest.mark.django_db
def test_pupils_of_several_places_stand_under_their_own_packs_at_the_cost_of_one(
    county, school, aged, tmp_path, settings
):
    _unit, (_young, fifteen, _sixteen) = aged
    other = build_unit(county, "school", "second", "松湖县第二中学", stages="junior")
    other.save(force_insert=True)
    class_, _ = ensure_class(other, "junior", 2026, 1)
    (elsewhere,) = register_students(other, [StudentDraft("别校生", class_, "41", birth_on=dt.date(2011, 5, 1))], ON)
    put_in_force(
        tmp_path, settings,
        local_pack("of-county", "songhu", consent=consent_part(mode="opt_out")),
        local_pack("of-school", "first", consent=consent_part(mode="opt_out", guardian_below=16, opt_out_from=16)),
    )  # fmt: skip
    form = publish_form(county, actor=SYSTEM, purpose="screening", text=TEXT, is_opt_out=True)
    with CaptureQueriesContext(connection) as one:
        assert consent_state([fifteen], form, ON) == {fifteen.id: "open"}
    with CaptureQueriesContext(connection) as two:
        assert consent_state([fifteen, elsewhere], form, ON) == {fifteen.id: "open", elsewhere.id: "not_needed"}
    assert len(one) == len(two) == 2


@pytest.mark.django_db
def test_many_pupils_cost_one_query_for_their_decisions(school, class_of):
    unit, _ = class_of
    form = published(school)
    drafts = [StudentDraft(f"学生{i}", unit, f"2{i:03d}", birth_on=dt.date(2010, 1, 1)) for i in range(40)]
    students = register_students(school, drafts, ON)
    with CaptureQueriesContext(connection) as queries:
        consent_state(students, form, ON)
    assert len(queries) == 1


@pytest.mark.django_db
def test_a_new_version_asks_again_and_a_published_one_stays(school, class_of, pack):
    unit, (young, *_) = class_of
    pack(mode="opt_out")
    first = published(school)
    record_consents(
        unit, actor=actor(unit.path), form=first, student_ids=[young.id], decision="given", given_by="guardian"
    )
    assert isinstance(published(school), Unchanged)
    second = published(school, is_opt_out=True)
    assert (first.version, second.version) == (1, 2)
    assert current_form(unit.path, Purpose.SCREENING) == second
    assert consent_state([young], second, ON) == {young.id: "open"}
    assert consent_state([young], first, ON) == {young.id: "given"}


@pytest.mark.django_db
def test_the_nearest_form_counts_and_a_class_teacher_publishes_none(county, school, class_of):
    unit, _ = class_of
    above = publish_form(county, actor=SYSTEM, purpose="screening", text=TEXT)
    assert current_form(unit.path, "screening") == above
    own = published(school)
    assert current_form(unit.path, "screening") == own
    assert current_form(unit.path, "referral") is None
    with pytest.raises(Forbidden):
        publish_form(school, actor=actor(unit.path), purpose="screening", text=TEXT)


@pytest.mark.django_db
def test_a_class_has_no_wording_of_its_own_not_even_by_those_who_record_there(school, class_of):
    unit, _ = class_of
    form = published(school)
    for someone in (actor(unit.path), actor(school.path, Role.PSYCH_TEACHER), SYSTEM):
        with pytest.raises(CannotPublish, match="no_wording_of_its_own"):
            publish_form(unit, actor=someone, purpose="screening", text=TEXT)
    assert current_form(unit.path, "screening") == form


@pytest.mark.django_db
def test_control_the_kind_of_unit_is_what_refuses(class_of, monkeypatch):
    unit, _ = class_of
    monkeypatch.setattr(consents, "FORM_KINDS", (unit.kind,))
    assert current_form(unit.path, "screening") is None
    assert publish_form(unit, actor=actor(unit.path), purpose="screening", text=TEXT) == current_form(
        unit.path, "screening"
    )


@pytest.mark.parametrize("purpose", Purpose.values)
def test_shipped_wordings_are_in_both_languages(purpose):
    with translation.override("zh-hans"):
        text = shipped_text(purpose, 16)
    assert text.title_zh != text.title_en
    assert all("一" <= character <= "鿿" for character in text.title_zh[:4])
    assert text.text_en.isascii()
    assert len(text.text_zh) > 60
    assert "不满 16 周岁" in text.text_zh
    assert "From 16 the pupil decides" in text.text_en


# ---- pages


@pytest.fixture
def teacher(cast, client):
    client.force_login(cast.users["psych.songhu"])
    return client


def named_class(cast):
    return cast.classes["songhu-junior", "junior", 1, 3]


def publish_by_page(client):
    address = reverse("people:consent-form-new")
    form = client.get(address).context["form"]
    return client.post(address, {name: form.initial[name] for name in form.fields if form.initial.get(name)})


@pytest.mark.django_db
def test_from_the_ready_made_wording_to_a_recorded_class(cast, teacher):
    unit = named_class(cast)
    address = reverse("people:consents", args=[unit.id])
    assert "尚无现行表单" in teacher.get(address).content.decode()
    assert publish_by_page(teacher).status_code == 302
    assert ConsentForm.objects.for_system(reason="test").get().title_zh == "学校心理测评知情同意书"
    teacher.force_login(cast.users["class.songhu"])
    page = teacher.get(address)
    rows = [each["row"] for each in page.context["rows"]]
    names = [row.name for row in rows]
    assert len(names) == 6
    assert names == sorted(names, key=sound_order)
    ids = [str(row.student_id) for row in rows]
    sent = teacher.post(address, {"students": ids, "decision": "given", "given_by": "student", "means": "paper"})
    assert sent.status_code == 422
    assert "不满 14 周岁" in sent.content.decode()
    sent = teacher.post(address, {"students": ids, "decision": "given", "given_by": "guardian", "means": "paper"})
    assert sent.status_code == 302
    assert teacher.get(address).context["counts"] == {"yes": 6, "no": 0, "open": 0}
    paper = teacher.get(reverse("people:consent-paper", args=[unit.id])).content.decode()
    assert paper.count("<section") == 6
    assert "周海宁" in paper, "the watermark says who printed it"


@pytest.mark.django_db
def test_the_list_of_classes_says_where_answers_are_missing(cast, teacher):
    unit = named_class(cast)

    def answers():
        rows = teacher.get(reverse("people:consent-forms")).context["classes"]
        return next(one for class_id, _name, one in rows if class_id == unit.id)

    assert not answers().is_asked
    publish_by_page(teacher)
    assert (answers().pupils, answers().unanswered, answers().is_asked) == (6, 6, True)
    address = reverse("people:consents", args=[unit.id])
    ids = [str(each["row"].student_id) for each in teacher.get(address).context["rows"]]
    teacher.post(address, {"students": ids[:2], "decision": "given", "given_by": "guardian", "means": "paper"})
    assert answers().unanswered == 4


@pytest.mark.django_db
def test_other_classes_and_schools_are_out_of_reach(cast, client):
    unit = named_class(cast)
    for login, status in (("class2.songhu", 404), ("psych.primary", 404), ("head.songhu", 403), ("county.songhu", 403)):
        client.force_login(cast.users[login])
        for name in ("consents", "consent-paper"):
            assert client.get(reverse(f"people:{name}", args=[unit.id])).status_code == status, (login, name)
    client.force_login(cast.users["class.songhu"])
    assert client.get(reverse("people:consent-form-new")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said", "not_possible"),
    [
        ("zh-hans", "此处现行规则要求取得明确同意", "此处不可用"),
        ("en", "The rules in force here ask for a yes", "Not possible here"),
    ],
)
def test_the_page_says_why_an_opt_out_form_is_refused(cast, teacher, language, said, not_possible):
    teacher.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    address = reverse("people:consent-form-new")
    page = teacher.get(address)
    assert not_possible in page.content.decode()
    form = page.context["form"]
    sent = teacher.post(address, {**form.initial, "is_opt_out": "on"})
    assert sent.status_code == 422
    assert said in sent.content.decode()
    assert not ConsentForm.objects.for_system(reason="test").exists()


@pytest.mark.django_db
def test_the_pages_name_the_ages_of_the_pack(cast, teacher, pack):
    unit = named_class(cast)
    pack("songhu-junior", mode="opt_out", guardian_below=15, opt_out_from=17)
    address = reverse("people:consent-form-new")
    page = teacher.get(address)
    assert "自年满 17 周岁起" in page.content.decode()
    assert "不满 15 周岁" in page.context["form"].initial["text_zh"]
    assert teacher.post(address, {**page.context["form"].initial, "is_opt_out": "on"}).status_code == 302
    assert "满 17 周岁未答复视为不反对" in teacher.get(reverse("people:consent-forms")).content.decode()
    assert "不满 15 周岁" in teacher.get(reverse("people:consents", args=[unit.id])).content.decode()
    pack("songhu-junior")
    assert "未答复不视为同意" in teacher.get(reverse("people:consent-forms")).content.decode()
