"""Who looks at the pages of the city: of each kind the one with the most rows, for whom a list is the slowest."""

from typing import Any

from django.db.models import Count

from apps.accounts.models import Membership, Organisation, PlatformRole, User
from apps.capabilities.models import Capability
from apps.engagements.models import Engagement
from apps.needs.models import Need
from benchmarks.city.places import ADMINISTRATOR, BROKER, REVIEWER, SME, UNIVERSITY


def _most(model: Any, column: str, **narrowed: Any) -> Any:
    """The value of a column that most rows have."""
    counted = model.objects.filter(**narrowed).values(column).annotate(rows=Count("pk"))
    return counted.order_by("-rows", column).values_list(column, flat=True)[0]


class City:
    """`people` by role; `names` fill the places in an address."""

    def __init__(self) -> None:
        of_member: dict[str, Any] = {"organisation__memberships__user__is_active": True}
        enterprise = _most(Need, "organisation", published_at__isnull=False, **of_member)
        university = _most(Capability, "organisation", published_at__isnull=False, **of_member)
        broker = _most(Engagement, "broker", broker__isnull=False)
        self.people = {
            ADMINISTRATOR: self._of_platform(PlatformRole.ADMINISTRATOR),
            REVIEWER: self._of_platform(PlatformRole.REVIEWER),
            BROKER: User.objects.get(pk=broker),
            SME: self._member(enterprise),
            UNIVERSITY: self._member(university),
        }
        own_needs: dict[str, Any] = {"organisation": enterprise, "published_at__isnull": False}
        own_capabilities: dict[str, Any] = {"organisation": university, "published_at__isnull": False}
        self.names = {
            "need": Need.objects.filter(**own_needs).order_by("pk")[0].public_id,
            "capability": Capability.objects.filter(**own_capabilities).order_by("pk")[0].public_id,
            "organisation": Organisation.objects.get(pk=university).public_id,
            "broker": str(broker),
            "person": str(self.people[SME].pk),
        }

    def _of_platform(self, role: PlatformRole) -> User:
        return User.objects.filter(platform_role=role, is_active=True).order_by("pk")[0]

    def _member(self, organisation: int) -> User:
        rows = Membership.objects.filter(organisation=organisation, user__is_active=True)
        return rows.select_related("user").order_by("pk")[0].user
