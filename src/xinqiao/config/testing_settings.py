"""Settings of the test-suite: the real ones with a quick password hash and immediate tasks."""

from xinqiao.config.settings import *  # noqa: F403 - every setting, less a few

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend",
        "QUEUES": ["default", "imports", "outbox"],
    }
}
WHITENOISE_AUTOREFRESH = True
XINQIAO_SECOND_FACTOR = False  # tests of the second factor switch it on
# Rows whose order nobody asked for come backwards in the embedded database, so that a test that leans on it is red.
_options = DATABASES["default"].get("OPTIONS")  # noqa: F405
if isinstance(_options, dict) and "init_command" in _options:
    _options["init_command"] += ";PRAGMA reverse_unordered_selects=ON"
