"""Whatever changes a need."""

from apps.core.import_reports import ImportReport, RowProblem
from apps.needs.services.attachments import attachment_add, attachment_delete
from apps.needs.services.drafts import StaleForm, need_draft_save, need_update_published
from apps.needs.services.elements import need_analyse
from apps.needs.services.imports import needs_import
from apps.needs.services.publication import need_approve, need_publish, need_recall, need_return, need_submit
from apps.needs.services.replies import need_reply_record
from apps.needs.services.upkeep import (
    need_close,
    need_disengage,
    need_engage,
    need_expire,
    need_renew,
    need_reopen,
    need_solve,
)

__all__ = [
    "ImportReport",
    "RowProblem",
    "StaleForm",
    "attachment_add",
    "attachment_delete",
    "need_analyse",
    "need_approve",
    "need_close",
    "need_disengage",
    "need_draft_save",
    "need_engage",
    "need_expire",
    "need_publish",
    "need_recall",
    "need_renew",
    "need_reopen",
    "need_reply_record",
    "need_return",
    "need_solve",
    "need_submit",
    "need_update_published",
    "needs_import",
]
