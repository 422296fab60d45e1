"""What is found under conditions: exactly the need's ranking, narrowed; and nothing that the person may not see."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from celery import current_app
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.core.errors import NotAllowed
from apps.matching import tasks
from apps.matching.index import live
from apps.matching.lookup import asking, store
from apps.matching.lookup.asking import Lookup, lookup_ask, lookup_carry_out, lookup_read
from apps.matching.lookup.conditions import Conditions
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Term
from tests.factories import make_capability
from tests.matching.lookup.conftest import Messages, carry_out

pytestmark = pytest.mark.django_db
Look = Callable[..., Lookup]
ANY = Conditions()


def found(lookup: Lookup) -> list[tuple[int, float]]:
    return [(pair.capability_id, pair.fields["score"]) for pair in lookup.pairs]


def test_what_is_found_is_the_full_ranking_filtered(
    need: Need, resources: list[Capability], sme_owner: User, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as unlimited:
        unlimited.setattr(asking, "MOST_FOUND", 0)
        everything = found(look(need, sme_owner))
    assert len(everything) == len(resources)
    cache.clear()
    monkeypatch.setattr(current_app, "send_task", lambda name, **message: tasks.lookup(*message["args"]))
    district_codes = sorted({row.district.code for row in resources if row.district})
    choices = product(
        ([], ["result"], ["expert", "laboratory"]), ([], ["transfer"], ["transfer", "entrusted"]),
        ([], district_codes[:1], district_codes),
    )  # fmt: skip
    for kinds, modes, districts in choices:
        passing = Capability.objects.all()
        if kinds:
            passing = passing.filter(kind__in=kinds)
        if modes:
            passing = passing.filter(cooperation_modes__code__in=modes)
        if districts:
            passing = passing.filter(district__code__in=districts)
        wanted = set(passing.values_list("pk", flat=True))
        conditions = Conditions.of(kinds=kinds, modes=modes, districts=districts)
        lookup = lookup_ask(need=need, conditions=conditions, by=sme_owner)
        assert lookup.pairs
        assert found(lookup) == [pair for pair in everything if pair[0] in wanted][: asking.MOST_FOUND]


def test_at_most_twenty_come_back(need: Need, resources: list[Capability], sme_owner: User, look: Look) -> None:
    assert len(resources) > 20
    assert len(look(need, sme_owner).pairs) == 20


def test_without_a_district_of_its_own_a_resource_is_where_its_institution_is(
    need: Need, university: Organisation, sme_owner: User, look: Look
) -> None:
    here, there = Term.objects.filter(vocabulary="district")[:2]
    Organisation.objects.filter(pk=university.pk).update(district=here)
    capability = make_capability(organisation=university, district=None)
    assert [pk for pk, _ in found(look(need, sme_owner, districts=[here.code]))] == [capability.pk]
    assert found(look(need, sme_owner, districts=[there.code])) == []


def test_what_fits_less_than_a_proposal_must_is_not_found(
    need: Need, capability: Capability, sme_owner: User, look: Look, settings: Any
) -> None:
    settings.MATCHING_MINIMUM_SCORE = 100
    assert look(need, sme_owner).pairs == ()


@pytest.mark.parametrize(
    ("disclosure", "role", "verified", "is_found"),
    [
        (Disclosure.PUBLIC_NAMED, "sme_owner", True, True),
        (Disclosure.PUBLIC_ANONYMOUS, "sme_owner", True, True),
        (Disclosure.MEMBERS, "sme_owner", True, True),
        (Disclosure.MEMBERS, "sme_owner", False, False),
        (Disclosure.MEMBERS, "broker", True, True),
        (Disclosure.BROKERS, "sme_owner", True, False),
        (Disclosure.BROKERS, "broker", True, False),
        (Disclosure.BROKERS, "reviewer", True, False),
    ],
)
def test_only_what_may_be_proposed_and_the_person_may_see_is_found(
    need: Need,
    university: Organisation,
    look: Look,
    request: pytest.FixtureRequest,
    disclosure: str,
    role: str,
    *,
    verified: bool,
    is_found: bool,
) -> None:
    make_capability(organisation=university, disclosure=disclosure)
    if not verified:
        Organisation.objects.filter(pk=need.organisation_id).update(state="pending", verified_at=None)
    person = User.objects.get(pk=request.getfixturevalue(role).pk)
    assert bool(look(need, person).pairs) == is_found


def test_one_who_may_see_less_gets_no_answer_of_one_who_may_see_more(
    need: Need, university: Organisation, broker: User, sme_owner: User, look: Look
) -> None:
    make_capability(organisation=university, disclosure=Disclosure.MEMBERS)
    assert look(need, broker).pairs
    Organisation.objects.filter(pk=need.organisation_id).update(state="pending", verified_at=None)
    person = User.objects.get(pk=sme_owner.pk)
    assert lookup_read(need=need, conditions=ANY, by=person).state == "unavailable"


def test_ones_own_resources_and_those_that_left_are_not_found(need: Need, sme_owner: User, look: Look) -> None:
    make_capability(organisation=need.organisation)
    make_capability(state="archived")
    assert look(need, sme_owner).pairs == ()


# ---- Asking and waiting --------------------------------------------------------------------------------------------
def test_a_message_holds_keys_and_codes_and_goes_where_people_wait(need: Need, sme_owner: User, sent: Messages) -> None:
    asked = lookup_ask(need=need, conditions=Conditions.of(kinds=["expert", "expert"]), by=sme_owner)
    assert asked.state == "waiting"
    ((name, message),) = sent
    assert (name, message["queue"], message["expires"]) == ("matching.lookup", "interactive", 10)
    assert message["args"] == [
        need.pk, need.version, ["public_anonymous", "public_named", "members"],
        {"kinds": ["expert"], "modes": [], "districts": []},
    ]  # fmt: skip


def test_who_asks_twice_or_with_a_colleague_is_answered_once(
    need: Need, capability: Capability, sme_owner: User, colleague: User, sent: Messages
) -> None:
    for person in (sme_owner, colleague, sme_owner):
        lookup_ask(need=need, conditions=ANY, by=person)
    assert len(sent) == 1
    carry_out(sent)
    assert lookup_ask(need=need, conditions=ANY, by=colleague).state == "ready"
    assert sent == []


def test_other_conditions_are_another_question(need: Need, sme_owner: User, look: Look) -> None:
    look(need, sme_owner, kinds=["result"])
    other = Conditions.of(districts=["result"])
    assert lookup_read(need=need, conditions=other, by=sme_owner).state == "unavailable"


def test_a_need_that_was_reworded_is_looked_up_anew(
    need: Need, capability: Capability, sme_owner: User, look: Look
) -> None:
    assert look(need, sme_owner).pairs
    Need.objects.filter(pk=need.pk).update(version=need.version + 1)
    need.refresh_from_db()
    assert lookup_read(need=need, conditions=ANY, by=sme_owner).state == "unavailable"


def test_where_no_worker_answers_nothing_is_known(need: Need, sme_owner: User, sent: Messages) -> None:
    lookup_ask(need=need, conditions=ANY, by=sme_owner)
    cache.clear()  # ten seconds went by
    assert lookup_read(need=need, conditions=ANY, by=sme_owner).state == "unavailable"


def test_without_a_broker_nobody_waits(need: Need, sme_owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app, "send_task", fail)
    assert lookup_ask(need=need, conditions=ANY, by=sme_owner).state == "unavailable"


def test_without_a_cache_nobody_waits(
    need: Need, sme_owner: User, sent: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoCache:
        def __getattr__(self, name: str) -> Any:
            raise RedisConnectionError("no cache")

    monkeypatch.setattr(store, "cache", NoCache())
    assert lookup_ask(need=need, conditions=ANY, by=sme_owner).state == "unavailable"
    assert sent == []


def test_while_the_index_is_missing_nobody_waits(
    need: Need, capability: Capability, sme_owner: User, look: Look, settings: Any
) -> None:
    settings.MATCHING_MOST_UNINDEXED = 0
    assert live._live is None
    assert look(need, sme_owner).state == "unavailable"


def test_a_worker_finds_nothing_for_a_need_that_left(need: Need, sme_owner: User, sent: Messages) -> None:
    lookup_ask(need=need, conditions=ANY, by=sme_owner)
    Need.objects.filter(pk=need.pk).update(state=NeedState.CLOSED)
    carry_out(sent)
    lookup_carry_out(0, 1, ["public_named"], {})
    with pytest.raises(NotAllowed):
        lookup_read(need=Need.objects.get(pk=need.pk), conditions=ANY, by=sme_owner)
    assert not store.is_begun(asking._question(need, ANY, sme_owner))


@pytest.mark.parametrize("role", ["stranger", "professor"])
def test_strangers_may_not_ask(need: Need, sent: Messages, request: pytest.FixtureRequest, role: str) -> None:
    with pytest.raises(NotAllowed):
        lookup_ask(need=need, conditions=ANY, by=request.getfixturevalue(role))
    assert sent == []


def test_the_marks_are_those_of_the_index() -> None:
    chosen = Conditions.of(kinds=["result", "expert"], districts=["laoshan"])
    assert chosen.facets() == (frozenset({"kind:result", "kind:expert"}), frozenset({"district:laoshan"}))
    assert chosen.query() == "kind=expert&kind=result&district=laoshan"
    assert not Conditions()
