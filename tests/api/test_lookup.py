"""Looking further by a program: asked until it is known, under conditions that are checked, and picked from."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
import yaml
from celery import current_app
from django.core.management import call_command
from django.urls import reverse
from rest_framework.test import APIClient

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.matching import tasks
from apps.matching.index import live
from apps.needs.models import Need
from tests.factories import make_capability, make_need

type Api = Callable[..., APIClient]
pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    messages: list[Any] = []
    monkeypatch.setattr(live, "_live", None)
    monkeypatch.setattr(current_app, "send_task", lambda name, **message: messages.append(message["args"]))
    return messages


@pytest.fixture
def need(taxonomy: None, enterprise: Organisation) -> Need:
    return make_need(organisation=enterprise)


@pytest.fixture
def url(need: Need) -> str:
    return reverse("api:need-lookup-list", args=[need.public_id])


@pytest.fixture
def capability(need: Need, university: Organisation) -> Capability:
    return make_capability(organisation=university)


def test_a_program_asks_until_it_is_known_and_picks(
    api: Api, sme_owner: User, url: str, capability: Capability, sent: list[Any]
) -> None:
    client = api(sme_owner)
    asked = {"kind": ["result", "expert"], "mode": ["transfer"]}
    assert client.get(url, asked).json() == {"state": "waiting", "looked_at": None, "results": []}
    tasks.lookup(*sent.pop())
    known = client.get(url, asked).json()
    assert (known["state"], sent) == ("ready", [])
    (found,) = known["results"]
    assert (found["id"], found["kind"]) == (capability.public_id, "result")
    assert found["owner"] == {"name": capability.organisation.name, "is_named": True}
    assert found["for_need"]
    assert (found["is_listed"], found["is_declined"], found["proposal"]) == (False, False, None)
    picked = client.post(url, {"capability": capability.public_id}, format="json")
    assert (picked.status_code, picked.json()["score"]) == (201, found["score"])
    (found,) = client.get(url, asked).json()["results"]
    assert (found["is_listed"], found["proposal"]) == (True, picked.json()["id"])


def test_the_schema_tells_its_parameters_and_its_one_answer() -> None:
    written = StringIO()
    call_command("spectacular", stdout=written, stderr=StringIO())
    schema = yaml.safe_load(written.getvalue())
    described = schema["paths"]["/api/v1/needs/{public_id}/lookup/"]["get"]
    assert {each["name"] for each in described["parameters"]} == {"kind", "mode", "district", "public_id"}
    answer = described["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer == {"$ref": "#/components/schemas/Lookup"}


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"kind": "spaceship"}, "kind"),
        ({"mode": ["transfer", "nothing"]}, "mode"),
        ({"district": "\x00"}, "district"),
        ({"district": ["laoshan"] * 31}, "district"),
        ({"kind": ["result"] * 31}, "kind"),
    ],
)
def test_wrong_parameters_are_a_400_and_ask_nobody(
    api: Api, sme_owner: User, url: str, sent: list[Any], asked: dict[str, Any], wrong: str
) -> None:
    answer = api(sme_owner).get(url, asked)
    assert answer.status_code == 400
    assert list(answer.json()) == [wrong]
    assert sent == []


def test_where_no_worker_answers_it_says_unavailable(
    api: Api, sme_owner: User, url: str, monkeypatch: pytest.MonkeyPatch, sent: list[Any]
) -> None:
    monkeypatch.setattr("apps.matching.lookup.asking._send", lambda _question: False)
    assert api(sme_owner).get(url).json()["state"] == "unavailable"


def test_what_nobody_found_is_a_conflict(
    api: Api, sme_owner: User, url: str, capability: Capability, sent: list[Any]
) -> None:
    client = api(sme_owner)
    assert client.post(url, {"capability": capability.public_id}, format="json").status_code == 409
    assert client.post(url, {"capability": "abcdefghijkm"}, format="json").status_code == 404
    assert client.post(url, {}, format="json").status_code == 400


def test_an_anonymous_owner_is_not_named(
    api: Api, sme_owner: User, url: str, university: Organisation, sent: list[Any]
) -> None:
    make_capability(
        organisation=university,
        disclosure=Disclosure.PUBLIC_ANONYMOUS,
        description=f"{university.name}采用激光熔覆在轧辊表面制备耐磨涂层。",
    )
    client = api(sme_owner)
    client.get(url)
    tasks.lookup(*sent.pop())
    answer = client.get(url)
    assert len(answer.json()["results"]) == 1
    assert university.name not in answer.content.decode()
