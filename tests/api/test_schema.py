"""The description of the API, and the page that shows it."""

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
import yaml
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.urls import reverse
from rest_framework.permissions import BasePermission
from rest_framework.test import APIClient

from apps.core.api.permissions import DenyByDefault
from matchsvc import api_urls

type Api = Callable[..., APIClient]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    written = StringIO()
    call_command("spectacular", "--validate", stdout=written, stderr=StringIO())
    loaded: dict[str, Any] = yaml.safe_load(written.getvalue())
    return loaded


def test_the_schema_is_valid_and_names_every_endpoint(schema: dict[str, Any]) -> None:
    paths = set(schema["paths"])
    assert {"/api/v1/needs/", "/api/v1/needs/{public_id}/publish/", "/api/v1/token/"} <= paths
    assert {path.split("/")[3] for path in paths} == {
        *(
            "bids",
            "calls",
            "capabilities",
            "centres",
            "credits",
            "engagements",
            "imports",
            "instalments",
            "join-requests",
            "meetings",
            "milestones",
            "needs",
            "notifications",
            "office",
            "open-statistics",
            "organisations",
            "outcomes",
            "proposals",
            "questionnaires",
            "recommendations",
            "referrals",
            "reports",
            "review",
            "searches",
            "stats",
            "stories",
            "terms",
            "token",
        )
    }


def test_a_need_as_it_is_read_is_described_field_by_field(schema: dict[str, Any], api: Api, sme_owner: Any) -> None:
    described = set(schema["components"]["schemas"]["Need"]["properties"])
    shown = api(sme_owner).post(reverse("api:need-list"), {"title": "轧辊"}, format="json").json()
    assert set(shown) == described


def test_every_operation_says_in_chinese_what_it_does(schema: dict[str, Any]) -> None:
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    assert [o["operationId"] for o in operations if not re.search("[\u4e00-\u9fff]", o.get("summary", ""))] == []


def test_every_operation_tells_how_it_refuses(schema: dict[str, Any], api: Api, sme_owner: Any) -> None:
    told = [operation["responses"] for path in schema["paths"].values() for operation in path.values()]
    assert [responses for responses in told if "4XX" not in responses] == []
    unknown = reverse("api:need-detail", kwargs={"public_id": "2" * 12})
    for answer in (api().post(reverse("api:need-list")), api(sme_owner).post(unknown), api(sme_owner).get(unknown)):
        assert list(answer.json()) == ["detail"]


def test_the_page_loads_only_its_own_files_and_has_nothing_inline(client: APIClient) -> None:
    page = client.get(reverse("api:docs"))
    html = page.content.decode()
    addresses = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(addresses) == 5
    assert [address for address in addresses if not address.startswith("/") or address.startswith("//")] == []
    for address in addresses[:4]:
        assert finders.find(address.removeprefix("/static/"))
    assert not re.search(r"<style|style=|<script>|\son\w+=", html)
    assert "unsafe" not in page["Content-Security-Policy"]
    script = client.get(addresses[4])
    assert script["Content-Type"].startswith("application/javascript")
    assert "SwaggerUIBundle" in script.content.decode()


def test_every_view_names_its_permissions() -> None:
    """The default denies; a view that relied on it would answer nobody."""
    for pattern in _patterns(api_urls.urlpatterns):
        view = pattern.callback.cls
        named: tuple[type[BasePermission], ...] = tuple(view.permission_classes)
        assert DenyByDefault not in named or "get_permissions" in vars(view), view


def _patterns(patterns: Any) -> list[Any]:
    found: list[Any] = []
    for pattern in patterns:
        found += _patterns(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern]
    return found
