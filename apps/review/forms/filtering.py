"""Narrowing a queue."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import OrganisationKind
from apps.capabilities.models import CapabilityKind
from apps.core.forms import StyledFormMixin
from apps.review.models import ReportReason
from apps.review.queues import Queue
from apps.taxonomy.form_fields import ChainField, TermField, TermsReadTogether
from apps.taxonomy.models import Vocabulary
from apps.taxonomy.selectors import terms


class QueueFilter(StyledFormMixin, TermsReadTogether):
    """What a queue may be narrowed to; a value that is not on offer narrows nothing."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("类别"), required=False)
    district = TermField(Vocabulary.DISTRICT, label=_("区市"), empty_label=_("全部区市"))
    chain = ChainField(Vocabulary.INDUSTRY_CHAIN, label=_("产业链"), empty_label=_("全部产业链"))

    def __init__(self, *args: Any, queue: Queue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "district", "chain"):
            if not getattr(queue, name):
                del self.fields[name]
        if "kind" in self.fields:
            field = cast("forms.ChoiceField", self.fields["kind"])
            field.choices = [("", _("全部类别")), *_kinds(queue)]


def _kinds(queue: Queue) -> list[tuple[str, Any]]:
    if queue.row == "need":
        return [(term.code, str(term)) for term in terms(Vocabulary.NEED_TYPE)]
    choices = {"organisation": OrganisationKind, "capability": CapabilityKind, "report": ReportReason}[queue.row]
    return list(choices.choices)
