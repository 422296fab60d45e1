"""What programs read of answers: the first one to a need, and how an organisation answers."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import Organisation, User
from apps.core import clock
from apps.matching.models import Ask, AskAnswer, Side
from apps.needs.services import need_reply_record
from tests.factories import make_capability, make_need, make_proposal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("taxonomy")]
Api = Callable[..., APIClient]


def ask(organisation: Organisation, hours: int) -> None:
    asked_at = clock.now() - timedelta(days=20)
    pair = make_proposal(need=make_need(), capability=make_capability(organisation=organisation))
    Ask.objects.create(
        proposal=pair,
        side=Side.CAPABILITY,
        organisation=organisation,
        asked_at=asked_at,
        due_at=asked_at + timedelta(days=5),
        answered_at=asked_at + timedelta(hours=hours),
        answer=AskAnswer.ACCEPTED,
    )


def test_a_need_says_when_it_was_first_answered(api: Api, sme_owner: User, enterprise: Organisation) -> None:
    need, moment = make_need(organisation=enterprise), clock.now()
    url = f"/api/v1/needs/{need.public_id}/"
    assert api(sme_owner).get(url).json()["first_replied_at"] is None
    need_reply_record(need=need, at=moment)
    assert datetime.fromisoformat(api(sme_owner).get(url).json()["first_replied_at"]) == moment


def test_an_organisation_says_how_it_answers_from_three_asks_on(
    api: Api, professor: User, university: Organisation
) -> None:
    addresses = (f"/api/v1/organisations/{university.public_id}/", "/api/v1/organisations/own/")
    for hours in (2, 4):
        ask(university, hours)
    assert [api(professor).get(url).json()["answers"] for url in addresses] == [None, None]
    ask(university, 12)
    expected = {"percent": 100, "median_hours": 4.0}
    assert [api(professor).get(url).json()["answers"] for url in addresses] == [expected, expected]
    listed = api(None).get("/api/v1/organisations/").json()["results"]
    assert next(row for row in listed if row["id"] == university.public_id)["answers"] == expected
