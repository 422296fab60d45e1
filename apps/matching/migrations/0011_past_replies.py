"""What is known of the time before the reply clock: who was asked when, and when a need was first answered."""

from datetime import timedelta

from django.db import migrations
from django.db.models import Min, Q
from django.utils import timezone

from apps.core.working_days import add_working_days

DAYS = 3
BATCH = 1000
OTHER = {"need": "capability", "capability": "need"}


def write_asks(apps, schema_editor):
    """Nobody is late for a clock they could not see: what waits now has the full time from today."""
    Proposal, Ask = apps.get_model("matching", "Proposal"), apps.get_model("matching", "Ask")
    now, today = timezone.now(), timezone.localdate()
    asked = Proposal.objects.filter(
        Q(need_accepted_at__isnull=False) | Q(capability_accepted_at__isnull=False),
        state__in=("interested", "accepted", "declined"),
    ).select_related("need", "capability")
    rows = []
    for proposal in asked.iterator(chunk_size=BATCH):
        row = ask_of(Ask, proposal, now, today)
        if row is not None:
            rows.append(row)
        if len(rows) >= BATCH:
            Ask.objects.bulk_create(rows)
            rows = []
    Ask.objects.bulk_create(rows)


def ask_of(Ask, proposal, now, today):
    yes = {side: getattr(proposal, f"{side}_accepted_at") for side in OTHER}
    fields = {"answered_at": None, "answer": ""}
    if proposal.state == "accepted":
        side = max(OTHER, key=lambda name: yes[name])
        fields = {"answered_at": yes[side], "answer": "accepted"}
    elif proposal.state == "declined":
        side = proposal.declined_side
        fields = {"answered_at": proposal.declined_at, "answer": "declined"}
    else:
        side = "need" if yes["need"] is None else "capability"
        if not is_live(proposal, today):
            return None
    asked_at = yes[OTHER[side]]
    if asked_at is None or (fields["answered_at"] and fields["answered_at"] < asked_at):
        return None
    due_at = add_working_days(max(asked_at, now) if fields["answered_at"] is None else asked_at, DAYS)
    owner = proposal.need if side == "need" else proposal.capability
    return Ask(
        proposal_id=proposal.pk,
        side=side,
        organisation_id=owner.organisation_id,
        asked_at=asked_at,
        due_at=due_at,
        remind_at=None if fields["answered_at"] else due_at - timedelta(days=1),
        **fields,
    )


def is_live(proposal, today):
    need, capability = proposal.need, proposal.capability
    return (
        need.state in ("published", "engaged")
        and need.valid_until >= today
        and capability.state == "published"
        and capability.valid_until >= today
    )


def write_first_replies(apps, schema_editor):
    """A yes or a no of the supply side; what brokers did was not kept with the need."""
    Proposal, Need = apps.get_model("matching", "Proposal"), apps.get_model("needs", "Need")
    found = (
        Proposal.objects.order_by()
        .filter(need__first_replied_at__isnull=True)
        .values("need")
        .annotate(yes=Min("capability_accepted_at"), no=Min("declined_at", filter=Q(declined_side="capability")))
        .filter(Q(yes__isnull=False) | Q(no__isnull=False))
    )
    rows = [
        Need(pk=row["need"], first_replied_at=min(at for at in (row["yes"], row["no"]) if at)) for row in found
    ]
    Need.objects.bulk_update(rows, ["first_replied_at"], batch_size=500)


def write_waits(apps, schema_editor):
    """Needs on the board that nobody has answered are looked after from today."""
    Need, NeedWait = apps.get_model("needs", "Need"), apps.get_model("matching", "NeedWait")
    now = timezone.now()
    open_needs = Need.objects.filter(
        state__in=("published", "engaged"), valid_until__gte=timezone.localdate(), first_replied_at__isnull=True
    )
    due_at = add_working_days(now, 5)
    rows = [NeedWait(need_id=pk, kind="reply", since=now, due_at=due_at) for pk in open_needs.values_list("pk", flat=True)]
    NeedWait.objects.bulk_create(rows, batch_size=BATCH)


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0010_replies_and_bids'),
        ('needs', '0003_replies_and_confirmation'),
    ]

    operations = [
        migrations.RunPython(write_asks, migrations.RunPython.noop),
        migrations.RunPython(write_first_replies, migrations.RunPython.noop),
        migrations.RunPython(write_waits, migrations.RunPython.noop),
    ]
