"""What the platform forgets by itself, and the nightly task that does it."""

from datetime import datetime, time, timedelta
from time import monotonic
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef, ProtectedError, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import NOBODYS_DOMAIN, User
from apps.administration.models import RetentionRun
from apps.administration.services.erasure import can_be_forgotten, person_erase
from apps.capabilities.models import Capability, CapabilityState
from apps.core import audit, clock
from apps.core.errors import DomainError
from apps.core.models import AuditEntry
from apps.core.retention import RetentionRule, register_retention, registered_rules
from apps.needs.models import Need, NeedState

BATCH = 500
SECONDS_A_RULE = 8
"""A task has a minute for all rules; what is left waits for the next tick."""
NIGHT = (time(1, 0), time(5, 0))
AT_THE_LATEST = timedelta(hours=26)
"""A worker that sleeps at night cleans when it wakes."""


def views_forget(before: datetime, most: int) -> int:
    return audit.views_prune(before=before, most=most)


def sign_ins_forget(before: datetime, most: int) -> int:
    count = 0
    for model in (AccessLog, AccessAttempt, AccessFailureLog):
        keys = model.objects.filter(attempt_time__lt=before).values_list("pk", flat=True)[:most]
        count += model.objects.filter(pk__in=list(keys)).delete()[0]
    return count


def sessions_forget(before: datetime, most: int) -> int:
    keys = list(Session.objects.filter(expire_date__lt=before).values_list("pk", flat=True)[:most])
    return Session.objects.filter(pk__in=keys).delete()[0]


def drafts_forget(before: datetime, most: int) -> int:
    """Drafts that nobody has touched and nobody ever submitted."""
    untouched: dict[str, Any] = {"updated_at__lt": before, "submitted_at": None, "published_at": None}
    needs = Need.objects.filter(state=NeedState.DRAFT, **untouched).order_by("pk")
    capabilities = Capability.objects.filter(state=CapabilityState.DRAFT, **untouched).order_by("pk")
    return _delete_each(needs[:most], "need.draft_forgotten") + _delete_each(
        capabilities[:most], "capability.draft_forgotten"
    )


def _delete_each(rows: QuerySet[Any], action: str) -> int:
    """One by one: a draft that something holds on to, or that somebody has taken up again, stays; its neighbours go."""
    count = 0
    for row in rows:
        as_read = rows.model._default_manager.filter(pk=row.pk, state=row.state, updated_at=row.updated_at)
        try:
            with transaction.atomic():
                if as_read.select_for_update().first() is None:
                    continue
                stored = [attachment.file for attachment in row.attachments.all()] if isinstance(row, Need) else []
                audit.record(row, action, by=None)
                row.delete()
                for file in stored:
                    transaction.on_commit(lambda file=file: file.storage.delete(file.name))  # type: ignore[misc]  # a lambda with a default
        except ProtectedError:
            continue
        count += 1
    return count


def closed_accounts_forget(before: datetime, most: int) -> int:
    """Accounts closed long ago, whose people never asked to be forgotten: their names go too."""
    told = AuditEntry.objects.filter(object_type=User._meta.label_lower, object_id=OuterRef("pk"))
    told = told.filter(action__in=("user.deactivated", "user.reactivated"))
    closed = User.objects.filter(is_active=False).exclude(email__endswith=NOBODYS_DOMAIN)
    due = closed.filter(Exists(told.filter(at__lt=before)), ~Exists(told.filter(at__gte=before)))
    for person in due.order_by("pk").iterator(chunk_size=100):
        try:
            if can_be_forgotten(person):
                person_erase(person=person, by=None)
                return 1  # and no more at once: each reads every text of the database
        except DomainError:
            continue
    return 0


def register_rules() -> None:
    rules = (
        RetentionRule(
            "views", _("查看记录"), _("谁查看了联系方式、附件和导出文件。改动记录长期保留。"), 730, views_forget, 180
        ),
        RetentionRule(
            "drafts", _("从未提交的草稿"), _("一直没有提交、也没有再修改的需求和资源草稿。"), 365, drafts_forget, 90
        ),
        RetentionRule("sign_ins", _("登录记录"), _("登录成功与失败的时间、地址和浏览器。"), 180, sign_ins_forget),
        RetentionRule("sessions", _("过期的会话"), _("退出或过期的登录状态。"), 1, sessions_forget, 1),
        RetentionRule(
            "closed_accounts",
            _("已停用账号的个人信息"),
            _("账号停用满此期限后，姓名、邮箱和手机自动清除，业务记录以“已注销用户”保留。"),
            1095,
            closed_accounts_forget,
            180,
        ),
    )
    for rule in rules:
        register_retention(rule)


def retain_what_is_due() -> dict[str, int]:
    """Each rule once a night, in batches; what it does not finish goes on at the next tick. Safe to run twice."""
    done: dict[str, int] = {}
    for rule in registered_rules():
        run = RetentionRun.objects.filter(rule=rule.key).first()
        if _is_due(run):
            done[rule.key] = _carry_out(rule)
    return done


def _is_due(run: RetentionRun | None) -> bool:
    now = clock.now()
    if run is None or not run.is_complete or now - run.ran_at > AT_THE_LATEST:
        return True
    is_night = NIGHT[0] <= timezone.localtime(now).time() < NIGHT[1]
    return is_night and now - run.ran_at > timedelta(hours=12)


def _carry_out(rule: RetentionRule) -> int:
    deleted, is_complete, before = 0, False, rule.before()
    until = monotonic() + SECONDS_A_RULE
    while not is_complete and monotonic() < until:
        count = rule.forget(before, BATCH)
        deleted, is_complete = deleted + count, count == 0
    values = {"ran_at": clock.now(), "deleted": deleted, "is_complete": is_complete}
    run, _is_new = RetentionRun.objects.update_or_create(rule=rule.key, defaults=values)
    RetentionRun.objects.filter(pk=run.pk).update(deleted_in_all=F("deleted_in_all") + deleted)
    return deleted
