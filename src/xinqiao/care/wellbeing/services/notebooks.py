"""Keeping and deleting what is one's own. The events say that somebody changed a notebook, and nothing more."""

from collections.abc import Collection
from uuid import UUID

from xinqiao.care.wellbeing.destroying import destroy_notebook
from xinqiao.care.wellbeing.models import NOWHERE, Entry, Notebook, owner_mark
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.keys.boxes import into_box, new_lock, relocked
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.orgs.selectors import unit_by_path

CHANGED = "wellbeing.notebook.changed"


class NoNotebook(LookupError):
    """There is no notebook yet, and no words were given to begin one."""


@command(Permission.WELLBEING_OWN, is_unnamed=True)
def keep_result(place: str, *, actor: Actor, result: bytes, words: str = "") -> Entry:
    """Keep a result in the actor's own notebook; `words` begin one where there is none. Raises NoNotebook."""
    notebook = Notebook.objects.own(actor).first() or _begun(place, actor, words)
    entry = Entry(county_id=notebook.county_id, place=NOWHERE, owner=notebook.owner, key_id=notebook.key_id)
    entry.notebook = notebook
    entry.box = into_box(bytes(notebook.public), result, entry.id.bytes)
    entry.save(force_insert=True)
    record(CHANGED)
    return entry


def _begun(place: str, actor: Actor, words: str) -> Notebook:
    unit = unit_by_path(place)
    if not words or unit is None:
        raise NoNotebook
    notebook = Notebook(
        county_id=unit.shard_id, place=NOWHERE, owner=owner_mark(actor.id), key_id=new_key(SubjectKind.STAFF)
    )
    lock = new_lock(words, notebook.id.bytes)
    notebook.public, notebook.guarded = lock.public, lock.guarded
    notebook.save(force_insert=True)
    return notebook


@command(Permission.WELLBEING_OWN, is_unnamed=True)
def change_words(place: str, *, actor: Actor, words: str, new_words: str) -> Notebook:
    """Put the actor's own notebook under other words. Raises NoNotebook, WrongWords."""
    del place
    notebook: Notebook | None = Notebook.objects.own(actor).first()
    if notebook is None:
        raise NoNotebook
    (opened,) = open_sealed([notebook], "guarded")
    notebook.guarded = relocked(opened["guarded"], words, new_words, notebook.id.bytes)
    notebook.save(update_fields=["guarded"])
    record(CHANGED)
    return notebook


@command(Permission.WELLBEING_OWN, is_unnamed=True)
def delete_results(place: str, *, actor: Actor, ids: Collection[UUID]) -> int | Unchanged:
    """Delete some of the actor's own results; ids of others' are as if they were not there."""
    del place
    count, _by_model = Entry.objects.own(actor).filter(pk__in=ids).delete()
    if not count:
        return Unchanged("not_there")
    record(CHANGED)
    return int(count)


@command(Permission.WELLBEING_OWN, is_unnamed=True)
def delete_notebook(place: str, *, actor: Actor) -> bool | Unchanged:
    """Delete the actor's own notebook with its key, so that no backup can be opened either; needs no words."""
    del place
    if not destroy_notebook(actor.id):
        return Unchanged("not_there")
    record(CHANGED)
    return True
