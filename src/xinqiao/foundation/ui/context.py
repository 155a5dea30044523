"""The context processor of the shell."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from xinqiao.foundation.ui.doors import navigation
from xinqiao.foundation.ui.shell import Shell, identity_of, notices_url_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates `shell` (doors, identity, notices_url) and `deploy_banner` (text above every page, or empty).

    The shell is built when a template first asks for it, so fragments cost nothing.
    """
    return {"shell": SimpleLazyObject(lambda: _shell_of(request)), "deploy_banner": deploy_banner()}


def deploy_banner() -> str:
    """What everyone must know of this installation: setting DEPLOY_BANNER, or that it is the demo city."""
    given = getattr(settings, "DEPLOY_BANNER", "")
    if given:
        return str(given)
    if getattr(settings, "XINQIAO_DEMO", False):
        return _("Demo city: everyone here is invented, and sign-in asks for no second factor. Not for real pupils.")
    return ""


def _shell_of(request: HttpRequest) -> Shell:
    identity = identity_of(request)
    if identity is None:
        return Shell()
    return Shell(navigation(request), identity, notices_url_of(request))
