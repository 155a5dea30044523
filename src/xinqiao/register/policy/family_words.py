"""How the rules of mentors and of the contact with families read on the page of the policy."""

from django.utils.translation import gettext as _


def family_label_words() -> dict[str, str]:
    """Return what each value is called, by its path in the pack."""
    return {
        "mentors.most_pupils": _("Pupils of one mentor, at most"),
        "mentors.own_class": _("A class teacher may be mentor of pupils of the own class"),
        "mentors.siblings_together": _("Brothers and sisters go to one mentor"),
        "families.contacts_per_term": _("Contacts with each family in a term, at least"),
        "families.due_days_before_term_end": _("Each family is reached by so many days before the term ends"),
        "families.task_days_before": _("Missing families become a task (days before)"),
        "families.topics": _("What is talked about with families"),
        "families.sessions_per_term": _("Parents are taught, times a term at least"),
        "families.special_within": _("After a worry about a registered pupil the family is reached within"),
        "families.special_rungs": _("Who hears when that family is not reached"),
        "families.rungs": _("Who hears of families that are missing"),
    }


def yes_or_no(value: bool) -> tuple[str, ...]:  # noqa: FBT001 - the value of a pack
    """Return the words of a value that is yes or no."""
    return (_("yes") if value else _("no"),)
