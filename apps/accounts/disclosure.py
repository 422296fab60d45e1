"""Disclosure of needs and capabilities: who may see a row, and whether with its owner's name.

One rule for both sides, used by querysets (who sees the row) and by cards (who sees the name).
"""

from django.db import models
from django.db.models import BigIntegerField, F, Func, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.accounts.regions import covers, in_region_of, works_city_wide, works_in_districts
from apps.accounts.selectors import Viewer, acts_for, is_broker, is_reviewer, is_verified_member, organisation_of


class Disclosure(models.TextChoices):
    PUBLIC_ANONYMOUS = "public_anonymous", _("公开（匿名）")
    PUBLIC_NAMED = "public_named", _("公开（实名）")
    MEMBERS = "members", _("仅认证会员")
    BROKERS = "brokers", _("仅经纪人")


PUBLIC = (Disclosure.PUBLIC_ANONYMOUS, Disclosure.PUBLIC_NAMED)


def open_to(user: Viewer, *, shown: Q) -> Q:
    """Rows that `user` may see: own rows always; others only where `shown` (the states on the board) and disclosed.

    What is kept for brokers is seen by those of its owner's district, and of the whole city; what is not on the board,
    by the reviewers of that district, and of the whole city.
    """
    if is_reviewer(user) and works_city_wide(user):
        return Q()
    visible = shown & Q(disclosure__in=levels_open_to(user))
    if works_in_districts(user):
        visible &= ~Q(disclosure=Disclosure.BROKERS) | in_region_of(user, "organisation__district")
    if is_reviewer(user):
        visible |= in_region_of(user, "organisation__district")
    organisation = organisation_of(user)
    return visible | Q(Exact(_AsItIs(F("organisation")), organisation.pk)) if organisation else visible


class _AsItIs(Func):
    """A number, by which no index is looked for: SQLite would take two, the one of the owner and the one of what is
    open, and then read most of the table whole, where it can go along the newest and stop."""

    template = "+%(expressions)s"
    output_field = BigIntegerField()


def levels_open_to(user: Viewer) -> tuple[Disclosure, ...]:
    """The levels of other organisations' rows that `user` may see."""
    if is_reviewer(user) or is_broker(user):
        return tuple(Disclosure)
    return (*PUBLIC, Disclosure.MEMBERS) if is_verified_member(user) else PUBLIC


def is_confided(user: Viewer, organisation: Organisation) -> bool:
    """Whether they may read what it tells no other: its own people, and the reviewers of its region."""
    if acts_for(user, organisation.pk):
        return True
    return is_reviewer(user) and (works_city_wide(user) or covers(user, organisation.district_id))


def owner_is_shown(user: Viewer, *, disclosure: str, organisation: Organisation) -> bool:
    """Whether the owner's name may stand beside the row: of named rows, and to whom it is confided."""
    return disclosure == Disclosure.PUBLIC_NAMED or is_confided(user, organisation)


def mentions_owner(text: str, organisation: Organisation) -> bool:
    """Whether a text that is to be anonymous names its owner, in full or in short."""
    names = [organisation.name, organisation.short_name]
    return any(name and name in text for name in names)
