"""A city may do without robots of chat groups."""

from django.utils.translation import gettext_lazy as _

from apps.core.switches import Switch, register_switch

GROUP_ROBOTS = "group_robots"

register_switch(
    Switch(
        GROUP_ROBOTS,
        _("群机器人"),
        _("把单位的通知发到企业微信、钉钉群。关闭后不再发到群里，各单位的设置都留着；站内通知和邮件照常。"),
        _("群机器人目前没有开放。原来的设置都还在，站内通知和邮件照常。"),
        pages=("notifications:robot_",),
    )
)
