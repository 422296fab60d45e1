"""States of an organisation and the moves between them."""

from apps.accounts.models import OrganisationState as S
from apps.core.lifecycle import Lifecycle

ORGANISATION_LIFECYCLE = Lifecycle(
    {
        S.PENDING: frozenset({S.VERIFIED, S.REJECTED}),
        # Verified after all, or pending again once its owner has mended what was wrong.
        S.REJECTED: frozenset({S.VERIFIED, S.PENDING}),
    }
)
