"""What a page says while a need is being matched, when that failed, and when nothing was found."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.matching import requests
from apps.matching.models import MatchRequest, Priority, RequestState, Stage
from apps.needs.models import Need, NeedState
from tests.matching.pages import HTMX, SignIn, list_url, text_of


@pytest.fixture
def waiting(need: Need) -> MatchRequest:
    requests.request_for_needs([need], priority=Priority.INTERACTIVE)
    return MatchRequest.objects.get(need=need)


def need_of(request: MatchRequest) -> Need:
    assert request.need is not None
    return request.need


def test_a_need_that_waits_shows_how_far_its_match_is(
    waiting: MatchRequest, sme_owner: User, client_of: SignIn
) -> None:
    client = client_of(sme_owner)
    fragment = text_of(client, list_url(need_of(waiting)), **HTMX)
    assert "匹配中" in fragment
    assert f'hx-get="{list_url(need_of(waiting))}?seen=queued-fresh"' in fragment
    assert "<html" not in fragment


def test_a_poll_is_answered_only_when_something_changed(
    waiting: MatchRequest, sme_owner: User, client_of: SignIn
) -> None:
    client, url = client_of(sme_owner), list_url(need_of(waiting))
    assert client.get(f"{url}?seen=queued-fresh", headers=HTMX).status_code == 204
    lease = clock.now() + timedelta(minutes=1)
    MatchRequest.objects.update(state=RequestState.RUNNING, stage=Stage.RANKING, lease_until=lease)
    step = client.get(f"{url}?seen=queued-fresh", headers=HTMX)
    assert "seen=ranking-fresh" in step.content.decode()
    assert "HX-Retarget" not in step
    MatchRequest.objects.update(state=RequestState.DONE, stage=Stage.FINISHED, lease_until=None)
    done = client.get(f"{url}?seen=ranking-fresh", headers=HTMX)
    assert (done["HX-Retarget"], done["HX-Reswap"]) == ("#need-proposals", "outerHTML")
    assert "hx-trigger" not in done.content.decode().partition("match-card")[0]


def test_a_page_asks_less_often_the_longer_it_waits(waiting: MatchRequest, sme_owner: User, client_of: SignIn) -> None:
    client, url = client_of(sme_owner), list_url(need_of(waiting))
    assert 'hx-trigger="every 250ms"' in text_of(client, url, **HTMX)
    for seconds, seen, pace in ((6, "queued-fresh", "1s"), (61, "queued-early", "3s")):
        MatchRequest.objects.update(created_at=clock.now() - timedelta(seconds=seconds))
        slower = text_of(client, f"{url}?seen={seen}", **HTMX)
        assert f'hx-trigger="every {pace}"' in slower


def test_a_match_that_takes_long_says_that_nothing_is_lost(
    waiting: MatchRequest, sme_owner: User, client_of: SignIn
) -> None:
    client, url = client_of(sme_owner), list_url(need_of(waiting))
    assert "不会丢失，完成后" not in text_of(client, url)
    MatchRequest.objects.update(created_at=clock.now() - timedelta(seconds=61))
    assert "不会丢失，完成后" in text_of(client, f"{url}?seen=queued-fresh", **HTMX)


def test_a_failed_match_can_be_asked_for_again(waiting: MatchRequest, sme_owner: User, client_of: SignIn) -> None:
    MatchRequest.objects.update(state=RequestState.FAILED)
    client, url = client_of(sme_owner), list_url(need_of(waiting))
    assert "重新匹配" in text_of(client, url)
    again = client.post(reverse("matching:need_rematch", args=[need_of(waiting).public_id]))
    assert again["Location"] == url
    assert MatchRequest.objects.filter(state=RequestState.PENDING).count() == 1


def test_a_draft_is_not_matched(need: Need, sme_owner: User, client_of: SignIn) -> None:
    Need.objects.filter(pk=need.pk).update(state=NeedState.DRAFT)
    client = client_of(sme_owner)
    assert "需求发布后" in text_of(client, list_url(need))
    assert client.post(reverse("matching:need_rematch", args=[need.public_id])).status_code == 403


def test_an_empty_list_says_what_to_add(need: Need, capability: Capability, sme_owner: User, client_of: SignIn) -> None:
    need.indicators.all().delete()
    MatchRequest.objects.create(need=need, input_version=1, due_at=clock.now(), state=RequestState.DONE)
    page = text_of(client_of(sme_owner), list_url(need))
    assert "这次没有找到足够贴近的资源" in page
    assert "写上关键技术指标" in page
    assert "多选几个标签" in page


def test_an_empty_corpus_is_a_sentence(need: Need, sme_owner: User, client_of: SignIn) -> None:
    MatchRequest.objects.create(need=need, input_version=1, due_at=clock.now(), state=RequestState.DONE)
    assert "资源库里暂时还没有可以匹配的资源" in text_of(client_of(sme_owner), list_url(need))
