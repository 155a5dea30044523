"""Local norms of a scale's version, and triggers that refuse to change or delete them once they are published."""

import django.db.models.deletion
import xinqiao.foundation.core.ids
import xinqiao.foundation.core.places
from django.db import migrations, models


TABLE = "scales_localnorm"
FIXED = ("id", "version_id", "place", "school_year", "number", "definition", "digest", "sheets", "published_at",
         "published_by")
MESSAGE = "a published norm never changes"


def add_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FIXED)
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION norm_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'UPDATE' THEN IF NOT ({changed} OR OLD.retired_at IS NOT NULL) THEN RETURN NEW; END IF; "
            f"END IF; RAISE EXCEPTION '{MESSAGE}'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_fixed BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION norm_refuse()"
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

    dependencies = [
        ('scales', '0005_item_parameters'),
    ]

    operations = [
        migrations.CreateModel(
            name='LocalNorm',
            fields=[
                ('id', models.UUIDField(default=xinqiao.foundation.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('place', xinqiao.foundation.core.places.PlaceField(db_index=True, max_length=120)),
                ('school_year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveSmallIntegerField()),
                ('definition', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('sheets', models.PositiveIntegerField()),
                ('published_at', models.DateTimeField()),
                ('published_by', models.UUIDField(null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='local_norms', to='scales.scaleversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('version', 'place'), name='localnorm_one_in_force'), models.UniqueConstraint(fields=('version', 'place', 'number'), name='localnorm_numbered'), models.CheckConstraint(condition=models.Q(('sheets__gt', 0)), name='localnorm_of_pupils')],
            },
        ),
        migrations.RunPython(add_triggers, drop_triggers),
    ]
