"""The platform keeps an administrator: nobody takes away the last one."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import PlatformRole, User
from apps.core.decisions import ALLOWED, Decision, refused


def administrators() -> QuerySet[User]:
    """Those who can act now."""
    return User.objects.filter(Q(is_superuser=True) | Q(platform_role=PlatformRole.ADMINISTRATOR), is_active=True)


def hold_administrators() -> None:
    """Inside a transaction: of two who take each other's role away at once, the second sees what the first did."""
    list(administrators().select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def can_spare(person: User) -> Decision:
    """Whether the platform can do without this person as an administrator."""
    found = administrators()
    if found.filter(pk=person.pk).exists() and not found.exclude(pk=person.pk).exists():
        return refused(_("平台至少需要一位管理员。请先把另一个人设为管理员。"))
    return ALLOWED
