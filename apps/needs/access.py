"""Who has become a need's partner: known only to the apps above, which register how to find out."""

from collections.abc import Callable

from apps.accounts.models import User
from apps.accounts.selectors import Viewer
from apps.needs.models import Need

PartnerCheck = Callable[[User, Need], bool]

_checks: list[PartnerCheck] = []


def register_partner_check(check: PartnerCheck) -> None:
    """Add a way to be a partner: `check(user, need)` is true once both sides accepted."""
    if check not in _checks:
        _checks.append(check)


def is_partner(user: Viewer, need: Need) -> bool:
    return isinstance(user, User) and any(check(user, need) for check in _checks)
