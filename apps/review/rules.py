"""What a city sets for its reviewers: the goal, the thresholds, and the reasons that are written again and again."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.city_settings import Setting, city_value, register_setting
from apps.core.validators import validate_text
from apps.review.models.subjects import Kind

GOAL_DAYS, PUBLISH_POINTS, RETURN_POINTS = "review.goal_working_days", "review.publish_points", "review.return_points"
EXPERTS_CONFIRM = "review.experts_confirm"
GROUP = _("审核")
MOST_REASONS, LONGEST_REASON = 20, 60
MOST_POINTS = 20
CANNED = {
    Kind.ORGANISATION: "统一社会信用代码与机构名称不一致\n机构名称不是营业执照上的全称\n登记人不是该机构的工作人员",
    Kind.NEED: "请补充至少一项可量化的技术指标\n请说明现有设备、工艺和目前达到的水平\n请说明要解决的具体技术问题\n"
    "内容属于采购或招聘信息，不是技术需求\n请去掉联系方式、广告等无关内容",
    Kind.CAPABILITY: "请补充应用案例或检测报告等证明\n请核对成熟度，并说明验证到了哪一步\n"
    "请用企业看得懂的话说明能解决什么问题\n请写清合作方式和条件\n请去掉联系方式、广告等无关内容",
}


class ReasonsField(forms.CharField):
    """One reason a line; empty lines and repetitions are left out."""

    def __init__(self) -> None:
        super().__init__(widget=forms.Textarea({"rows": 5}), required=False, validators=[validate_text])

    def clean(self, value: Any) -> str:
        lines = list(dict.fromkeys(line.strip() for line in str(super().clean(value)).splitlines() if line.strip()))
        if len(lines) > MOST_REASONS or any(len(line) > LONGEST_REASON for line in lines):
            limits = {"most": MOST_REASONS, "longest": LONGEST_REASON}
            raise ValidationError(_("最多 %(most)d 条，每条不超过 %(longest)d 个字。"), params=limits)
        return "\n".join(lines)


def reasons_key(kind: Kind) -> str:
    return f"review.reasons.{kind}"


def _register() -> None:
    register_setting(
        Setting(
            GOAL_DAYS,
            GROUP,
            _("审核时限目标（工作日）"),
            _("从提交到给出结论，1 到 30 个工作日。审核台按它显示剩余时间。"),
            2,
            lambda: forms.IntegerField(min_value=1, max_value=30),
        )
    )
    for key, label, default in (
        (PUBLISH_POINTS, _("建议通过的最低总分"), 14),
        (RETURN_POINTS, _("建议退回的分数线"), 8),
    ):
        register_setting(
            Setting(
                key,
                GROUP,
                label,
                _("四项评分的总分是 0 到 20。达到“通过”线建议通过，低于“退回”线建议退回，其余建议搁置。"),
                default,
                lambda: forms.IntegerField(min_value=0, max_value=MOST_POINTS),
            )
        )
    register_setting(
        Setting(
            EXPERTS_CONFIRM,
            GROUP,
            _("专家须本人确认后展示"),
            _("由他人登记的专家，本人点击邮件里的链接确认，或由审核员核实后，才会公开。"),
            True,
            lambda: forms.BooleanField(required=False),
        )
    )
    labels = {
        Kind.ORGANISATION: _("机构核验不通过的常用原因"),
        Kind.NEED: _("退回需求的常用原因"),
        Kind.CAPABILITY: _("退回资源的常用原因"),
    }
    for kind, label in labels.items():
        help_text = _("每行一条，审核员退回时可以直接勾选。")
        register_setting(Setting(reasons_key(kind), GROUP, label, help_text, CANNED[kind], ReasonsField))


_register()


def canned_reasons(kind: Kind) -> list[str]:
    return str(city_value(reasons_key(kind))).splitlines()


def goal_days() -> int:
    return int(city_value(GOAL_DAYS))


def experts_must_confirm() -> bool:
    """Whether an expert whom others list is kept back until they agree. One query."""
    return bool(city_value(EXPERTS_CONFIRM))
