"""How the rules of mentors and of the contact with families read on the page of the policy."""

from django.utils.translation import gettext as _


def family_label_words() -> dict[str, str]:
    """Return what each value is called, by its path in the pack."""
    return {
        "mentors.most_pupils": _("Pupils of one mentor, at most"),
        "mentors.own_class": _("A class teacher may be mentor of pupils of the own class"),
        "mentors.siblings_together": _("Brothers and sisters go to one mentor"),
    }


def yes_or_no(value: bool) -> tuple[str, ...]:  # noqa: FBT001 - the value of a pack
    """Return the words of a value that is yes or no."""
    return (_("yes") if value else _("no"),)
