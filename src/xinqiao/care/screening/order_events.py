"""The audit events of a bureau's orders, as sentences."""

from django.utils.translation import gettext_lazy as _

from xinqiao.care.screening.states import Obstacle
from xinqiao.foundation.audit.events import declare_events, declare_words


def declare_order_events() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(
        {
            "screening.order.issued": _("{actor} ordered a screening from {schools} schools ({scales})"),
            "screening.order.prepared": _("A plan was made at a school for a screening that its bureau ordered"),
            "screening.order.seen": _("{actor} looked at a screening that the bureau ordered"),
            "screening.order.confirmed": _("{actor} confirmed a screening that the bureau ordered"),
            "screening.order.declined": _(
                "{actor} answered that a screening the bureau ordered cannot be held ({obstacle})"
            ),
            "screening.order.reconsidered": _("{actor} took back that a screening the bureau ordered cannot be held"),
            "screening.order.reminded": _("{actor} reminded {schools} schools of an ordered screening"),
            "screening.order.redated": _("{actor} gave an ordered screening other days (until {until})"),
            "screening.order.withdrawn": _("{actor} withdrew an ordered screening from {schools} schools"),
        }
    )
    declare_words("screening.order.declined", obstacle=dict(Obstacle.choices))


def declare_cadence_events() -> None:
    """Declare the reminders of what is due; called once in `ready()`."""
    sentence = _("The psychology teachers were reminded of screenings of {grades} grades, due by {due_on}")
    of_register = _("The psychology teachers were reminded of the register's screening, due by {due_on}")
    declare_events({"screening.cadence.reminded": sentence, "screening.register.reminded": of_register})
