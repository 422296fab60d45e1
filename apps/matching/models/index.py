"""The index of the matcher: its generations, and the changes of rows that came after one."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel


class RowKind(models.TextChoices):
    NEED = "need", _("需求")
    CAPABILITY = "capability", _("资源")


class IndexChange(models.Model):
    """A row came, went, or says something else: whoever holds rows in memory reads it again.

    Written in the transaction of the change (index/changes.py). `row` is no foreign key: the row may vanish.
    """

    kind = models.CharField(_("类别"), max_length=10, choices=RowKind)
    row = models.BigIntegerField(_("主键"))
    at = models.DateTimeField(_("时间"), db_default=Now())

    class Meta:
        verbose_name = _("索引变更")
        verbose_name_plural = _("索引变更")

    def __str__(self) -> str:
        return f"{self.pk}: {self.kind} {self.row}"


class GenerationState(models.TextChoices):
    BUILDING = "building", _("构建中")
    PUBLISHED = "published", _("已发布")
    FAILED = "failed", _("构建失败")
    DAMAGED = "damaged", _("已损坏")
    RETIRED = "retired", _("已停用")


class IndexGeneration(PublicIdModel):
    """One build of the index: a folder of files that never change, and what they were made of.

    Every change with an id up to `changes_through` is in the files. `manifest_hash` (SHA-256) vouches for the
    manifest, which vouches for the files. `attempt` is the fence of whoever builds, `lease_until` the time after
    which another takes the build up.
    """

    number = models.PositiveIntegerField(_("代号"), unique=True)
    state = models.CharField(_("状态"), max_length=10, choices=GenerationState, default=GenerationState.BUILDING)
    folder = models.CharField(_("文件夹"), max_length=80, blank=True)
    manifest_hash = models.CharField(_("清单校验和"), max_length=64, blank=True)

    engine_version = models.CharField(_("引擎版本"), max_length=40)
    method = models.CharField(_("切分方法"), max_length=120)
    encoder = models.CharField(_("编码器"), max_length=120, blank=True)
    changes_through = models.BigIntegerField(_("已含变更"), default=0)
    corpus_hash = models.CharField(_("语料校验和"), max_length=64, blank=True)
    capabilities_count = models.PositiveIntegerField(_("资源数"), default=0)
    needs_count = models.PositiveIntegerField(_("需求数"), default=0)
    bytes = models.BigIntegerField(_("字节数"), default=0)

    attempt = models.PositiveIntegerField(default=1)
    lease_until = models.DateTimeField(_("租约到期"), null=True)
    started_at = models.DateTimeField(_("开始时间"))
    published_at = models.DateTimeField(_("发布时间"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    seconds = models.FloatField(_("用时（秒）"), null=True)
    error = models.CharField(_("错误"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("索引版本")
        verbose_name_plural = _("索引版本")
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(name="index_built_by_one", fields=("state",), condition=Q(state="building")),
            models.CheckConstraint(
                name="index_published_has_files",
                condition=~Q(state="published")
                | (Q(published_at__isnull=False) & ~Q(folder="") & ~Q(manifest_hash="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.get_state_display()}"

    @property
    def rows(self) -> int:
        """How many documents it holds."""
        return self.capabilities_count + self.needs_count
