"""How the rules of a counselling centre read on the page of the policy."""

from django.utils.translation import gettext as _

from xinqiao.register.policy.centre_packs import ZoneRule


def centre_label_words() -> dict[str, str]:
    """Return what each value is called, by its path in the pack."""
    return {
        "centre.hours_a_day": _("Open each school day (hours, at least)"),
        "centre.hours_a_week": _("Open each week (hours, at least)"),
        "centre.zones": _("Spaces of the centre"),
        "centre.slot_minutes": _("An hour that can be booked lasts (minutes)"),
        "centre.pause_minutes": _("Pause after it (minutes)"),
        "centre.ahead_days": _("Booked at most so many days ahead"),
        "centre.open_bookings": _("Bookings a pupil may have open"),
        "centre.missed_within": _("Who did not come is looked after within"),
        "centre.missed_urgent_within": _("Who did not come and needs more attention is looked after within"),
        "centre.missed_urgent_levels": _("The shorter time holds for the levels"),
        "centre.waiting_within": _("Who waits for an hour has one within"),
        "centre.waiting_urgent_within": _("Who waits for an hour and needs more attention has one within"),
        "centre.topics": _("What talks are about"),
        "centre.reminded_days": _("Staff are reminded so many days before"),
        "centre.feed_an_hour": _("A calendar may be fetched so often in an hour"),
    }


def zone_words(zone: str) -> str:
    """Return what a kind of space is called."""
    return {
        "reception": _("Reception and office"), "individual": _("Individual counselling"),
        "group": _("Group counselling"), "development": _("Development training"), "other": _("Another space"),
    }[zone]  # fmt: skip


def zone_rule_words(rule: ZoneRule) -> str:
    """Return a rule of a space with its size."""
    if rule.at_least is None:
        return zone_words(rule.zone)
    facts = {"zone": zone_words(rule.zone), "least": f"{rule.at_least:g}", "most": f"{rule.at_most or 0:g}"}
    if rule.at_most is None:
        return _("{zone}: at least {least} m2").format(**facts)
    return _("{zone}: {least} to {most} m2").format(**facts)
