"""What was submitted or published is kept, and a change is shown beside what it was."""

import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.needs.models import Need, NeedState
from apps.needs.services import need_renew, need_submit, need_update_published
from apps.review.differences import marked
from apps.review.models import Outcome, Snapshot
from apps.review.queues import counts
from apps.review.selectors import side_by_side
from apps.review.services import Assessment, item_decide, seen_now
from tests.factories import make_need
from tests.review.conftest import GOOD, ClientOf

pytestmark = pytest.mark.usefixtures("taxonomy")


@pytest.fixture
def published(sme_owner: User) -> Need:
    draft = make_need(
        organisation=sme_owner.membership.organisation, state=NeedState.DRAFT, contact=sme_owner, created_by=sme_owner
    )
    return need_submit(need=draft, by=sme_owner)


def test_words_that_changed_are_marked() -> None:
    before, after = marked("硬度达到 60 HRC", "硬度达到 65 HRC 以上")
    assert [piece.text for piece in before if piece.is_changed] == ["60"]
    assert [piece.text for piece in after if piece.is_changed] == ["65", " 以上"]
    assert "".join(piece.text for piece in after) == "硬度达到 65 HRC 以上"


def test_what_is_published_at_once_waits_to_be_looked_at(published: Need, reviewer: User) -> None:
    assert published.state == NeedState.PUBLISHED
    assert counts(reviewer)["changed_needs"] == 1
    item_decide(row=published, by=reviewer, given=Assessment(Outcome.KEPT, GOOD), seen=seen_now(published))
    assert counts(reviewer)["changed_needs"] == 0


def test_a_change_stands_beside_what_was_looked_at(
    published: Need, sme_owner: User, reviewer: User, client_of: ClientOf
) -> None:
    item_decide(row=published, by=reviewer, given=Assessment(Outcome.KEPT, GOOD))
    need_update_published(need=published, by=sme_owner, values={"title": "轧辊表面耐磨涂层寿命太短"})
    assert counts(reviewer)["changed_needs"] == 1
    comparison = side_by_side(Need.objects.get(pk=published.pk))
    assert comparison is not None
    assert [str(change.label) for change in comparison.changes] == ["需求名称"]
    page = client_of(reviewer).get(reverse("review_item", args=["needs", published.public_id])).content.decode()
    assert "<del>偏</del>" in page
    assert "<ins>太</ins>" in page


def test_a_renewal_that_says_the_same_asks_nobody_to_look_again(
    published: Need, sme_owner: User, reviewer: User
) -> None:
    Need.objects.filter(pk=published.pk).update(contact=None)  # who answers is no part of what is said
    assert Snapshot.objects.count() == 1
    item_decide(row=published, by=reviewer, given=Assessment(Outcome.KEPT, GOOD))
    assert side_by_side(need_renew(need=Need.objects.get(pk=published.pk), by=sme_owner)) is None
    assert counts(reviewer)["changed_needs"] == 0
