"""The end of a notebook: its key, its entries, itself."""

from uuid import UUID

from xinqiao.care.wellbeing.models import Entry, Notebook
from xinqiao.foundation.keys.store import destroy_keys


def destroy_notebook(user_id: UUID) -> bool:
    """Destroy a user's notebook and its key; False where there was none. Transaction and event are the caller's."""
    notebook = Notebook.objects.of_user(user_id).first()
    if notebook is None:
        return False
    destroy_keys([notebook.key_id])
    Entry.objects.of_user(user_id).delete()
    Notebook.objects.of_user(user_id).delete()
    return True
