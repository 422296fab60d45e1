"""A city may do without bids."""

from django.utils.translation import gettext_lazy as _

from apps.core.switches import Switch, register_switch

BIDS = "bids"

register_switch(
    Switch(
        BIDS,
        _("揭榜"),
        _("高校和科研院所可以写方案揭榜。关闭后不能再揭新榜，已有的揭榜照常答复。"),
        _("平台目前不开放揭榜。"),
    )
)
