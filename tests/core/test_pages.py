"""Error pages, liveness, the style guide, and the navigation of each role."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import Context, RequestContext, Template
from django.test import Client, RequestFactory

from apps.accounts.models import User
from apps.core import views
from apps.core.templatetags.design import nav_item

ClientOf = Callable[[User], Client]


def text_of(response: Any) -> str:
    """The body; of a view's answer or of the test client's, whose types share nothing."""
    return bytes(response.content).decode()


def test_the_process_is_alive_without_a_database(client: Client) -> None:
    assert text_of(client.get("/healthz")) == "ok\n"  # this test has no access to one


def test_pages_that_name_no_icon_get_the_mark_of_the_site(client: Client) -> None:
    answer = client.get("/favicon.ico")  # no database either: browsers ask for it beside every page
    assert answer.status_code == 302
    assert "public" in answer["Cache-Control"]
    assert answer["Location"].startswith("/static/")
    assert finders.find(answer["Location"].removeprefix("/static/"))


@pytest.mark.django_db
def test_a_missing_page_answers_in_chinese_with_a_way_home(client: Client) -> None:
    response = client.get("/nothing-here")
    assert response.status_code == 404
    assert "没有找到这个页面" in text_of(response)
    assert 'href="/"' in text_of(response)


@pytest.mark.django_db
def test_a_refusal_tells_its_reason(rf: RequestFactory, sme_owner: User) -> None:
    request = rf.get("/")
    request.user = sme_owner
    page = text_of(views.permission_denied(request, PermissionDenied("只有负责人可以操作。")))
    assert "只有负责人可以操作。" in page
    assert "请联系本单位负责人" in text_of(views.permission_denied(request, PermissionDenied()))


def failing_with(error: Exception) -> HttpResponse:
    """The answer of the 500 handler while `error` is handled, as Django calls it."""
    try:
        raise error
    except type(error):
        return views.server_error(HttpRequest())


def test_a_fault_answers_500_and_needs_no_database() -> None:
    response = failing_with(ZeroDivisionError())
    assert response.status_code == 500
    assert "系统出了点问题" in text_of(response)


def test_a_database_that_does_not_answer_is_a_503_worth_a_retry() -> None:
    response = failing_with(OperationalError("no connection"))
    assert response.status_code == 503
    assert response["Retry-After"] == "30"


@pytest.mark.django_db
def test_an_error_page_names_the_request(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("matchsvc.home.render", explode)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert response["X-Request-Id"] in text_of(response)


@pytest.mark.django_db
def test_a_stale_form_is_explained(sme_owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/sign-in/", {"username": "a@b.example", "password": "x"})
    assert response.status_code == 403
    assert "提交未生效" in text_of(response)


@pytest.mark.django_db
def test_the_style_guide_shows_every_component_to_those_who_build(
    client: Client, client_of: ClientOf, sme_owner: User, administrator: User, settings: Any
) -> None:
    assert client.get("/styleguide/").status_code == 302
    page = text_of(client_of(administrator).get("/styleguide/?page=3"))
    for name in ("state-badge", "chips", "score", "notice", "progress", "tile", "facts", "pages", "empty", "dialog"):
        assert f'class="{name}' in page
    settings.IN_PRODUCTION = True
    assert client_of(sme_owner).get("/styleguide/").status_code == 404


def navigation_of(client: Client) -> list[str]:
    page = text_of(client.get("/accounts/sign-up/", follow=True))
    return re.findall(r'class="nav-link[^"]*"[^>]*>([^<]+)</a>', page)


@pytest.mark.parametrize(
    ("role", "present", "absent"),
    [
        ("sme_owner", {"首页", "我的需求", "推荐", "对接"}, {"我的资源", "审核", "管理"}),
        ("professor", {"首页", "我的资源", "适合我的需求", "对接"}, {"我的需求", "审核", "管理"}),
        ("broker", {"首页", "对接", "需求大厅"}, {"审核", "统计", "管理"}),
        ("reviewer", {"首页", "审核", "对接", "统计", "管理"}, {"我的需求"}),
        ("administrator", {"首页", "审核", "管理"}, {"我的需求"}),
    ],
)
def test_each_role_finds_its_own_work_in_the_navigation(
    request: pytest.FixtureRequest, client_of: ClientOf, role: str, present: set[str], absent: set[str]
) -> None:
    links = set(navigation_of(client_of(request.getfixturevalue(role))))
    assert present <= links
    assert not absent & links


@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, "sme_owner", "professor", "broker", "reviewer", "administrator"])
def test_every_link_of_the_frame_opens_for_those_who_see_it(
    request: pytest.FixtureRequest, client: Client, client_of: ClientOf, role: str | None
) -> None:
    visitor = client_of(request.getfixturevalue(role)) if role else client
    page = text_of(visitor.get("/", follow=True))
    frame = page.split("<main")[0] + page.split("</main>")[1]
    links = set(re.findall(r'<a [^>]*href="(/[^"]*)"', frame))
    assert len(links) >= 4
    assert {link: visitor.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def current_links(client: Client, address: str) -> dict[str, str]:
    """The `aria-current` of each link of the navigation that has one."""
    frame = text_of(client.get(address)).split("<main")[0]
    return {name: kind for kind, name in re.findall(r'aria-current="(\w+)">([^<]+)<', frame)}


@pytest.mark.django_db
def test_the_navigation_shows_where_one_is(client: Client, client_of: ClientOf, administrator: User) -> None:
    assert current_links(client, "/needs/") == {"需求大厅": "page"}
    assert current_links(client_of(administrator), "/office/people/") == {"管理": "true"}
    assert current_links(client_of(administrator), "/") == {"首页": "page"}


def test_a_page_that_is_not_installed_has_no_link() -> None:
    assert nav_item(RequestContext(HttpRequest()), "nowhere:nothing", "无") == {"url": ""}
    rendered = Template('{% load design %}{% nav_item "nowhere:nothing" "无" %}').render(Context())
    assert rendered.strip() == ""


@pytest.mark.django_db
def test_the_language_can_be_changed_on_every_page(client: Client) -> None:
    client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/sign-in/"})
    assert '<html lang="en">' in text_of(client.get("/accounts/sign-in/"))
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})
    assert '<html lang="zh-CN">' in text_of(client.get("/accounts/sign-in/"))
