"""The filter of the statistics pages, and the question it asks."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, OrganisationKind, PlatformRole, User
from apps.core import clock
from apps.core.forms import DayInput, StyledFormMixin
from apps.core.models import PUBLIC_ID_LENGTH
from apps.stats.periods import DEFAULT_PRESET, Period
from apps.stats.questions import Question, Terms
from apps.taxonomy.models import Term, Vocabulary

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
"""From the beginning; the period before that one may be asked for, too."""
BEFORE_ALL = date(1800, 1, 1)


def _day(label: Any) -> forms.DateField:
    limits = [MinValueValidator(BEFORE_ALL), MaxValueValidator(LATEST)]
    return forms.DateField(label=label, required=False, widget=DayInput, validators=limits)


class QuestionForm(StyledFormMixin, forms.Form):
    """An empty first day means from the beginning, an empty last day until today."""

    since = _day(_("从"))
    until = _day(_("到"))
    district = forms.ChoiceField(label=_("区市"), required=False)
    chain = forms.ChoiceField(label=_("产业链"), required=False)
    tier = forms.ChoiceField(label=_("企业梯度"), required=False)

    def __init__(self, *args: Any, terms: Terms, allowed: tuple[int, ...] | None, **options: Any) -> None:
        super().__init__(*args, **options)
        districts = [t for t in terms.of(Vocabulary.DISTRICT) if allowed is None or t.pk in allowed]
        all_districts = _("全部区市") if allowed is None else _("我负责的区市")
        self._offer("district", all_districts, _choices(districts))
        self._offer("chain", _("全部产业链"), _grouped(terms.of(Vocabulary.INDUSTRY_CHAIN)))
        self._offer("tier", _("全部梯度"), _choices(terms.of(Vocabulary.ENTERPRISE_TIER)))

    def _offer(self, name: str, everything: Any, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (tells the type checker)
        field.choices = [("", everything), *choices]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("结束日期不能早于开始日期。"))
        return cleaned


def _choices(terms: Iterable[Term]) -> list[tuple[str, str]]:
    return [(term.code, str(term)) for term in terms]


def _grouped(chains: list[Term]) -> list[Any]:
    """Each greater chain heads those below it, and may be chosen too."""
    heads = [chain for chain in chains if chain.parent_id is None]
    return [(str(head), _choices([head, *(chain for chain in chains if chain.parent_id == head.pk)])) for head in heads]


def districts_of(user: User) -> tuple[int, ...] | None:
    """The districts whose figures a person may see; None for the whole city."""
    return None if user.covers_city else tuple(user.districts.values_list("pk", flat=True))


def read_question(query: QueryDict, user: User, vocabulary: str = "") -> tuple[QuestionForm, Question]:
    """The form as it was sent, and what counts: the usual period, and all, where nothing or nonsense was sent.

    `vocabulary` is that of the part a list of rows may be narrowed to.
    """
    terms, allowed, today = Terms(), districts_of(user), clock.today()
    usual = DEFAULT_PRESET(today)
    is_dated = "since" in query or "until" in query
    sent = {name: query[name] for name in QuestionForm.base_fields if name in query}
    if not is_dated:
        sent |= {"since": usual.first.isoformat(), "until": usual.last.isoformat()}
    form = QuestionForm(sent, terms=terms, allowed=allowed)
    form.is_valid()  # what is wrong is told beside its field, and left out
    good = form.cleaned_data
    period = usual
    if not {"since", "until"} & form.errors.keys():
        first = good["since"] or EARLIEST
        period = Period(first, good["until"] or max(first, today))
    question = Question(
        period=period,
        terms=terms,
        allowed=allowed,
        district=terms.named(Vocabulary.DISTRICT, good.get("district", "")),
        chain=terms.named(Vocabulary.INDUSTRY_CHAIN, good.get("chain", "")),
        tier=terms.named(Vocabulary.ENTERPRISE_TIER, good.get("tier", "")),
        part=terms.named(vocabulary, query.get("only", "")) if vocabulary else None,
        partner=_partner(query.get("partner", "")),
        partner_kind=kind if (kind := query.get("partner_kind", "")) in OrganisationKind.values else "",
        broker=_broker(query.get("broker", "")),
    )
    return form, question


def _partner(public_id: str) -> Organisation | None:
    if not re.fullmatch(rf"[a-z0-9]{{{PUBLIC_ID_LENGTH}}}", public_id):
        return None
    return Organisation.objects.filter(public_id=public_id).first()


def _broker(key: str) -> User | None:
    if not re.fullmatch(r"[0-9]{1,12}", key, re.ASCII):
        return None
    return User.objects.filter(pk=int(key), platform_role=PlatformRole.BROKER).first()
