"""Whether an expert agreed to be listed, and the link in the letter that asks.

A link is signed, lives a month, does this one thing, and is dead once it was answered or a newer letter went out.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.capabilities.models import Capability, CapabilityKind
from apps.core.errors import DomainError
from apps.review.models import ConfirmationState, ExpertConfirmation
from apps.review.rules import experts_must_confirm

SALT = "review.expert"
LIFETIME = timedelta(days=30)


class LinkExpired(DomainError):
    default_message = _("链接已失效：可能已经答复过、已过期，或有更新的邮件。如需修改，请联系为您登记的单位。")


def confirmation_of(capability: Capability) -> ExpertConfirmation | None:
    return ExpertConfirmation.objects.filter(capability=capability).select_related("asked_by", "proved_by").first()


def awaiting_experts(capabilities: Sequence[Capability]) -> dict[int, Any]:
    """A gate: the experts who have not agreed yet, each with the sentence that tells so. Two queries."""
    experts = [row.pk for row in capabilities if row.kind == CapabilityKind.EXPERT]
    if not experts or not experts_must_confirm():
        return {}
    told = _("专家本人确认后才会公开。请在资源页面点“专家本人的确认”，给专家发确认邮件。")
    rows = ExpertConfirmation.objects.filter(capability__in=experts, state=ConfirmationState.CONFIRMED)
    agreed = set(rows.values_list("capability_id", flat=True))
    return {key: told for key in experts if key not in agreed}


def lists_themselves(capability: Capability, by: User) -> bool:
    return capability.kind == CapabilityKind.EXPERT and capability.details.get("person_name") == by.name


def names_another(capability: Capability, before: Mapping[str, Any]) -> bool:
    """Whether the listing of an expert was another's, or nobody's, by its details `before`."""
    is_expert = capability.kind == CapabilityKind.EXPERT
    return is_expert and before.get("person_name") != capability.details.get("person_name")


def answer_path(confirmation: ExpertConfirmation) -> str:
    token = signing.dumps({"confirmation": confirmation.pk, "nonce": confirmation.nonce}, salt=SALT)
    return reverse("expert_answer", args=[token])


def read_link(token: str) -> ExpertConfirmation:
    """LinkExpired for a token that is forged, cut off, too old, answered, or of an earlier letter."""
    try:
        content = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        raise LinkExpired from None
    rows = ExpertConfirmation.objects.filter(pk=content["confirmation"], nonce=content["nonce"])
    found = rows.filter(state=ConfirmationState.WAITING).select_related("capability__organisation").first()
    if found is None:
        raise LinkExpired
    return found
