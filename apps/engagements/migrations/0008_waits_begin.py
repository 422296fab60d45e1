"""What waited for an answer before the reply clock was there: it runs from today, so that nobody is late at once."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

DAYS = 5
"""Three working days and a weekend; from then on the city's setting counts."""
BATCH = 1000


def begin(apps, schema_editor):
    Wait, Outcome = apps.get_model("engagements", "Wait"), apps.get_model("engagements", "Outcome")
    Agreement = apps.get_model("engagements", "Agreement")
    now = timezone.now()
    due, other = now + timedelta(days=DAYS), {"need": "capability", "capability": "need"}
    found = []
    for outcome in Outcome.objects.filter(state="reported").iterator(chunk_size=BATCH):
        side = other[outcome.reported_side]
        wait = Wait(engagement_id=outcome.engagement_id, kind="outcome", side=side, outcome_id=outcome.pk)
        wait.asked_at, wait.due_at = outcome.reported_at, due
        found.append(wait)
    closed = Agreement.objects.filter(signed_at=None).exclude(engagement__state="ended")
    for agreement in closed.select_related("engagement").iterator(chunk_size=BATCH):
        for side in other:
            if getattr(agreement, f"{side}_confirmed_at") is None:
                wait = Wait(engagement_id=agreement.engagement_id, kind="agreement", side=side)
                wait.asked_at, wait.due_at = agreement.engagement.opened_at, due
                found.append(wait)
    Wait.objects.bulk_create(found, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("engagements", "0007_broker_desk")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
