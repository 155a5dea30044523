"""An entry of the navigation for pupils kept in view."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinqiao.care.crisis.doors import may_care
from xinqiao.foundation.ui.doors import register_door


def open_watch_doors() -> None:
    """Register it; called once in `ready()`."""
    register_door("watch", label=_("Kept in view"), url_name="watch:index", icon="eye", order=21, is_open=may_watch)


def may_watch(request: HttpRequest) -> bool:
    """Does this reader keep pupils in view?"""
    return may_care(request)
