"""What the tree asks and tells the floors above, in the same transaction."""

from xinqiao.foundation.core.hooks import Hook
from xinqiao.register.orgs.models import Unit

# Sent before a unit closes. A receiver that still keeps something open there raises CannotCloseUnit("has_people").
units_closing: Hook[Unit] = Hook("UnitsClosing")
