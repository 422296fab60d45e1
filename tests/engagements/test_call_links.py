"""Recording a call from where one is: the page of a need, and of a pair."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.engagements.models import Engagement, PhoneCall

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def pages_of(engagement: Engagement) -> dict[str, str]:
    pair = engagement.proposal
    return {
        reverse("needs:detail", args=[pair.need.public_id]): f"?need={pair.need.public_id}",
        reverse("matching:proposal", args=[pair.public_id]): f"?proposal={pair.public_id}",
    }


def test_a_broker_records_a_call_from_the_need_and_from_the_pair(
    engagement: Engagement, broker: User, client_of: ClientOf
) -> None:
    client = client_of(broker)
    for page, named in pages_of(engagement).items():
        link = reverse("desk:call_new") + named
        assert f'href="{link}"' in client.get(page).content.decode()
        assert client.get(link).status_code == 200
    assert not PhoneCall.objects.exists()


@pytest.mark.parametrize("who", ["sme_owner", "professor"])
def test_the_two_sides_are_offered_none(
    engagement: Engagement, who: str, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(who))
    for page in pages_of(engagement):
        assert reverse("desk:call_new") not in client.get(page).content.decode()


def test_nor_a_broker_of_another_region_on_the_page_of_the_need(
    engagement: Engagement, broker: User, client_of: ClientOf
) -> None:
    User.objects.filter(pk=broker.pk).update(covers_city=False)
    broker.refresh_from_db()
    page = next(iter(pages_of(engagement)))
    assert reverse("desk:call_new") not in client_of(broker).get(page).content.decode()
