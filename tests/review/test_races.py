"""Two reviewers at the same moment: real threads, real transactions, on either database."""

from datetime import timedelta

import pytest

from apps.accounts.models import User
from apps.core import clock
from apps.engagements.models import Outcome as EngagementOutcome
from apps.needs.models import Need, NeedState
from apps.review.models import Outcome, Report, ReportReason, Verdict
from apps.review.services import Assessment, Overtaken, item_decide, item_take, looker, seen_now
from apps.review.services.outcomes import outcome_decide
from apps.review.services.reporting import report_make
from apps.taxonomy.models import Term
from tests.matching.conftest import load_few_terms
from tests.matching.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def taxonomy(transactional_db: None) -> None:
    """A few terms: each of these tests empties the tables, and loading all takes seconds."""
    if not Term.objects.exists():
        load_few_terms()


def test_of_two_verdicts_at_once_one_counts_and_the_other_is_told(
    submitted: Need, reviewer: User, second_reviewer: User
) -> None:
    seen = seen_now(submitted)
    results = at_once(
        lambda: item_decide(row=submitted, by=reviewer, given=Assessment(Outcome.APPROVED), seen=seen),
        lambda: item_decide(
            row=submitted, by=second_reviewer, given=Assessment(Outcome.RETURNED, reason="请补充指标。"), seen=seen
        ),
    )
    [refusal] = [result for result in results if isinstance(result, Exception)]
    verdict = Verdict.objects.get()
    assert isinstance(refusal, Overtaken)
    assert verdict.reviewer.name in str(refusal)
    submitted.refresh_from_db()
    expected = {"approved": NeedState.PUBLISHED, "returned": NeedState.RETURNED}
    assert submitted.state == expected[verdict.outcome]


def test_two_put_it_aside_at_once_and_one_day_counts(submitted: Need, reviewer: User, second_reviewer: User) -> None:
    """The row itself does not change: only the desk's revision stands between them."""
    seen, day = seen_now(submitted), clock.today()
    results = at_once(
        *(
            lambda by=by, days=days: item_decide(
                row=submitted,
                by=by,
                given=Assessment(Outcome.HELD, note="等材料", held_until=day + timedelta(days=days)),
                seen=seen,
            )
            for by, days in ((reviewer, 3), (second_reviewer, 9))
        )
    )
    assert sum(isinstance(result, Overtaken) for result in results) == 1
    assert Verdict.objects.count() == 1


def test_two_open_it_at_once_and_one_of_them_is_named(submitted: Need, reviewer: User, second_reviewer: User) -> None:
    at_once(lambda: item_take(row=submitted, by=reviewer), lambda: item_take(row=submitted, by=second_reviewer))
    submitted.refresh_from_db()
    handling = submitted.review_handling
    holder = handling.taken_by
    assert holder in (reviewer, second_reviewer)
    other = second_reviewer if holder == reviewer else reviewer
    assert looker(handling, other) == holder


def test_of_two_verdicts_on_an_outcome_at_once_one_counts(reported: EngagementOutcome, administrator: User) -> None:
    second = User.objects.create_user("second@city.example", name="冯管理", platform_role="administrator")
    results = at_once(
        lambda: outcome_decide(outcome=reported, by=administrator, is_true=True, seen=reported.revision),
        lambda: outcome_decide(
            outcome=reported, by=second, is_true=False, seen=reported.revision, reason="数据不一致。"
        ),
    )
    assert sum(isinstance(result, Overtaken) for result in results) == 1
    reported.refresh_from_db()
    assert reported.decided_by in (administrator, second)


def test_one_report_of_a_button_pressed_twice_at_once(submitted: Need, stranger: User) -> None:
    def press() -> Report:
        return report_make(subject=submitted, by=stranger, reason=ReportReason.FALSE)

    first, second = at_once(press, press)
    assert first == second
    assert Report.objects.count() == 1
