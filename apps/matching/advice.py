"""What a need could say besides, so that the matcher finds more."""

from django.utils.translation import gettext as _

from apps.needs.models import Need

FEW_TAGS = 3
SHORT_GOAL = 80


def advice_for(need: Need) -> list[str]:
    """Sentences for the owner of a need whose list is empty; at least one."""
    advice = []
    if not need.indicators.all():
        advice.append(_("写上关键技术指标，例如“硬度 ≥ 60 HRC”“节拍 ≤ 30 秒”。"))
    if len(need.tags.all()) < FEW_TAGS:
        advice.append(_("多选几个标签和技术领域，用别的说法写成的资源也能找到。"))
    if len(need.goal) < SHORT_GOAL:
        advice.append(_("把问题写得更具体：什么材料、什么工况、现在卡在哪一步。"))
    return advice or [_("换一种同行常用的说法，少用只有本单位才懂的叫法。")]
