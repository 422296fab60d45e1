"""A city may do without imports of files."""

from django.utils.translation import gettext_lazy as _

from apps.core.switches import Switch, register_switch

IMPORTS = "imports"

register_switch(
    Switch(
        IMPORTS,
        _("批量导入"),
        _("单位和工作人员用表格批量导入。关闭后进行中的导入停在原处，重新开启后接着做。"),
        _("批量导入目前没有开放。进行中的导入停在原处，开放后会接着做。"),
        pages=("imports:", "api:import-"),
    )
)
