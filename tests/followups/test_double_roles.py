"""People of the platform who are members of an organisation too: its side is theirs, and no duty shows the other."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Membership, Organisation, User
from apps.engagements.models import Engagement
from apps.followups.models import Questionnaire, Story
from apps.followups.selectors import questionnaires_of, stories_for_page, stories_of
from apps.followups.services import questionnaire_answer
from apps.matching.models import Side
from apps.taxonomy.models import Term
from tests.factories import make_engagement, make_need, make_proposal
from tests.followups.conftest import make_questionnaire

pytestmark = pytest.mark.django_db
Columns = Callable[..., dict[str, Any]]
ClientOf = Callable[[User], Client]
DUTIES = ("reviewer", "district_reviewer", "administrator", "broker")


@pytest.fixture
def district_reviewer(reviewer: User, enterprise: Organisation) -> User:
    """Of the district in which the enterprise lies."""
    district = Term.objects.filter(vocabulary="district").first()
    assert district is not None
    Organisation.objects.filter(pk=enterprise.pk).update(district=district)
    User.objects.filter(pk=reviewer.pk).update(covers_city=False)
    reviewer.districts.add(district)
    reviewer.refresh_from_db()
    return reviewer


def on_duty(request: pytest.FixtureRequest, duty: str, member_of: Organisation | None) -> User:
    user: User = request.getfixturevalue(duty)
    if duty == "broker":
        Engagement.objects.update(broker=user)
    if member_of is not None:
        Membership.objects.create(user=user, organisation=member_of)
    return user


@pytest.fixture
def answered(asked: Questionnaire, sme_owner: User, columns: Columns) -> Questionnaire:
    questionnaire_answer(questionnaire=asked, by=sme_owner, **columns(note="不会再合作"))
    return asked


@pytest.mark.parametrize("duty", DUTIES)
def test_a_member_of_the_other_side_reads_no_answer_by_duty(
    answered: Questionnaire, university: Organisation, duty: str, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    own = make_questionnaire(answered.engagement, side=Side.CAPABILITY)
    user = on_duty(request, duty, university)
    client = client_of(user)
    assert list(questionnaires_of(user)) == [own]
    assert client.get(reverse("followups:questionnaire", args=[answered.public_id])).status_code == 404
    assert client.get(reverse("api:questionnaire-detail", args=[answered.public_id])).status_code == 404
    case = client.get(reverse("followups:case", args=[answered.engagement.public_id])).content.decode()
    assert "已填写" in case
    assert "不会再合作" not in case


@pytest.mark.parametrize("duty", DUTIES)
def test_who_belongs_to_neither_side_reads_by_duty(
    answered: Questionnaire, other_enterprise: Organisation, duty: str, request: pytest.FixtureRequest
) -> None:
    assert list(questionnaires_of(on_duty(request, duty, None))) == [answered]
    Membership.objects.create(user=request.getfixturevalue(duty), organisation=other_enterprise)
    assert list(questionnaires_of(User.objects.get(pk=request.getfixturevalue(duty).pk))) == [answered]


@pytest.mark.parametrize("duty", DUTIES)
def test_a_member_answers_for_their_own_side_whatever_their_duty(
    asked: Questionnaire,
    enterprise: Organisation,
    duty: str,
    columns: Columns,
    client_of: ClientOf,
    request: pytest.FixtureRequest,
) -> None:
    theirs = make_questionnaire(asked.engagement, side=Side.CAPABILITY)
    user = on_duty(request, duty, enterprise)
    page = reverse("followups:questionnaire", args=[asked.public_id])
    assert client_of(user).post(page, columns()).status_code == 302
    assert list(questionnaires_of(user)) == [asked]
    assert client_of(user).get(reverse("followups:questionnaire", args=[theirs.public_id])).status_code == 404


def test_a_broker_sees_their_own_cases_and_those_of_their_organisation(
    asked: Questionnaire,
    story: Story,
    broker: User,
    enterprise: Organisation,
    other_enterprise: Organisation,
    client_of: ClientOf,
) -> None:
    capability = story.outcome.engagement.proposal.capability
    brokered = make_engagement(
        proposal=make_proposal(need=make_need(organisation=other_enterprise), capability=capability), broker=broker
    )
    row = make_questionnaire(brokered)
    Membership.objects.create(user=broker, organisation=enterprise)
    assert set(questionnaires_of(broker)) == {asked, row}
    assert list(stories_of(broker)) == list(stories_for_page(broker)) == [story]
    assert client_of(broker).get(reverse("stories:detail", args=[story.public_id])).status_code == 200
    Engagement.objects.filter(pk=story.outcome.engagement_id).update(broker=broker)
    Membership.objects.filter(user=broker).delete()
    assert list(stories_of(User.objects.get(pk=broker.pk))) == [story]
