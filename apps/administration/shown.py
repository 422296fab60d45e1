"""Which announcements a page shows to whom. A process asks the database for them once in some seconds."""

from django.http import HttpRequest

from apps.accounts.models import OrganisationKind, User
from apps.accounts.regions import covers
from apps.accounts.selectors import Viewer, is_broker, is_reviewer, organisation_of
from apps.administration.models import Announcement, Audience, Dismissal
from apps.core import clock
from apps.core.remembered import Remembered

SESSION_KEY = "dismissed_announcements"
MOST_SHOWN = 3
MOST_REMEMBERED = 50


def _load() -> list[Announcement]:
    """What is shown now or will be soon; the rest is a matter of the clock."""
    return list(Announcement.objects.filter(ends_at__gt=clock.now()).order_by("-starts_at", "-id")[:MOST_REMEMBERED])


_announcements: Remembered[list[Announcement]] = Remembered(_load, nothing=[])


def forget_announcements() -> None:
    _announcements.forget()


def announcements_for(user: Viewer) -> list[Announcement]:
    """Those meant for the person, the newest first, whether they closed them or not."""
    return [row for row in _announcements.value() if row.is_shown and _is_meant_for(row, user)]


def banners_for(request: HttpRequest) -> list[Announcement]:
    """What the top of a page shows: without those the person has closed. No query where there is nothing to show."""
    found = announcements_for(request.user)
    if not found:
        return []
    closed = dismissed_by(request)
    return [row for row in found if row.public_id not in closed][:MOST_SHOWN]


def dismissed_by(request: HttpRequest) -> set[str]:
    if isinstance(request.user, User):
        rows = Dismissal.objects.filter(user=request.user)
        return set(rows.values_list("announcement__public_id", flat=True))
    return set(request.session.get(SESSION_KEY, []))


def dismiss_for_visitor(request: HttpRequest, public_id: str) -> None:
    """In the visitor's session: it knows nobody."""
    closed = [*request.session.get(SESSION_KEY, []), public_id]
    request.session[SESSION_KEY] = closed[-MOST_REMEMBERED:]


def _is_meant_for(row: Announcement, user: Viewer) -> bool:
    if row.audience == Audience.EVERYONE and row.district_id is None:
        return True
    return isinstance(user, User) and _is_of_audience(row.audience, user) and _is_of_district(row, user)


def _is_of_audience(audience: str, user: User) -> bool:
    organisation = organisation_of(user)
    if audience == Audience.ENTERPRISES:
        return organisation is not None and organisation.kind == OrganisationKind.ENTERPRISE
    if audience == Audience.SUPPLIERS:
        return organisation is not None and organisation.is_supplier
    if audience == Audience.BROKERS:
        return is_broker(user)
    return is_reviewer(user) if audience == Audience.REVIEWERS else True


def _is_of_district(row: Announcement, user: User) -> bool:
    if row.district_id is None:
        return True
    organisation = organisation_of(user)
    if organisation is not None:
        return organisation.district_id == row.district_id
    return covers(user, row.district_id)
