"""Loading the demo city beside people and workers: in short transactions, and again after it broke off."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from apps.accounts.models import CloudCentre, Membership, Organisation, User
from apps.capabilities.models import Capability
from apps.core import audit, clock
from apps.core.models import AuditEntry
from apps.engagements.models import Engagement, Outcome
from apps.followups.models import Answer, Questionnaire, Story
from apps.matching import requests
from apps.matching.encoders import current_encoder
from apps.matching.models import MatchRequest, Proposal, ProposalState, RequestState
from apps.matching.runs import carry_out, match_need
from apps.matching.services import proposal_withdraw
from apps.needs.models import Need
from apps.notifications.models import Delivery, Notification
from apps.stats.demo_city import history
from apps.stats.demo_city.loading import load_city
from apps.stats.demo_city.seed_files import City, read_city

MODELS = (
    *(Organisation, User, Membership, CloudCentre, Need, Capability, Proposal, MatchRequest),
    *(Engagement, Outcome, Questionnaire, Answer, Story, Notification),
)


class BrokenOffError(BaseException):
    """As if the process had been killed: nobody catches it."""


@pytest.fixture(scope="module")
def few() -> City:
    """Three needs of the city: one with a decline, one with an outcome that was confirmed, one without a story."""
    city = read_city(settings.SEEDS_DIR / "demo_city")
    declined = next(row for row in city.history if row.get("declined_by") == "need")
    solved = next(row for row in city.history if any(o["decision"] == "confirmed" for o in row.get("outcomes", ())))
    stories = [declined, solved]
    told = {row["need"] for row in city.history}
    quiet = next(row["key"] for rows in city.needs.values() for row in rows if row["key"] not in told)
    wanted = {row["need"] for row in stories} | {row["capability"] for row in stories} | {quiet}
    needs, capabilities = _only(city.needs, wanted), _only(city.capabilities, wanted)
    homes = needs.keys() | capabilities.keys()
    return City(
        organisations=[row for row in city.organisations if row.key in homes],
        accounts=[row for row in city.accounts if row.organisation is None],
        needs=needs,
        capabilities=capabilities,
        history=stories,
        centres=[row for row in city.centres if row["organisation"] in homes],
    )


def _only(rows: dict[str, list[dict[str, Any]]], keys: set[str]) -> dict[str, list[dict[str, Any]]]:
    kept = {home: [row for row in listed if row["key"] in keys] for home, listed in rows.items()}
    return {home: listed for home, listed in kept.items() if listed}


@pytest.fixture
def undone(taxonomy: None) -> Iterator[None]:
    """What is loaded within goes again, so that one test can load several times from nothing."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything() -> dict[str, Any]:
    """What a visitor could tell apart."""
    actions = AuditEntry.objects.values_list("action", "object_type", "at").order_by("at", "action", "object_type")
    pairs = Proposal.objects.order_by("need__external_id", "capability__external_id")
    columns = ("need__external_id", "capability__external_id", "state", "proposed_at", "rank", "need_viewed_at")
    return {
        "counts": {model.__name__: model._default_manager.count() for model in MODELS},
        "trail": list(actions),
        "pairs": list(pairs.values_list(*columns)),
        "needs": list(Need.objects.order_by("external_id").values_list("external_id", "state")),
        "requests": sorted(MatchRequest.objects.values_list("need__external_id", "state")),
    }


def break_off_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Break off before entry `number` of the audit trail is written, in the middle of whatever writes it."""
    written, entry = 0, audit._entry

    def counted(*args: Any, **kwargs: Any) -> AuditEntry:
        nonlocal written
        written += 1
        if written == number:
            raise BrokenOffError
        return entry(*args, **kwargs)

    monkeypatch.setattr(audit, "_entry", counted)


@pytest.mark.django_db
def test_a_load_that_broke_off_anywhere_is_completed_by_the_next(
    few: City, taxonomy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        load_city(few)
        expected, actions = everything(), list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
        transaction.set_rollback(True)
    assert {"need.published", "proposal.declined", "outcome.confirmed", "story.told"} <= set(actions)
    assert {"centre.opened", "questionnaire.answered", "story.edited", "story.published"} <= set(actions)
    for number in sorted(actions.index(action) + 1 for action in set(actions)):
        with transaction.atomic():
            with monkeypatch.context() as patch:
                break_off_at(number, patch)
                with suppress(BrokenOffError):
                    load_city(few)
                    pytest.fail("It did not break off.")
            assert everything() != expected
            load_city(few)
            assert everything() == expected, f"broken off before {actions[number - 1]}"
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_people_did_after_the_stories_is_not_undone_by_loading_again(few: City, undone: None) -> None:
    load_city(few)
    declined = Proposal.objects.get(state=ProposalState.DECLINED)
    assert declined.declined_by is not None
    proposal_withdraw(proposal=declined, by=declined.declined_by)
    before = everything()
    report = load_city(few)
    assert report.steps == 0
    assert everything() == before


@pytest.mark.django_db
def test_what_people_spoilt_between_two_loads_is_left_to_them(
    few: City, undone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(history, "play", lambda city, owners: 0)
        load_city(few)
    closed = Need.objects.get(external_id=few.history[0]["need"])
    Need.objects.filter(pk=closed.pk).update(state="closed")
    load_city(few)
    assert not Proposal.objects.filter(need=closed).exists()
    assert Engagement.objects.count() == 1  # the other one's story went on
    assert load_city(few).steps == 0


@pytest.mark.django_db
def test_a_list_that_a_worker_wrote_meanwhile_is_taken_and_dated_back(
    few: City, undone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(history, "play", lambda city, owners: 0)
        load_city(few)
    for request in MatchRequest.objects.filter(state=RequestState.PENDING):
        claimed = requests.claim(request.public_id)
        assert claimed is not None
        carry_out(claimed)
    load_city(few)
    engagement = Engagement.objects.select_related("proposal").get()
    assert engagement.proposal.need_accepted_at is not None
    assert engagement.proposal.proposed_at < engagement.proposal.need_accepted_at


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_held_while_texts_are_encoded_and_ranked(
    few: City, taxonomy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def watched(function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            held.append(connection.in_atomic_block)
            return function(*args, **kwargs)

        return call

    encoder = current_encoder()
    assert encoder is not None
    monkeypatch.setattr(encoder, "encode", watched(encoder.encode))
    monkeypatch.setattr("apps.matching.histories.match_need", watched(match_need))
    load_city(few)
    assert len(held) > len(few.history)
    assert not any(held)


@pytest.mark.django_db
def test_what_people_did_stands_in_the_inboxes_and_no_letter_goes_out(few: City, undone: None) -> None:
    load_city(few)
    told = Notification.objects.all()
    assert told.filter(kind="matching.accepted").exists()
    assert not told.filter(kind__in=["matching.list_ready", "matching.listed"]).exists()
    assert all(row.told_at < clock.now() - timedelta(days=1) for row in told)
    assert not Delivery.objects.exists()
