"""The city's figures: what each counts, in a sentence anybody can check, and the rows it counts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import DateField, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.tables.columns import Column
from apps.stats import columns, selectors
from apps.stats.periods import Period
from apps.stats.slices import EVERYTHING, Paths, Slice
from apps.taxonomy.models import Term, Vocabulary

NEED = Paths("organisation", "industry_chain")
PROPOSAL = Paths("need__organisation", "need__industry_chain", partner="capability__organisation")


def _of_case(prefix: str, part: str = "") -> Paths:
    """`prefix` leads to the engagement."""
    return Paths(
        organisation=f"{prefix}proposal__need__organisation",
        chain=f"{prefix}proposal__need__industry_chain",
        partner=f"{prefix}proposal__capability__organisation",
        broker=f"{prefix}broker",
        part=part,
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """`counted` are all rows it ever counts, each at its `moment` (a column, or what `counted` adds).

    `page` is the URL name of a row's page, opened by `page_key` of the row. `paths` lead to what the figure is narrowed
    by; its part is a term of `vocabulary`. `amount` is the column whose sum is the figure: money, in yuan.
    """

    key: str
    label: Any
    definition: Any
    counted: Callable[[], QuerySet[Any]]
    moment: str
    paths: Paths
    columns: tuple[Column, ...]
    page: str
    page_key: Callable[[Any], str] = lambda row: str(row.public_id)
    vocabulary: str = ""
    amount: str = ""

    def rows(self, period: Period, narrowed: Slice = EVERYTHING) -> QuerySet[Any]:
        """The newest first, asked of the rows themselves: what they are at this moment."""
        rows = self.counted()
        within = period.days(self.moment) if self.is_dated else period.holding(self.moment)
        return rows.filter(within, self.paths.holding(narrowed)).order_by(f"-{self.moment}", "-id")

    def only(self, rows: QuerySet[Any], term: Term | None) -> QuerySet[Any]:
        return rows.filter(**{self.term: term}) if self.term and term else rows

    @property
    def term(self) -> str:
        """The column by which the figure is broken down; empty where it is not."""
        return self.paths.part

    @property
    def is_dated(self) -> bool:
        """Whether its moment is a day without a time."""
        column = self.moment
        named = {field.name: field for field in self.counted().model._meta.get_fields()}
        return type(named.get(column)) is DateField


def _case_key(row: Any) -> str:
    return str(row.engagement.public_id)


FIGURES = {
    figure.key: figure
    for figure in (
        Figure(
            key="registered",
            label=_("注册的企业"),
            definition=_("所选时间内在平台注册的企业，按注册日期计，不论是否已核验。产业链按其云上研发中心所填。"),
            counted=selectors.companies_registered,
            moment="created_at",
            paths=Paths("pk", "cloud_centre__industry_chain"),
            columns=columns.COMPANY_COLUMNS,
            page="accounts:organisation_public",
        ),
        Figure(
            key="verified",
            label=_("核验的企业"),
            definition=_("通过平台核验、目前仍为已核验的企业，按核验日期计。产业链按其云上研发中心所填。"),
            counted=selectors.companies_verified,
            moment="verified_at",
            paths=Paths("pk", "cloud_centre__industry_chain"),
            columns=columns.COMPANY_COLUMNS,
            page="accounts:organisation_public",
        ),
        Figure(
            key="technology_companies",
            label=_("科技型企业"),
            definition=_("通过平台核验、且至少列入一个企业梯度的企业，按核验日期计；列入几个梯度也只计一次。"),
            counted=selectors.companies_of_technology,
            moment="verified_at",
            paths=Paths("pk", "cloud_centre__industry_chain"),
            columns=columns.COMPANY_COLUMNS,
            page="accounts:organisation_public",
        ),
        Figure(
            key="centres",
            label=_("云上研发中心"),
            definition=_("所选时间内企业开通的云上研发中心，按开通日期计。"),
            counted=selectors.centres_opened,
            moment="opened_at",
            paths=Paths("organisation", "industry_chain"),
            columns=columns.CENTRE_COLUMNS,
            page="accounts:organisation_public",
            page_key=lambda centre: str(centre.organisation.public_id),
        ),
        Figure(
            key="needs",
            label=_("发布的需求"),
            definition=_("所选时间内张榜发布的技术需求，按发布日期计；之后关闭、过期的也计入。"),
            counted=selectors.needs_published,
            moment="published_at",
            paths=NEED,
            columns=columns.NEED_COLUMNS,
            page="needs:detail",
        ),
        Figure(
            key="answered",
            label=_("得到答复的需求"),
            definition=_(
                "所选时间内发布、已经得到供给方或技术经纪人首次答复的需求，按发布日期计。接受、婉拒、揭榜、电话和人工配对都算答复。"
            ),
            counted=selectors.needs_answered,
            moment="published_at",
            paths=NEED,
            columns=columns.ANSWERED_COLUMNS,
            page="needs:detail",
        ),
        Figure(
            key="answered_in_week",
            label=_("一周内得到答复的需求"),
            definition=_(
                "所选时间内发布、在发布后 7×24 小时内得到供给方或技术经纪人首次答复的需求，按发布日期计。"
                "一周答复率是它与应答复需求之比：发布不满一周、还没有答复的需求暂不算作应答复。"
            ),
            counted=selectors.needs_answered_in_week,
            moment="published_at",
            paths=NEED,
            columns=columns.ANSWERED_COLUMNS,
            page="needs:detail",
        ),
        Figure(
            key="capabilities",
            label=_("发布的资源"),
            definition=_(
                "所选时间内发布的成果、专家、实验室、仪器、中试基地和服务团队，按发布日期计。"
                "区市和梯度按供给单位，产业链按适用行业；适用几条产业链就在几条中各计一次，合计只计一次。"
            ),
            counted=selectors.capabilities_published,
            moment="published_at",
            paths=Paths("organisation", "industries", partner="organisation"),
            columns=columns.CAPABILITY_COLUMNS,
            page="capabilities:detail",
        ),
        Figure(
            key="proposals",
            label=_("送达的推荐"),
            definition=_(
                "一条需求与一项资源的配对，且至少被一方的人看到过，按首次看到的日期计。只算出来、没人看过的不计。"
            ),
            counted=selectors.proposals_shown,
            moment="first_at",
            paths=PROPOSAL,
            columns=columns.SHOWN_COLUMNS,
            page="matching:proposal",
        ),
        Figure(
            key="acceptances",
            label=_("被接受的推荐"),
            definition=_("至少一方接受、且没有撤回的推荐，按首次接受的日期计；双方都接受的只计一次。"),
            counted=selectors.proposals_accepted,
            moment="first_at",
            paths=PROPOSAL,
            columns=columns.ACCEPTED_COLUMNS,
            page="matching:proposal",
        ),
        Figure(
            key="engagements",
            label=_("达成的对接"),
            definition=_("双方都接受推荐即达成一次对接，按达成日期计。"),
            counted=selectors.engagements_opened,
            moment="opened_at",
            paths=_of_case(""),
            columns=columns.ENGAGEMENT_COLUMNS,
            page="engagements:detail",
        ),
        Figure(
            key="contracts",
            label=_("签订的合同"),
            definition=_("对接中登记的技术合同，按签订日期计。"),
            counted=selectors.contracts_signed,
            moment="signed_on",
            paths=_of_case("engagement__", part="contract_type"),
            columns=columns.CONTRACT_COLUMNS,
            page="engagements:detail",
            page_key=_case_key,
            vocabulary=Vocabulary.CONTRACT_TYPE,
        ),
        Figure(
            key="delivered",
            label=_("验收的项目"),
            definition=_("走到“验收”一步的对接，按验收日期计。"),
            counted=selectors.engagements_delivered,
            moment="state_since",
            paths=_of_case(""),
            columns=columns.DELIVERED_COLUMNS,
            page="engagements:detail",
        ),
        Figure(
            key="outcomes",
            label=_("确认的成效"),
            definition=_("一方填报、经对方或管理员确认的成效，按确认日期计。待确认、已驳回和“未达成”的不计。"),
            counted=selectors.outcomes_confirmed,
            moment="confirmed_at",
            paths=_of_case("engagement__", part="outcome_type"),
            columns=columns.OUTCOME_COLUMNS,
            page="engagements:detail",
            page_key=_case_key,
            vocabulary=Vocabulary.OUTCOME_TYPE,
        ),
        Figure(
            key="not_achieved",
            label=_("未达成"),
            definition=_("填报为“未达成”并经确认的合作，按确认日期计，单独列出，不并入成效。"),
            counted=selectors.outcomes_not_achieved,
            moment="confirmed_at",
            paths=_of_case("engagement__"),
            columns=columns.OUTCOME_COLUMNS,
            page="engagements:detail",
            page_key=_case_key,
        ),
        Figure(
            key="declines",
            label=_("婉拒的推荐"),
            definition=_("被任一方婉拒、且没有撤回的推荐，按婉拒日期计。"),
            counted=selectors.proposals_declined,
            moment="declined_at",
            paths=Paths(PROPOSAL.organisation, PROPOSAL.chain, partner=PROPOSAL.partner, part="decline_reason"),
            columns=columns.DECLINED_COLUMNS,
            page="matching:proposal",
            vocabulary=Vocabulary.DECLINE_REASON,
        ),
        Figure(
            key="lists",
            label=_("查看过的推荐清单"),
            definition=_("需求方至少看过其中一条推荐的清单，每条需求一份，按首次查看的日期计。"),
            counted=selectors.lists_viewed,
            moment="first_at",
            paths=NEED,
            columns=columns.LIST_COLUMNS,
            page="needs:detail",
        ),
        Figure(
            key="first_accepted",
            label=_("首条即被接受的清单"),
            definition=_("查看过的推荐清单中，查看时排在第 1 位的推荐被需求方接受、且没有撤回的，按首次查看的日期计。"),
            counted=lambda: selectors.lists_accepted_within(1),
            moment="first_at",
            paths=NEED,
            columns=columns.LIST_COLUMNS,
            page="needs:detail",
        ),
        Figure(
            key="five_accepted",
            label=_("前五条中有被接受的清单"),
            definition=_(
                "查看过的推荐清单中，查看时排在前 5 位的推荐至少一条被需求方接受、且没有撤回的，按首次查看的日期计。"
            ),
            counted=lambda: selectors.lists_accepted_within(5),
            moment="first_at",
            paths=NEED,
            columns=columns.LIST_COLUMNS,
            page="needs:detail",
        ),
        Figure(
            key="contract_yuan",
            label=_("合同成交额"),
            definition=_("对接中登记的技术合同的成交额之和，按签订日期计；变更过的按现行条款。"),
            counted=selectors.contracts_signed,
            moment="signed_on",
            paths=_of_case("engagement__", part="contract_type"),
            columns=columns.CONTRACT_COLUMNS,
            page="engagements:detail",
            page_key=_case_key,
            vocabulary=Vocabulary.CONTRACT_TYPE,
            amount="amount_yuan",
        ),
        Figure(
            key="technology_yuan",
            label=_("技术交易额"),
            definition=_("成交额中认定为技术交易的部分之和，按签订日期计；没有填写的合同不计。"),
            counted=selectors.contracts_with_technology,
            moment="signed_on",
            paths=_of_case("engagement__", part="contract_type"),
            columns=columns.CONTRACT_COLUMNS,
            page="engagements:detail",
            page_key=_case_key,
            vocabulary=Vocabulary.CONTRACT_TYPE,
            amount="technology_amount_yuan",
        ),
        Figure(
            key="received_yuan",
            label=_("到账额"),
            definition=_("合同各期款项中已经到账的金额之和，按到账日期计。"),
            counted=selectors.instalments_received,
            moment="received_on",
            paths=_of_case("contract__engagement__"),
            columns=columns.INSTALMENT_COLUMNS,
            page="engagements:detail",
            page_key=lambda instalment: str(instalment.contract.engagement.public_id),
            amount="received_yuan",
        ),
        Figure(
            key="new_sales_yuan",
            label=_("新增销售额"),
            definition=_("已确认的成效中填报的新增销售额之和，按确认日期计。"),
            counted=lambda: selectors.outcomes_with("new_sales_yuan"),
            moment="confirmed_at",
            paths=_of_case("engagement__", part="outcome_type"),
            columns=columns.OUTCOME_COLUMNS,
            page="engagements:detail",
            page_key=_case_key,
            vocabulary=Vocabulary.OUTCOME_TYPE,
            amount="new_sales_yuan",
        ),
        Figure(
            key="cost_saved_yuan",
            label=_("节约成本"),
            definition=_("已确认的成效中填报的节约成本之和，按确认日期计。"),
            counted=lambda: selectors.outcomes_with("cost_saved_yuan"),
            moment="confirmed_at",
            paths=_of_case("engagement__", part="outcome_type"),
            columns=columns.OUTCOME_COLUMNS,
            page="engagements:detail",
            page_key=_case_key,
            vocabulary=Vocabulary.OUTCOME_TYPE,
            amount="cost_saved_yuan",
        ),
    )
}
FUNNEL = (
    "registered", "verified", "centres", "needs", "proposals", "acceptances",
    "engagements", "contracts", "delivered", "outcomes",
)  # fmt: skip
"""From registration to what changed in the factory, in the order of a company's way."""
MONEY = tuple(figure.key for figure in FIGURES.values() if figure.amount)
