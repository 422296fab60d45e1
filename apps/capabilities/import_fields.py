"""The columns that a file of capabilities may have, and how people head them."""

from apps.core.tables import Fields

FIELDS = Fields(
    {
        "external_id": ("编号", "id", "资源编号", "能力编号"),
        "title": ("名称", "标题", "资源名称", "能力名称", "成果名称"),
        "kind": ("类别", "类型"),
        "value": ("一句话价值", "价值"),
        "description": ("描述", "简介", "详细介绍", "介绍", "内容"),
        "industries": ("应用产业", "产业链"),
        "tech_fields": ("技术领域",),
        "tags": ("标签", "关键词"),
        "cooperation_modes": ("合作方式",),
        "district": ("所在区市", "区市"),
        "trl": ("成熟度（TRL）", "成熟度"),
        "disclosure": ("公开范围",),
        "valid_until": ("有效期至", "有效期"),
        "indicators": ("主要技术指标", "技术指标"),
        "details": (),
    },
    required=("external_id", "title"),
)
