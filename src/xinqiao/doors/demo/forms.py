"""A form of its own that the demo city's school is writing: a draft with two things left to mend."""

from pathlib import Path
from typing import Final

from xinqiao.care.scales.packs import mapping_of
from xinqiao.care.scales.services.drafts import start_draft
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import actor_for

FORM_FILE: Final = Path(__file__).resolve().parents[4] / "seeds" / "own-form.yaml"
SCHOOL, WRITER = "songhu-junior", "psych.songhu"


def add_own_form(built: Built) -> None:
    """Let the psychology teacher of the first school begin it, where both are there."""
    if SCHOOL in built.units and WRITER in built.users:
        actor = actor_for(built.users[WRITER], today())
        start_draft(built.units[SCHOOL], actor=actor, mapping=mapping_of(FORM_FILE.read_bytes()))
