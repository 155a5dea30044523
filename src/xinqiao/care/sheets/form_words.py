"""How a form about a pupil introduces itself to the guardian or the class teacher, in both languages."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from xinqiao.care.sheets.states import Informant

ITEMS_A_MINUTE = 12  # our assumption: adults read faster than pupils, for whom it is ten

INTRO = gettext_noop(
    "There are {items} questions, about {minutes} minutes. Skip what you cannot or do not want to say."
)
WORDS = {
    Informant.PARENT: {
        "title": gettext_noop("How is your child at home?"),
        "intro": INTRO,
        "purpose": gettext_noop(
            "You know your child best. What you tell helps the school to notice early who could do with some care. "
            "It is voluntary: leaving it has no consequence for you or your child."
        ),
        "who_sees": gettext_noop(
            "The school's psychology teacher reads it, not the class teacher and not your child. If you tell of "
            "danger, the people on duty are told so at once. It changes no mark and no ranking."
        ),
    },
    Informant.TEACHER: {
        "title": gettext_noop("What do you see in this pupil?"),
        "intro": INTRO,
        "purpose": gettext_noop(
            "You meet this pupil every day. Say what you have seen in the last four weeks, not what you suppose; it is "
            "no judgement and no diagnosis."
        ),
        "who_sees": gettext_noop(
            "The school's psychology teacher alone reads it. Once handed in it cannot be opened again here."
        ),
    },
}


def words_of_form(informant: str, items: int) -> dict[str, Any]:
    """Return title, intro, purpose and who_sees of a form, each `{"zh-hans": …, "en": …}`."""
    minutes = max(1, round(items / ITEMS_A_MINUTE))
    found: dict[str, Any] = {}
    for name, msgid in WORDS[Informant(informant)].items():
        found[name] = {}
        for language in ("zh-hans", "en"):
            with override(language):
                found[name][language] = _(msgid).replace("{items}", str(items)).replace("{minutes}", str(minutes))
    return found
