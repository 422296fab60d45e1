"""The columns of the rows behind a figure: the same on the page and in the exported file."""

from django.utils.translation import gettext_lazy as _

from apps.core.tables.columns import Column, attribute, text


def pair(prefix: str = "") -> tuple[Column, ...]:
    return (
        Column(_("需求名称"), attribute(f"{prefix}need.title")),
        Column(_("需求单位"), text(f"{prefix}need.organisation")),
        Column(_("资源名称"), attribute(f"{prefix}capability.title")),
        Column(_("供给单位"), text(f"{prefix}capability.organisation")),
    )


NUMBER = Column(_("编号"), attribute("public_id"))
COMPANY_COLUMNS = (
    NUMBER,
    Column(_("企业"), attribute("name")),
    Column(_("统一社会信用代码"), attribute("credit_code")),
    Column(_("所在区市"), text("district")),
    Column(_("核验状态"), attribute("state")),
    Column(_("注册时间"), attribute("created_at")),
    Column(_("核验时间"), attribute("verified_at")),
)
CENTRE_COLUMNS = (
    NUMBER,
    Column(_("企业"), text("organisation")),
    Column(_("所在区市"), text("organisation.district")),
    Column(_("所属产业链"), text("industry_chain")),
    Column(_("主要产品"), attribute("products")),
    Column(_("开通时间"), attribute("opened_at")),
)
NEED_COLUMNS = (
    NUMBER,
    Column(_("需求名称"), attribute("title")),
    Column(_("需求单位"), text("organisation")),
    Column(_("产业链"), text("industry_chain")),
    Column(_("状态"), attribute("state")),
    Column(_("发布时间"), attribute("published_at")),
)
ANSWERED_COLUMNS = (*NEED_COLUMNS, Column(_("首次答复时间"), attribute("first_replied_at")))
CAPABILITY_COLUMNS = (
    NUMBER,
    Column(_("资源名称"), attribute("title")),
    Column(_("类别"), attribute("kind")),
    Column(_("供给单位"), text("organisation")),
    Column(_("状态"), attribute("state")),
    Column(_("发布时间"), attribute("published_at")),
)
PROPOSAL_COLUMNS = (NUMBER, *pair(), Column(_("匹配度"), attribute("score")), Column(_("状态"), attribute("state")))
SHOWN_COLUMNS = (*PROPOSAL_COLUMNS, Column(_("首次查看时间"), attribute("first_at")))
ACCEPTED_COLUMNS = (*PROPOSAL_COLUMNS, Column(_("首次接受时间"), attribute("first_at")))
LIST_COLUMNS = (*NEED_COLUMNS[:4], Column(_("首次查看推荐的时间"), attribute("first_at")))
DECLINED_COLUMNS = (
    NUMBER,
    *pair(),
    Column(_("婉拒方"), attribute("declined_side")),
    Column(_("婉拒原因"), text("decline_reason")),
    Column(_("补充说明"), attribute("decline_note")),
    Column(_("婉拒时间"), attribute("declined_at")),
)
ENGAGEMENT_COLUMNS = (
    NUMBER,
    *pair("proposal."),
    Column(_("阶段"), attribute("state")),
    Column(_("对接时间"), attribute("opened_at")),
)
DELIVERED_COLUMNS = (*ENGAGEMENT_COLUMNS, Column(_("验收时间"), attribute("state_since")))
CONTRACT_COLUMNS = (
    NUMBER,
    Column(_("合同名称"), attribute("title")),
    Column(_("合同类别"), text("contract_type")),
    *pair("engagement.proposal."),
    Column(_("签订日期"), attribute("signed_on")),
    Column(_("成交额（元）"), attribute("amount_yuan")),
    Column(_("技术交易额（元）"), attribute("technology_amount_yuan")),
    Column(_("认定登记编号"), attribute("registration_number")),
)
INSTALMENT_COLUMNS = (
    NUMBER,
    Column(_("合同名称"), attribute("contract.title")),
    *pair("contract.engagement.proposal."),
    Column(_("计划日期"), attribute("planned_on")),
    Column(_("计划金额（元）"), attribute("planned_yuan")),
    Column(_("到账日期"), attribute("received_on")),
    Column(_("到账额（元）"), attribute("received_yuan")),
)
OUTCOME_COLUMNS = (
    NUMBER,
    Column(_("成效类型"), text("outcome_type")),
    *pair("engagement.proposal."),
    Column(_("发生日期"), attribute("occurred_on")),
    Column(_("改善的指标"), attribute("indicator_name")),
    Column(_("单位"), attribute("indicator_unit")),
    Column(_("改善前"), attribute("before_value")),
    Column(_("改善后"), attribute("after_value")),
    Column(_("新增销售额（元）"), attribute("new_sales_yuan")),
    Column(_("节约成本（元）"), attribute("cost_saved_yuan")),
    Column(_("投入额（元）"), attribute("invested_yuan")),
    Column(_("到账额（元）"), attribute("received_yuan")),
    Column(_("确认时间"), attribute("confirmed_at")),
)
