"""What is to be expected where a precision is asked for too; like the rest of the parameters it never changes."""

from importlib import import_module

from django.db import migrations, models

earlier = import_module("xinqiao.care.scales.migrations.0005_item_parameters")
language = import_module("xinqiao.care.scales.migrations.0007_parameter_language")
TABLE = "scales_itemparameterset"


def add_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION parameters_refuse_precise() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{earlier.MESSAGE}'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_precise BEFORE UPDATE ON {TABLE} FOR EACH ROW "
            "WHEN (NEW.expected_precise IS DISTINCT FROM OLD.expected_precise) "
            "EXECUTE FUNCTION parameters_refuse_precise()"
        )
        return
    language.add_trigger(apps, schema_editor)  # SQLite makes the table anew, without any of them
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_precise BEFORE UPDATE ON {TABLE} "
        "WHEN NEW.expected_precise IS NOT OLD.expected_precise "
        f"BEGIN SELECT RAISE(ABORT, '{earlier.MESSAGE}'); END"
    )


def drop_trigger(apps, schema_editor):
    on_table = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER {TABLE}_precise{on_table}")


def restore_triggers(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        language.add_trigger(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("scales", "0007_parameter_language")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, restore_triggers),
        migrations.AddField(
            model_name="itemparameterset", name="expected_precise", field=models.TextField(blank=True, default=""),
        ),
        migrations.RunPython(add_trigger, drop_trigger),
    ]
