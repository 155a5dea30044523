"""Data classes of the tables that libraries bring. None of them may hold a name, a number or an answer."""

from xinqiao.foundation.core.data_classes import D1, D2, declare_foreign_table

_TABLES: dict[str, tuple[str, ...]] = {
    "auth.Permission": ("id", "name", "content_type", "codename"),
    "auth.Group": ("id", "name"),
    "auth.Group_permissions": ("id", "group", "permission"),
    "contenttypes.ContentType": ("id", "app_label", "model"),
    "sessions.Session": ("session_key", "session_data", "expire_date"),
    "mfa.Authenticator": ("id", "user", "type", "data", "created_at", "last_used_at"),
    # Arguments are ids, tracebacks hold no messages (core.jobs.worker).
    "django_tasks_database.DBTaskResult": (
        "id",
        "status",
        "enqueued_at",
        "started_at",
        "finished_at",
        "args_kwargs",
        "priority",
        "task_path",
        "worker_ids",
        "queue_name",
        "backend_name",
        "run_after",
        "return_value",
        "exception_class_path",
        "traceback",
    ),
}


def declare_all() -> None:
    """Declare them; addresses of mail are D2 and that table stays empty, since no account has a mail address."""
    for label, fields in _TABLES.items():
        declare_foreign_table(label, dict.fromkeys(fields, D1))
    declare_foreign_table("account.EmailAddress", {"id": D1, "user": D1, "email": D2, "verified": D1, "primary": D1})
    declare_foreign_table(
        "account.EmailConfirmation", {"id": D1, "email_address": D1, "created": D1, "sent": D1, "key": D1}
    )
