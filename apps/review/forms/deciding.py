"""A reviewer's answer: scores, verdict, what is told to the owner and what stays with the reviewers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DayInput, StyledFormMixin
from apps.core.validators import validate_text
from apps.review.criteria import BEST, CRITERIA
from apps.review.models import Kind, Outcome, Row
from apps.review.models.subjects import kind_of
from apps.review.rules import canned_reasons
from apps.review.services import Assessment, Seen
from apps.review.waiting import is_submitted

SCORE = "score_"
LONGEST = 300


class AssessmentForm(StyledFormMixin, forms.Form):
    """`revision` and `version` are what the reviewer had before them."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    outcome = forms.ChoiceField(label=_("结论"), widget=forms.RadioSelect)
    reasons = forms.MultipleChoiceField(label=_("常用原因"), required=False, widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label=_("告诉对方的原因"),
        required=False,
        max_length=LONGEST,
        validators=[validate_text],
        widget=forms.Textarea({"rows": 3}),
        help_text=_("退回时必填：写清哪里需要改、怎么改，对方会看到。"),
    )
    held_until = forms.DateField(label=_("搁置到哪一天"), required=False, widget=DayInput)
    note = forms.CharField(
        label=_("审核备注"),
        required=False,
        max_length=LONGEST,
        validators=[validate_text],
        widget=forms.Textarea({"rows": 2}),
        help_text=_("只有审核员能看到。搁置，或结论与评分建议不同时必填。"),
    )

    def __init__(self, *args: Any, row: Row, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind: Kind = kind_of(row)
        offered = [Outcome.APPROVED if is_submitted(row) else Outcome.KEPT, Outcome.RETURNED, Outcome.HELD]
        self.fields["outcome"].choices = [(value, value.label) for value in offered]  # type: ignore[attr-defined]  # a choice field
        reasons = [(reason, reason) for reason in canned_reasons(self.kind)]
        self.fields["reasons"].choices = reasons  # type: ignore[attr-defined]  # a choice field
        if not reasons:
            del self.fields["reasons"]
        for name, label in CRITERIA[self.kind].items():
            self.fields[SCORE + name] = forms.TypedChoiceField(
                label=str(label),
                choices=[(number, str(number)) for number in range(BEST + 1)],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("请打 0 到 5 分。")},
            )

    @property
    def score_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(SCORE)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        told = "；".join(part for part in (*data.get("reasons", ()), data.get("reason", "").strip()) if part)
        if data.get("outcome") == Outcome.RETURNED and not told:
            self.add_error("reason", _("请勾选或写明退回原因。"))
        if len(told) > LONGEST:
            self.add_error("reason", _("原因合计最多 300 个字。"))
        data["told"] = told
        return data

    @property
    def assessment(self) -> Assessment:
        data = self.cleaned_data
        return Assessment(
            outcome=Outcome(data["outcome"]),
            scores={name.removeprefix(SCORE): data[name] for name in self.fields if name.startswith(SCORE)},
            reason=data["told"],
            note=data["note"],
            held_until=data["held_until"],
        )

    @property
    def seen(self) -> Seen | None:
        """None where it was not sent: such a form is not valid."""
        names = ("revision", "version")
        return Seen(*(self.cleaned_data[name] for name in names)) if self.cleaned_data.keys() >= {*names} else None

    def add_refusal(self, error: ValidationError) -> None:
        """Put the service's words beside their fields."""
        for name, words in error.message_dict.items():
            self.add_error(name if name in self.fields else None, words)
