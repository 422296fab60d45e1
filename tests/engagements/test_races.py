"""Two people at the same moment: real threads, real transactions, on either database."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.models import Organisation, User
from apps.core.errors import DomainError
from apps.core.models import AuditEntry
from apps.engagements.models import Engagement, Outcome, OutcomeState
from apps.engagements.services import outcome_confirm, outcome_correct, outcome_reject
from apps.matching.services import proposal_accept
from apps.needs.models import NeedState
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_need, make_proposal
from tests.matching.conftest import load_few_terms
from tests.matching.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def taxonomy(transactional_db: None) -> None:
    """A few terms: each of these tests empties the tables, and loading all takes seconds."""
    if not Term.objects.exists():
        load_few_terms()
    Term.objects.get_or_create(vocabulary="outcome_type", code="process_change", defaults={"name": "工艺改造"})


def test_of_a_confirmation_and_a_rejection_at_once_one_counts(
    taxonomy: None, reported: Outcome, professor: User, administrator: User
) -> None:
    results = at_once(
        lambda: outcome_confirm(outcome=reported, by=professor),
        lambda: outcome_reject(outcome=reported, by=administrator, reason="数据不对"),
    )
    assert [isinstance(result, DomainError) for result in results].count(True) == 1
    told = AuditEntry.objects.filter(action__in=["outcome.confirmed", "outcome.rejected"])
    assert told.count() == 1
    assert Outcome.objects.get().state == told.get().action.removeprefix("outcome.")


def test_what_is_corrected_at_this_moment_is_not_confirmed_unseen(
    taxonomy: None, reported: Outcome, sme_owner: User, professor: User, columns: Callable[..., dict[str, Any]]
) -> None:
    seen = Outcome.objects.get().revision
    fields = columns(description="寿命由三个月提高到三年。")
    results = at_once(
        lambda: outcome_correct(outcome=reported, by=sme_owner, **fields),
        lambda: outcome_confirm(outcome=reported, by=professor, seen=seen),
    )
    assert [isinstance(result, DomainError) for result in results].count(True) == 1
    stored = Outcome.objects.get()
    assert (stored.state == OutcomeState.CONFIRMED) == ("三年" not in stored.description)


def test_two_pairs_of_one_need_may_be_accepted_at_once(
    taxonomy: None, enterprise: Organisation, university: Organisation, sme_owner: User, professor: User
) -> None:
    need = make_need(organisation=enterprise)
    pairs = [make_proposal(need=need, capability=make_capability(organisation=university)) for _ in range(2)]
    for pair in pairs:
        proposal_accept(proposal=pair, by=sme_owner)
    results = at_once(*[lambda pair=pair: proposal_accept(proposal=pair, by=professor) for pair in pairs])
    assert not [result for result in results if isinstance(result, Exception)]
    assert Engagement.objects.count() == 2
    need.refresh_from_db()
    assert need.state == NeedState.ENGAGED
