"""The parts of the platform that can be turned off and belong to no app of their own."""

from django.utils.translation import gettext_lazy as _

from apps.core.switches import Switch, register_switch

register_switch(
    Switch(
        "demo_notice",
        _("演示提示"),
        _("在每个页面顶部提醒：这是演示环境，数据均为虚构。"),
        "",
        default=False,
    )
)
