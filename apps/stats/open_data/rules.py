"""What a city sets for its open statistics."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.city_settings import Setting, register_setting
from apps.core.switches import Switch, register_switch

SWITCH, THRESHOLD = "open_statistics", "open_statistics.threshold"

register_switch(
    Switch(
        SWITCH,
        label=_("公开统计"),
        help_text=_("任何人都能看到按年汇总的数据；小于下限的数不公开。"),
        closed=_("公开统计目前没有开放。"),
    )
)
register_setting(
    Setting(
        key=THRESHOLD,
        group=_("公开统计"),
        label=_("公开的最小数"),
        help_text=_("小于它的数以及能推算出它的数都不公开，3 到 50。"),
        default=5,
        field=lambda: forms.IntegerField(min_value=3, max_value=50),
    )
)
