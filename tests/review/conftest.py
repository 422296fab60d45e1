"""What tests of the review desk share."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import Organisation, PlatformRole, User
from apps.core import clock
from apps.engagements.models import Outcome as EngagementOutcome
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Term, Vocabulary
from tests.factories import make_capability, make_engagement, make_need, make_proposal

ClientOf = Callable[[User], Client]
GOOD = {"clear": 4, "real": 4, "technical": 4, "complete": 4}


@pytest.fixture
def submitted(taxonomy: None, sme_owner: User) -> Need:
    """A need that waits, of a verified organisation."""
    return make_need(
        organisation=sme_owner.membership.organisation, state=NeedState.SUBMITTED, submitted_at=clock.now()
    )


@pytest.fixture
def second_reviewer(db: None) -> User:
    return User.objects.create_user(
        email="second@city.example", name="冯审核", platform_role=PlatformRole.REVIEWER, covers_city=True
    )


@pytest.fixture
def reviewer_of(taxonomy: None) -> Callable[[str], User]:
    """A reviewer of one district, by the code of it."""

    def make(code: str) -> User:
        user = User.objects.create_user(
            email=f"{code}@city.example", name=f"{code} 审核", platform_role=PlatformRole.REVIEWER
        )
        user.districts.add(Term.objects.get(vocabulary=Vocabulary.DISTRICT, code=code))
        return user

    return make


@pytest.fixture
def reported(taxonomy: None, enterprise: Organisation, university: Organisation, sme_owner: User) -> EngagementOutcome:
    """An outcome that the enterprise reported, of a case with the university."""
    need, capability = make_need(organisation=enterprise), make_capability(organisation=university)
    engagement = make_engagement(proposal=make_proposal(need=need, capability=capability))
    return EngagementOutcome.objects.create(
        engagement=engagement,
        outcome_type=Term.objects.get_or_create(
            vocabulary=Vocabulary.OUTCOME_TYPE, code="process_change", defaults={"name": "工艺改造"}
        )[0],
        description="新涂层上线，轧辊寿命提高一倍。",
        occurred_on=clock.today(),
        reported_by=sme_owner,
        reported_side="need",
        reported_at=clock.now(),
    )
