"""成效 decided from the queue, about what was read there."""

import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.core.errors import NotAllowed
from apps.engagements.models import Outcome, OutcomeState
from apps.engagements.services import outcome_confirm, outcome_correct
from apps.review.services import Overtaken
from apps.review.services.outcomes import outcome_decide
from tests.review.conftest import ClientOf


def test_an_administrator_decides_on_the_page_that_the_queue_leads_to(
    reported: Outcome, administrator: User, client_of: ClientOf
) -> None:
    client, url = client_of(administrator), reverse("review_outcome", args=[reported.public_id])
    assert url in client.get(reverse("review"), {"tab": "outcomes"}).content.decode()
    seen = client.get(url).context["form"]["seen"].value()
    assert "请写明驳回原因" in client.post(url, {"seen": seen, "verdict": "false"}).content.decode()
    assert client.post(url, {"seen": seen, "verdict": "true"}).status_code == 302
    reported.refresh_from_db()
    assert (reported.state, reported.decided_by) == (OutcomeState.CONFIRMED, administrator)


def test_who_comes_second_reads_what_was_decided(reported: Outcome, administrator: User, client_of: ClientOf) -> None:
    url, seen = reverse("review_outcome", args=[reported.public_id]), reported.revision
    outcome_decide(outcome=reported, by=administrator, is_true=False, seen=seen, reason="数据不一致。")
    answer = client_of(administrator).post(url, {"seen": seen, "verdict": "true"})
    assert answer.status_code == 409
    assert "结论是“已驳回”。您的结论没有保存" in answer.content.decode()
    reported.refresh_from_db()
    assert reported.state == OutcomeState.REJECTED


def test_nobody_decides_about_numbers_that_they_did_not_see(
    reported: Outcome, administrator: User, sme_owner: User
) -> None:
    seen = reported.revision
    outcome_correct(outcome=reported, by=sme_owner, description="轧辊寿命提高两倍，已连续运行半年。")
    with pytest.raises(Overtaken, match="修改了内容"):
        outcome_decide(outcome=reported, by=administrator, is_true=True, seen=seen)


def test_reviewers_read_it_and_do_not_decide(
    reported: Outcome, reviewer: User, stranger: User, client_of: ClientOf
) -> None:
    url = reverse("review_outcome", args=[reported.public_id])
    page = client_of(reviewer).get(url)
    assert reported.description in page.content.decode()
    assert page.context["form"] is None
    with pytest.raises(NotAllowed):
        outcome_decide(outcome=reported, by=reviewer, is_true=True, seen=reported.revision)
    assert client_of(stranger).get(url).status_code == 403


def test_the_other_side_may_have_been_quicker(reported: Outcome, administrator: User, professor: User) -> None:
    seen = reported.revision
    outcome_confirm(outcome=reported, by=professor)
    with pytest.raises(Overtaken, match=professor.name):
        outcome_decide(outcome=reported, by=administrator, is_true=False, seen=seen, reason="不实")
