"""How long uploaded files are kept: people's own lists need not lie about."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.city_settings import Setting, register_setting

FILE_DAYS = "imports.file_days"

register_setting(
    Setting(
        key=FILE_DAYS,
        group=_("批量导入"),
        label=_("导入文件保留天数"),
        help_text=_("导入结束后，上传的文件保留这么多天，随后自动删除；导入结果和撤销不受影响。"),
        default=30,
        field=lambda: forms.IntegerField(min_value=1, max_value=365),
    )
)
