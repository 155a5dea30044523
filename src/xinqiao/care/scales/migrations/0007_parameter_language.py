"""The language whose wording item parameters were found with; like the rest of them it never changes."""

from importlib import import_module

from django.db import migrations, models

earlier = import_module("xinqiao.care.scales.migrations.0005_item_parameters")
TABLE = "scales_itemparameterset"


def add_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION parameters_refuse_language() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{earlier.MESSAGE}'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_language BEFORE UPDATE ON {TABLE} FOR EACH ROW "
            "WHEN (NEW.language IS DISTINCT FROM OLD.language) EXECUTE FUNCTION parameters_refuse_language()"
        )
        return
    earlier.add_triggers(apps, schema_editor)  # SQLite makes the table anew, without them
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_language BEFORE UPDATE ON {TABLE} WHEN NEW.language IS NOT OLD.language "
        f"BEGIN SELECT RAISE(ABORT, '{earlier.MESSAGE}'); END"
    )


def drop_trigger(apps, schema_editor):
    on_table = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER {TABLE}_language{on_table}")


def restore_triggers(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        earlier.add_triggers(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("scales", "0006_local_norms")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, restore_triggers),
        migrations.AddField(
            model_name="itemparameterset", name="language",
            field=models.CharField(default="zh-hans", max_length=10),
        ),
        migrations.RunPython(add_trigger, drop_trigger),
    ]
