"""Registering an organisation after signing up: by whoever has none, once, and with the rules of signing up."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from apps.accounts.models import (
    JoinRequest,
    JoinState,
    Membership,
    MembershipRole,
    Organisation,
    OrganisationKind,
    OrganisationState,
    User,
)
from apps.accounts.services import join_ask, organisation_register, organisation_update
from apps.core import clock
from apps.core.errors import DomainError, StateConflict
from apps.core.models import AuditEntry
from tests.engagements.test_case_races import at_once, refusals

ClientOf = Callable[[User], Client]
CODE = "91370200MA3C1XXW0E"
FORM = {"organisation-kind": "enterprise", "organisation-name": "胶州湾轴承有限公司", "organisation-credit_code": CODE}


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("new@bearing.example", name="吴芳", email_confirmed_at=clock.now())


def unsaved(**fields: Any) -> Organisation:
    defaults = {"kind": OrganisationKind.ENTERPRISE, "name": "胶州湾轴承有限公司", "credit_code": CODE}
    return Organisation(**defaults | fields)


def test_who_registers_an_organisation_owns_it_and_it_waits_to_be_verified(person: User) -> None:
    organisation = organisation_register(organisation=unsaved(), by=person)
    assert organisation.state == OrganisationState.PENDING
    assert Membership.objects.get(user=person).role == MembershipRole.OWNER
    entry = AuditEntry.objects.get(action="organisation.registered")
    assert (entry.actor, entry.object_id) == (person, organisation.pk)


def test_what_was_asked_of_another_lapses(person: User, enterprise: Organisation) -> None:
    asked = join_ask(organisation=enterprise, by=person)
    organisation_register(organisation=unsaved(), by=person)
    asked.refresh_from_db()
    assert asked.state == JoinState.LAPSED


def test_members_of_any_organisation_register_none(sme_owner: User, colleague: User) -> None:
    for member in (sme_owner, colleague):
        with pytest.raises(DomainError):
            organisation_register(organisation=unsaved(), by=member)
    assert not Organisation.objects.filter(credit_code=CODE).exists()


def test_one_that_is_registered_is_not_registered_again(person: User, enterprise: Organisation) -> None:
    with pytest.raises(ValidationError) as refusal:
        organisation_register(organisation=unsaved(name=enterprise.name), by=person)
    assert set(refusal.value.message_dict) == {"name"}
    assert not Membership.objects.filter(user=person).exists()


def test_government_departments_are_set_up_by_the_staff(
    person: User, sme_owner: User, enterprise: Organisation
) -> None:
    with pytest.raises(ValidationError):
        organisation_register(organisation=unsaved(kind=OrganisationKind.GOVERNMENT), by=person)
    Organisation.objects.filter(pk=enterprise.pk).update(state=OrganisationState.PENDING)
    with pytest.raises(ValidationError):
        organisation_update(organisation=enterprise, by=sme_owner, seen=1, fields={"kind": OrganisationKind.GOVERNMENT})


def test_the_page_registers_and_leads_to_the_organisation(person: User, client_of: ClientOf) -> None:
    client = client_of(person)
    assert "/accounts/register/" in client.get("/accounts/join/").content.decode()
    response = client.post("/accounts/register/", FORM)
    assert (response.status_code, response["Location"]) == (302, "/accounts/organisation/")
    assert Membership.objects.get(user=person).organisation.name == "胶州湾轴承有限公司"
    assert client.get("/accounts/register/")["Location"] == "/accounts/organisation/"


def test_where_it_is_registered_already_the_page_offers_to_ask(
    person: User, sme_owner: User, enterprise: Organisation, client_of: ClientOf
) -> None:
    client, known = client_of(person), FORM | {"organisation-name": enterprise.name}
    page = client.post("/accounts/register/", known).content.decode()
    assert f"“{enterprise.name}”已经登记" in page
    assert not JoinRequest.objects.exists()
    assert client.post("/accounts/register/", known | {"join": "1"})["Location"] == "/accounts/join/"
    assert JoinRequest.objects.get().organisation == enterprise


def test_visitors_sign_in_first(client: Client, db: None) -> None:
    assert "/accounts/sign-in/" in client.get("/accounts/register/")["Location"]


@pytest.mark.django_db(transaction=True)
def test_one_person_twice_and_two_people_at_once_register_one(person: User) -> None:
    other = User.objects.create_user("other@bearing.example", name="郑伟", email_confirmed_at=clock.now())
    codes = ("91370200MA3C0W8X00", CODE)
    results = at_once(
        *[
            lambda code=code: organisation_register(
                organisation=unsaved(name=f"胶州湾{code}厂", credit_code=code), by=User.objects.get(pk=person.pk)
            )
            for code in codes
        ]
    )
    assert refusals(results) == 1
    assert Organisation.objects.count() == 1
    Membership.objects.all().delete()
    Organisation.objects.all().delete()
    results = at_once(
        *[lambda who=who: organisation_register(organisation=unsaved(), by=who) for who in (person, other)]
    )
    assert [type(result) for result in results if isinstance(result, Exception)] in ([StateConflict], [ValidationError])
    assert Membership.objects.count() == Organisation.objects.count() == 1
