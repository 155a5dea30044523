"""Item parameters of one scale, so that the city shows what they look like; calibrated from invented sheets."""

from xinqiao.care.scales.parameter_file import read_parameters
from xinqiao.care.scales.services.parameters import load_parameters
from xinqiao.doors.demo.cast import CITY_FILE, City
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.actors import system_actor

FILE = CITY_FILE.with_name("item-parameters-phq-9.json")


def add_item_parameters(built: Built, city: City) -> None:
    """Load them for the whole city; the scales are published by then."""
    load_parameters(built.units[city.city.code], actor=system_actor("demo.load"), file=read_parameters(FILE))
