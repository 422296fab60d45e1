"""Somebody was faster: what the slower one typed is before them again, and can be sent on top of what stands."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.errors import NotAllowed
from apps.engagements.models import Engagement, Outcome
from apps.followups import services
from apps.followups.links import answer_path
from apps.followups.models import Answer, Questionnaire, Story, StoryState
from apps.followups.services import (
    questionnaire_answer,
    story_agree,
    story_draft,
    story_edit,
    story_publish,
    story_return,
    story_withdraw,
)
from tests.followups.conftest import TEXTS

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
Columns = Callable[..., dict[str, Any]]
TYPED = TEXTS | {"problem": "我方写了一个下午的难题。"}
NUMBERS = {"indicator_name": "轧辊寿命", "indicator_unit": "个月", "before_value": "3", "after_value": "8"}


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_an_edit_that_was_overtaken_keeps_what_was_typed(
    story: Story, sme_owner: User, professor: User, client_of: ClientOf, photo: Callable[..., SimpleUploadedFile]
) -> None:
    client, url = client_of(professor), reverse("stories:edit", args=[story.public_id])
    seen = seen_in(client.get(url).content.decode())
    story_edit(story=story, by=sme_owner, seen=1, problem="需求方改过的难题。")
    story_agree(story=story, by=User.objects.get(pk=professor.pk), seen=2)
    page = client.post(url, TYPED | {"seen": seen, "picture": photo()}).content.decode()
    assert "我方写了一个下午的难题。" in page
    assert "需求方改过的难题。" in page
    assert f"您填写期间，{sme_owner.name} 在" in page  # who agreed later has saved nothing
    assert "请重新选择一次" in page
    assert Story.objects.get().problem == "需求方改过的难题。"
    assert client.post(url, TYPED | {"seen": seen_in(page)}).status_code == 302
    assert Story.objects.get().problem == "我方写了一个下午的难题。"


def test_only_what_differs_is_shown_of_the_newer_text(
    story: Story, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    url = reverse("stories:edit", args=[story.public_id])
    story_edit(story=story, by=sme_owner, seen=1, approach="先试两支辊。\n再铺开。", result="寿命翻倍。")
    typed = TEXTS | NUMBERS | {"seen": "1", "approach": " 先试两支辊。\r\n再铺开。"}
    overtaken = client_of(professor).post(url, typed).context["overtaken"]
    assert overtaken.differences == [("带来的变化", "寿命翻倍。")]


def test_a_draft_after_that_of_the_other_side_becomes_an_edit_of_it(
    confirmed: Outcome, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    client, url = client_of(professor), reverse("stories:draft", args=[confirmed.public_id])
    assert client.get(url).status_code == 200
    story = story_draft(outcome=confirmed, by=sme_owner, **TEXTS)
    page = client.post(url, TYPED).content.decode()
    assert "我方写了一个下午的难题。" in page
    assert f"您填写期间，{sme_owner.name} 在" in page
    edit = reverse("stories:edit", args=[story.public_id])
    assert f'action="{edit}"' in page
    assert client.post(edit, TYPED | {"seen": seen_in(page)}).status_code == 302
    assert Story.objects.get().problem == "我方写了一个下午的难题。"
    assert client.get(url)["Location"] == reverse("stories:detail", args=[story.public_id])


def test_so_does_a_draft_at_the_same_moment(
    confirmed: Outcome, sme_owner: User, professor: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slower(*, outcome: Outcome, **_fields: Any) -> Story:
        story_draft(outcome=outcome, by=sme_owner, **TEXTS)
        raise NotAllowed

    monkeypatch.setattr(services, "story_draft", slower)
    page = client_of(professor).post(reverse("stories:draft", args=[confirmed.public_id]), TYPED).content.decode()
    assert "我方写了一个下午的难题。" in page
    assert f'action="{reverse("stories:edit", args=[Story.objects.get().public_id])}"' in page


def test_what_is_published_while_somebody_edits_it_leaves_them_their_text(
    story: Story, sme_owner: User, professor: User, reviewer: User, stranger: User, client_of: ClientOf
) -> None:
    for person in (sme_owner, professor):
        story_agree(story=story, by=person, seen=1)
    story_publish(story=story, by=reviewer, seen=1)
    url, typed = reverse("stories:edit", args=[story.public_id]), TYPED | {"seen": "1"}
    page = client_of(professor).post(url, typed).content.decode()
    assert "已发布的案例不能直接修改" in page
    assert "我方写了一个下午的难题。" in page
    assert client_of(professor).get(url).status_code == 403
    assert client_of(stranger).post(url, typed).status_code == 403
    assert Story.objects.get().version == 1


@pytest.mark.parametrize("by_link", [True, False])
def test_an_answer_that_was_overtaken_keeps_what_was_typed(
    asked: Questionnaire, sme_owner: User, colleague: User, columns: Columns, client_of: ClientOf, by_link: bool
) -> None:
    site = reverse("followups:questionnaire", args=[asked.public_id])
    url = answer_path(asked.public_id, user=sme_owner.pk) if by_link else site
    client = Client() if by_link else client_of(sme_owner)
    assert client.get(url).status_code == 200
    questionnaire_answer(questionnaire=asked, by=colleague, **columns(note="同事写的"))
    page = client.post(url, columns(note="我写的", partner_rating=2)).content.decode()
    assert "刚刚已经提交过" in page
    assert "同事写的" in page
    assert ">我写的</textarea>" in re.sub(r">\s+", ">", page)
    assert Answer.objects.get().note == "同事写的"
    assert client.post(url, columns(note="我写的", seen=seen_in(page))).status_code == 302
    assert Answer.objects.get().note == "我写的"


def test_a_reviewer_keeps_the_reason_when_a_side_took_its_agreement_back(
    story: Story, sme_owner: User, professor: User, reviewer: User, client_of: ClientOf
) -> None:
    for person in (sme_owner, professor):
        story_agree(story=story, by=person, seen=1)
    client = client_of(reviewer)
    seen = seen_in(client.get(reverse("stories:detail", args=[story.public_id])).content.decode())
    story_withdraw(story=story, by=professor)
    sent = {"reason": "请写明测试条件", "seen": seen}
    page = client.post(reverse("stories:return", args=[story.public_id]), sent).content.decode()
    assert "刚刚有了新的变化" in page
    assert "请写明测试条件" in page
    assert "供给方还没有同意" in page
    assert Story.objects.get().state == StoryState.DRAFT


def test_so_does_one_whom_a_colleague_preceded(
    story: Story, sme_owner: User, professor: User, reviewer: User, administrator: User, client_of: ClientOf
) -> None:
    for person in (sme_owner, professor):
        story_agree(story=story, by=person, seen=1)
    seen = Story.objects.get().revision
    story_return(story=story, by=administrator, reason="请补充指标")
    sent = {"reason": "请写明测试条件", "seen": seen}
    page = client_of(reviewer).post(reverse("stories:return", args=[story.public_id]), sent).content.decode()
    assert "请写明测试条件" in page
    assert Story.objects.get().return_reason == "请补充指标"


def test_an_edit_that_changes_nothing_asks_nobody_to_agree_anew(
    story: Story, sme_owner: User, client_of: ClientOf
) -> None:
    url = reverse("stories:edit", args=[story.public_id])
    story_agree(story=story, by=sme_owner, seen=1)
    page = client_of(sme_owner).post(url, TEXTS | NUMBERS | {"seen": "1"}, follow=True).content.decode()
    assert "已有的同意仍然有效" in page
    assert "需要重新同意这版文字" not in page
    page = client_of(sme_owner).post(url, TYPED | NUMBERS | {"seen": "1"}, follow=True).content.decode()
    assert "需要重新同意这版文字" in page


def test_whoever_takes_back_an_agreement_is_told_what_that_ended(
    story: Story, sme_owner: User, professor: User, reviewer: User, client_of: ClientOf
) -> None:
    url = reverse("stories:withdraw", args=[story.public_id])
    story_agree(story=story, by=sme_owner, seen=1)
    page = client_of(sme_owner).post(url, follow=True).content.decode()
    assert "已撤回同意。" in page
    assert "不再公开" not in page
    for person in (sme_owner, professor):
        story_agree(story=story, by=person, seen=1)
    story_publish(story=story, by=reviewer, seen=1)
    assert "案例不再公开" in client_of(sme_owner).post(url, follow=True).content.decode()


@pytest.mark.parametrize("who", ["broker", "reviewer"])
def test_whose_answer_is_missing_is_said(
    asked: Questionnaire, who: str, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    if who == "broker":
        Engagement.objects.update(broker=user)
    page = client_of(user).get(reverse("followups:questionnaire", args=[asked.public_id])).content.decode()
    assert "需求方还没有填写。" in page
