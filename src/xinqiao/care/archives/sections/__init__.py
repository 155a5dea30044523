"""What existing apps have to tell of one pupil, as sections of the file; an app that comes later offers its own."""

from xinqiao.care.archives.sections.caring import CARING
from xinqiao.care.archives.sections.everyday import EVERYDAY
from xinqiao.care.archives.sections.knowing import KNOWING
from xinqiao.care.archives.sections.own import OWN
from xinqiao.care.archives.sections.roster import ROSTER
from xinqiao.register.people.sections import register_section


def offer_all() -> None:
    """Register them; called once in `ready()`."""
    for section in (*ROSTER, *OWN, *EVERYDAY, *KNOWING, *CARING):
        register_section(section)
