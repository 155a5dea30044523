"""Staff who come, change and leave, their first passwords, and the pages about them."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.foundation.access.actors import Actor, Forbidden, Grant
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.store import forget_keys
from xinqiao.register.accounts import hooks
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.accounts.crisis_group import crisis_group_of
from xinqiao.register.accounts.first_passwords import CannotGiveLogin
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.accounts.selectors import may_help, staff_at, staff_rows
from xinqiao.register.accounts.services.logins import give_new_password, reset_second_factor
from xinqiao.register.accounts.services.staff import CannotEndStaff, StaffDraft, add_staff, change_staff, end_staff
from xinqiao.register.accounts.tests.conftest import NOW, PASSWORD, enrol
from xinqiao.register.people.models import Staff
from xinqiao.register.people.sorting import sound_order

pytestmark = pytest.mark.django_db
NEW = {"name": "䶮小雨", "title": "心理教师", "login": "psych2.songhu", "phone": "13900000009", "mail": "a@example.org"}


@pytest.fixture
def added(cast, actor_of):
    draft = StaffDraft(NEW["name"], NEW["title"], NEW["phone"], NEW["mail"])
    return add_staff(cast.units["songhu-junior"], actor=actor_of("head.songhu"), draft=draft, login=NEW["login"])


def page_of(login: str, cast) -> Client:
    client = Client()
    client.force_login(cast.users[login])
    return client


def staff_of(given) -> Staff:
    return Staff.objects.for_system(reason="a test").get(pk=given.staff_id)


def test_someone_added_has_a_sealed_name_a_password_and_no_right(added, cast):
    (opened,) = open_sealed([staff_of(added)], "name", "phone", "mail")
    assert opened == {"name": NEW["name"], "phone": NEW["phone"], "mail": NEW["mail"]}
    user = User.objects.get(username=NEW["login"])
    assert user.check_password(added.password)
    assert user.must_change_password
    assert actor_for(user, cast.today).grants == ()
    assert added.password not in repr(added)
    assert NEW["name"] not in "".join(AuditEvent.objects.values_list("facts", flat=True))


def test_a_taken_sign_in_name_adds_nobody(added, cast, actor_of):
    before = Staff.objects.for_system(reason="a test").count()
    with pytest.raises(CannotGiveLogin, match="name_taken"):
        add_staff(
            cast.units["songhu-junior"], actor=actor_of("head.songhu"), draft=StaffDraft("别人"), login=NEW["login"]
        )
    assert Staff.objects.for_system(reason="a test").count() == before


@pytest.mark.parametrize("login", ["psych.songhu", "head.primary", "city.linxi", "audit.linxi"])
def test_who_may_not_add(cast, actor_of, login):
    with pytest.raises(Forbidden):
        add_staff(cast.units["songhu-junior"], actor=actor_of(login), draft=StaffDraft("某人"), login="some.one")


def test_changing_details_says_which_and_not_what(added, actor_of):
    staff = staff_of(added)
    draft = StaffDraft(NEW["name"], NEW["title"], "13911112222", NEW["mail"])
    change_staff(staff, actor=actor_of("head.songhu"), draft=draft)
    event = AuditEvent.objects.get(event="accounts.staff.changed")
    assert "phone" in event.facts
    assert "1391111" not in event.facts
    (opened,) = open_sealed([staff_of(added)], "name", "phone")
    assert opened == {"name": NEW["name"], "phone": "13911112222"}


def test_a_principal_does_not_take_over_the_psychology_teachers_sign_in(cast, actor_of):
    staff, user = cast.staff["psych.songhu"], cast.users["psych.songhu"]
    with pytest.raises(Forbidden):
        give_new_password(staff, actor=actor_of("head.songhu"))
    given = give_new_password(staff, actor=actor_of("security.linxi"))
    user.refresh_from_db()
    assert user.check_password(given.password)
    assert give_new_password(cast.staff["subject.songhu"], actor=actor_of("head.songhu")).login == "subject.songhu"


@pytest.fixture
def officer_of_the_school(cast):
    """Someone who grants at the school and nowhere else."""
    school = cast.units["songhu-junior"]
    return Actor(id=new_id(), grants=(Grant(Role.SECURITY_OFFICER, school.path),))


def test_a_school_gives_no_password_for_a_sign_in_that_opens_the_city(cast, officer_of_the_school):
    """Whoever works at the school and audits the city: the school's officer would sign in as the city's auditor."""
    start, staff = cast.today - dt.timedelta(days=1), cast.staff["subject.songhu"]
    user, city = cast.users["subject.songhu"], cast.units["linxi"]
    assert give_new_password(staff, actor=officer_of_the_school).password, "control: before that it may"
    Membership.objects.create(user=user, role=Role.AUDITOR, place=city.path, start_on=start)
    assert not may_help(officer_of_the_school, staff, cast.today)
    for act in (give_new_password, reset_second_factor):
        with pytest.raises(Forbidden):
            act(staff, actor=officer_of_the_school)


def test_a_principal_gives_no_password_to_the_psychology_teacher_of_tomorrow(cast, actor_of):
    user, school = cast.users["subject.songhu"], cast.units["songhu-junior"]
    tomorrow = cast.today + dt.timedelta(days=1)
    Membership.objects.create(user=user, role=Role.PSYCH_TEACHER, place=school.path, start_on=tomorrow)
    with pytest.raises(Forbidden):
        give_new_password(cast.staff["subject.songhu"], actor=actor_of("head.songhu"))


def test_control_without_the_check_of_care_the_principal_could(cast, actor_of, monkeypatch):
    monkeypatch.setattr("xinqiao.register.accounts.rules.has_care", lambda roles: False)
    assert give_new_password(cast.staff["psych.songhu"], actor=actor_of("head.songhu")).password


def test_the_page_offers_help_exactly_where_it_is_given(cast, actor_of):
    """One rule: what the page shows and what the services allow agree for everybody and every giver."""
    for login in ("head.songhu", "security.linxi", "psych.songhu", "county.songhu"):
        for staff in cast.staff.values():
            offered = may_help(actor_of(login), staff, cast.today)
            for act in (give_new_password, reset_second_factor):
                assert is_given(act, staff, actor_of(login)) == offered, (login, staff.title)


def is_given(act, staff, actor) -> bool:
    try:
        act(staff, actor=actor)
    except (Forbidden, CannotGiveLogin):
        return False
    return True


def test_control_two_rules_that_part_are_seen(cast, actor_of, monkeypatch):
    monkeypatch.setattr("xinqiao.register.accounts.selectors.needed_now", lambda *_: ())
    with pytest.raises(AssertionError):
        test_the_page_offers_help_exactly_where_it_is_given(cast, actor_of)


def test_a_principal_gives_no_password_for_a_sign_in_that_opens_the_county(cast, actor_of):
    county, staff = cast.units["songhu"], cast.staff["subject.songhu"]
    assert may_help(actor_of("head.songhu"), staff, cast.today), "control: before that it may"
    Membership.objects.create(
        user=cast.users["subject.songhu"], role=Role.RESEARCHER, place=county.path, start_on=cast.today
    )
    with pytest.raises(Forbidden):
        give_new_password(staff, actor=actor_of("head.songhu"))


def test_a_lost_second_factor_of_a_class_teacher_is_reset_by_the_head(cast, actor_of):
    enrol(cast.users["class.songhu"])
    assert reset_second_factor(cast.staff["class.songhu"], actor=actor_of("head.songhu")) == 1


def test_whoever_was_helped_is_told_once_at_the_next_sign_in(cast, actor_of):
    words = "贺长风"
    given = give_new_password(cast.staff["class.songhu"], actor=actor_of("head.songhu"))
    assert words in told_at_sign_in(given)
    assert words not in told_at_sign_in(given)


def told_at_sign_in(given) -> str:
    client = Client(headers={"user-agent": "Lab"})
    answer = client.post(reverse("account_login"), {"login": given.login, "password": given.password})
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_a_new_password_ends_sessions(cast, actor_of):
    client = page_of("subject.songhu", cast)
    assert client.get(reverse("mfa_index")).status_code == 200
    give_new_password(cast.staff["subject.songhu"], actor=actor_of("head.songhu"))
    assert client.get(reverse("mfa_index")).status_code == 302


def test_a_lost_second_factor_of_who_reads_answers_is_reset_by_the_security_officer_alone(cast, actor_of):
    enrol(cast.users["psych.songhu"])
    with pytest.raises(Forbidden):
        reset_second_factor(cast.staff["psych.songhu"], actor=actor_of("head.songhu"))
    assert reset_second_factor(cast.staff["psych.songhu"], actor=actor_of("security.linxi")) == 1
    assert not Authenticator.objects.exists()
    with pytest.raises(CannotGiveLogin, match="own"):
        reset_second_factor(cast.staff["security.linxi"], actor=actor_of("security.linxi"))


def test_whoever_leaves_loses_session_and_roles_and_names_an_heir(cast, actor_of, monkeypatch):
    told = []
    monkeypatch.setattr(hooks.staff_left, "_receivers", [told.extend])
    client = page_of("psych.songhu", cast)
    assert client.get(reverse("mfa_index")).status_code == 200
    staff, head = cast.staff["psych.songhu"], actor_of("head.songhu")
    with pytest.raises(CannotEndStaff, match="heir_needed"):
        end_staff(staff, actor=head)
    end_staff(staff, actor=head, heir=cast.staff["mentor.songhu"])
    assert client.get(reverse("mfa_index")).status_code == 302
    user = cast.users["psych.songhu"]
    assert not Membership.objects.filter(user=user, end_on=None).exists()
    user.refresh_from_db()
    assert not user.is_active
    (left,) = told
    assert (left.staff_id, left.heir_staff_id) == (staff.id, cast.staff["mentor.songhu"].id)
    assert left.heir_user_id == cast.users["mentor.songhu"].id
    with pytest.raises(CannotEndStaff, match="has_left"):
        end_staff(staff, actor=head, heir=cast.staff["mentor.songhu"])


def test_if_a_listener_fails_nobody_has_left(cast, actor_of, monkeypatch):
    def fail(payload):
        raise RuntimeError("open work could not be handed over")

    monkeypatch.setattr(hooks.staff_left, "_receivers", [fail])
    with pytest.raises(RuntimeError):
        end_staff(cast.staff["mentor.songhu"], actor=actor_of("head.songhu"))
    cast.staff["mentor.songhu"].refresh_from_db()
    assert cast.staff["mentor.songhu"].left_on is None
    assert Membership.objects.filter(user=cast.users["mentor.songhu"], end_on=None).exists()


def test_the_list_costs_the_same_for_few_and_many(cast, actor_of):
    rows = list(staff_at(actor_of("head.songhu"), cast.units["songhu-junior"]))
    assert len(rows) >= 8
    counts = []
    for some in (rows[:1], rows):
        forget_keys()
        with CaptureQueriesContext(connection) as queries:
            names = [row.name for row in staff_rows(some, cast.today)]
        counts.append(len(queries))
        assert names == sorted(names, key=sound_order)
    assert counts[0] == counts[1]


def test_the_pages_show_and_add(cast):
    client = page_of("head.songhu", cast)
    text = client.get(reverse("accounts:staff")).content.decode()
    assert "林若溪" in text
    assert "苏晚晴" not in text
    assert "林若溪" not in client.get(reverse("accounts:staff"), {"q": "周"}).content.decode()
    url = reverse("accounts:staff-add", args=[cast.units["songhu-junior"].id])
    faulty = client.post(url, NEW | {"login": "13900000009"})
    assert faulty.status_code == 422
    assert NEW["name"] in faulty.content.decode(), "what was typed stays"
    done = client.post(url, NEW).content.decode()
    assert "只显示这一次" in done
    user = User.objects.get(username=NEW["login"])
    member = client.get(reverse("accounts:staff-member", args=[user.staff_id])).content.decode()
    assert NEW["phone"] in member
    assert "还没有角色" in member


def test_the_security_officer_grants_and_ends_on_the_page(cast):
    client = page_of("security.linxi", cast)
    staff, school = cast.staff["subject.songhu"], cast.units["songhu-junior"]
    url = reverse("accounts:role-grant", args=[staff.id])
    form = {"role": "psych_teacher", "unit": str(school.id), "start_on": "2026-11-23"}
    client.get(url)
    assert client.post(url, form | {"role": "class_teacher"}).status_code == 422
    given = client.post(url, form).context["given"]
    assert cast.users["subject.songhu"].check_password(PASSWORD), "control: it was this one before"
    assert not User.objects.get(username="subject.songhu").check_password(PASSWORD)
    assert User.objects.get(username="subject.songhu").check_password(given.password)
    row = Membership.objects.get(user=cast.users["subject.songhu"], role=Role.PSYCH_TEACHER)
    assert client.post(reverse("accounts:role-end", args=[row.id])).status_code == 302
    row.refresh_from_db()
    assert row.end_on == cast.today
    assert page_of("head.songhu", cast).post(url, form).status_code == 403
    assert page_of("head.songhu", cast).post(reverse("accounts:role-end", args=[row.id])).status_code == 403


@pytest.mark.parametrize(("minutes", "is_asked"), [(9, False), (11, True)])
def test_granting_asks_for_the_password_again(cast, minutes, is_asked):
    client = page_of("security.linxi", cast)
    client.get("/")
    with clock.frozen(NOW + dt.timedelta(minutes=minutes)):
        response = client.get(reverse("accounts:role-grant", args=[cast.staff["subject.songhu"].id]))
        assert ("reauthenticate" in response.headers.get("Location", "")) is is_asked
        if is_asked:
            client.post(response.headers["Location"], {"password": PASSWORD})
            assert client.get(reverse("accounts:role-grant", args=[cast.staff["subject.songhu"].id])).status_code == 200


def test_another_school_is_not_found(cast):
    client = page_of("head.primary", cast)
    assert client.get(reverse("accounts:staff-member", args=[cast.staff["psych.songhu"].id])).status_code == 404
    assert client.get(reverse("accounts:staff"), {"unit": str(cast.units["songhu-junior"].id)}).status_code == 404
    assert client.get(reverse("accounts:staff"), {"unit": "nonsense"}).status_code == 404


def test_a_security_officer_of_a_bureau_goes_down_to_a_school(cast):
    client = page_of("security.linxi", cast)
    assert cast.units["songhu"].name in client.get(reverse("accounts:staff")).content.decode()
    text = client.get(reverse("accounts:staff"), {"unit": str(cast.units["songhu-junior"].id)}).content.decode()
    assert "林若溪" in text
    assert "添加教职工" in text


@pytest.mark.parametrize("name", ["staff-add", "staff-end", "login-add"])
@pytest.mark.parametrize(("minutes", "is_asked"), [(29, False), (31, True)])
def test_handing_out_and_closing_a_sign_in_asks_for_the_password_again(cast, name, minutes, is_asked):
    at = cast.units["songhu-junior"].id if name == "staff-add" else cast.staff["subject.songhu"].id
    client = page_of("security.linxi", cast)
    client.get("/")
    with clock.frozen(NOW + dt.timedelta(minutes=15)):
        client.get("/")  # somebody is there
    with clock.frozen(NOW + dt.timedelta(minutes=minutes)):
        response = client.post(reverse(f"accounts:{name}", args=[at]), {})
        assert ("reauthenticate" in response.headers.get("Location", "")) is is_asked


def test_the_crisis_group_is_read_off_the_roles_of_the_school(cast):
    """S1-07e: a group on record, and what it lacks by name."""
    school = cast.units["songhu-junior"]
    group = crisis_group_of(school, cast.today)
    assert group.is_on_record
    assert [str(seat.role) for seat in group.seats] == ["校长", "领导小组成员", "心理教师"]
    Membership.objects.filter(role="leading_group", place=school.path).update(end_on=cast.today)
    group = crisis_group_of(school, cast.today)
    assert not group.is_on_record
    assert [str(lack) for lack in group.lacks] == ["领导小组成员"]


def test_a_role_that_begins_later_or_belongs_to_another_school_fills_no_seat(cast):
    school, other = cast.units["songhu-junior"], cast.units["songhu-primary"]
    held = Membership.objects.filter(role="leading_group", place=school.path)
    held.update(start_on=cast.today + dt.timedelta(days=1))
    assert not crisis_group_of(school, cast.today).is_on_record
    held.update(start_on=cast.today, place=other.path)
    assert not crisis_group_of(school, cast.today).is_on_record


def test_the_staff_page_shows_the_group_and_what_is_missing(cast):
    address = reverse("accounts:staff")
    assert "心理危机工作领导小组" in page_of("head.songhu", cast).get(address).content.decode()
    assert "尚不完整" not in page_of("head.songhu", cast).get(address).content.decode()
    Membership.objects.filter(role="leading_group").update(end_on=cast.today)
    shown = page_of("head.songhu", cast).get(address).content.decode()
    assert "本校尚无人担任：领导小组成员" in shown
    assert "心理危机工作领导小组" not in page_of("head.songhu", cast).get(address + "?left=1").content.decode()
