"""Releasing words to teachers, and their receipt."""

from collections.abc import Collection
from uuid import UUID

from xinqiao.care.feedback import rules
from xinqiao.care.feedback.concerned import concerned_with
from xinqiao.care.feedback.judging import spots_in
from xinqiao.care.feedback.models import Feedback, TeacherWord
from xinqiao.care.feedback.owing import all_opened, end_feedback, record_feedback, write_words
from xinqiao.care.feedback.rows import every_feedback, every_word
from xinqiao.care.feedback.states import Audience, FeedbackState, Through, sources_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import open_sealed, seal_rows


@command(Permission.FEEDBACK_EDIT)
def release_words(feedback: Feedback, *, actor: Actor, words: str, teachers: Collection[UUID]) -> Feedback:
    """Release words to teachers whom the pupil concerns; those not chosen who have not opened theirs lose them.

    Raises CannotDo with every why; words may hold no result, scale or diagnosis.
    """
    known = concerned_with(feedback.student, today())
    unknown = [each for each in teachers if each not in known]
    codes = rules.refusals_to_release(words=words, chosen=len(teachers), unknown=len(unknown))
    spots = spots_in(words, feedback.student)
    if codes or spots:
        raise rules.CannotDo(*codes, *((rules.FORBIDDEN_WORDS,) if spots else ()), spots=spots)
    at, text = now(), words.strip()
    is_new = open_sealed([feedback], "words")[0]["words"] != text
    feedback.words = text
    seal_rows([feedback])
    rows = every_feedback().filter(pk=feedback.pk, to=Audience.TEACHERS, state__in=sources_of(FeedbackState.RELEASED))
    rules.demand("" if rows.update(state=FeedbackState.RELEASED, words=feedback.words) else rules.NOT_RUNNING)
    feedback.refresh_from_db()
    if is_new:  # a receipt of other words is none of these
        every_word().filter(feedback=feedback).update(opened_at=None, released_at=at, released_by=actor.person_id)
    write_words(feedback, [known[each] for each in teachers], by=actor.person_id, at=at)
    record_feedback(feedback, "feedback.words.released", count=len(teachers))
    if all_opened(feedback):
        end_feedback(feedback, FeedbackState.GIVEN, at=at, by=actor.person_id, through=Through.WORDS)
    return feedback


@command(Permission.FEEDBACK_OWN)
def open_words(word: TeacherWord, *, actor: Actor) -> TeacherWord | Unchanged:
    """Note that a teacher has the words open; when all have, the feedback is given. Opening again changes nothing."""
    at = now()
    if not every_word().filter(pk=word.pk, opened_at__isnull=True).update(opened_at=at):
        return Unchanged("opened_already")
    word.refresh_from_db()
    feedback = every_feedback().select_for_update(of=("self",)).get(pk=word.feedback_id)
    record_feedback(feedback, "feedback.words.opened")
    if all_opened(feedback):
        end_feedback(feedback, FeedbackState.GIVEN, at=at, by=actor.person_id, through=Through.WORDS)
    return word
