"""The small world under a frozen clock, an administrator of the county, and channels that note what they are asked."""

import json

import pytest
from django.conf import settings as real_settings

from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications import delivering, robots
from xinqiao.foundation.notifications.services import set_channel
from xinqiao.foundation.notifications.webhooks import Reply
from xinqiao.register.accounts.models import Membership
from xinqiao.register.duty.tests.world import MONDAY_10, World, add_staff, build_world

DINGTALK = {"url": "https://robot.example/robot/send?access_token=t", "secret": "SEC-hidden"}
FEISHU = {"url": "https://robot.example/hook/x", "secret": "s2-hidden"}
WECOM = {"url": "https://robot.example/cgi-bin/webhook/send?key=k-hidden"}
SMS = {"url": "https://gateway.example/send", "shape": "json", "success": "code=0",
       "template": '{"to": "{phone}", "say": "{text}", "key": "{id}"}'}  # fmt: skip
MAIL = {"url": "smtp://user:pass-hidden@mail.example?from=x@school.example"}
CONFIGS = {"mail": MAIL, "sms": SMS, "wecom": WECOM, "dingtalk": DINGTALK, "feishu": FEISHU, "file": {}}


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def world(db, frozen, settings, tmp_path) -> World:
    settings.XINQIAO_WEBHOOK_HOSTS = ("robot.example", "gateway.example", "mail.example", "qyapi.weixin.qq.com")
    settings.XINQIAO_MAIL = ""
    world = build_world()
    add_staff(world, "admin", "康博文", Role.SYSTEM_ADMIN, world.county, mail="admin@county.example")
    return world


@pytest.fixture
def set_up(world):
    """Set channels up for the county."""

    def put(*channels, at=None):
        unit = at or world.county
        return [
            set_channel(
                unit.path, actor=world.actor("admin"), county_id=unit.shard_id, channel=each, values=CONFIGS[each]
            )
            for each in channels
        ]

    return put


@pytest.fixture
def asked(monkeypatch):
    """Everything that any channel was asked, as text."""
    seen = []

    def ask(url, hosts, **what):
        seen.append((url, json.dumps(what, ensure_ascii=False, default=str), what.get("json") or {}))
        return Reply(200, {"errcode": 0, "code": 0, "access_token": "t"})

    def mail(address, subject, body, url="", **_more):
        seen.append((url, f"{subject}\n{body}", {"to": address, "subject": subject, "body": body}))

    monkeypatch.setattr(robots, "ask", ask)
    monkeypatch.setattr(delivering, "send_mail", mail)
    monkeypatch.setattr(delivering, "send_webhook", lambda to, text, hosts: seen.append((to, text, {"text": text})))
    return seen


@pytest.fixture
def sign_in(world, client):
    """Return a browser of somebody."""

    def go(login, language="zh-hans"):
        client.cookies[real_settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=real_settings.AUTHENTICATION_BACKENDS[0])
        return client

    return go


def give(world, login, role, unit):
    """Give somebody another role."""
    Membership.objects.create(user=world.users[login], role=role, place=unit.path, start_on=MONDAY_10.date())
