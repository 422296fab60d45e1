"""What tests of the review desk share."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import PlatformRole, User
from apps.core import clock
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Term, Vocabulary
from tests.factories import make_need

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
