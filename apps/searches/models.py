"""Saved searches: the filter of a list that somebody keeps, and the rows they were told of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.models import PublicIdModel
from apps.core.validators import validate_text

LONGEST_NAME = 40


class SavedSearch(PublicIdModel):
    """`params` are the values of the list's filter as its page sends them, each a text; `digest` names list and values.

    New is what was published after `watched_since`. `looked_at` is the last look; the next one reads what changed
    since. `tried_at` also counts those that failed: whose turn it is. `summary` says the filter in words, in the
    language of whoever saved it.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches", verbose_name=_("所有人")
    )
    list_key = models.CharField(_("列表"), max_length=40)
    name = models.CharField(_("名称"), max_length=LONGEST_NAME, validators=[validate_text])
    params = models.JSONField(_("筛选条件"), default=dict)
    digest = models.CharField(max_length=64, editable=False)
    summary = models.CharField(_("条件说明"), max_length=300, blank=True)
    is_paused = models.BooleanField(_("已暂停"), default=False)
    watched_since = models.DateTimeField(_("关注起点"))
    looked_at = models.DateTimeField(_("最近查看"))
    tried_at = models.DateTimeField(_("最近尝试"), default=clock.now, editable=False)
    found_at = models.DateTimeField(_("最近发现"), null=True, blank=True)
    found_count = models.PositiveIntegerField(_("累计发现"), default=0)
    invalid_since = models.DateTimeField(_("失效时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("订阅的查询")
        verbose_name_plural = _("订阅的查询")
        ordering = ("-id",)
        indexes = (models.Index(fields=("tried_at",), condition=Q(is_paused=False), name="saved_search_turn"),)
        constraints = (models.UniqueConstraint(name="saved_search_once", fields=("owner", "digest")),)

    def __str__(self) -> str:
        return self.name


class Hit(models.Model):
    """A row that the owner was told of. Kept as long as the search: notifications may be pruned, and rows renewed."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="hits")
    row_id = models.BigIntegerField()
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = _("查询结果")
        verbose_name_plural = _("查询结果")
        constraints = (models.UniqueConstraint(name="hit_once", fields=("search", "row_id")),)

    def __str__(self) -> str:
        return f"{self.search_id} {self.row_id}"
