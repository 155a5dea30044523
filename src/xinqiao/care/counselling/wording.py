"""Codes of counselling in words."""

from django.utils.translation import gettext as _

from xinqiao.care.counselling import course_rules, rules


def refusal_words(code: str) -> str:
    """Return why something was not done, and how to mend it."""
    words = {
        rules.NO_STAFF: _("You are not among the staff of a unit. Ask the security officer to register you."),
        rules.NO_SENTENCE: _("Somebody concerned has no sentence yet. It is chosen on the page “Sealed notes”."),
        rules.NOT_OPEN: _("Your sentence is asked for first."),
        rules.NOT_MEMBER: _("Only those who are in the group can do this."),
        rules.NOT_WAITING: _("This was settled meanwhile. Load the page again."),
        rules.NO_RIGHT: _("One of those chosen does not hold the role for this any more. Choose somebody else."),
        rules.HOLDER_IS_MEMBER: _("Whoever holds a half cannot be in the group, and the other way round."),
        rules.SAME_HOLDER: _("Two different people are needed. Choose somebody else for one of them."),
        rules.NOT_HOLDER: _("You do not hold a half of this group's key."),
        rules.TOO_LATE: _("Too much time has passed since the first half was given. Begin the recovery again."),
        rules.NOT_HEIR: _("The halves were given to somebody else."),
        rules.NO_HALVES: _("No half lies under your sentence. The group has to name its holders anew."),
        rules.GROUP_LIVES: _("The notes can still be opened: ask a member, or the two who hold the halves."),
    }
    return words[code]


def course_refusal_words(code: str) -> str:
    """Return why a course or a note was not taken, and how to mend it."""
    words = {
        course_rules.RUNS_ALREADY: _("A course of this pupil is open already. Ask the colleagues of your group."),
        course_rules.HAS_LEFT: _("The pupil has left the school. Only pupils at the school are counselled here."),
        course_rules.NOT_RUNNING: _("This course is not running any more. Load the page again."),
        course_rules.TAKEN_ALREADY: _("A colleague has taken this course meanwhile."),
        course_rules.NO_HEIR: _("This colleague does not counsel at the school any more. Choose somebody else."),
        course_rules.NO_REASON: _("Choose a reason of the list; that a pupil left, the roster says by itself."),
        course_rules.NO_GROUP: _(
            "Nothing was saved: nobody could read it. Set up the counselling group on the page “Sealed notes” first."
        ),
        course_rules.NOTHING_WRITTEN: _("Nothing is written yet. Fill in at least one part."),
        course_rules.IN_THE_FUTURE: _("This day has not come yet. Choose today or an earlier day."),
        course_rules.BEFORE_AGREEMENT: _("The agreement was signed later than this day. Choose a later day."),
        course_rules.NO_WHY: _("Say in a sentence why it is amended."),
        course_rules.BAD_PROGRESS: _("A goal stands between 0 and 10. Mend the number."),
        course_rules.AMENDED_MEANWHILE: _(
            "This note was amended meanwhile. Open it in another window and compare before you save yours."
        ),
        course_rules.CONSENT_SAYS_NO: _(
            "The form of consent to counselling says no. Note on the page Consent that they agree before you open a "
            "course; danger to a life is reported as a signal and waits for no form."
        ),
        course_rules.CONSENT_TAKEN_BACK: _(
            "The consent was taken back before this day: no session is held. Where danger was found, say so above; it "
            "is written down and reported all the same."
        ),
        course_rules.NO_WORDS: _("Write the goal in a few words."),
    }
    return words[code]


def agreement_lines() -> tuple[str, ...]:
    """Return what is agreed before counselling: what is kept to oneself, and when others must be told."""
    return (
        _("What is said here is written down for the counsellors of the school, and nobody else can open it."),
        _("Class teachers, the head, the bureau and whoever runs the system do not learn what was said."),
        _("Where the pupil's life or that of others is in danger, or a child is being harmed, the counsellor must tell "
          "those who can protect: as few people as possible, and the pupil is told first where that is safe."),
        _("Where a court or the law demands it, the counsellor says no more than must be said."),
        _("Taking part is voluntary: the pupil may stop at any time, and may ask what is written."),
        _("Counselling at school is no treatment and no diagnosis; where more is needed, a doctor is proposed."),
    )  # fmt: skip
