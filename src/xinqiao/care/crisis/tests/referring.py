"""A school with an institution to refer to, and a referral to each point of its way."""

import datetime as dt
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from xinqiao.care.crisis.models import Partner, Referral, ReferralStep
from xinqiao.care.crisis.referral.rules import Answer
from xinqiao.care.crisis.referral_rows import every_referral, every_step
from xinqiao.care.crisis.selectors.referrals import preview_of
from xinqiao.care.crisis.services.answers import answer_referral
from xinqiao.care.crisis.services.partners import PartnerDraft, add_partner
from xinqiao.care.crisis.services.referrals import (
    ReferralDraft,
    hear_family,
    ready_referral,
    send_referral,
    write_referral,
)
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.duty.tests.world import World
from xinqiao.register.people.services.consents import publish_form, shipped_text

WHY = "近两周上课常常发呆，说夜里睡不着，三次提到不想来学校。"
SEEN = "课间一个人坐着，午饭剩得多。"
FROM, UNTIL = dt.date(2026, 9, 1), dt.date(2027, 8, 31)


@dataclass
class Referring:
    """The small world, with what referrals need."""

    world: World
    partner: Partner

    @property
    def psych(self):
        return self.world.actor("psych")

    def draft(self, **changes) -> ReferralDraft:
        fields = {"partner": self.partner, "reason": WHY, "observed": SEEN, "contact": "林若溪 0571-0000",
                  "shared": ("name", "observed")}  # fmt: skip
        return ReferralDraft(**{**fields, **changes})

    def written(self, number: int = 0, **changes) -> Referral:
        referral = write_referral(self.world.students[number], actor=self.psych, draft=self.draft(**changes))
        return self.fresh(referral)

    def agreed(self, number: int = 0, **changes) -> Referral:
        referral = self.written(number, **changes)
        hear_family(referral, actor=self.psych, is_agreed=True, given_by="guardian")
        return self.fresh(referral)

    def ready(self, referral: Referral) -> Referral:
        ready_referral(referral, actor=self.psych, shown=bytes.fromhex(preview_of(referral).digest))
        return self.fresh(referral)

    def sent(self, number: int = 0, **changes) -> Referral:
        referral = self.ready(self.agreed(number, **changes))
        send_referral(referral, actor=self.psych)
        return self.fresh(referral)

    def answered(self, referral: Referral, target: str, **fields) -> Referral:
        """What the institution told the school."""
        answer_referral(self.fresh(referral), actor=self.psych, answer=Answer(target, **fields))
        return self.fresh(referral)

    def fresh(self, referral: Referral) -> Referral:
        return every_referral().select_related("student", "partner").get(pk=referral.pk)

    def keys(self, referral: Referral) -> dict[str, str]:
        (opened,) = open_sealed([self.fresh(referral)], "link", "code")
        return opened

    def steps(self, referral: Referral) -> list[ReferralStep]:
        return list(every_step().filter(referral=referral).order_by("at", "id"))


def build_referring(world: World) -> Referring:
    """Publish the form for referrals and put a hospital on the county's list."""
    publish_form(world.school, actor=world.actor("psych"), purpose="referral", text=shipped_text("referral", 14))
    partner = add_partner(world.county, actor=world.actor("officer"), draft=hospital())
    return Referring(world, partner)


def hospital(**changes) -> PartnerDraft:
    """What is written of a hospital."""
    fields = {"name": "市心理卫生中心", "kind": "hospital", "contact": "儿少门诊 0571-1111", "departments": "儿少门诊",
              "agreement": "医教协 2026-01", "agreed_from": FROM, "agreed_until": UNTIL}  # fmt: skip
    return PartnerDraft(**{**fields, **changes})


def at_the_door(link: str, code: str, **answer: str) -> tuple[int, str]:
    """Post a link and a code as a stranger, with an answer if there is one; return the status and what is read."""
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("referrals:open"), {"link": link, "code": code, **answer})
    assert not response.cookies
    return response.status_code, response.content.decode()
