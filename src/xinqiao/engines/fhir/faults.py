"""What can be wrong with a FHIR resource: codes and places, no prose."""

from collections.abc import Sequence

from xinqiao.engines.scoring import Fault


class NotFhir(ValueError):
    """The data is not a sound R4 resource of the wanted kind; `faults` holds all that was found, by path."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(f"{fault.place}: {fault.code}" for fault in faults))
        self.faults = tuple(faults)
