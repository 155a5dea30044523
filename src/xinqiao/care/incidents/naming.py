"""Names of pupils that became exposed later are struck out of what was kept of the public's words. Private body."""

from xinqiao.care.incidents import rules
from xinqiao.care.incidents.facts import names_of_exposed
from xinqiao.care.incidents.models import Incident
from xinqiao.care.incidents.rows import every_opinion
from xinqiao.foundation.keys.fields import open_sealed

WORDS = ("where", "says", "link", "judgement", "answer", "answered_where", "closing")


def strike_out_names(incident: Incident) -> int:
    """Take the names of an incident's exposed pupils out of its items of public opinion; return how many items had one.
    The caller holds the lock of the incident and records it."""
    names, struck = names_of_exposed(incident), 0
    items = list(every_opinion().select_for_update(of=("self",)).filter(incident=incident).order_by("id"))
    for item, said in zip(items, open_sealed(items, *WORDS), strict=True):
        found = [field for field in WORDS if rules.named_in(said[field] or "", names)]
        for field in found:
            setattr(item, field, rules.without_names(said[field] or "", names))
        if found:
            item.save(update_fields=found)
            struck += 1
    return struck
