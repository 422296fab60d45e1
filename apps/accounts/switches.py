"""The parts of the accounts app that a city may turn off."""

from django.utils.translation import gettext_lazy as _

from apps.core.switches import Switch, register_switch

register_switch(
    Switch(
        "sign_up",
        _("开放注册"),
        _("关闭后，新用户只能凭邀请加入；已有账号不受影响。"),
        _("平台目前暂停自助注册。如需开通账号，请联系平台工作人员，或请本单位负责人邀请您加入。"),
    )
)
