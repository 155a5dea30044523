"""What the tests of this app share: empty registries and a reader of the page."""

from collections.abc import Iterator

import pytest
from django.test import RequestFactory
from django.utils import translation

from xinqiao.foundation.ui import doors, shell


@pytest.fixture(autouse=True)
def _own_registries(monkeypatch) -> None:
    """Whatever the apps registered is put aside for one test."""
    monkeypatch.setattr(doors, "_doors", {})
    monkeypatch.setattr(doors, "_links", {})
    monkeypatch.setattr(shell, "_identity", [])
    monkeypatch.setattr(shell, "_notices", [])


@pytest.fixture
def request_at():
    """A request for a path."""
    return RequestFactory().get


@pytest.fixture(params=["zh-hans", "en"])
def language(request) -> Iterator[str]:
    """Each language in turn."""
    with translation.override(request.param):
        yield request.param


@pytest.fixture(scope="session", autouse=True)
def _catalogue(tmp_path_factory) -> Iterator[None]:
    """The Chinese catalogue as it stands in the source, whether or not it was compiled before."""
    import polib
    from django.apps import apps
    from django.utils.translation import trans_real

    source = f"{apps.get_app_config('ui').path}/locale/zh_Hans/LC_MESSAGES/django.po"
    compiled = tmp_path_factory.mktemp("locale") / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    compiled.parent.mkdir(parents=True)
    polib.pofile(source).save_as_mofile(str(compiled))
    patch = pytest.MonkeyPatch()
    from django.conf import settings

    patch.setattr(settings, "LOCALE_PATHS", [str(compiled.parents[2])])
    patch.setattr(trans_real, "_translations", {})
    yield
    patch.undo()
    trans_real._translations = {}
