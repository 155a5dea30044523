"""What the answers of a scale asked by adapting are asked again with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sheets", "0004_informants")]
    operations = [
        migrations.AddField(model_name="paper", name="adapting", field=models.TextField(blank=True, default="")),
    ]
