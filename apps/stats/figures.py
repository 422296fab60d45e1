"""The city's figures: what each counts, in a sentence anybody can check, and the rows it counts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.stats import columns, selectors
from apps.stats.columns import Column
from apps.stats.periods import Period
from apps.taxonomy.models import Term, Vocabulary


@dataclass(frozen=True, slots=True)
class Figure:
    """`rows` are what is counted; `page` is the URL name of a row's page, opened by `page_key` of the row.

    `term` is the column by which the figure is broken down, with terms of `vocabulary`; both empty where it is not.
    """

    key: str
    label: Any
    definition: Any
    rows: Callable[[Period], QuerySet[Any]]
    columns: tuple[Column, ...]
    page: str
    page_key: Callable[[Any], str] = lambda row: str(row.public_id)
    term: str = ""
    vocabulary: str = ""

    def only(self, rows: QuerySet[Any], term: Term | None) -> QuerySet[Any]:
        return rows.filter(**{self.term: term}) if self.term and term else rows


FIGURES = {
    figure.key: figure
    for figure in (
        Figure(
            key="needs",
            label=_("发布的需求"),
            definition=_("所选时间内张榜发布的技术需求，按发布日期计；之后关闭、过期的也计入。"),
            rows=selectors.needs_published,
            columns=columns.NEED_COLUMNS,
            page="needs:detail",
        ),
        Figure(
            key="capabilities",
            label=_("发布的资源"),
            definition=_("所选时间内发布的成果、专家、实验室、仪器、中试基地和服务团队，按发布日期计。"),
            rows=selectors.capabilities_published,
            columns=columns.CAPABILITY_COLUMNS,
            page="capabilities:detail",
        ),
        Figure(
            key="proposals",
            label=_("送达的推荐"),
            definition=_(
                "一条需求与一项资源的配对，且至少被一方的人看到过，按首次看到的日期计。只算出来、没人看过的不计。"
            ),
            rows=selectors.proposals_shown,
            columns=columns.SHOWN_COLUMNS,
            page="matching:proposal",
        ),
        Figure(
            key="acceptances",
            label=_("被接受的推荐"),
            definition=_("至少一方接受、且没有撤回的推荐，按首次接受的日期计；双方都接受的只计一次。"),
            rows=selectors.proposals_accepted,
            columns=columns.ACCEPTED_COLUMNS,
            page="matching:proposal",
        ),
        Figure(
            key="engagements",
            label=_("达成的对接"),
            definition=_("双方都接受推荐即达成一次对接，按达成日期计。"),
            rows=selectors.engagements_opened,
            columns=columns.ENGAGEMENT_COLUMNS,
            page="engagements:detail",
        ),
        Figure(
            key="outcomes",
            label=_("确认的成效"),
            definition=_("一方填报、经对方或管理员确认的成效，按确认日期计。待确认、已驳回和“未达成”的不计。"),
            rows=selectors.outcomes_confirmed,
            columns=columns.OUTCOME_COLUMNS,
            page="engagements:detail",
            page_key=lambda outcome: str(outcome.engagement.public_id),
            term="outcome_type",
            vocabulary=Vocabulary.OUTCOME_TYPE,
        ),
        Figure(
            key="not_achieved",
            label=_("未达成"),
            definition=_("填报为“未达成”并经确认的合作，按确认日期计，单独列出，不并入成效。"),
            rows=selectors.outcomes_not_achieved,
            columns=columns.OUTCOME_COLUMNS,
            page="engagements:detail",
            page_key=lambda outcome: str(outcome.engagement.public_id),
        ),
        Figure(
            key="declines",
            label=_("婉拒的推荐"),
            definition=_("被任一方婉拒、且没有撤回的推荐，按婉拒日期计。"),
            rows=selectors.proposals_declined,
            columns=columns.DECLINED_COLUMNS,
            page="matching:proposal",
            term="decline_reason",
            vocabulary=Vocabulary.DECLINE_REASON,
        ),
    )
}
