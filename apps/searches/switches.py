"""A city may do without saved searches."""

from django.utils.translation import gettext_lazy as _

from apps.core.switches import Switch, register_switch

SEARCHES = "searches"

register_switch(
    Switch(
        SEARCHES,
        _("订阅"),
        _("保存筛选条件，有新内容时收到通知。关闭后不再通知；已保存的都留着，重新开启后接着留意。"),
        _("订阅功能目前没有开放。您保存的筛选条件都还在。"),
        pages=("searches:", "api:search-"),
    )
)
