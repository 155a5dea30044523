"""How what a pack says of pupils' files reads on the page of the policy."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.register.policy.archive_packs import PlanTemplate


def archive_label_words() -> dict[str, str]:
    """Return what each value of the part is called, by its path."""
    return {
        "archives.plan_days": _("Growth plans of a new term are there within (days)"),
        "archives.look_days": _("A growth plan is looked at again after (days)"),
        "archives.fresh_days": _("A file counts as kept up with an entry in the last (days)"),
        "archives.templates": _("Words to begin a growth plan with"),
        "archives.answer_within": _("A request about a file is answered within"),
        "archives.erasure_wait_days": _("An approved erasure can be called back for (days)"),
        "archives.rungs": _("Who hears of a request that is late"),
    }


def template_lines(templates: Sequence[PlanTemplate]) -> tuple[str, ...]:
    """Return one line a template: its name and its aim."""
    language = get_language() or ""
    return tuple(f"{each.name.in_language(language)}: {each.aim.in_language(language)}" for each in templates)
