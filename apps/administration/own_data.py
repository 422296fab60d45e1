"""What the platform keeps of a person, as the person takes it out: plain rows under plain names.

What they wrote for an organisation they no longer act for is named, not quoted: it is the organisation's by now.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.selectors import membership_of
from apps.administration.trail.phrases import phrase_of
from apps.capabilities.models import Capability
from apps.core.models import AuditEntry
from apps.engagements.models import Meeting, Message, Outcome
from apps.followups.models import Answer, Story
from apps.imports.models import Import
from apps.matching.models import Bid, Proposal
from apps.needs.models import Need
from apps.notifications.models import Notification, Preference, Recipient
from apps.searches.models import SavedSearch

MOST_ENTRIES = 20_000
NEED_TEXTS = ("title", "background", "goal", "tried", "unwanted", "partner_requirements")
CAPABILITY_TEXTS = ("title", "value", "description")


def own_data(user: User) -> dict[str, Any]:
    """Everything, ready for JSON."""
    return {
        "profile": _profile(user),
        "needs": _written(Need, user, NEED_TEXTS),
        "capabilities": _written(Capability, user, CAPABILITY_TEXTS),
        "answers": list(_answers(user)),
        "messages": _rows(Message.objects.filter(author=user), "sent_at", "text"),
        "meetings": _rows(Meeting.objects.filter(planned_by=user), "starts_at", "title", "place", "agenda"),
        "outcomes": _rows(Outcome.objects.filter(reported_by=user), "reported_at", "description"),
        "bids": _rows(Bid.objects.filter(placed_by=user), "placed_at", "months", "withdrawn_at"),
        "questionnaires": _rows(Answer.objects.filter(answered_by=user), "answered_at", "questionnaire__months"),
        "stories": _rows(Story.objects.filter(drafted_by=user), "created_at", "title", "state"),
        "imports": _rows(Import.objects.filter(started_by=user), "created_at", "file_name", "state"),
        "reports": [_report(row) for row in user.reports.order_by("pk")],
        "saved_searches": _rows(SavedSearch.objects.filter(owner=user), "created_at", "name", "summary"),
        "join_requests": _rows(user.join_requests, "asked_at", "organisation__name", "note", "state"),
        "notifications": [_notification(row) for row in Notification.objects.filter(recipient=user)[:MOST_ENTRIES]],
        "notification_settings": {
            "topics": _rows(Preference.objects.filter(user=user), "topic", "is_in_inbox", "email"),
            "reading": _rows(Recipient.objects.filter(user=user), "language", "quiet_from", "quiet_until"),
        },
        "activity": [_entry(row) for row in AuditEntry.objects.filter(actor=user).order_by("-at")[:MOST_ENTRIES]],
    }


def _profile(user: User) -> dict[str, Any]:
    membership = membership_of(user)
    return {
        "name": user.name,
        "email": user.email,
        "phone": user.phone,
        "registered_at": user.created_at,
        "email_confirmed_at": user.email_confirmed_at,
        "last_signed_in_at": user.last_login,
        "platform_role": user.platform_role,
        "districts": [str(term) for term in user.districts.all()],
        "organisation": str(membership.organisation) if membership else None,
        "organisation_role": membership.role if membership else None,
        "joined_at": membership.joined_at if membership else None,
    }


def _written(model: Any, user: User, texts: tuple[str, ...]) -> list[dict[str, Any]]:
    membership = membership_of(user)
    here = membership.organisation_id if membership else None
    rows = model.objects.filter(created_by=user).order_by("id")
    named = ("public_id", "created_at", "state")
    return [
        {name: getattr(row, name) for name in (*named, *(texts if row.organisation_id == here else ("title",)))}
        for row in rows
    ]


def _answers(user: User) -> Iterable[dict[str, Any]]:
    answered = Q(need_accepted_by=user) | Q(capability_accepted_by=user) | Q(declined_by=user)
    for row in Proposal.objects.filter(answered).select_related("decline_reason").order_by("id"):
        yield {
            "proposal": row.public_id,
            "state": row.state,
            "decline_reason": str(row.decline_reason or "") if row.declined_by_id == user.pk else "",
            "decline_note": row.decline_note if row.declined_by_id == user.pk else "",
        }


def _rows(rows: Any, *columns: str) -> list[dict[str, Any]]:
    return list(rows.order_by("pk").values(*columns))


def _notification(row: Notification) -> dict[str, Any]:
    return {"told_at": row.told_at, "read_at": row.read_at, "title": str(row.text.title)}


def _report(row: Any) -> dict[str, Any]:
    columns = ("created_at", "reason", "text", "state", "answered_at")
    return {**{name: getattr(row, name) for name in columns}, "answer": row.told_reporter}


def _entry(row: AuditEntry) -> dict[str, Any]:
    return {
        "at": row.at,
        "did": phrase_of(row.action, row.object_type),
        "object": row.object_type,
        "number": row.object_public_id,
        "address": row.address,
    }
