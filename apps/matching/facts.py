"""What a side brings besides its subject, as a sentence may say it: only what its own page shows to the other side.

Sentences are stored in Chinese, so these are too, whatever language the process speaks.
"""

from collections.abc import Iterator

from django.utils.translation import override

from apps.capabilities.kinds import IpStatus
from apps.capabilities.models import Capability
from apps.needs.models import BudgetBand, Need

LANGUAGE = "zh-hans"


def need_facts(need: Need) -> tuple[str, ...]:
    """Money as its public band, and time."""
    return tuple(_of_need(need))


def capability_facts(capability: Capability) -> tuple[str, ...]:
    """How mature it is, whether it may be tried first, whether its rights are granted."""
    return tuple(_of_capability(capability))


def _of_need(need: Need) -> Iterator[str]:
    if need.budget_band and need.budget_band != BudgetBand.NEGOTIABLE:
        with override(LANGUAGE):
            yield f"拟投入 {need.get_budget_band_display()}"
    if need.expected_months:
        yield f"希望 {need.expected_months} 个月内完成"


def _of_capability(capability: Capability) -> Iterator[str]:
    if capability.trl:
        yield f"成熟度 TRL {capability.trl}"
    if capability.details.get("try_first") is True:
        yield "可先用后转"
    if capability.details.get("ip_status") == IpStatus.GRANTED:
        yield "知识产权已授权"
