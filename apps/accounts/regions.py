"""Where people of the platform work: the whole city, or some of its districts."""

from django.db.models import Q, prefetch_related_objects

from apps.accounts.models import Organisation, User
from apps.accounts.selectors import Viewer, is_administrator, is_broker, is_reviewer


def works_city_wide(user: Viewer) -> bool:
    """Administrators, and reviewers and brokers whose region is the whole city."""
    if is_administrator(user):
        return True
    return isinstance(user, User) and user.covers_city and (is_reviewer(user) or is_broker(user))


def works_in_districts(user: Viewer) -> bool:
    """Reviewers and brokers of some districts only."""
    return (is_reviewer(user) or is_broker(user)) and not works_city_wide(user)


def works_for(user: Viewer, organisation: int) -> bool:
    """Whether somebody of the platform looks after the organisation (its primary key): it lies in their region."""
    if works_city_wide(user):
        return True
    own = in_region_of(user, "district")
    return works_in_districts(user) and Organisation.objects.filter(own, pk=organisation).exists()


def in_region_of(user: Viewer, *columns: str) -> Q:
    """Rows of which one of `columns` (lookups of a district) lies where `user` works; none for who has no region.

    A row without a district is the whole city's business.
    """
    if not isinstance(user, User) or not user.is_active:
        return Q(pk__in=[])
    if user.covers_city:
        return Q()
    found = Q(pk__in=[])
    for column in columns:
        found |= Q(**{f"{column}__in": user.districts.all()})
    return found


def covers(user: Viewer, *districts: int | None) -> bool:
    """Whether one of the districts (primary keys) lies where `user` works; theirs are read once per user object."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.covers_city:
        return True
    prefetch_related_objects([user], "districts")
    return any(district.pk in districts for district in user.districts.all())
