"""What a need says, apart from its state."""

from dataclasses import dataclass

from apps.core import content
from apps.core.content import INDICATORS, Content

__all__ = ["COLUMNS", "CONTENT", "INDICATORS", "TERM_LISTS", "TEXTS", "IndicatorValues"]

TEXTS = ("title", "background", "goal", "tried", "unwanted", "partner_requirements", "partner_region")
CHOICES = (
    "need_type",
    "industry_chain",
    "budget_band",
    "budget_wan",
    "valid_until",
    "expected_months",
    "trl_now",
    "trl_target",
    "ip_terms",
    "disclosure",
    "nda_required",
    "contact",
)
COLUMNS = TEXTS + CHOICES
TERM_LISTS = ("tech_fields", "tags", "cooperation_modes")


@dataclass(frozen=True, slots=True)
class IndicatorValues(content.IndicatorValues):
    """One row of 主要技术指标; `low` and `high` are numbers in `unit`."""

    is_hard: bool = True
    current: str = ""


CONTENT = Content(COLUMNS, TERM_LISTS, IndicatorValues)
indicator_values, changed_names = CONTENT.indicator_values, CONTENT.changed_names
write, write_lists = CONTENT.write, CONTENT.write_lists
