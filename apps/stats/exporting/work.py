"""Lists of what is under way: recommendations, cases with their contracts and outcomes, the desk, imports."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import is_administrator, is_broker, organisation_of
from apps.core.tables.columns import Column, attribute, text
from apps.core.tables.exported import ExportedList, register_lists
from apps.engagements.desk.permissions import may_use_desk
from apps.engagements.desk.presentation import desk_row
from apps.engagements.desk.selectors import UNASSIGNED, credits_of, queues, referrals_of
from apps.engagements.desk.selectors import narrowed as desk_narrowed
from apps.engagements.forms import EngagementFilter
from apps.engagements.forms.desk import DeskFilter
from apps.engagements.models import Contract, ContractCredit, Engagement, Outcome, Referral
from apps.engagements.narrowing import narrowed
from apps.engagements.rows import case_row
from apps.engagements.selectors import contracts_of, engagements_of
from apps.imports.models import Import
from apps.matching.forms import FittingFilter
from apps.matching.models import Proposal
from apps.matching.presentation import ProposalView
from apps.matching.selectors import best_of_each_need, needs_that_fit, waiting_for
from apps.matching.similar import best_of_similar_needs
from apps.stats.columns import NUMBER


def _cases(user: User, query: QueryDict) -> QuerySet[Engagement]:
    form = EngagementFilter(query)
    form.is_valid()  # a value that is not on offer narrows nothing
    return narrowed(engagements_of(user), user, form.cleaned_data)


def _contracts(user: User, query: QueryDict) -> QuerySet[Contract]:
    """Those of the cases in the list."""
    cases = _cases(user, query).order_by().values("pk")
    rows = contracts_of(user).prefetch_related(None).select_related("engagement__proposal__need")
    return rows.filter(engagement__in=cases)


def _outcomes(user: User, query: QueryDict) -> QuerySet[Outcome]:
    rows = Outcome.objects.visible_to(user).filter(engagement__in=_cases(user, query).order_by().values("pk"))
    pair = ("engagement__proposal__need", "engagement__proposal__capability")
    return rows.select_related("outcome_type", *pair).order_by("-occurred_on", "-id")


def _desk(user: User, query: QueryDict) -> QuerySet[Referral]:
    form, known = DeskFilter(query), queues(user)
    form.is_valid()
    asked = query.get("queue", "")
    return desk_narrowed(referrals_of(user), form.cleaned_data).filter(known[asked if asked in known else UNASSIGNED])


def _credits(user: User, _query: QueryDict) -> QuerySet[ContractCredit]:
    return credits_of(user)


def _fitting(user: User, query: QueryDict) -> QuerySet[Proposal]:
    form = FittingFilter(query, organisation=organisation_of(user))
    fitting = needs_that_fit(user).filter(**form.conditions())
    return best_of_each_need(best_of_similar_needs(fitting, of_any_capability=True))


def _waiting(user: User, _query: QueryDict) -> QuerySet[Proposal]:
    return waiting_for(user)


def _imports(user: User, _query: QueryDict) -> QuerySet[Import]:
    return Import.objects.visible_to(user).select_related("organisation", "started_by")


PROPOSAL_COLUMNS = (
    NUMBER,
    Column(_("需求名称"), attribute("need_title")),
    Column(_("需求单位"), attribute("need_owner.name")),
    Column(_("资源名称"), attribute("capability_title")),
    Column(_("供给单位"), attribute("capability_owner.name")),
    Column(_("匹配度"), attribute("score")),
    Column(_("状态"), text("state_label")),
)
CASE_COLUMNS = (
    Column(_("编号"), attribute("engagement.public_id")),
    Column(_("需求名称"), attribute("engagement.proposal.need.title")),
    Column(_("需求单位"), attribute("need_side")),
    Column(_("资源名称"), attribute("engagement.proposal.capability.title")),
    Column(_("供给单位"), attribute("capability_side")),
    Column(_("阶段"), attribute("engagement.state")),
    Column(_("负责人"), attribute("owner")),
    Column(_("下一步"), attribute("engagement.next_action")),
    Column(_("计划日期"), attribute("engagement.due_on")),
    Column(_("已确认的成效"), attribute("engagement.confirmed_count")),
    Column(_("待确认的成效"), attribute("engagement.waiting_count")),
    Column(_("对接时间"), attribute("engagement.opened_at")),
)
CONTRACT_COLUMNS = (
    NUMBER,
    Column(_("合同名称"), attribute("title")),
    Column(_("合同类别"), text("contract_type")),
    Column(_("委托方"), attribute("client_name")),
    Column(_("受托方"), attribute("provider_name")),
    Column(_("对应的需求"), attribute("engagement.proposal.need.title")),
    Column(_("签订日期"), attribute("signed_on")),
    Column(_("成交额（元）"), attribute("amount_yuan")),
    Column(_("技术交易额（元）"), attribute("technology_amount_yuan")),
    Column(_("认定登记编号"), attribute("registration_number")),
)
OUTCOME_COLUMNS = (
    NUMBER,
    Column(_("成效类型"), text("outcome_type")),
    Column(_("需求名称"), attribute("engagement.proposal.need.title")),
    Column(_("资源名称"), attribute("engagement.proposal.capability.title")),
    Column(_("说明"), attribute("description")),
    Column(_("发生日期"), attribute("occurred_on")),
    Column(_("改善的指标"), attribute("indicator_name")),
    Column(_("单位"), attribute("indicator_unit")),
    Column(_("改善前"), attribute("before_value")),
    Column(_("改善后"), attribute("after_value")),
    Column(_("新增销售额（元）"), attribute("new_sales_yuan")),
    Column(_("节约成本（元）"), attribute("cost_saved_yuan")),
    Column(_("状态"), attribute("state")),
)
DESK_COLUMNS = (
    Column(_("编号"), attribute("referral.public_id")),
    Column(_("事由"), attribute("referral.kind")),
    Column(_("需求名称"), attribute("referral.need.title")),
    Column(
        _("资源名称"), lambda row: row.referral.proposal.capability.title if row.referral.proposal is not None else None
    ),
    Column(_("区市"), attribute("region")),
    Column(_("产业链"), text("referral.need.industry_chain")),
    Column(_("开始时间"), attribute("referral.since")),
    Column(_("等候天数"), attribute("days")),
    Column(_("领取人"), lambda row: row.referral.taken_by.name if row.referral.taken_by else None),
    Column(_("下一步"), attribute("next_action")),
    Column(_("计划日期"), attribute("next_on")),
    Column(_("办结时间"), attribute("referral.closed_at")),
)
CREDIT_COLUMNS = (
    Column(_("合同名称"), attribute("contract.title")),
    Column(_("技术经纪人"), attribute("broker.name")),
    Column(_("签订日期"), attribute("contract.signed_on")),
    Column(_("成交额（元）"), attribute("contract.amount_yuan")),
    Column(_("分配比例（%）"), attribute("percent")),
    Column(_("业绩（元）"), attribute("amount_yuan")),
    Column(_("确认时间"), attribute("confirmed_at")),
)
IMPORT_COLUMNS = (
    NUMBER,
    Column(_("文件名"), attribute("file_name")),
    Column(_("内容"), attribute("kind")),
    Column(_("单位"), text("organisation")),
    Column(_("发起人"), text("started_by")),
    Column(_("状态"), attribute("state")),
    Column(_("新增"), attribute("created_count")),
    Column(_("更新"), attribute("updated_count")),
    Column(_("未变"), attribute("unchanged_count")),
    Column(_("有误"), attribute("bad_count")),
    Column(_("上传时间"), attribute("created_at")),
    Column(_("结束时间"), attribute("finished_at")),
)


def _proposal(row: Proposal, user: User) -> ProposalView:
    return ProposalView(row, user)


register_lists(
    engagements=ExportedList(_("对接"), "engagements:list", _cases, CASE_COLUMNS, case_row),
    contracts=ExportedList(_("技术合同"), "engagements:list", _contracts, CONTRACT_COLUMNS),
    outcomes=ExportedList(_("成效"), "engagements:list", _outcomes, OUTCOME_COLUMNS),
    fitting=ExportedList(_("适合我的需求"), "matching:needs_for_me", _fitting, PROPOSAL_COLUMNS, _proposal),
    inbox=ExportedList(_("等我答复的推荐"), "matching:inbox", _waiting, PROPOSAL_COLUMNS, _proposal),
    desk=ExportedList(
        _("工作台"), "desk:list", _desk, DESK_COLUMNS, desk_row, is_open_to=lambda user: bool(may_use_desk(user))
    ),
    credits=ExportedList(
        _("业绩"),
        "desk:credits",
        _credits,
        CREDIT_COLUMNS,
        is_open_to=lambda user: is_broker(user) or is_administrator(user),
    ),
    imports=ExportedList(_("批量导入"), "imports:list", _imports, IMPORT_COLUMNS),
)
