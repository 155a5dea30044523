"""When a scale that is asked by adapting has been asked enough: once it is decided, or also precise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("screening", "0015_measured_flag")]
    operations = [
        migrations.AddField(
            model_name="campaign", name="asking_ends",
            field=models.CharField(
                choices=[
                    ("decided", "Once the whole scale's decision is known"),
                    ("precise", "Once that is known, and the estimate is precise enough too"),
                ],
                default="decided", max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("asking_ends", "decided"),
                    models.Q(("asking_ends", "precise"), models.Q(("adapted", "{}"), _negated=True)),
                    _connector="OR",
                ),
                name="campaign_asking_ends",
            ),
        ),
    ]
