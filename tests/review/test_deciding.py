"""Verdicts: scores, words, two reviewers, regions."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from apps.accounts.models import Organisation, OrganisationState, User
from apps.accounts.services import organisation_update
from apps.core import clock
from apps.core.errors import NotAllowed
from apps.needs.models import Need, NeedState
from apps.review.criteria import Suggestion, suggestion
from apps.review.models import Outcome, Verdict
from apps.review.queues import counts
from apps.review.services import Assessment, Overtaken, item_decide, item_take, looker, seen_now
from apps.taxonomy.models import Term, Vocabulary
from tests.review.conftest import GOOD, ClientOf

POOR = dict.fromkeys(GOOD, 1)


def test_a_verdict_is_kept_with_its_scores_and_what_they_suggested(submitted: Need, reviewer: User) -> None:
    item_decide(row=submitted, by=reviewer, given=Assessment(Outcome.APPROVED, GOOD), seen=seen_now(submitted))
    verdict = Verdict.objects.get()
    assert (verdict.points, verdict.suggested, verdict.reviewer) == (16, Outcome.APPROVED, reviewer)
    submitted.refresh_from_db()
    assert submitted.state == NeedState.PUBLISHED


@pytest.mark.parametrize(("score", "suggested"), [(1, "returned"), (2, "held"), (3, "held"), (4, "approved")])
def test_the_citys_lines_decide_what_is_suggested(score: int, suggested: str, submitted: Need, reviewer: User) -> None:
    given = Assessment(Outcome.RETURNED, dict.fromkeys(GOOD, score), reason="请补充指标。", note="另有考虑")
    assert item_decide(row=submitted, by=reviewer, given=given).suggested == suggested


@pytest.mark.parametrize(
    ("scores", "points", "outcome"),
    [
        ((0, 0, 0, 0), 0, Outcome.RETURNED),
        ((2, 2, 2, 1), 7, Outcome.RETURNED),
        ((5, 0, 3, 0), 8, Outcome.HELD),  # each counts as much as the others
        ((4, 3, 3, 3), 13, Outcome.HELD),
        ((5, 5, 4, 0), 14, Outcome.APPROVED),
        ((5, 5, 5, 5), 20, Outcome.APPROVED),
    ],
)
def test_the_lines_themselves_belong_to_what_is_above_them(
    db: None, scores: tuple[int, ...], points: int, outcome: Outcome
) -> None:
    assert suggestion(dict(zip(GOOD, scores, strict=True))) == Suggestion(points, outcome)


def test_against_the_suggestion_a_note_is_needed(submitted: Need, reviewer: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        item_decide(row=submitted, by=reviewer, given=Assessment(Outcome.APPROVED, POOR))
    assert "note" in refusal.value.message_dict
    item_decide(row=submitted, by=reviewer, given=Assessment(Outcome.APPROVED, POOR, note="电话核实过，情况属实。"))
    assert Verdict.objects.get().note == "电话核实过，情况属实。"


def test_the_second_reviewer_is_told_what_the_first_decided(
    submitted: Need, reviewer: User, second_reviewer: User
) -> None:
    seen = seen_now(submitted)
    item_decide(row=submitted, by=reviewer, given=Assessment(Outcome.RETURNED, reason="请补充指标。"), seen=seen)
    with pytest.raises(Overtaken, match=r"郑审核.*退回"):
        item_decide(row=submitted, by=second_reviewer, given=Assessment(Outcome.APPROVED), seen=seen)
    assert Verdict.objects.count() == 1


def test_nobody_decides_about_a_version_that_they_did_not_see(submitted: Need, reviewer: User) -> None:
    seen = seen_now(submitted)
    Need.objects.filter(pk=submitted.pk).update(version=submitted.version + 1)
    with pytest.raises(Overtaken, match="修改了内容"):
        item_decide(row=submitted, by=reviewer, given=Assessment(Outcome.APPROVED), seen=seen)


def test_nobody_verifies_a_name_that_they_did_not_see(
    enterprise: Organisation, sme_owner: User, reviewer: User
) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(state=OrganisationState.PENDING)
    seen = seen_now(enterprise)
    organisation_update(organisation=enterprise, by=sme_owner, seen=seen.version, fields={"name": "青岛另一家公司"})
    with pytest.raises(Overtaken, match="修改了内容"):
        item_decide(row=enterprise, by=reviewer, given=Assessment(Outcome.APPROVED), seen=seen)


def test_what_is_put_aside_leaves_the_queue_until_its_day(
    submitted: Need, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = clock.today() + timedelta(days=3)
    item_decide(row=submitted, by=reviewer, given=Assessment(Outcome.HELD, note="等检测报告", held_until=day))
    assert (counts(reviewer)["needs"], counts(reviewer)["held_needs"]) == (0, 1)
    monkeypatch.setattr(clock, "today", lambda: day)
    assert (counts(reviewer)["needs"], counts(reviewer)["held_needs"]) == (1, 0)


@pytest.mark.parametrize("days", [0, 61, None])
def test_putting_aside_needs_a_day_and_a_note(days: int | None, submitted: Need, reviewer: User) -> None:
    until = None if days is None else clock.today() + timedelta(days=days)
    with pytest.raises(ValidationError) as refusal:
        item_decide(row=submitted, by=reviewer, given=Assessment(Outcome.HELD, held_until=until))
    assert set(refusal.value.message_dict) == {"note", "held_until"}


def test_a_colleague_is_told_for_a_quarter_of_an_hour_who_looks(
    submitted: Need, reviewer: User, second_reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    item_take(row=submitted, by=reviewer)
    assert looker(item_take(row=submitted, by=second_reviewer), second_reviewer) == reviewer
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert looker(item_take(row=submitted, by=second_reviewer), reviewer) == second_reviewer


def test_reviewers_of_a_district_see_and_decide_what_lies_there(
    submitted: Need, reviewer_of: Callable[[str], User], client_of: ClientOf
) -> None:
    here, elsewhere = Term.objects.filter(vocabulary=Vocabulary.DISTRICT)[:2]
    organisation = submitted.organisation
    organisation.district = here
    organisation.save()
    own, other = reviewer_of(here.code), reviewer_of(elsewhere.code)
    assert [counts(user)["needs"] for user in (own, other)] == [1, 0]
    with pytest.raises(NotAllowed):
        item_decide(row=submitted, by=other, given=Assessment(Outcome.APPROVED))
    page = reverse("review_item", args=["needs", submitted.public_id])
    assert [client_of(user).get(page).status_code for user in (own, other)] == [200, 403]


@pytest.mark.parametrize("role", ["sme_owner", "professor", "broker", "stranger"])
def test_the_page_of_an_item_is_for_reviewers(
    role: str, submitted: Need, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(role))
    page = reverse("review_item", args=["needs", submitted.public_id])
    assert client.get(page).status_code == 403
    assert client.post(f"{page}decide/").status_code == 403


def test_a_verdict_is_given_on_the_page(submitted: Need, reviewer: User, client_of: ClientOf) -> None:
    client, url = client_of(reviewer), reverse("review_item", args=["needs", submitted.public_id])
    assert client.get(url).status_code == 200
    sent = {"revision": 0, "version": submitted.version, "outcome": "returned"}
    sent |= {f"score_{name}": 1 for name in GOOD}
    assert "请勾选或写明退回原因" in client.post(f"{url}decide/", sent).content.decode()
    canned = "请补充至少一项可量化的技术指标"
    answer = client.post(f"{url}decide/", sent | {"reasons": [canned], "reason": "例如硬度。"})
    assert answer.status_code == 302
    submitted.refresh_from_db()
    assert submitted.return_reason == f"{canned}；例如硬度。"


def test_who_comes_second_on_the_page_reads_what_happened_and_keeps_what_they_wrote(
    submitted: Need, reviewer: User, second_reviewer: User, client_of: ClientOf
) -> None:
    item_decide(row=submitted, by=reviewer, given=Assessment(Outcome.APPROVED))
    url = reverse("review_decide", args=["needs", submitted.public_id])
    sent = {"revision": 0, "version": submitted.version, "outcome": "returned", "reason": "写得不清楚。"}
    answer = client_of(second_reviewer).post(url, sent | {f"score_{name}": 1 for name in GOOD})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "郑审核刚刚已经处理了这一项，结论是“通过”" in page
    assert "写得不清楚。" in page
    submitted.refresh_from_db()
    assert submitted.state == NeedState.PUBLISHED


@pytest.mark.parametrize("verdict", ["accept", "refuse"])
def test_a_button_on_the_page_of_a_need_decides_about_what_was_shown(
    verdict: str, submitted: Need, reviewer: User, second_reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    page = client.get(reverse("needs:detail", args=[submitted.public_id])).content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="(version|revision)" value="(\d+)">', page))
    assert sent == {"version": "1", "revision": "0"}
    day = clock.today() + timedelta(days=3)
    held = Assessment(Outcome.HELD, note="等检测报告", held_until=day)
    item_decide(row=submitted, by=second_reviewer, given=held, seen=seen_now(submitted))
    url = f"/review/needs/{submitted.public_id}/{verdict}/"
    answer = client.post(url, sent | {"reason": "请补充指标。"}, follow=True)
    assert "结论是“搁置”。您的结论没有保存" in answer.content.decode()
    assert Verdict.objects.count() == 1
    assert client.post(url, {"reason": "请补充指标。"}).status_code == 302  # without what was seen
    assert Verdict.objects.count() == 1
    client.post(url, {"version": 1, "revision": 1, "reason": "请补充指标。"})
    assert Verdict.objects.count() == 2
