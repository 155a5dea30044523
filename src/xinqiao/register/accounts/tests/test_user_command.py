"""`xinqiao user`: the first security officer, emergencies, who can sign in."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.accounts.tests.conftest import enrol

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("user", *words, stdout=out)
    return out.getvalue()


def test_add_prints_a_password_once_and_grants(cast):
    text = run("add", "security.songhu", "--unit", "songhu", "--name", "某人", "--role", "security_officer")
    user = User.objects.get(username="security.songhu")
    assert user.check_password(text.split()[1])
    assert Membership.objects.get(user=user).place == cast.units["songhu"].path
    assert AuditEvent.objects.filter(event="accounts.membership.granted", actor_kind="system").exists()
    assert "某人" not in run("list")


def test_the_rules_hold_for_the_command_line_too(cast):
    with pytest.raises(CommandError):
        run("grant", "audit.linxi", "--role", "system_admin", "--unit", "linxi")
    with pytest.raises(CommandError):
        run("add", "audit.linxi", "--unit", "linxi", "--name", "某人")
    with pytest.raises(CommandError):
        run("add", "13900000000", "--unit", "linxi", "--name", "某人")
    with pytest.raises(CommandError):
        run("add", "some.one", "--unit", "nowhere", "--name", "某人")


def test_passwd_draws_another_and_may_reset_the_factor(cast):
    user = cast.users["psych.songhu"]
    enrol(user)
    text = run("passwd", "psych.songhu", "--reset-second-factor")
    user.refresh_from_db()
    assert user.check_password(text.split()[1])
    assert user.must_change_password
    assert not user.authenticator_set.exists()
    with pytest.raises(CommandError):
        run("passwd", "nobody.here")


def test_list_says_who_and_where_as_text_and_json(cast):
    rows = json.loads(run("list", "--json", "--unit", "songhu-junior"))
    assert {"login": "psych.songhu", "is_active": True, "roles": ["psych_teacher@songhu-junior"]} in rows
    assert all("primary" not in row["login"] for row in rows)
    assert "psych.primary" in run("list")
