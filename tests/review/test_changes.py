"""What was submitted or published is kept, and a change is shown beside what it was."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.administration.erasing.texts import find
from apps.core.retention import registered_rules
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


def test_earlier_versions_are_forgotten_after_their_time_and_the_last_one_stays(
    published: Need, sme_owner: User
) -> None:
    for number in range(2):
        need_update_published(need=published, by=sme_owner, values={"title": f"轧辊涂层寿命太短{number}"})
    [rule] = [rule for rule in registered_rules() if rule.key == "snapshots"]
    first, second, last = Snapshot.objects.order_by("id")
    assert rule.forget(rule.before(), 10) == 0
    Snapshot.objects.filter(pk__in=(first.pk, second.pk)).update(taken_at=rule.before() - timedelta(days=1))
    assert [rule.forget(rule.before(), 10) for _turn in range(2)] == [1, 0]
    assert list(Snapshot.objects.order_by("id")) == [second, last]


def test_a_name_in_an_earlier_version_is_found_when_its_person_is_forgotten(published: Need, sme_owner: User) -> None:
    need_update_published(need=published, by=sme_owner, values={"title": f"请联系{sme_owner.name}"})
    found = {place.model for place in find([sme_owner.name])}
    assert {Need, Snapshot} <= found
