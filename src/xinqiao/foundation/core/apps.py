"""App registration, the data classes of third parties' tables, the lowest jobs, the system checks."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.conf import settings


class CoreConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.foundation.core"
    label = "core"

    def ready(self) -> None:
        from xinqiao.foundation.core import checks  # noqa: F401 - registers on import
        from xinqiao.foundation.core.foreign_tables import declare_all
        from xinqiao.foundation.core.jobs.tasks import register_jobs

        declare_all()
        register_jobs()
        # Checks of a whole installation stand beside its settings, which know every app.
        beside_settings = f"{settings.SETTINGS_MODULE.rpartition('.')[0]}.checks"
        if find_spec(beside_settings):
            import_module(beside_settings)
