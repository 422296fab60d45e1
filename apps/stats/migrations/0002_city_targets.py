from django.db import migrations

# What the city has published for 2028, of what the platform counts.
TARGETS = ((2028, "contract_yuan", 1200), (2028, "brokers", 3400), (2028, "technology_companies", 22_000))


def add_targets(apps, schema_editor):
    Target = apps.get_model("stats", "Target")
    for year, measure, value in TARGETS:
        Target.objects.get_or_create(year=year, measure=measure, defaults={"value": value})


class Migration(migrations.Migration):
    dependencies = [("stats", "0001_figures")]

    operations = [migrations.RunPython(add_targets, migrations.RunPython.noop)]
