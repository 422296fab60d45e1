"""Imports of files: the jobs, what was wrong with their rows, and what they did."""

import secrets
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.accounts.selectors import Viewer, is_administrator, organisation_of
from apps.core.models import PublicIdModel


class ImportKind(models.TextChoices):
    NEEDS = "needs", _("技术需求")
    RESULT = "result", _("成果")
    EXPERT = "expert", _("专家")
    LABORATORY = "laboratory", _("实验室")
    INSTRUMENT = "instrument", _("仪器设备")
    PILOT_BASE = "pilot_base", _("中试基地")
    SERVICE_TEAM = "service_team", _("服务团队")
    ORGANISATIONS = "organisations", _("企业与机构名录")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("待对应列")
    CHECKING = "checking", _("检查中")
    CHECKED = "checked", _("待导入")
    RUNNING = "running", _("导入中")
    DONE = "done", _("已导入")
    UNDOING = "undoing", _("撤销中")
    UNDONE = "undone", _("已撤销")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("未完成")


WORKING_STATES = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)
ENDED_STATES = (ImportState.DONE, ImportState.UNDONE, ImportState.CANCELLED, ImportState.FAILED)


def random_path(job: models.Model, name: str) -> str:
    """Nothing of the name that a person gave is in the path but its ending."""
    return f"imports/{secrets.token_hex(16)}{PurePath(name).suffix.lower()[:6]}"


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: Viewer) -> "ImportQuerySet":
        """One's own and one's organisation's; administrators see all."""
        if is_administrator(user):
            return self
        if not user.is_authenticated:
            return self.none()
        organisation = organisation_of(user)
        own = Q(started_by=user)
        return self.filter(own | Q(organisation=organisation) if organisation else own)


class Import(PublicIdModel):
    """One file on its way in. The row is the job, as a Rematch is.

    A worker claims a piece of work by a conditional update: `attempt` is the fence, `lease_until` the time after which
    others may go on. `cursor` (a place in the staged file; while undoing, a key) moves in the transaction that writes
    what the rows before it came to, so that no row is left out and none counts twice, whatever happens to a worker.
    """

    kind = models.CharField(_("内容"), max_length=14, choices=ImportKind)
    # Whose rows they are; null where a column of the file names the organisation of each.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="imports", verbose_name=_("单位")
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("发起人")
    )
    # Who last asked for a check, the import or its undoing: the work is done with their rights and in their name.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("操作人")
    )
    state = models.CharField(_("状态"), max_length=10, choices=ImportState, default=ImportState.UPLOADED)

    file = models.FileField(_("文件"), upload_to=random_path, blank=True)
    file_name = models.CharField(_("文件名"), max_length=200)
    size_bytes = models.PositiveBigIntegerField(_("大小"))
    digest = models.CharField(max_length=64)
    top = models.JSONField(default=dict)  # the first rows of each sheet (`core.tables.sources.Peeks`)
    sheet = models.CharField(_("工作表"), max_length=100, blank=True)
    heading_line = models.PositiveIntegerField(_("表头所在行"), default=1)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(_("列的含义"), default=dict)  # number of a column, as text → field
    publish = models.BooleanField(_("导入后发布"), default=True)
    all_or_nothing = models.BooleanField(_("有错即全部撤回"), default=False)

    # The rows as they were read, one JSON line each: what is checked is what is imported, and work can go on anywhere.
    staged = models.FileField(upload_to=random_path, blank=True)
    total = models.PositiveIntegerField(_("行数"), default=0)
    hidden_rows = models.PositiveIntegerField(_("隐藏行"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    created_count = models.PositiveIntegerField(_("新增"), default=0)
    updated_count = models.PositiveIntegerField(_("更新"), default=0)
    unchanged_count = models.PositiveIntegerField(_("未变"), default=0)
    bad_count = models.PositiveIntegerField(_("有误"), default=0)
    left_count = models.PositiveIntegerField(_("保留"), default=0)
    cursor = models.BigIntegerField(default=0)

    attempt = models.PositiveIntegerField(default=0)
    stalled = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(_("租约到期"), null=True)
    checked_at = models.DateTimeField(_("检查时间"), null=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    error = models.CharField(_("原因"), max_length=500, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量导入")
        verbose_name_plural = _("批量导入")
        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "lease_until"), name="import_due"),)
        constraints = (
            models.CheckConstraint(
                name="import_finished_has_date",
                condition=~Q(state__in=("done", "undone", "cancelled", "failed")) | Q(finished_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def on_behalf_of(self) -> User:
        """With whose rights rows are checked, written and taken back."""
        return self.asked_by or self.started_by

    @property
    def is_working(self) -> bool:
        return self.state in WORKING_STATES

    @property
    def failure(self) -> str:
        """Why it failed, for people: what is kept of an error of the platform is for those who run it."""
        if self.error.endswith("。"):
            return self.error
        return str(_("平台处理这个文件时出错，没有全部完成。请稍后重新上传；还是不行，请联系平台工作人员。"))

    @property
    def has_errors_file(self) -> bool:
        return bool(self.bad_count and self.staged and not self.is_working)

    @property
    def imported_count(self) -> int:
        return self.created_count + self.updated_count


class RemarkKind(models.TextChoices):
    PROBLEM = "problem", _("错误")
    NOTE = "note", _("提示")
    LEFT = "left", _("未撤销")


class ImportRemark(models.Model):
    """A sentence about one row: what keeps it out, what was left out of it, why it was not undone."""

    job = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="remarks")
    kind = models.CharField(max_length=8, choices=RemarkKind)
    line = models.PositiveIntegerField(_("行号"))
    field = models.CharField(max_length=60, blank=True)
    message = models.CharField(_("说明"), max_length=500)

    class Meta:
        ordering = ("line", "id")
        indexes = (models.Index(fields=("job", "kind", "line"), name="import_remark"),)

    def __str__(self) -> str:
        return f"{self.line} {self.message}"


class ImportedObject(models.Model):
    """What an import did to one object: enough to see whether somebody touched it since, and to undo it."""

    job = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="objects_done")
    line = models.PositiveIntegerField(_("行号"))
    outcome = models.CharField(max_length=9)
    object_id = models.BigIntegerField()
    version = models.BigIntegerField()
    state = models.CharField(max_length=10)
    before = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(name="import_object_once", fields=("job", "object_id")),)

    def __str__(self) -> str:
        return f"{self.outcome} {self.object_id}"
