"""What a capability says, apart from its state."""

from apps.core.content import INDICATORS, Content, IndicatorValues

__all__ = ["COLUMNS", "CONTENT", "INDICATORS", "TERM_LISTS", "TEXTS", "IndicatorValues"]

TEXTS = ("title", "value", "description")
CHOICES = ("kind", "district", "trl", "details", "disclosure", "valid_until", "contact")
COLUMNS = TEXTS + CHOICES
TERM_LISTS = ("industries", "tech_fields", "tags", "cooperation_modes")
CONTENT = Content(COLUMNS, TERM_LISTS, IndicatorValues)
