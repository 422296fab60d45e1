"""How long uploaded files are kept: people's own lists need not lie about."""

from django.utils.translation import gettext_lazy as _

from apps.core.retention import RetentionRule, register_retention
from apps.imports.services import files_prune

register_retention(
    RetentionRule(
        "import_files",
        _("批量导入的文件"),
        _("导入结束后，上传的文件和读出的行保留这么多天；导入结果和撤销不受影响。上传后没有继续的导入也在此时取消。"),
        30,
        files_prune,
        1,
    )
)
