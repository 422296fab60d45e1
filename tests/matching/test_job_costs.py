"""What a whole match costs: from the press of 发布 to the stored list, however long that becomes."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Organisation, User
from apps.matching import requests
from apps.matching.models import MatchRequest, Proposal, RequestState
from apps.matching.runs import carry_out
from apps.needs.models import NeedState
from apps.needs.services import need_submit
from tests.factories import make_capability, make_need

Match = Callable[..., MatchRequest]
STATEMENTS = 111
"""Both transactions together; those that only PostgreSQL asks for, to hold others back, are not among them."""
TRADES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"


@pytest.mark.parametrize("count", [1, 20])
def test_publishing_and_matching_asks_as_much_for_one_proposal_as_for_twenty(
    count: int, taxonomy: None, enterprise: Organisation, university: Organisation, sme_owner: User, match: Match
) -> None:
    for trade in TRADES[:count]:
        text = f"轧辊激光熔覆耐磨涂层，{trade * 40}"
        make_capability(organisation=university, title=f"轧辊涂层 {trade}", description=text)
    match(need=make_need(title="轧辊激光熔覆"))  # a worker at work: what is kept of a text once is kept of these
    need = make_need(organisation=enterprise, contact=sme_owner, state=NeedState.DRAFT)
    with CaptureQueriesContext(connection) as queries:
        need_submit(need=need, by=sme_owner)
        request = requests.claim(MatchRequest.objects.get(need=need).public_id)
        assert request is not None
        carry_out(request)
    assert MatchRequest.objects.get(need=need).state == RequestState.DONE
    assert Proposal.objects.filter(need=need, rank__isnull=False).count() == count
    asked = [q["sql"] for q in queries if q["sql"].startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]
    assert len([sql for sql in asked if "pg_" not in sql]) == STATEMENTS
