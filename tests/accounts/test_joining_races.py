"""Several people who answer, or join elsewhere, at one moment: real threads, real transactions, on either database."""

import pytest

from apps.accounts.links import invitation_token
from apps.accounts.models import JoinRequest, JoinState, Membership, Organisation, User
from apps.accounts.services import (
    cloud_centre_change,
    cloud_centre_open,
    join_approve,
    join_ask,
    join_refuse,
    member_accept,
    member_make_owner,
)
from apps.core import clock
from apps.core.errors import DomainError
from apps.core.models import AuditEntry
from apps.taxonomy.models import Term
from tests.engagements.test_case_races import at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def second_owner(transactional_db: None, sme_owner: User, colleague: User) -> User:
    member_make_owner(membership=colleague.membership, by=sme_owner)
    return colleague


@pytest.fixture
def asked(transactional_db: None, enterprise: Organisation, sme_owner: User) -> JoinRequest:
    person = User.objects.create_user("applicant@hailan.example", name="吴芳", email_confirmed_at=clock.now())
    return join_ask(organisation=enterprise, by=person)


def test_of_two_owners_who_answer_differently_one_counts(
    asked: JoinRequest, sme_owner: User, second_owner: User
) -> None:
    results = at_once(
        lambda: join_approve(request=JoinRequest.objects.get(), by=sme_owner),
        lambda: join_refuse(request=JoinRequest.objects.get(), by=second_owner),
    )
    assert refusals(results) == 1
    state = JoinRequest.objects.get().state
    assert Membership.objects.filter(user=asked.person).exists() == (state == JoinState.APPROVED)
    assert AuditEntry.objects.filter(action__in=["join.approved", "join.refused"]).get().action == f"join.{state}"


def test_who_joins_another_organisation_while_an_owner_approves_acts_for_one(
    asked: JoinRequest, sme_owner: User, stranger: User, other_enterprise: Organisation
) -> None:
    person = asked.person
    token = invitation_token(organisation=other_enterprise, inviter=stranger, email=person.email)
    results = at_once(
        lambda: join_approve(request=JoinRequest.objects.get(), by=sme_owner),
        lambda: member_accept(token=token, user=User.objects.get(pk=person.pk)),
    )
    assert refusals(results) == 1
    assert all(isinstance(result, DomainError) for result in results if isinstance(result, Exception))
    joined = Membership.objects.get(user=person).organisation_id
    expected = JoinState.APPROVED if joined == asked.organisation_id else JoinState.LAPSED
    assert JoinRequest.objects.get().state == expected


def test_of_two_owners_who_open_a_centre_one_does(
    enterprise: Organisation, sme_owner: User, second_owner: User
) -> None:
    chain = Term.objects.get_or_create(vocabulary="industry_chain", code="pumps", defaults={"name": "泵阀"})[0]
    results = at_once(
        *[
            lambda owner=owner: cloud_centre_open(
                organisation=enterprise, by=owner, values={"industry_chain": chain, "products": owner.name}
            )
            for owner in (sme_owner, second_owner)
        ]
    )
    assert refusals(results) == 1
    centre = next(result for result in results if not isinstance(result, Exception))
    results = at_once(
        *[
            lambda owner=owner: cloud_centre_change(
                centre=centre, by=owner, values={"products": f"{owner.name}的泵"}, seen=1
            )
            for owner in (sme_owner, second_owner)
        ]
    )
    assert refusals(results) == 1
    centre.refresh_from_db()
    assert centre.revision == 2
