"""Until when a unit's licence lets the wording be used; like the rest of a published version it never changes."""

from django.db import migrations, models

TABLE = "scales_scaleversion"
MESSAGE = "a published scale version never changes"


def add_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION scales_refuse_until() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{MESSAGE}'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_until BEFORE UPDATE ON {TABLE} FOR EACH ROW "
            "WHEN (NEW.licensed_until IS DISTINCT FROM OLD.licensed_until) EXECUTE FUNCTION scales_refuse_until()"
        )
        return
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_until BEFORE UPDATE ON {TABLE} WHEN NEW.licensed_until IS NOT OLD.licensed_until "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def drop_trigger(apps, schema_editor):
    on_table = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER {TABLE}_until{on_table}")


class Migration(migrations.Migration):
    dependencies = [("scales", "0002_immutable")]
    operations = [
        migrations.AddField(
            model_name="scaleversion", name="licensed_until", field=models.DateField(null=True)
        ),
        migrations.RunPython(add_trigger, drop_trigger),
    ]
