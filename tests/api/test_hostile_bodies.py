"""What programs send by mistake or in malice is a 400 (or a refusal), never a 500, and nothing of it stays behind."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.capabilities.api.serializers import NewCapabilitySerializer
from apps.needs.api.serializers import NewNeedSerializer
from apps.needs.models import Need
from tests.api.scenes import SCENES, World
from tests.factories import make_capability, make_need

type Api = Callable[..., APIClient]
DEEP = b'{"a":' * 5_000 + b"1" + b"}" * 5_000
BROKEN_BODIES = {
    "half_a_surrogate_pair": b'{"title": "\\ud800", "email": "\\ud800", "reason": "\\udfff"}',
    "surrogate_in_a_key": b'{"\\ud800": 1}',
    "nested": b"[" * 100_000,
    "nested_and_closed": b'{"title": %b, "description": %b, "reason": %b, "revision": %b}' % ((DEEP,) * 4),
    "not_utf8": b'{"title": "\xff\xfe"}',
    "huge_number": b'{"version": ' + b"9" * 5_000 + b"}",
    "nan": b'{"version": NaN}',
    "no_json": b"title=a",
    "a_list": b"[]",
    "a_text": b'"a"',
    "null": b"null",
}
WEIRD: list[Any] = [
    "\x00",
    "a\x07b",
    "x" * 100_000,
    "",
    " ",
    "1e999",
    "9999-99-99",
    "0001-01-01",
    10**400,
    -1,
    1.5,
    1e308,
    True,
    None,
    [],
    {},
    [None],
    [{}],
    [[[]]],
    ["\x00"],
    ["x"] * 1_000,
    {"a": {"b": "c"}},
    {"": ""},
    "﷽" * 50,
    "<script>alert(1)</script>",
]
INDICATORS: list[Any] = [
    [{"name": "硬度", "low": "1e999"}],
    [{"name": "硬度", "low": 1e308, "high": -1e308, "comparison": "between"}],
    [{"name": "硬度", "comparison": "gt", "low": 1}],
    [{"name": "\x00", "low": 1}],
    [{"low": 1}],
    [{"name": "硬度"}],
    [{"name": "硬度", "low": 10**400}],
    [{"name": "硬度", "low": 1, "unit": "x" * 21}],
    [{"name": "硬度", "low": 1}] * 31,
    [5],
    "硬度",
]
DETAILS: list[Any] = [
    {"ip_status": "stolen"},
    {"price": "\x00"},
    {"price": ["a"]},
    {"price": {"a": 1}},
    {"transfer_modes": "transfer"},
    {"transfer_modes": [{"a": 1}]},
    {"transfer_modes": ["no_such_mode"]},
    {"level": "national"},
    {"键": "值"},
    {"a" * 41: "b"},
    {f"k{'x' * number}": "" for number in range(31)},
    [],
    "x",
]


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES)
def test_a_broken_body_is_a_400_at_every_door(
    api: Api, world: World, sme_owner: User, broker: User, body: bytes
) -> None:
    """Sent by somebody for whom the row exists: what is on the broker's desk does not for an enterprise."""
    clients = (api(sme_owner), api(broker))
    for (endpoint, method), scene in SCENES.items():
        if scene(world).body is None or method == "DELETE":
            continue
        if endpoint == "need-list":
            before = Need.objects.count()
        url = reverse(f"api:{endpoint}", kwargs=scene(world).kwargs)
        for client in clients:
            answer = client.generic(method, url, body, content_type="application/json")  # type: ignore[arg-type]  # bytes do as well
            if answer.status_code != 404:
                break
        assert answer.status_code in (400, 403), (endpoint, answer.content[:300])
        assert answer["Content-Type"] == "application/json"
        if endpoint == "need-list":
            assert (answer.status_code, Need.objects.count()) == (400, before)


@pytest.mark.parametrize("value", WEIRD, ids=[repr(value)[:30] for value in WEIRD])
def test_a_weird_value_in_any_field_of_a_need_is_told_beside_it_or_stored_whole(
    api: Api, sme_owner: User, value: Any
) -> None:
    client, url = api(sme_owner), reverse("api:need-list")
    for name in NewNeedSerializer.Meta.fields:
        answer = client.post(url, {"title": "轧辊", name: value}, format="json")
        assert answer.status_code in (201, 400), (name, answer.content[:300])
        if answer.status_code == 400:
            assert set(answer.json()) == {name}
    assert client.get(url, {"page_size": 100}).status_code == 200
    for need in Need.objects.all():
        assert client.get(reverse("api:need-detail", kwargs={"public_id": need.public_id})).status_code == 200


@pytest.mark.parametrize("value", WEIRD, ids=[repr(value)[:30] for value in WEIRD])
def test_a_weird_value_in_any_field_of_a_capability_is_told_beside_it_or_stored_whole(
    api: Api, professor: User, value: Any
) -> None:
    client, url = api(professor), reverse("api:capability-list")
    for name in NewCapabilitySerializer.Meta.fields:
        answer = client.post(url, {"kind": "result", "title": "熔覆", name: value}, format="json")
        assert answer.status_code in (201, 400), (name, answer.content[:300])
    assert client.get(url, {"page_size": 100}).status_code == 200


@pytest.mark.parametrize("rows", INDICATORS, ids=[repr(rows)[:40] for rows in INDICATORS])
def test_bad_indicators_are_told(api: Api, sme_owner: User, rows: Any) -> None:
    client = api(sme_owner)
    draft = client.post(reverse("api:need-list"), {"title": "轧辊"}, format="json").json()
    detail = reverse("api:need-detail", kwargs={"public_id": draft["id"]})
    assert (
        client.post(reverse("api:need-list"), {"title": "轧辊", "indicators": rows}, format="json").status_code == 400
    )
    answer = client.patch(detail, {"version": 1, "indicators": rows}, format="json")
    assert answer.status_code == 400
    assert list(answer.json()) == ["indicators"]


@pytest.mark.parametrize("details", DETAILS, ids=[repr(details)[:40] for details in DETAILS])
def test_bad_details_are_told(api: Api, professor: User, details: Any) -> None:
    body = {"kind": "result", "title": "熔覆", "details": details}
    answer = api(professor).post(reverse("api:capability-list"), body, format="json")
    assert answer.status_code == 400
    assert json.dumps(answer.json(), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "endpoint", ["need-list", "capability-list", "proposal-list", "engagement-list", "outcome-list", "term-list"]
)
def test_no_query_breaks_a_list(api: Api, taxonomy: None, sme_owner: User, endpoint: str) -> None:
    make_need()
    make_capability()
    client, url = api(sme_owner), reverse(f"api:{endpoint}")
    names = ["q", "state", "need", "tag", "kind", "mine", "waiting", "listed", "ordering", "page", "page_size"]
    names += [
        "industry_chain",
        "industry",
        "district",
        "trl_at_least",
        "score_at_least",
        "occurred_after",
        "vocabulary",
    ]
    for name in names:
        for value in (
            "\x00",
            "\ud800".encode("utf-8", "surrogatepass"),
            "9" * 5_000,
            "-1",
            "x" * 10_000,
            "١",
            "'",
            "%",
        ):
            answer = client.get(url, {name: value})
            assert answer.status_code in (200, 400, 404), (name, value[:9], answer.content[:200])


@pytest.mark.parametrize("name", ["1", "own2", "9" * 12, "x" * 13, "%00" * 12, "１" * 12, "2" * 11 + "%0A"])
def test_no_name_breaks_a_path(api: Api, sme_owner: User, name: str) -> None:
    answer = api(sme_owner).get(f"/api/v1/needs/{name}/")
    assert (answer.status_code, list(answer.json())) == (404, ["detail"])
