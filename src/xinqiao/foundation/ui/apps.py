"""Registers the app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Base pages, components and behaviours of the staff side."""

    name = "xinqiao.foundation.ui"
    label = "ui"
    verbose_name = _("Look and components")
