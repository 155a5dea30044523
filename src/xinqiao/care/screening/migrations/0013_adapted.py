"""Which scales of a campaign's battery are asked by adapting, and with which item parameters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("screening", "0011_register_population")]
    operations = [
        migrations.AddField(model_name="campaign", name="adapted", field=models.TextField(default="{}")),
    ]
