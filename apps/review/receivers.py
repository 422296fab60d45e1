"""Receivers of signals: what is submitted or published is kept as it was said."""

from typing import Any

from django.dispatch import receiver

from apps.accounts.models import User
from apps.accounts.signals import user_renamed
from apps.capabilities.gates import register_gate
from apps.capabilities.models import Capability
from apps.capabilities.signals import (
    capabilities_submitted,
    capability_published,
    capability_rewritten,
    capability_submitted,
)
from apps.needs.models import Need
from apps.needs.signals import need_published, need_submitted
from apps.review import retention, withheld  # noqa: F401  (they register what is forgotten, and what lists leave out)
from apps.review.experts import awaiting_experts, lists_themselves, names_another
from apps.review.services.experts import own_word_keep, own_word_lapse, own_words_end
from apps.review.services.snapshots import snapshot_take


@receiver([need_submitted, need_published])
def keep_need(sender: object, *, need: Need, by: User | None, **_: Any) -> None:
    snapshot_take(row=need, by=by)


@receiver([capability_submitted, capability_published])
def keep_capability(sender: object, *, capability: Capability, by: User | None, **_: Any) -> None:
    snapshot_take(row=capability, by=by)


@receiver(capability_submitted)
def take_ones_own_word(sender: object, *, capability: Capability, by: User | None, **_: Any) -> None:
    """An expert who lists themselves has confirmed it by that."""
    if by is not None and lists_themselves(capability, by):
        own_word_keep(capability=capability, by=by)


@receiver(user_renamed)
def end_ones_own_words(sender: object, *, user: User, **_: Any) -> None:
    own_words_end(user=user)


@receiver(capabilities_submitted)
def take_own_word_among_many(sender: object, *, capabilities: list[Capability], by: User | None, **_: Any) -> None:
    for capability in capabilities:
        take_ones_own_word(sender, capability=capability, by=by)


@receiver(capability_rewritten)
def ask_who_is_named_now(sender: object, *, capability: Capability, before: dict[str, Any], by: User, **_: Any) -> None:
    if names_another(capability, before):
        own_word_lapse(capability=capability, by=by)


register_gate(awaiting_experts)
