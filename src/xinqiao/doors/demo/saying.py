"""What the public says of the demo city's incidents, and the messages of the school."""

import datetime as dt
from uuid import uuid5

from django.utils import translation

from xinqiao.care.incidents.models import Incident, MessageDraft, OpinionItem
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
from xinqiao.doors.demo.cast import IncidentSeed, MessageSeed, OpinionSeed
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core import clock
from xinqiao.foundation.ui.wording import moment_words

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


class WhatIsSaid:
    """The principal collects, judges and writes; the psychology teacher answers and looks at messages."""

    def __init__(self, head: Actor, psych: Actor) -> None:
        self.head, self.psych = head, psych

    def let_run(self, made: Incident, seed: IncidentSeed) -> None:
        """Of an incident of today: messages and what was found after some minutes, judged where the seed says so."""
        with clock.frozen(clock.now() + 15 * MINUTE):
            for message in seed.messages:
                self._message(made, seed, message)
            for each in seed.opinions:
                self._collect(made, each)
        with clock.frozen(clock.now() + 30 * MINUTE):
            for each in seed.opinions:
                self._judge(made, each)

    def lead_to_its_end(self, made: Incident, seed: IncidentSeed) -> None:
        """Of an incident that is over: everything answered, given out and closed."""
        self.let_run(made, seed)
        with clock.frozen(clock.now() + 120 * MINUTE):
            for each in seed.opinions:
                answer = Answer(each.answer, each.answered_where, clock.now())
                answer_opinion(self._item(made, each), actor=self.psych, answer=answer)
        with clock.frozen(clock.now() + 2 * DAY):
            for each in seed.opinions:
                close_opinion(self._item(made, each), actor=self.head, words=each.end)

    def _collect(self, made: Incident, each: OpinionSeed) -> None:
        found = Found(uuid5(made.id, each.where), each.where, each.says, clock.now() - 5 * MINUTE, each.link)
        collect_opinion(made, actor=self.head, found=found)

    def _judge(self, made: Incident, each: OpinionSeed) -> None:
        if each.words:
            assert self.psych.person_id is not None
            judgement = Judgement(each.grave, each.truth, self.psych.person_id, each.words)
            judge_opinion(self._item(made, each), actor=self.head, judgement=judgement)

    def _item(self, made: Incident, each: OpinionSeed) -> OpinionItem:
        return every_opinion().select_related("incident").get(once=uuid5(made.id, each.where))

    def _message(self, made: Incident, seed: IncidentSeed, each: MessageSeed) -> None:
        with translation.override("zh-hans"):
            hour = moment_words(made.happened_at)
        facts = {
            "hour": hour, "place": seed.where, "does": each.does, "number": each.number,
            "next": each.next,
        }  # fmt: skip
        once = uuid5(made.id, each.audience)
        begin_draft(made, actor=self.head, begun=Begun(once, each.audience, "zh-Hans", facts))
        if each.given_to:
            check_draft(self._draft(made, each), actor=self.psych, after=1)
            give_draft(self._draft(made, each), actor=self.head, to=each.given_to, at=clock.now())

    def _draft(self, made: Incident, each: MessageSeed) -> MessageDraft:
        return every_draft().select_related("incident").get(once=uuid5(made.id, each.audience))
