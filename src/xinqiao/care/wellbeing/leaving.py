"""Who leaves takes the notebook along: it is destroyed in the transaction that notes the leaving."""

from collections.abc import Sequence

from xinqiao.care.wellbeing.destroying import destroy_notebook
from xinqiao.register.accounts.hooks import Left


def destroy_notebooks(lefts: Sequence[Left]) -> None:
    """Destroy what those who left had kept. Says nothing of it: the event of the leaving is all that is recorded."""
    for left in lefts:
        if left.user_id is not None:
            destroy_notebook(left.user_id)
