"""Words that a letter can begin with, from packs/letters/texts.yaml."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec
from django.conf import settings

from xinqiao.foundation.core.safe_yaml import read_yaml
from xinqiao.register.policy.packs import Words


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One template; `kind` says whether it is for everybody (`shared`) or for one pupil (`own`)."""

    id: str
    kind: Literal["shared", "own"]
    title: Words
    words: Words


@lru_cache(maxsize=1)
def texts() -> tuple[Text, ...]:
    """Return all templates, in the order of the file. Raises msgspec.ValidationError with the place of a fault."""
    body = read_yaml((Path(settings.XINQIAO_PACKS) / "letters" / "texts.yaml").read_text("utf-8"))
    return tuple(msgspec.convert(body, list[Text]))


def texts_for(kind: str) -> list[Text]:
    """Return the templates of a kind."""
    return [text for text in texts() if text.kind == kind]


def text_of(text_id: str, kind: str) -> Text:
    """Return one template, the first of its kind where there is no such."""
    found = texts_for(kind)
    return next((text for text in found if text.id == text_id), found[0])
