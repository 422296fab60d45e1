"""Technical indicators as rows: the same fields on the side of a need and of a capability."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.validators import validate_text


class Comparison(models.TextChoices):
    AT_LEAST = "ge", _("不低于")
    AT_MOST = "le", _("不高于")
    BETWEEN = "between", _("介于")
    EQUAL = "eq", _("等于")


# Which bounds a comparison has: (low, high).
BOUNDS = {
    Comparison.AT_LEAST: (True, False),
    Comparison.AT_MOST: (False, True),
    Comparison.BETWEEN: (True, True),
    Comparison.EQUAL: (True, True),
}


def target_text(comparison: str, low: float | None, high: float | None, unit: str) -> str:
    """A comparison with its bounds and unit in short: "≥ 300 ℃"."""
    low_text, high_text = (f"{value:.12g}" if value is not None else "" for value in (low, high))
    shapes = {
        "ge": f"≥ {low_text}",
        "le": f"≤ {high_text}",
        "between": f"±{high_text}" if low is not None and low == -(high or 0) else f"{low_text}–{high_text}",
        "eq": f"= {low_text}",
    }
    return f"{shapes[comparison]} {unit}".rstrip()


class IndicatorRow(models.Model):
    """Name, comparison, value or range, unit. `low` and `high` are numbers in `unit`; a bound not there is null."""

    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    name = models.CharField(_("指标名称"), max_length=60, validators=[validate_text])
    comparison = models.CharField(_("要求"), max_length=10, choices=Comparison, default=Comparison.AT_LEAST)
    low = models.FloatField(_("下限"), null=True, blank=True)
    high = models.FloatField(_("上限"), null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True, validators=[validate_text])

    class Meta:
        abstract = True
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.name} {self.target_text}"

    def clean(self) -> None:
        """A single typed value is enough for "equal"; the bounds a comparison lacks are dropped."""
        has_low, has_high = BOUNDS[Comparison(self.comparison)]
        if self.comparison == Comparison.EQUAL and self.high is None:
            self.high = self.low
        self.low = self.low if has_low else None
        self.high = self.high if has_high else None
        errors: dict[str, Any] = {}
        if has_low and self.low is None:
            errors["low"] = _("请填写数值。")
        if has_high and self.high is None:
            errors["high"] = _("请填写数值。")
        if self.low is not None and self.high is not None and self.low > self.high:
            errors["high"] = _("上限不能小于下限。")
        if errors:
            raise ValidationError(errors)

    @property
    def target_text(self) -> str:
        """The target as engineers write it: "≥ 300 ℃"."""
        return target_text(self.comparison, self.low, self.high, self.unit)
