from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("capabilities", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="capability",
            index=models.Index(fields=["state", "-published_at", "-id"], name="capability_newest"),
        ),
    ]
