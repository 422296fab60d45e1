"""Who sees the elements of a need, on its page and through the other doors."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.needs.models import Need
from apps.needs.services import need_analyse, need_draft_save
from tests.needs.element_reader import Reader, decided

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]
CAST = ("visitor", "colleague", "professor", "stranger", "broker", "reviewer", "administrator")


@pytest.fixture
def client(client_of: Clients, sme_owner: User) -> Client:
    return client_of(sme_owner)


# ---- On the need's page --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", CAST)
def test_a_need_s_people_and_the_platform_s_see_its_elements_and_nobody_else(
    reader: Reader, published: Need, who: str, client_of: Clients, request: pytest.FixtureRequest
) -> None:
    need_analyse(need=published)
    browser = Client() if who == "visitor" else client_of(request.getfixturevalue(who))
    page = browser.get(reverse("needs:detail", args=[published.public_id])).content.decode()
    is_seen = who in {"colleague", "broker", "reviewer", "administrator"}
    assert ("需求清晰度" in page) is is_seen
    assert ("element-mark" in page) is is_seen
    assert published.title in page


def test_elements_are_marked_where_they_stand_and_everything_is_escaped(
    reader: Reader, draft: Need, client: Client
) -> None:
    Need.objects.filter(pk=draft.pk).update(goal="<i>用激光熔覆</i>修复轧辊的表面，寿命提高一倍以上。")
    draft.refresh_from_db()
    need_analyse(need=draft)
    page = client.get(reverse("needs:detail", args=[draft.public_id])).content.decode()
    assert '&lt;i&gt;用<mark class="element-mark element-process" title="工艺">激光熔覆</mark>&lt;/i&gt;修复' in page


def test_places_in_an_older_text_are_not_marked(reader: Reader, draft: Need, client: Client) -> None:
    need_analyse(need=draft)
    Need.objects.filter(pk=draft.pk).update(goal="换了一段文字，原来的位置不再对得上。", version=2)
    page = client.get(reverse("needs:detail", args=[draft.public_id])).content.decode()
    assert "element-mark" not in page
    assert "换了一段文字" in page


def test_what_others_will_see_shows_no_elements(reader: Reader, draft: Need, client: Client) -> None:
    need_analyse(need=draft)
    assert "element-mark" not in client.get(reverse("needs:publish", args=[draft.public_id])).content.decode()


def test_before_publishing_its_people_see_what_would_make_it_clearer(
    reader: Reader, draft: Need, client: Client
) -> None:
    page = client.get(reverse("needs:publish", args=[draft.public_id])).content.decode()
    assert "<strong>80</strong> / 100" in page
    assert "说说哪里不好。" in page


def test_removed_elements_are_on_the_form_only(reader: Reader, draft: Need, sme_owner: User, client: Client) -> None:
    need_draft_save(need=draft, by=sme_owner, values={}, elements=[decided("object", "轧辊", "removed")])
    need_analyse(need=draft)
    page = client.get(reverse("needs:detail", args=[draft.public_id])).content.decode()
    assert '<li class="chip element-fact">激光熔覆</li>' in page
    assert '<li class="chip element-fact">轧辊</li>' not in page


# ---- Other doors ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", CAST)
def test_the_api_tells_elements_and_clarity_to_the_same_people(
    reader: Reader, published: Need, who: str, client_of: Clients, request: pytest.FixtureRequest
) -> None:
    need_analyse(need=published)
    browser = Client() if who == "visitor" else client_of(request.getfixturevalue(who))
    told = browser.get(reverse("api:need-detail", args=[published.public_id])).json()["reading"]
    if who in {"colleague", "broker", "reviewer", "administrator"}:
        assert told["clarity"]["score"] == 80
        assert told["clarity"]["gaps"][0]["code"] == "problem"
        first = told["elements"][0]
        assert published.title[first["start"] : first["end"]] == first["text"] == "轧辊"
    else:
        assert told is None


def test_reviewers_see_how_clear_a_need_is_and_may_begin_with_the_clear_ones(
    reader: Reader, draft: Need, published: Need, reviewer: User, client_of: Clients
) -> None:
    Need.objects.filter(pk=draft.pk).update(state="submitted", title="轧辊先交", clarity_points=30)
    Need.objects.filter(pk=published.pk).update(state="submitted", title="轧辊后交", clarity_points=90)
    browser = client_of(reviewer)
    page = browser.get(reverse("review"), {"tab": "needs"}).content.decode()
    assert "清晰度 30 分" in page
    assert page.index("轧辊先交") < page.index("轧辊后交")
    page = browser.get(reverse("review"), {"tab": "needs", "order": "clearest"}).content.decode()
    assert page.index("轧辊后交") < page.index("轧辊先交")
