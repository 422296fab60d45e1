"""`train_ranker` and `rollback_ranker` on rows of the database."""

import json
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from apps.core.errors import StateConflict
from apps.core.models import AuditEntry
from apps.engagements.models import Engagement, EngagementState, Outcome, OutcomeState
from apps.matching.learning.collection import collect
from apps.matching.learning.current import SIGNALS, current_parameters, current_ranker, shipped_weights
from apps.matching.learning.levels import Level
from apps.matching.learning.promotion import ranker_keep, ranker_promote, ranker_rollback
from apps.matching.learning.training import Verdict, ranker_train, weights_of
from apps.matching.models import Proposal, Ranker, RankerSource, Rematch, RematchCause, RematchState
from apps.needs.models import Need
from apps.taxonomy.models import Term
from tests.factories import make_engagement
from tests.matching.learning import simulated_city as city_module
from tests.matching.learning.simulated_city import City, simulated_city
from tests.matching.learning.stored_city import store

TASTE = np.array([0.05, 0.05, 0.0, 0.85, 0.05])
"""Tags decide; semantics may be missing from this installation."""


@pytest.fixture
def shipped(taxonomy: None) -> Ranker:
    return current_ranker()


def city_of(shipped: Ranker, monkeypatch: pytest.MonkeyPatch, **how: Any) -> City:
    """Lists made by the weights that are shipped."""
    monkeypatch.setattr(city_module, "SHIPPED", weights_of(shipped))
    usual: dict[str, Any] = {"seed": 1, "needs": 90, "decay": 0.5, "true": TASTE}
    return simulated_city(**usual | how)


@pytest.fixture
def told(shipped: Ranker, sme_owner: User, monkeypatch: pytest.MonkeyPatch) -> City:
    """A city that disagrees with the shipped weights, stored."""
    city = city_of(shipped, monkeypatch)
    store(city.feedback, sme_owner)
    return city


def test_what_is_stored_is_read_as_it_was(told: City) -> None:
    found, wanted = collect().feedback, told.feedback
    used = weights_of(current_ranker()) > 0
    assert found.values == pytest.approx(wanted.values, abs=1e-6)
    assert found.presence[:, used] == pytest.approx(wanted.presence[:, used], abs=1e-6)
    assert found.levels.tolist() == wanted.levels.tolist()
    assert found.ranks.tolist() == wanted.ranks.tolist()
    assert found.answered_by_need.tolist() == wanted.answered_by_need.tolist()


def test_a_ranker_that_is_better_is_promoted_and_open_needs_are_matched_again(
    told: City, shipped: Ranker, administrator: User
) -> None:
    training = ranker_train(by=administrator)
    assert training.verdict == Verdict.BETTER
    assert training.comparison is not None
    assert training.comparison.difference.low > 0
    now_used = current_ranker()
    assert now_used == training.ranker
    assert (now_used.number, now_used.source, now_used.predecessor) == (1, RankerSource.TRAINED, shipped)
    assert now_used.weights["tags"] > shipped.weights["tags"]
    assert current_parameters().tags_weight == now_used.weights["tags"]
    assert now_used.evaluation["difference"]["low"] > 0
    rematch = Rematch.objects.get(state=RematchState.RUNNING, cause=RematchCause.RANKER)
    assert rematch.total == Need.objects.open().count() == len(np.unique(told.feedback.needs))
    actions = AuditEntry.objects.filter(object_type="matching.ranker").values_list("action", flat=True)
    assert list(actions.order_by("pk")) == ["ranker.promoted", "ranker.trained", "ranker.promoted"]


def test_answers_at_random_keep_the_present_ranker_and_the_attempt_is_kept(
    shipped: Ranker, sme_owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(city_of(shipped, monkeypatch, true=None).feedback, sme_owner)
    training = ranker_train(minimum_needs=10)
    assert training.verdict == Verdict.NOT_BETTER
    assert current_ranker() == shipped
    assert training.ranker is not None
    assert training.ranker.evaluation["verdict"] == "not_better"
    assert not Rematch.objects.exists()


def test_with_few_labels_the_shipped_weights_stay(told: City, shipped: Ranker) -> None:
    training = ranker_train(minimum_needs=500)
    assert (training.verdict, training.ranker, training.comparison) == (Verdict.TOO_FEW, None, None)
    assert training.weights == pytest.approx(shipped.weights)
    assert list(Ranker.objects.all()) == [shipped]


def test_without_any_label_the_shipped_weights_stay(shipped: Ranker) -> None:
    assert ranker_train().verdict == Verdict.TOO_FEW


def test_a_dry_run_writes_nothing(told: City, shipped: Ranker) -> None:
    assert ranker_train(dry_run=True).verdict == Verdict.BETTER
    assert list(Ranker.objects.all()) == [shipped]
    assert not Rematch.objects.exists()


def test_values_of_another_engine_teach_nothing(told: City) -> None:
    Proposal.objects.update(engine_version="another")
    assert len(collect().feedback) == 0


def test_a_contract_and_a_confirmed_outcome_are_labels(told: City, sme_owner: User) -> None:
    pairs = list(Proposal.objects.filter(state="interested").order_by("need_id", "pk")[:3])
    cases = [make_engagement(proposal=pair) for pair in pairs]
    Engagement.objects.filter(pk=cases[1].pk).update(state=EngagementState.CONTRACTED)
    Outcome.objects.create(
        engagement=cases[2],
        outcome_type=Term.objects.get(vocabulary="outcome_type", code="process_change"),
        state=OutcomeState.CONFIRMED,
        description="换辊周期延长一倍。",
        occurred_on=cases[2].opened_at.date(),
        reported_by=sme_owner,
        reported_side="need",
        reported_at=cases[2].opened_at,
        decided_by=sme_owner,
        confirmed_at=cases[2].opened_at,
    )
    labels = collect().labels
    assert (labels["accepted"], labels["contracted"], labels["confirmed"]) == (1, 1, 1)


def test_a_decline_for_want_of_time_is_no_label(told: City) -> None:
    before = collect()
    code = Term.objects.get(vocabulary="decline_reason", code="no_capacity")
    Proposal.objects.filter(state="declined").update(decline_reason=code)
    after = collect()
    assert after.left_out == before.labels["declined"] > 0
    assert Level.DECLINED.name.lower() not in after.labels


def kept(**weights: float) -> Ranker:
    return ranker_keep(weights=shipped_weights() | weights, labels={}, evaluation={})


def test_rolling_back_goes_to_the_one_before_and_not_to_and_fro(shipped: Ranker) -> None:
    first, second = kept(tags=0.4), kept(tags=0.5)
    ranker_promote(ranker=first, instead_of=shipped)
    ranker_promote(ranker=second, instead_of=first)
    assert ranker_rollback() == first
    third = kept(tags=0.6)
    ranker_promote(ranker=third, instead_of=first)
    assert [ranker_rollback(), ranker_rollback()] == [first, shipped]
    with pytest.raises(StateConflict):
        ranker_rollback()
    assert current_ranker() == shipped


def test_a_comparison_with_a_ranker_that_was_replaced_promotes_nothing(shipped: Ranker) -> None:
    first, second = kept(tags=0.4), kept(tags=0.5)
    ranker_promote(ranker=first, instead_of=shipped)
    with pytest.raises(StateConflict):
        ranker_promote(ranker=second, instead_of=shipped)
    assert current_ranker() == first


def test_another_engine_starts_with_its_own_shipped_weights(shipped: Ranker, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = kept(tags=0.4)
    ranker_promote(ranker=trained, instead_of=shipped)
    Ranker.objects.update(engine_version="older")
    fresh = current_ranker()
    assert (fresh.source, fresh.number) == (RankerSource.SHIPPED, 2)
    with pytest.raises(StateConflict):
        ranker_rollback()
    assert current_ranker() == fresh


def test_the_commands_say_what_is_in_use(told: City) -> None:
    out, progress = StringIO(), StringIO()
    call_command("train_ranker", stdout=out, stderr=progress)
    assert "已启用 r1" in out.getvalue()
    assert "可学的需求" in out.getvalue()
    assert "正在拟合权重" in progress.getvalue()
    out = StringIO()
    call_command("rollback_ranker", stdout=out)
    assert "现用的是 r0" in out.getvalue()
    with pytest.raises(CommandError, match="没有可以回退的排序模型"):
        call_command("rollback_ranker", stdout=out)


def test_the_command_answers_in_json(told: City) -> None:
    out = StringIO()
    call_command("train_ranker", "--dry-run", "--json", stdout=out, stderr=StringIO())
    told_back = json.loads(out.getvalue())
    assert told_back["verdict"] == "better"
    assert set(told_back["weights"]) == set(SIGNALS)
    assert told_back["is_promoted"] is False
    with pytest.raises(CommandError):
        call_command("train_ranker", "--minimum-needs", "1", stdout=out, stderr=out)
