"""What targets are set for, and the unit of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Measure(models.TextChoices):
    """Those of a year are figures summed over it; the others are how many there are on its last day."""

    CENTRES = "centres", _("新开通云上研发中心（家）")
    NEEDS = "needs", _("发布技术需求（项）")
    ENGAGEMENTS = "engagements", _("达成对接（项）")
    OUTCOMES = "outcomes", _("确认成效（项）")
    CONTRACT_YUAN = "contract_yuan", _("技术合同成交额（亿元）")
    TECHNOLOGY_YUAN = "technology_yuan", _("技术交易额（亿元）")
    RECEIVED_YUAN = "received_yuan", _("到账额（亿元）")
    BROKERS = "brokers", _("技术经纪人（人）")
    COMPANIES = "technology_companies", _("科技型企业（家）")


STANDING = (Measure.BROKERS, Measure.COMPANIES)
MONEY = (Measure.CONTRACT_YUAN, Measure.TECHNOLOGY_YUAN, Measure.RECEIVED_YUAN)
FEN_IN_YI = 10_000_000_000
