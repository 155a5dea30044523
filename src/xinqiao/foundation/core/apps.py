"""App registration, and the data classes of third parties' tables."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.foundation.core"
    label = "core"

    def ready(self) -> None:
        from xinqiao.foundation.core.foreign_tables import declare_all

        declare_all()
