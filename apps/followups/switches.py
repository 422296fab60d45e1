"""The parts of this app that a city may turn off."""

from django.utils.translation import gettext_lazy as _

from apps.core.switches import Switch, register_switch

register_switch(
    Switch(
        "stories",
        _("成功案例"),
        _("关闭后，成功案例对外隐藏；整理、审核照常进行。"),
        _("成功案例暂不对外展示。"),
    )
)
