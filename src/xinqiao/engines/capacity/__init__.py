"""How many flags a screening brings, how long they take to talk through, and which class sits on which day.

Pure: the policy pack's numbers, the days and the classes are arguments.
"""

from xinqiao.engines.capacity.flags import CapacityRules, days_until_clear, flag_share, wave_share
from xinqiao.engines.capacity.pace import ClassLoad, Pace, days_to_wait, paced

__all__ = [
    "CapacityRules",
    "ClassLoad",
    "Pace",
    "days_to_wait",
    "days_until_clear",
    "flag_share",
    "paced",
    "wave_share",
]
