"""Shared bases of the models, and the audit trail."""

import secrets
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

PUBLIC_ID_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
PUBLIC_ID_LENGTH = 12


def new_public_id() -> str:
    """A name for URLs that tells nothing of order, number or owner: 12 of 31 signs, 59 bits."""
    return "".join(secrets.choice(PUBLIC_ID_ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


class PublicIdModel(models.Model):
    """Rows that people and programs address: by `public_id`, never by the primary key."""

    public_id = models.CharField(
        _("编号"), max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False
    )
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        abstract = True


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """What rewrites or deletes entries after all is in `core.audit`, each with its one reason."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("Audit entries are never changed.")

    def delete(self) -> NoReturn:
        raise TypeError("Audit entries are never deleted.")


class Trace(models.Model):
    """Who did or saw what, when, from where."""

    at = models.DateTimeField(_("时间"))
    # Searched together with the time: each class has its own index for that.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        verbose_name=_("操作人"),
        related_name="+",
        db_index=False,
    )
    action = models.CharField(_("动作"), max_length=60)
    object_type = models.CharField(_("对象类型"), max_length=60)
    object_public_id = models.CharField(_("对象编号"), max_length=PUBLIC_ID_LENGTH, blank=True)
    address = models.GenericIPAddressField(_("来源地址"), null=True)
    request_id = models.CharField(_("请求编号"), max_length=16, blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("-at", "-id"), name="%(class)s_time"),
            models.Index(fields=("actor", "-at", "-id"), name="%(class)s_actor"),
            models.Index(fields=("action", "-at", "-id"), name="%(class)s_action"),
            models.Index(fields=("object_type", "-at", "-id"), name="%(class)s_kind"),
            models.Index(fields=("object_public_id", "-at", "-id"), name="%(class)s_public"),
            models.Index(fields=("address", "-at", "-id"), name="%(class)s_address"),
            models.Index(fields=("object_type", "object_id", "-id"), name="%(class)s_object"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type} {self.object_public_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Audit entries are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Audit entries are never deleted.")


class AuditEntry(Trace):
    """One change. Written by `core.audit.record` only."""

    object_id = models.BigIntegerField(_("对象主键"))
    changes = models.JSONField(_("变更内容"), default=dict)

    class Meta(Trace.Meta):
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")


class AccessEntry(Trace):
    """Somebody saw or took out what not everybody may see. Written by `core.audit.record_view` only.

    `day` is set where one look a day is as good as many: a page that is opened again and again.
    """

    object_id = models.BigIntegerField(_("对象主键"), null=True)
    detail = models.JSONField(_("说明"), default=dict)
    day = models.DateField(null=True)

    class Meta(Trace.Meta):
        verbose_name = _("查看记录")
        verbose_name_plural = _("查看记录")
        constraints = (
            models.UniqueConstraint(
                name="accessentry_once_a_day", fields=("actor", "action", "object_type", "object_id", "day")
            ),
        )


class CitySetting(models.Model):
    """One rule of the city that differs from its default (`core.city_settings`); its history is in the audit trail."""

    key = models.CharField(_("设置项"), max_length=60, unique=True)
    value = models.JSONField(_("值"))
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, verbose_name=_("修改人"), related_name="+"
    )

    class Meta:
        verbose_name = _("城市设置")
        verbose_name_plural = _("城市设置")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key
