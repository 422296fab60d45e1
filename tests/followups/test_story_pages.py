"""What everybody reads of a story, and what nobody does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from apps.accounts.models import Organisation, User
from apps.engagements.models import Engagement, Outcome
from apps.followups.models import Story, StoryState
from apps.followups.services import story_agree, story_draft, story_edit, story_publish, story_withdraw
from apps.needs.models import Need
from apps.review.services.withholding import row_withhold, withholding_lift
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_proposal
from tests.followups.conftest import TEXTS, make_outcome, publish

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
SECRETS = ("海岚", "湾理工", "胶州湾", "陈立", "周敏", "林教授", "1300000000", "hailan.example", "wan.example")


def page(client: Client, name: str, *arguments: str, **query: str) -> str:
    response = client.get(reverse(f"stories:{name}", args=arguments), query)
    assert response.status_code == 200
    return str(response.content.decode())


def read(client: Client, url: str) -> str:
    answer: Any = client.get(url)
    assert answer.status_code == 200
    return (b"".join(answer) if getattr(answer, "streaming", False) else answer.content).decode()


def told(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def everything_public(client: Client, story: Story) -> str:
    """Pages, API, addresses, headers and the file, as anybody gets them."""
    api = APIClient()
    answers: list[Any] = [
        client.get(reverse("stories:list")),
        client.get(reverse("stories:detail", args=[story.public_id])),
        client.get(reverse("stories:picture", args=[story.public_id])),
        client.get("/"),
        api.get(reverse("api:story-list")),
        api.get(reverse("api:story-detail", args=[story.public_id])),
    ]
    assert {answer.status_code for answer in answers} == {200}
    contents = [(getattr(answer, "streaming", False) and b"".join(answer)) or answer.content for answer in answers]
    heads = [str(answer.headers) for answer in answers]
    return "".join([*heads, *(content.decode("utf-8", "replace") for content in contents)])


@pytest.mark.parametrize("role", [None, "stranger", "broker"])
def test_a_side_that_is_not_named_leaks_nowhere(
    client: Client,
    story: Story,
    sme_owner: User,
    professor: User,
    reviewer: User,
    photo: Callable[..., SimpleUploadedFile],
    client_of: ClientOf,
    request: pytest.FixtureRequest,
    role: str | None,
) -> None:
    story = story_edit(story=story, by=sme_owner, seen=1, picture=photo("海岚精工车间.jpg"))
    publish(story, sme_owner, professor, reviewer)
    if role:
        client = client_of(request.getfixturevalue(role))
    text = everything_public(client, story)
    assert told(text) == []
    proposal = story.outcome.engagement.proposal
    organisations = (proposal.need.organisation, proposal.capability.organisation)
    rows = (story.outcome, story.outcome.engagement, proposal, proposal.need, proposal.capability, *organisations)
    assert [row for row in rows if row.public_id in text] == []


@pytest.mark.parametrize("side", ["need", "capability"])
def test_a_withheld_side_takes_the_story_from_the_public(
    client: Client,
    story: Story,
    sme_owner: User,
    professor: User,
    reviewer: User,
    photo: Callable[..., SimpleUploadedFile],
    client_of: ClientOf,
    side: str,
) -> None:
    public = (reverse("stories:list"), "/", reverse("api:story-list"), reverse("exports:list", args=["stories", "csv"]))
    own = [
        reverse("stories:detail", args=[story.public_id]),
        reverse("stories:picture", args=[story.public_id]),
        reverse("api:story-detail", args=[story.public_id]),
    ]
    story = story_edit(story=story, by=sme_owner, seen=1, picture=photo())
    publish(story, sme_owner, professor, reviewer)
    stranger = client_of(User.objects.create_user(email="reader@example.com", name="读者"))
    organisation = getattr(story.outcome.engagement.proposal, side).organisation
    withholding = row_withhold(row=organisation, by=reviewer, reason="涉嫌冒用他人名义")
    readers = [client, client, client, stranger]
    told_where = [story.title in read(reader, url) for reader, url in zip(readers, public, strict=True)]
    assert told_where == [False] * 4
    assert [client.get(url).status_code for url in own] == [404, 404, 404]
    assert client_of(sme_owner).get(own[0]).status_code == 200
    withholding_lift(withholding=withholding, by=reviewer, note="已核实身份")
    told_where = [story.title in read(reader, url) for reader, url in zip(readers, public, strict=True)]
    assert told_where == [True] * 4
    assert [client.get(url).status_code for url in own] == [200, 200, 200]


def test_each_side_is_named_by_its_own_wish_alone(
    client: Client, story: Story, sme_owner: User, professor: User, reviewer: User
) -> None:
    story = story_edit(story=story, by=professor, seen=1, shows_own_name=True)
    publish(story, sme_owner, professor, reviewer)
    text = page(client, "detail", story.public_id)
    assert "胶州湾理工大学" in text
    assert "海岚" not in text


def test_an_anonymous_enterprise_is_told_by_trade_and_district(client: Client, published: Story) -> None:
    need = Need.objects.get()
    district = Term.objects.filter(vocabulary="district").first()
    Organisation.objects.filter(pk=need.organisation_id).update(district=district)
    assert f"{district}一家“{need.industry_chain}”企业" in page(client, "detail", published.public_id)
    assert "一所高校" in page(client, "detail", published.public_id)


@pytest.mark.parametrize("who", [None, "stranger", "broker"])
def test_a_story_that_is_not_public_does_not_exist_for_others(
    client: Client, story: Story, client_of: ClientOf, request: pytest.FixtureRequest, who: str | None
) -> None:
    client = client_of(request.getfixturevalue(who)) if who else client
    for name in ("detail", "picture"):
        assert client.get(reverse(f"stories:{name}", args=[story.public_id])).status_code == 404
    assert story.title not in page(client, "list")
    assert story.title not in client.get("/").content.decode()


def test_what_was_taken_back_is_gone_at_once(client: Client, published: Story, professor: User) -> None:
    assert published.title in page(client, "list")
    response = client.get(reverse("stories:detail", args=[published.public_id]))
    assert "no-cache" in response["Cache-Control"]
    story_withdraw(story=published, by=professor)
    assert published.title not in page(client, "list")
    assert client.get(reverse("stories:detail", args=[published.public_id])).status_code == 404


def test_both_sides_read_it_as_it_will_be_before_they_agree(
    story: Story, sme_owner: User, professor: User, reviewer: User, client_of: ClientOf
) -> None:
    for person in (sme_owner, professor):
        text = page(client_of(person), "detail", story.public_id)
        assert TEXTS["problem"] in text
        assert "同意公开这版文字" in text
    text = page(client_of(reviewer), "detail", story.public_id)
    assert "同意公开这版文字" not in text


def test_a_story_goes_from_draft_to_public_on_its_pages(
    confirmed: Outcome, sme_owner: User, professor: User, reviewer: User, client: Client, client_of: ClientOf
) -> None:
    ours, theirs, desk = client_of(sme_owner), client_of(professor), client_of(reviewer)
    form = page(ours, "draft", confirmed.public_id)
    assert 'value="轧辊寿命"' in form
    fields = TEXTS | {"indicator_name": "轧辊寿命", "before_value": "3", "after_value": "8", "indicator_unit": "个月"}
    ours.post(reverse("stories:draft", args=[confirmed.public_id]), fields)
    story = Story.objects.get()
    agree = reverse("stories:agree", args=[story.public_id]) + "?version=1"
    assert reverse("stories:detail", args=[story.public_id]) in theirs.get("/").content.decode()
    for person in (ours, theirs):
        assert agree.replace("&", "&amp;") in page(person, "detail", story.public_id)
        person.post(agree)
    assert story.title in page(desk, "review")
    assert reverse("stories:review") in desk.get("/").content.decode()
    desk.post(reverse("stories:publish", args=[story.public_id]) + "?version=1")
    assert story.title in page(client, "list")
    assert story.title in client.get("/").content.decode()
    ours.post(reverse("stories:withdraw", args=[story.public_id]))
    assert story.title not in page(client, "list")


def test_a_stale_page_agrees_to_nothing(story: Story, sme_owner: User, professor: User, client_of: ClientOf) -> None:
    story_edit(story=story, by=sme_owner, seen=1, title="轧辊寿命提高一倍多")
    for version in ("1", "", "x", "²", "9" * 30):
        client_of(professor).post(reverse("stories:agree", args=[story.public_id]) + f"?version={version}")
    assert Story.objects.get().capability_agreed_version is None


def test_errors_stand_beside_their_fields(
    story: Story, professor: User, client_of: ClientOf, photo: Callable[..., SimpleUploadedFile]
) -> None:
    client, url = client_of(professor), reverse("stories:edit", args=[story.public_id])
    sent: dict[str, Any] = TEXTS | {"seen": "1", "result": "海岚精工的寿命提高了。", "title": ""}
    text = client.post(url, sent).content.decode()
    assert 'id="id_title_error"' in text
    text = client.post(url, sent | {"title": "题目"}).content.decode()
    assert "不公开名称的一方" in text[text.index('id="id_result_error"') :]
    text = client.post(url, TEXTS | {"seen": "1", "picture": SimpleUploadedFile("a.png", b"no")}).content.decode()
    assert "与扩展名" in text[text.index('id="id_picture_error"') :]
    assert Story.objects.get().version == 1


def test_a_broker_is_not_asked_for_a_name(story: Story, broker: User, sme_owner: User, client_of: ClientOf) -> None:
    Engagement.objects.update(broker=broker)
    assert "公开我方单位名称" not in page(client_of(broker), "edit", story.public_id)
    assert "公开我方单位名称" in page(client_of(sme_owner), "edit", story.public_id)


def test_the_reason_of_a_return_is_asked_for(
    story: Story, sme_owner: User, professor: User, reviewer: User, client_of: ClientOf
) -> None:
    for person in (sme_owner, professor):
        story_agree(story=story, by=person, seen=1)
    url = reverse("stories:return", args=[story.public_id])
    assert "请写明哪里需要修改" in client_of(reviewer).post(url, {"reason": ""}).content.decode()
    client_of(reviewer).post(url, {"reason": "请写明测试条件"})
    assert Story.objects.get().state == StoryState.RETURNED
    assert "请写明测试条件" in page(client_of(sme_owner), "detail", story.public_id)


def test_nobody_takes_down_what_a_colleague_published_meanwhile(
    story: Story, sme_owner: User, professor: User, reviewer: User, client_of: ClientOf
) -> None:
    for person in (sme_owner, professor):
        story_agree(story=story, by=person, seen=1)
    client, url = client_of(reviewer), reverse("stories:return", args=[story.public_id])
    seen = Story.objects.get().revision
    assert f'name="seen" value="{seen}"' in page(client, "detail", story.public_id)
    story_publish(story=story, by=reviewer, seen=1)
    told = client.post(url, {"reason": "请写明测试条件", "seen": seen}).content.decode()
    assert "刚刚有了新的变化" in told
    assert "请写明测试条件" in told
    assert Story.objects.get().state == StoryState.PUBLISHED
    client.post(url, {"reason": "请写明测试条件", "seen": Story.objects.get().revision})
    assert Story.objects.get().state == StoryState.RETURNED


@pytest.mark.parametrize("who", ["sme_owner", "stranger", "broker"])
def test_the_queue_is_for_reviewers(
    story: Story, who: str, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    assert client_of(request.getfixturevalue(who)).get(reverse("stories:review")).status_code == 403


def test_the_list_is_narrowed_by_what_it_shows(client: Client, published: Story) -> None:
    need = Need.objects.get()
    chain = need.industry_chain
    assert chain is not None
    heads = Term.objects.filter(vocabulary="industry_chain", parent=None)
    other = heads.exclude(pk__in=(chain.pk, chain.parent_id or 0)).first()
    assert other is not None
    for query, found in (
        ({"chain": chain.code}, True),
        ({"chain": other.code}, False),
        ({"outcome": "process_change"}, True),
        ({"outcome": "product_upgrade"}, False),
        ({"district": "nowhere"}, True),
        ({"q": "海岚精工"}, True),
    ):
        assert (published.title in page(client, "list", **query)) == found, query
    assert "没有符合条件的案例" in page(client, "list", outcome="product_upgrade")


def test_an_empty_list_says_so(client: Client, taxonomy: None) -> None:
    assert "还没有公开的案例" in page(client, "list")


def test_a_page_of_the_list_asks_the_same_number_of_queries(
    client: Client,
    published: Story,
    sme_owner: User,
    professor: User,
    reviewer: User,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    for number in range(13):
        many(number, published, sme_owner, professor, reviewer)
    with django_assert_num_queries(3):  # vocabularies, count, rows
        text = page(client, "list")
    assert text.count("<article") == 12
    assert page(client, "list", page="2").count("<article") == 2
    with django_assert_num_queries(2):  # count, rows
        APIClient().get(reverse("api:story-list"))


def many(number: int, story: Story, sme_owner: User, professor: User, reviewer: User) -> None:
    first = story.outcome.engagement.proposal
    need = make_need(organisation=first.need.organisation, title=f"需求{number}")
    capability = make_capability(organisation=first.capability.organisation, title=f"成果{number}")
    engagement = make_engagement(proposal=make_proposal(need=need, capability=capability))
    outcome = make_outcome(engagement, sme_owner, professor)
    publish(story_draft(outcome=outcome, by=sme_owner, **TEXTS), sme_owner, professor, reviewer)
