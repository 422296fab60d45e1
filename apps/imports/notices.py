"""Who brought a file is told when the work behind it has come to an end: they may have left the page long ago."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.imports.models import Import, ImportState
from apps.notifications.kinds import Kind, register
from apps.notifications.services import notify

TOPIC = "account"
LONG_CHECK = timedelta(minutes=1)
"""Whoever waited less for the check is still there."""
register(
    Kind(
        "imports.checked",
        _("“%(file)s”检查完了"),
        _("共 %(total)d 行，有误 %(bad)d 行。还没有写入任何内容，请打开查看后开始导入。"),
    ),
    Kind(
        "imports.done",
        _("“%(file)s”已导入"),
        _("新增 %(created)d 条，更新 %(updated)d 条，未变 %(unchanged)d 条，有误 %(bad)d 行。"),
    ),
    Kind("imports.undone", _("“%(file)s”的导入已撤销"), _("%(left)d 条因为之后有变化而保留。")),
    Kind("imports.check_failed", _("“%(file)s”没有检查完"), _("%(reason)s没有写入任何内容。")),
    Kind("imports.failed", _("“%(file)s”没有导入完"), _("%(reason)s已经写入的内容可以撤销。")),
    Kind(
        "imports.undo_failed", _("“%(file)s”的导入没有撤销完"), _("%(reason)s还没有撤销的内容保持不变，可以再次撤销。")
    ),
)


def tell_of_end(job: Import, state: ImportState) -> None:
    """Call inside the transaction that ended it; `job` still says what was being done."""
    if state == ImportState.CHECKED and job.checked_at and clock.now() - job.checked_at < LONG_CHECK:
        return
    now = Import.objects.get(pk=job.pk)
    notify(
        event_key=f"import:{job.public_id}:{state}:{now.attempt}",
        topic=TOPIC,
        recipients=list({person.pk: person for person in (job.started_by, job.on_behalf_of)}.values()),
        kind=_kind(job, state),
        params={
            "file": now.file_name,
            "total": now.total,
            "created": now.created_count,
            "updated": now.updated_count,
            "unchanged": now.unchanged_count,
            "bad": now.bad_count,
            "left": now.left_count,
            "reason": now.failure,
        },
        url_name="imports:detail",
        url_args=[job.public_id],
        by_name=True,
    )


def _kind(job: Import, state: ImportState) -> str:
    """A failure by what failed: whether anything was written hangs on it."""
    found = {ImportState.CHECKING: "check_failed", ImportState.UNDOING: "undo_failed"} if state == "failed" else {}
    return f"imports.{found.get(ImportState(job.state), state.value)}"
