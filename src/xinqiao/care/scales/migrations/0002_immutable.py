"""Triggers that refuse to change or delete a published version; only `retired_at` may be set, once."""

from django.db import migrations

TABLE = "scales_scaleversion"
FIXED = ("id", "code", "version", "place", "definition", "digest", "has_wording", "published_at", "published_by")
MESSAGE = "a published scale version never changes"


def add_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FIXED)
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION scales_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'UPDATE' THEN IF NOT ({changed} OR OLD.retired_at IS NOT NULL) THEN RETURN NEW; END IF; "
            f"END IF; RAISE EXCEPTION '{MESSAGE}'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_fixed BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION scales_refuse()"
        )
        return
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FIXED)
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_fixed BEFORE UPDATE ON {TABLE} WHEN {changed} OR OLD.retired_at IS NOT NULL "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_fixed ON {TABLE}")
        return
    schema_editor.execute(f"DROP TRIGGER {TABLE}_fixed")
    schema_editor.execute(f"DROP TRIGGER {TABLE}_kept")


class Migration(migrations.Migration):
    dependencies = [("scales", "0001_initial")]
    operations = [migrations.RunPython(add_triggers, drop_triggers)]
