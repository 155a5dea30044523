"""What tests do with what the public says and with drafts of messages."""

import datetime as dt

from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.models import MessageDraft, OpinionItem
from xinqiao.care.incidents.rows import every_draft, every_opinion
from xinqiao.care.incidents.services.drafting import Begun, begin_draft, check_draft, give_draft
from xinqiao.care.incidents.services.opinion import (
    Answer,
    Found,
    Judgement,
    answer_opinion,
    close_opinion,
    collect_opinion,
    judge_opinion,
)
from xinqiao.care.incidents.tests.conftest import People
from xinqiao.foundation.core import clock, ids

PLACE, SAYS = "本地论坛", "说学校没有及时送医"
FACTS = {"hour": "11月23日10:00", "place": "操场", "does": "已送医", "number": "0571-1234567", "next": "今晚八点"}


class Speaking(People):
    """People of an incident who look at what is said of it, and say something themselves."""

    def found(self, **more) -> Found:
        fields = {"once": ids.new_id(), "where": PLACE, "says": SAYS, "found_at": clock.now(), "link": ""}
        return Found(**{**fields, **more})

    def collect(self, login="head", **more):
        return collect_opinion(self.incident, actor=self.actor(login), found=self.found(**more))

    def item(self, item) -> OpinionItem:
        return every_opinion().select_related("incident").get(pk=item.pk)

    def judge(self, item, login="head", **more):
        fields = {"grave": "moderate", "truth": "rumour", "answerer": self.world.id_of("psych"), "words": "不实"}
        return judge_opinion(self.item(item), actor=self.actor(login), judgement=Judgement(**{**fields, **more}))

    def answer(self, item, login="psych", **more):
        fields = {"words": "救护车十分钟内到达", "where": "论坛回帖", "at": clock.now()}
        return answer_opinion(self.item(item), actor=self.actor(login), answer=Answer(**{**fields, **more}))

    def close(self, item, words="已无人转发", login="head"):
        return close_opinion(self.item(item), actor=self.actor(login), words=words)

    def begin(self, login="head", **more):
        fields = {"once": ids.new_id(), "audience": "staff", "language": "zh-Hans", "facts": FACTS}
        return begin_draft(self.incident, actor=self.actor(login), begun=Begun(**{**fields, **more}))

    def message(self, draft) -> MessageDraft:
        return every_draft().select_related("incident").get(pk=draft.pk)

    def check(self, draft, login="psych"):
        return check_draft(self.message(draft), actor=self.actor(login), after=self.message(draft).version)

    def give(self, draft, to="教职工群", login="head", at: dt.datetime | None = None):
        return give_draft(self.message(draft), actor=self.actor(login), to=to, at=at or clock.now())


def refuses(code: str, act) -> None:
    """The act is refused with one code, and nothing else."""
    try:
        act()
    except CannotDo as refused:
        assert refused.codes == (code,), refused.codes  # noqa: PT017 - a check that its control turns red
    else:
        raise AssertionError(f"not refused: {code}")
