"""The parts of this app that a city may turn off."""

from django.utils.translation import gettext_lazy as _

from apps.core.switches import Switch, register_switch

STORIES, QUESTIONNAIRES = "stories", "questionnaires"

register_switch(
    Switch(
        "stories",
        _("成功案例"),
        _("关闭后，成功案例对外隐藏；整理、审核照常进行，重新开启后照旧展示。"),
        _("成功案例暂不对外展示。"),
        pages=("stories:list",),
    )
)
register_switch(
    Switch(
        QUESTIONNAIRES,
        _("回访问卷"),
        _("验收后向双方发出回访问卷。关闭后不发也不收；已收到的答复都留着，未截止的问卷顺延。"),
        _("回访问卷目前没有开放。已发出的问卷会顺延，开放后再填也不迟。"),
        pages=("followups:questionnaire", "followups:answer_by_link", "api:questionnaire-"),
    )
)
