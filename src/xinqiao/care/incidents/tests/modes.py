"""What tests do with the hotline and the joint activation of an incident."""

import datetime as dt

from xinqiao.care.incidents import partners
from xinqiao.care.incidents.models import Hotline, HotlineCall, JointActivation, JointPart
from xinqiao.care.incidents.partners import HealthPartner
from xinqiao.care.incidents.rows import every_activation, every_hotline, every_part, every_phone_call, every_report
from xinqiao.care.incidents.services.joining import JointDraft, open_activation, promise_part
from xinqiao.care.incidents.services.phoning import (
    CallDraft,
    HotlineDraft,
    ShiftDraft,
    add_shift,
    open_hotline,
    take_call,
)
from xinqiao.care.incidents.services.reporting import receive_report
from xinqiao.foundation.core import clock, ids

STATION = HealthPartner(ids.new_id(), "县心理健康辅导站", "值班室 0592-1234")
CONCERN, GROUNDS = "想知道孩子能不能在家休息几天", "同年级受影响面大，学校心理教师不够"
HOUR = dt.timedelta(hours=1)


def put_partner(monkeypatch, *known: HealthPartner) -> None:
    """Let the partner register know these institutions and no other."""
    monkeypatch.setattr(partners, "_readers", [lambda _place, _on: known])


class Modes:
    """The hotline and the joint activation of one incident."""

    def __init__(self, people) -> None:
        self.people, self.world, self.incident = people, people.world, people.incident

    def actor(self, login="head"):
        return self.world.actor(login)

    def open(self, **more) -> Hotline:
        fields = {"once": ids.new_id(), "numbers": "0592-5550000", "from_hour": 8, "hours": 12}
        made = open_hotline(self.incident, actor=self.actor(), draft=HotlineDraft(**{**fields, **more}))
        assert isinstance(made, Hotline)
        return made

    def shift(self, hotline, **more):
        fields = {
            "once": ids.new_id(), "day": clock.today(), "from_hour": 8, "hours": 12,
            "sitter": self.world.id_of("psych"), "substitute": None,
        }  # fmt: skip
        return add_shift(hotline, actor=self.actor(), draft=ShiftDraft(**{**fields, **more}))

    def call(self, hotline, login="psych", **more):
        fields = {
            "once": ids.new_id(), "caller": "guardian", "concern": CONCERN, "answered": "可以", "is_urgent": False,
            "is_back": False, "back_to": "", "student": None,
        }  # fmt: skip
        return take_call(hotline, actor=self.actor(login), draft=CallDraft(**{**fields, **more}))

    def fresh(self, row):
        reads = {
            Hotline: every_hotline, HotlineCall: every_phone_call, JointActivation: every_activation,
            JointPart: every_part,
        }  # fmt: skip
        return reads[type(row)]().get(pk=row.pk)

    def received(self) -> None:
        """The bureau has the first report."""
        self.people.send("first")
        report = every_report().select_related("incident").get(incident=self.incident, form="first")
        receive_report(report, actor=self.actor("officer"))

    def begin(self, **more):
        fields = {
            "once": ids.new_id(), "level": "county", "grounds": GROUNDS, "partner": STATION.id, "lead_health": "沈站长",
            "asked": "请派两名咨询师到校", "is_calling": True,
        }  # fmt: skip
        return open_activation(self.incident, actor=self.actor("officer"), draft=JointDraft(**{**fields, **more}))

    def part(self, activation) -> JointPart:
        return every_part().select_related("activation__incident").filter(activation=activation).get()

    def promise(self, part, **more):
        fields = {"people": 2, "arrives_at": clock.now() + HOUR, "words": ""}
        return promise_part(part, actor=self.actor("officer"), **{**fields, **more})
