from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_paper_typist'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='password_by',
            field=models.UUIDField(null=True),
        ),
    ]
