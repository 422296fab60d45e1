"""How many capabilities may suit a draft: counted by a worker, for the person who writes it, and for nobody else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, OrganisationState, User
from apps.capabilities.models import Capability
from apps.core.errors import NotAllowed
from apps.matching import preview, preview_store, tasks
from apps.matching.preview import preview_ask, preview_read
from apps.needs.models import Need, NeedState
from apps.needs.services import need_draft_save
from tests.factories import make_capability, make_need

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def own_cache(settings: Any) -> Iterator[None]:
    """No broker is asked, and no answer outlives its test."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "preview"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Messages to the workers: the task's name and what it was sent with."""
    messages: list[tuple[str, Any]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **message: messages.append((name, message)))
    return messages


@pytest.fixture
def draft(taxonomy: None, enterprise: Organisation) -> Need:
    return make_need(organisation=enterprise, state=NeedState.DRAFT)


@pytest.fixture
def url(draft: Need) -> str:
    return reverse("matching:need_preview", args=[draft.public_id])


@pytest.fixture
def client(client_of: SignIn, sme_owner: User) -> Client:
    return client_of(sme_owner)


def carry_out(sent: list[tuple[str, Any]]) -> None:
    """Do what the workers were told."""
    while sent:
        _, message = sent.pop(0)
        tasks.preview(*message["args"])


def test_a_draft_is_counted_for_by_a_worker(
    draft: Need, capability: Capability, sme_owner: User, sent: list[tuple[str, Any]]
) -> None:
    assert preview_ask(need=draft, by=sme_owner).is_waiting
    ((name, message),) = sent
    assert (name, message["queue"], message["expires"]) == ("matching.preview", "interactive", 10)
    assert message["args"] == [draft.pk, sme_owner.pk]  # no word of the text
    carry_out(sent)
    known = preview_read(need=draft, by=sme_owner)
    assert (known.is_current, known.is_waiting, known.count) == (True, False, 1)
    assert known.best == (capability,)


def test_who_types_on_while_a_worker_is_busy_causes_no_second_task_and_gets_the_newest_text_counted(
    draft: Need, capability: Capability, sme_owner: User, sent: list[tuple[str, Any]]
) -> None:
    preview_ask(need=draft, by=sme_owner)
    changed = need_draft_save(need=draft, by=sme_owner, values={"title": "轧辊激光熔覆涂层"})
    assert preview_ask(need=changed, by=sme_owner).is_waiting
    assert len(sent) == 1
    carry_out(sent)
    assert preview_read(need=changed, by=sme_owner).is_current


def test_a_draft_saved_while_it_is_counted_is_counted_again(
    draft: Need, sme_owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = preview._counted

    def slowly(need: Need, by: User) -> Any:
        Need.objects.filter(pk=need.pk, version=1).update(version=2)
        return counted(need, by)

    monkeypatch.setattr(preview, "_counted", slowly)
    tasks.preview(draft.pk, sme_owner.pk)
    draft.refresh_from_db()
    assert preview_read(need=draft, by=sme_owner).is_current


def test_the_same_text_is_counted_once(draft: Need, sme_owner: User, sent: list[tuple[str, Any]]) -> None:
    preview_ask(need=draft, by=sme_owner)
    carry_out(sent)
    assert preview_ask(need=draft, by=sme_owner).is_current
    assert sent == []


def test_an_older_answer_stands_while_a_new_one_is_on_its_way(
    draft: Need, capability: Capability, sme_owner: User, sent: list[tuple[str, Any]]
) -> None:
    preview_ask(need=draft, by=sme_owner)
    carry_out(sent)
    changed = need_draft_save(need=draft, by=sme_owner, values={"title": "轧辊涂层"})
    known = preview_ask(need=changed, by=sme_owner)
    assert (known.is_waiting, known.is_current, known.count) == (True, False, 1)


# ---- What may be counted and named ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("disclosure", "state", "is_counted"),
    [
        (Disclosure.PUBLIC_NAMED, OrganisationState.PENDING, True),
        (Disclosure.PUBLIC_ANONYMOUS, OrganisationState.PENDING, True),
        (Disclosure.MEMBERS, OrganisationState.VERIFIED, True),
        (Disclosure.MEMBERS, OrganisationState.PENDING, False),
        (Disclosure.BROKERS, OrganisationState.VERIFIED, False),
    ],
)
def test_only_what_the_writer_may_see_is_counted(
    draft: Need, university: Organisation, sme_owner: User, disclosure: str, state: str, *, is_counted: bool
) -> None:
    make_capability(organisation=university, disclosure=disclosure)
    verified_at = draft.organisation.verified_at if state == OrganisationState.VERIFIED else None
    Organisation.objects.filter(pk=draft.organisation_id).update(state=state, verified_at=verified_at)
    person = User.objects.get(pk=sme_owner.pk)
    tasks.preview(draft.pk, person.pk)
    assert preview_read(need=draft, by=person).count == int(is_counted)


def test_ones_own_and_what_left_the_catalogue_do_not_count(draft: Need, sme_owner: User) -> None:
    make_capability(organisation=draft.organisation)
    make_capability(state="archived")
    tasks.preview(draft.pk, sme_owner.pk)
    assert preview_read(need=draft, by=sme_owner).count == 0


def test_what_is_hidden_after_it_was_counted_is_not_named(draft: Need, capability: Capability, sme_owner: User) -> None:
    tasks.preview(draft.pk, sme_owner.pk)
    Capability.objects.filter(pk=capability.pk).update(disclosure=Disclosure.BROKERS)
    assert preview_read(need=draft, by=sme_owner).best == ()


def test_what_fits_too_little_does_not_count(
    draft: Need, capability: Capability, sme_owner: User, settings: Any
) -> None:
    settings.MATCHING_PREVIEW_SCORE = 100
    tasks.preview(draft.pk, sme_owner.pk)
    assert preview_read(need=draft, by=sme_owner).count == 0


# ---- Who may ask ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("sme_owner", 200),
        ("colleague", 200),
        ("stranger", 404),
        ("professor", 404),
        ("broker", 404),
        ("reviewer", 403),
        ("administrator", 403),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_its_people_get_a_draft_s_preview(
    url: str, client_of: SignIn, sent: list[Any], request: pytest.FixtureRequest, who: str, expected: int, method: str
) -> None:
    assert getattr(client_of(request.getfixturevalue(who)), method)(url).status_code == expected
    assert not sent or expected == 200


def test_visitors_get_no_fragment(url: str) -> None:
    assert Client().get(url, headers={"HX-Request": "true"}).status_code == 401
    assert Client().get(url).status_code == 302


def test_a_published_need_s_preview_is_its_people_s_too(need: Need, stranger: User, client_of: SignIn) -> None:
    url = reverse("matching:need_preview", args=[need.public_id])
    assert client_of(stranger).post(url).status_code == 403


def test_each_person_has_an_answer_of_their_own(draft: Need, sme_owner: User, colleague: User) -> None:
    tasks.preview(draft.pk, sme_owner.pk)
    assert preview_read(need=draft, by=colleague).count is None


def test_a_worker_counts_for_nobody_who_left(draft: Need, sme_owner: User, stranger: User) -> None:
    tasks.preview(draft.pk, stranger.pk)
    with pytest.raises(NotAllowed):
        preview_read(need=draft, by=stranger)
    sme_owner.is_active = False
    sme_owner.save()
    tasks.preview(draft.pk, sme_owner.pk)
    tasks.preview(0, sme_owner.pk)
    assert preview_read(need=draft, by=sme_owner).count is None


# ---- On the page ---------------------------------------------------------------------------------------------------
def test_the_form_asks_and_looks_until_it_is_known(
    url: str, client: Client, capability: Capability, sent: list[tuple[str, Any]]
) -> None:
    assert "正在估算……" in client.post(url).content.decode()
    assert "load delay:1s" in client.get(url).content.decode()
    carry_out(sent)
    page = client.get(url).content.decode()
    assert "目前约有 <strong>1</strong> 项资源可能适合" in page
    assert capability.title in page
    assert "hx-get" not in page


def test_where_no_worker_answers_the_page_says_so_quietly_and_asks_once_more(
    url: str, client: Client, sent: list[Any]
) -> None:
    client.post(url)
    cache.clear()  # ten seconds went by
    page = client.get(url).content.decode()
    assert "暂时估算不了，不影响填写和发布。" in page
    assert f'hx-post="{url}?last=1"' in page
    assert "?last=1" in client.post(f"{url}?last=1").content.decode()
    cache.clear()
    assert "hx-" not in client.get(f"{url}?last=1").content.decode()


def test_where_nothing_fits_it_says_what_helps(url: str, client: Client, sent: list[tuple[str, Any]]) -> None:
    client.post(url)
    carry_out(sent)
    assert "还没有明显适合的资源" in client.get(url).content.decode()


def test_a_draft_that_says_nothing_is_not_counted_for(
    enterprise: Organisation, client: Client, sent: list[Any], taxonomy: None
) -> None:
    blank = Need.objects.create(organisation=enterprise, title="泵")
    page = client.post(reverse("matching:need_preview", args=[blank.public_id])).content.decode()
    assert "写下名称或问题后" in page
    assert sent == []


def test_without_a_broker_the_form_goes_on(url: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app, "send_task", fail)
    assert "暂时估算不了" in client.post(url).content.decode()


def test_without_a_cache_the_form_goes_on(
    url: str, client: Client, sent: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoCache:
        def __getattr__(self, name: str) -> Any:
            raise RedisConnectionError("no cache")

    monkeypatch.setattr(preview_store, "cache", NoCache())
    assert "暂时估算不了" in client.post(url).content.decode()


def test_looking_costs_the_same_however_much_there_is(
    url: str, client: Client, university: Organisation, draft: Need, sme_owner: User
) -> None:
    counts: list[int] = []
    for _ in range(2):
        for _ in range(3):
            make_capability(organisation=university)
        Need.objects.filter(pk=draft.pk).update(version=draft.version + len(counts) + 1)
        tasks.preview(draft.pk, sme_owner.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_saved_draft_asks_for_its_preview(
    client: Client, client_of: SignIn, sme_owner: User, draft: Need, sent: list[Any]
) -> None:
    page = client.get(reverse("needs:edit", args=[draft.public_id])).content.decode()
    assert f'hx-post="{reverse("matching:need_preview", args=[draft.public_id])}"' in page
