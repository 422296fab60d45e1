"""The columns that a file of needs may have, and how people head them."""

from apps.core.tables import Fields

FIELDS = Fields(
    {
        "external_id": ("编号", "id", "需求编号"),
        "title": ("名称", "标题", "需求名称", "需求标题"),
        "description": ("描述", "简介", "需求描述", "需求简介", "内容"),
        "background": ("背景与现状", "背景", "现状"),
        "goal": ("拟解决的技术问题", "技术问题", "目标"),
        "need_type": ("需求类型",),
        "industry_chain": ("所属产业链", "产业链"),
        "tech_fields": ("技术领域",),
        "tags": ("标签", "关键词"),
        "cooperation_modes": ("合作方式",),
        "budget_band": ("拟投入资金",),
        "valid_until": ("需求有效期至", "需求有效期", "有效期至", "有效期"),
        "expected_months": ("期望完成时限（月）", "期望完成时限"),
        "trl_now": ("当前成熟度",),
        "trl_target": ("目标成熟度",),
        "tried": ("已尝试的方案",),
        "unwanted": ("不接受的路线",),
        "partner_requirements": ("对合作方要求",),
        "partner_region": ("合作方地域",),
        "ip_terms": ("知识产权归属",),
        "disclosure": ("公开范围",),
        "nda_required": ("需签保密协议", "是否需签保密协议"),
        "indicators": ("主要技术指标", "技术指标"),
    },
    required=("external_id", "title"),
)
