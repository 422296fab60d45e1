from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0008_read_figures")]

    operations = [
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["updated_at"], name="proposal_updated"),
        ),
    ]
