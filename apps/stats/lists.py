"""Rows behind the numbers that are no figures: what is on offer now, needs whose answer is due, brokers, credits, and
the decisions of those who serve people. They are asked of the rows themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import User
from apps.core.service_times import ServiceTime, registered_service_times
from apps.core.tables.columns import Column, attribute
from apps.engagements.models import ContractCredit
from apps.stats.columns import ANSWERED_COLUMNS, CAPABILITY_COLUMNS, NEED_COLUMNS
from apps.stats.dashboard.distribution import credits_in
from apps.stats.dashboard.response import asked_of
from apps.stats.figures import FIGURES
from apps.stats.questions import Question
from apps.stats.selectors import brokers_now, needs_due
from apps.stats.stocks import open_capabilities, open_needs
from apps.taxonomy.models import Term, Vocabulary

LONGEST_CODE = 60


@dataclass(frozen=True, slots=True)
class BesideList:
    """`rows` under a question and the parameters of its own; `address` leads to a row's page, "" where there is none.

    `is_dated`: the period narrows it.
    """

    label: Any
    definition: Any
    columns: tuple[Column, ...]
    rows: Callable[[Question, QueryDict], QuerySet[Any]]
    address: Callable[[Any], str]
    is_dated: bool = True


def _owner(capability: Any) -> str:
    return str(capability.organisation) if capability.is_named else str(_("匿名"))


BROKER_COLUMNS = (
    Column(_("姓名"), attribute("name")),
    Column(_("邮箱"), attribute("email")),
    Column(_("注册时间"), attribute("created_at")),
)
OFFERED_COLUMNS = (*CAPABILITY_COLUMNS[:3], Column(_("供给单位"), _owner), *CAPABILITY_COLUMNS[4:])
CREDIT_COLUMNS = (
    Column(_("合同名称"), attribute("contract.title")),
    Column(_("技术经纪人"), attribute("broker.name")),
    Column(_("签订日期"), attribute("contract.signed_on")),
    Column(_("成交额（元）"), attribute("contract.amount_yuan")),
    Column(_("分配比例（%）"), attribute("percent")),
    Column(_("业绩（元）"), attribute("amount_yuan")),
    Column(_("确认时间"), attribute("confirmed_at")),
)


def _credits(question: Question, _query: QueryDict) -> QuerySet[ContractCredit]:
    rows = credits_in(question).select_related("contract__engagement")
    rows = rows.filter(broker=question.broker) if question.broker else rows
    return rows.order_by("-contract__signed_on", "-pk")


def _due(question: Question, _query: QueryDict) -> QuerySet[Any]:
    figure = FIGURES["needs"]
    rows = figure.rows(question.period, question.narrowed_places)
    return rows.filter(pk__in=needs_due().order_by().values("pk"))


def _brokers(question: Question, _query: QueryDict) -> QuerySet[User]:
    """The city's: who sees some districts only has no such number either."""
    rows = brokers_now() if question.allowed is None else User.objects.none()
    return rows.order_by("name", "pk")


def _open_needs(question: Question, query: QueryDict) -> QuerySet[Any]:
    return open_needs(districts=question.districts, term=term_of(query))


def _open_capabilities(question: Question, query: QueryDict) -> QuerySet[Any]:
    """Of the whole city. Beyond their districts, officials read what the catalogue shows them, and no hidden owner."""
    rows = open_capabilities(term=term_of(query))
    if question.allowed is None:
        return rows.annotate(is_named=Value(True))
    here = Q(organisation__district__in=question.allowed)
    named = ExpressionWrapper(here | Q(disclosure=Disclosure.PUBLIC_NAMED), output_field=BooleanField())
    return rows.filter(here | ~Q(disclosure=Disclosure.BROKERS)).annotate(is_named=named)


def term_of(query: QueryDict) -> Term | None:
    """The chain or tag that was asked for; an unknown one narrows nothing."""
    code, vocabulary = query.get("term", ""), query.get("of", "")
    if "\x00" in code or len(code) > LONGEST_CODE or vocabulary not in (Vocabulary.INDUSTRY_CHAIN, Vocabulary.TAG):
        return None
    return Term.objects.filter(vocabulary=vocabulary, code=code).first()


def _page(name: str, key: str = "public_id") -> Callable[[Any], str]:
    read = attribute(key)
    return lambda row: reverse(name, args=[read(row)])


def _nowhere(_row: Any) -> str:
    return ""


_NOW = _("现在仍在有效期内、已经发布的记录，最近发布的在前。")
LISTS = {
    "open-needs": BesideList(_("在榜需求"), _NOW, NEED_COLUMNS, _open_needs, _page("needs:detail"), is_dated=False),
    "open-capabilities": BesideList(
        _("在架资源"),
        _("现在仍在有效期内、已经发布的记录，全市计数，最近发布的在前。其他区市仅限经纪人的资源只计数，不列出。"),
        OFFERED_COLUMNS,
        _open_capabilities,
        _page("capabilities:detail"),
        is_dated=False,
    ),
    "due-needs": BesideList(
        _("应答复的需求"),
        _("所选时间内发布、已经得到首次答复或发布已满一周的需求，按发布日期计。"),
        ANSWERED_COLUMNS,
        _due,
        _page("needs:detail"),
    ),
    "brokers": BesideList(
        _("技术经纪人"),
        _("目前在平台上任技术经纪人的人，不论时间和区市。"),
        BROKER_COLUMNS,
        _brokers,
        _nowhere,
        is_dated=False,
    ),
    "credits": BesideList(
        _("确认的业绩"),
        _("所选时间内签订的合同中，经管理员确认的技术经纪人业绩，按签订日期计。"),
        CREDIT_COLUMNS,
        _credits,
        _page("engagements:detail", "contract.engagement.public_id"),
    ),
}


def _of_service(time: ServiceTime) -> BesideList:
    def rows(question: Question, _query: QueryDict) -> QuerySet[Any]:
        return time.rows(asked_of(question))

    return BesideList(time.label, time.definition, time.columns, rows, time.address)


def lists() -> dict[str, BesideList]:
    """By the name in the address."""
    return LISTS | {key: _of_service(time) for key, time in registered_service_times().items()}
