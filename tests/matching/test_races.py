"""Two people, or two workers, at the same moment: real threads, real transactions, on either database."""

import pkgutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, repeat
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connections

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability, CapabilityKind
from apps.core.errors import DomainError
from apps.core.models import AuditEntry
from apps.engagements.models import Engagement
from apps.matching import requests, runs
from apps.matching.documents import engine_segmenter, engine_taxonomy
from apps.matching.index.live import LiveIndex
from apps.matching.learning.current import current_ranker
from apps.matching.learning.promotion import ranker_keep, ranker_promote
from apps.matching.models import (
    MatchRequest,
    Priority,
    Proposal,
    ProposalState,
    Ranker,
    Rematch,
    RematchScope,
    RematchState,
    RequestState,
)
from apps.matching.rematches import chunks
from apps.matching.rematches.services import rematch_start
from apps.matching.rematches.targets import Target
from apps.matching.services import proposal_accept, proposal_decline, proposal_withdraw
from apps.needs.models import Need
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_need
from tests.matching.conftest import load_few_terms

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5
HALT_SECONDS = 1.0


@pytest.fixture
def taxonomy(transactional_db: None) -> Iterator[None]:
    """The few terms that pairs are made of: each of these tests empties the tables, and all terms take seconds."""
    if not Term.objects.exists():
        load_few_terms()
    yield
    engine_taxonomy.cache_clear()
    engine_segmenter.cache_clear()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; what each returned, or the domain's refusal."""
    start = Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[number] = act()
        except (DomainError, OperationalError) as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def overtaken(
    monkeypatch: pytest.MonkeyPatch, place: str, act: Callable[[], Any], other: Callable[[], Any]
) -> list[Any]:
    """`act` halts at `place`, a function it calls once it has read its rows, and `other` runs from beginning to end.

    Where a lock keeps `other` out, `act` goes on after HALT_SECONDS and is the first. Results as of `at_once`.
    """
    halted, through = Event(), Event()
    goes_on = pkgutil.resolve_name(place)

    def halting(*args: Any, **kwargs: Any) -> Any:
        if not halted.is_set():
            halted.set()
            through.wait(HALT_SECONDS)
        return goes_on(*args, **kwargs)

    def overtake() -> Any:
        halted.wait(10 * HALT_SECONDS)
        try:
            return other()
        finally:
            through.set()

    monkeypatch.setattr(place, halting)
    return at_once(act, overtake)


def steps(proposal: Proposal) -> list[tuple[str, str]]:
    entries = AuditEntry.objects.filter(object_type="matching.proposal", object_id=proposal.pk).order_by("pk")
    return [(entry.changes["from"], entry.changes["to"]) for entry in entries]


def assert_one_story(proposal: Proposal) -> None:
    """Each move began where the one before had ended, and the last one is the row's state."""
    told = steps(proposal)
    assert [before for before, _after in told[1:]] == [after for _before, after in told[:-1]]
    proposal.refresh_from_db()
    assert told[-1][1] == proposal.state


def renew(proposal: Proposal) -> Proposal:
    """The pair as nobody had answered it, as a new row."""
    Engagement.objects.all().delete()
    fields = {f.attname: getattr(proposal, f.attname) for f in Proposal._meta.fields if f.name not in NEW_FIELDS}
    Proposal.objects.all().delete()
    return Proposal.objects.create(**fields)


NEW_FIELDS = ("id", "public_id")
TEXTS_OF_THEIR_OWN = (
    "激光熔覆修复报废的轧辊，熔覆层与基体是冶金结合，可以再磨三次。",
    "喷涂碳化钨涂层，给平整机换下的旧辊增加耐磨寿命，八个月不换。",
    "淬火只用激光扫描辊面，不加粉末，硬化层深一毫米，变形很小。",
)


def test_both_sides_accept_at_once_and_one_case_opens(proposal: Proposal, sme_owner: User, professor: User) -> None:
    for _round in range(ROUNDS):
        row = renew(proposal)
        at_once(
            partial(proposal_accept, proposal=row, by=sme_owner),
            partial(proposal_accept, proposal=row, by=professor),
        )
        assert_one_story(row)
        assert row.state == ProposalState.ACCEPTED
        assert Engagement.objects.filter(proposal=row).count() == 1


def test_two_members_of_one_side_answer_differently(
    proposal: Proposal, sme_owner: User, colleague: User, reason: Term
) -> None:
    for _round in range(ROUNDS):
        row = renew(proposal)
        at_once(
            partial(proposal_accept, proposal=row, by=sme_owner),
            partial(proposal_decline, proposal=row, by=colleague, reason=reason),
        )
        assert_one_story(row)
        assert row.state == ProposalState.DECLINED
        assert row.declined_by == colleague


def test_a_no_that_had_read_the_pair_is_not_lost_to_a_colleagues_yes(
    proposal: Proposal, sme_owner: User, colleague: User, reason: Term, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = overtaken(
        monkeypatch,
        "apps.matching.services.can_decline",
        partial(proposal_decline, proposal=proposal, by=colleague, reason=reason),
        partial(proposal_accept, proposal=proposal, by=sme_owner),
    )
    assert not isinstance(results[0], Exception)
    assert_one_story(proposal)
    assert proposal.state == ProposalState.DECLINED


def test_one_side_takes_its_yes_back_while_the_other_says_yes(
    proposal: Proposal, sme_owner: User, professor: User
) -> None:
    for _round in range(ROUNDS):
        row = renew(proposal)
        proposal_accept(proposal=row, by=sme_owner)
        back, yes = at_once(
            partial(proposal_withdraw, proposal=row, by=sme_owner),
            partial(proposal_accept, proposal=row, by=professor),
        )
        assert_one_story(row)
        assert not isinstance(yes, Exception)
        expected = ProposalState.ACCEPTED if isinstance(back, DomainError) else ProposalState.INTERESTED
        assert row.state == expected
        assert Engagement.objects.filter(proposal=row).exists() == (expected == ProposalState.ACCEPTED)


def test_two_declines_at_once_keep_one_reason(
    proposal: Proposal, sme_owner: User, colleague: User, reason: Term
) -> None:
    other = Term.objects.get(vocabulary="decline_reason", code="region")
    at_once(
        lambda: proposal_decline(proposal=proposal, by=sme_owner, reason=reason),
        lambda: proposal_decline(proposal=proposal, by=colleague, reason=other),
    )
    proposal.refresh_from_db()
    assert (proposal.declined_by, proposal.decline_reason) in ((sme_owner, reason), (colleague, other))
    assert len(steps(proposal)) == 1


def test_of_many_workers_one_claims_a_request(need: Need) -> None:
    requests.request_for_needs([need], priority=Priority.INTERACTIVE)
    public_id = MatchRequest.objects.get().public_id
    claims = at_once(*[lambda: requests.claim(public_id)] * 6)
    assert sum(isinstance(claim, MatchRequest) for claim in claims) == 1
    assert MatchRequest.objects.get().attempt == 1


def test_the_same_change_asked_for_at_once_waits_once(need: Need) -> None:
    def ask() -> None:
        requests.request_for_needs([need], priority=Priority.INTERACTIVE)

    assert at_once(*[ask] * 4) == [None] * 4
    assert MatchRequest.objects.filter(state=RequestState.PENDING).count() == 1


def test_matches_of_both_sides_at_once_leave_each_pair_once_and_the_list_in_order(
    need: Need, capability: Capability, monkeypatch: pytest.MonkeyPatch
) -> None:
    others: Sequence[Capability] = [
        make_capability(organisation=capability.organisation, title=f"轧辊{text[:4]}", description=text)
        for text in TEXTS_OF_THEIR_OWN
    ]
    engine_segmenter().words("读词典")  # once, before the threads ask for it
    monkeypatch.setattr(runs, "current_index", fresh_index)
    jobs = [
        MatchRequest(need=need, input_version=1, due_at=need.created_at),
        *(MatchRequest(capability=each, input_version=1, due_at=need.created_at) for each in (capability, *others)),
    ]
    for job in jobs:
        job.save()
    claimed = [requests.claim(job.public_id) for job in jobs]
    assert at_once(*[lambda job=job: runs.carry_out(job) for job in claimed]) == [None] * 5
    assert set(MatchRequest.objects.values_list("state", flat=True)) == {RequestState.DONE}
    found = list(Proposal.objects.order_by("rank"))
    assert [proposal.rank for proposal in found] == [1, 2, 3, 4]
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)


UNRELATED = "海盐蒸发池的卤水浓缩与结晶控制，滩田自动补水。"


def test_lists_written_at_once_do_not_pass_an_experts_cap(
    need: Need, university: Organisation, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.MATCHING_OPEN_PER_EXPERT, settings.MATCHING_PROPOSALS_PER_NEED = 2, 1
    expert = make_capability(organisation=university, kind=CapabilityKind.EXPERT)
    for number in range(4):
        make_capability(organisation=university, title=f"盐田 {number}", description=UNRELATED, value="")
    needs = [need, *(make_need(title=f"轧辊耐磨涂层 {number}") for number in range(3))]
    engine_segmenter().words("读词典")
    monkeypatch.setattr(runs, "current_index", fresh_index)
    for _round in range(ROUNDS):
        Proposal.objects.all().delete()
        jobs = [MatchRequest.objects.create(need=each, input_version=1, due_at=each.created_at) for each in needs]
        claimed = [requests.claim(job.public_id) for job in jobs]
        assert at_once(*[lambda job=job: runs.carry_out(job) for job in claimed]) == [None] * 4
        assert Proposal.objects.filter(capability=expert, rank__isnull=False).count() == 2


def test_of_two_promotions_at_once_one_counts(need: Need) -> None:
    for _round in range(ROUNDS):
        present = current_ranker()
        coming = [ranker_keep(weights=present.weights, labels={}, evaluation={}) for _ in range(2)]
        results = at_once(*[partial(ranker_promote, ranker=row, instead_of=present) for row in coming])
        assert sorted(isinstance(result, Ranker) for result in results) == [False, True]
        assert Ranker.objects.filter(is_current=True).count() == 1


def test_two_processes_that_start_at_once_use_the_same_shipped_weights(transactional_db: None) -> None:
    for _round in range(ROUNDS):
        Ranker.objects.all().delete()
        first, second = at_once(current_ranker, current_ranker)
        assert first == second
        assert Ranker.objects.count() == 1


def test_of_many_workers_one_claims_a_chunk(need: Need) -> None:
    rematch = rematch_start(target=Target(RematchScope.NEEDS), by=None)
    claims = at_once(*[lambda: chunks.claim(rematch.public_id)] * 6)
    assert sum(isinstance(claim, Rematch) for claim in claims) == 1


def test_of_two_who_start_the_same_rematch_one_is_told(need: Need) -> None:
    for _round in range(ROUNDS):
        Rematch.objects.all().delete()
        results = at_once(*[lambda: rematch_start(target=Target(RematchScope.NEEDS), by=None)] * 2)
        assert sorted(isinstance(result, DomainError) for result in results) == [False, True]
        assert Rematch.objects.count() == 1


def test_workers_of_one_rematch_at_once_count_each_need_once(
    need: Need, capability: Capability, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.MATCHING_REMATCH_CHUNK, settings.MATCHING_MAX_ATTEMPTS = 2, 1000
    lease, seconds = chunks._lease, chain([-1] * 6, repeat(60))  # at first each believes the others dead

    def short_at_first() -> object:
        settings.MATCHING_LEASE_SECONDS = next(seconds)
        return lease()

    monkeypatch.setattr(chunks, "_lease", short_at_first)
    for number in range(5):
        make_need(title=f"轧辊耐磨涂层 {number}")
    engine_segmenter().words("读词典")
    current_ranker()
    monkeypatch.setattr(chunks, "current_index", fresh_index)
    rematch = rematch_start(target=Target(RematchScope.NEEDS), by=None)

    def work() -> None:
        while Rematch.objects.get().is_active:
            claimed = chunks.claim(rematch.public_id)
            if claimed is not None:
                chunks.carry_out(claimed)

    assert at_once(work, work, work) == [None] * 3
    rematch.refresh_from_db()
    assert (rematch.state, rematch.done, rematch.total) == (RematchState.DONE, 6, 6)
    assert Proposal.objects.filter(rank=1).count() == 6


def fresh_index(*, complete: bool = True) -> LiveIndex:
    """Each thread has its own, as each worker process has."""
    return LiveIndex()
