"""App registration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.people"
    label = "people"
