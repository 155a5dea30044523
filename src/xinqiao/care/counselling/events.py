"""What counselling leaves in the audit. No event holds a word of a note, a reason or an answer."""

from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.audit.events import declare_events


def declare() -> None:
    """Declare them; called once in `ready()`."""
    declare_events({
        "counselling.sentence.chosen": _("{actor} chose a sentence for sealed notes"),
        "counselling.sentence.changed": _("{actor} changed the sentence for sealed notes"),
        "counselling.sentence.opened": _("{actor} opened sealed notes with the own sentence"),
        "counselling.sentence.wrong": _("{actor} typed a wrong sentence for sealed notes ({failures} in a row)"),
        "counselling.group.founded": _("{actor} founded the counselling group"),
        "counselling.group.restarted": _("{actor} began the counselling group anew; earlier notes stay shut"),
        "counselling.member.asked": _("{actor} asked to be admitted to the counselling group"),
        "counselling.member.admitted": _("{actor} admitted a colleague to the counselling group"),
        "counselling.member.locked_out": _("{actor} replaced a forgotten sentence and waits to be admitted again"),
        "counselling.member.ended": _("Somebody is no longer in the counselling group, which has a new key"),
        "counselling.holder.named": _("{actor} named somebody to hold a half of the group's key"),
        "counselling.holder.ended": _("Somebody no longer holds a half of the group's key"),
        "counselling.recovery.begun": _("{actor} gave the first half of the group's key for a recovery"),
        "counselling.recovery.joined": _("{actor} gave the second half of the group's key for a recovery"),
        "counselling.course.opened": _("{actor} opened a course of counselling for a pupil"),
        "counselling.course.handed_over": _("A pupil's course of counselling went to another counsellor"),
        "counselling.course.orphaned": _("A pupil's course of counselling has no counsellor any more"),
        "counselling.course.overdue": _("A course of counselling has waited too long for a counsellor"),
        "counselling.course.consent_back": _("The consent to a pupil's course of counselling was taken back"),
        "counselling.course.consent_anew": _("A pupil's course of counselling was agreed to anew"),
        "counselling.course.consent_overdue": _("A course of counselling goes on although its consent was taken back"),
        "counselling.course.taken": _("{actor} took a pupil's course of counselling"),
        "counselling.course.ended": _("{actor} ended a pupil's course of counselling"),
        "counselling.course.left": _("A pupil's course of counselling ended: left the school"),
        "counselling.goal.set": _("{actor} set a goal in a pupil's course of counselling"),
        "counselling.note.kept": _("{actor} kept the sealed note of a session"),
        "counselling.note.amended": _("{actor} amended a sealed note; the earlier version is kept"),
        "counselling.draft.saved": _("{actor} saved the draft of a sealed note"),
        "counselling.recovery.taken": _("{actor} took over the group's notes by recovery"),
    })  # fmt: skip
    declare_events({
        "counselling.courses.read": _("{actor} read the list of {count} courses of counselling"),
        "counselling.course.read": _("{actor} looked at a pupil's course of counselling"),
        "counselling.notes.read": _("{actor} read {count} sealed notes of a pupil"),
    }, reading=True)  # fmt: skip
