"""The demo city: what it holds, that its history could have happened, and that loading it again changes nothing."""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from pytest_django import DjangoDbBlocker
from stdnum.cn import uscc

from apps.accounts.models import CloudCentre, Organisation, OrganisationKind, User
from apps.accounts.selectors import public_centres
from apps.capabilities.models import Capability, CapabilityKind
from apps.core import clock
from apps.core.models import AuditEntry
from apps.engagements.models import Contract, Engagement, EngagementState, Message, Outcome, OutcomeState
from apps.followups.models import Answer, Questionnaire, Story, Usage
from apps.matching.index import live
from apps.matching.models import MatchRequest, Priority, Proposal, ProposalState, RequestState
from apps.needs.models import Need, NeedState
from apps.stats.demo_city.loading import CityError, load_city
from apps.stats.demo_city.people import credit_code
from apps.stats.demo_city.seed_files import City, read_city
from apps.taxonomy.models import Term

LATE_STATES = (EngagementState.IN_PROGRESS, EngagementState.DELIVERED, EngagementState.ENDED)
FOLDER = settings.SEEDS_DIR / "demo_city"


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    """Loaded once for the tests of this file; rolled back after them."""
    live._live = None
    with django_db_blocker.unblock(), transaction.atomic():
        if not Term.objects.exists():
            call_command("load_taxonomy", verbosity=0)
        seeds = read_city(FOLDER)
        load_city(seeds)
        yield seeds
        transaction.set_rollback(True)
    live._live = None


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


def test_it_is_large_enough_to_try_the_service() -> None:
    assert Organisation.objects.count() >= 100
    assert Need.objects.count() >= 60
    assert Capability.objects.count() >= 360
    assert set(Capability.objects.values_list("kind", flat=True)) == set(CapabilityKind.values)
    assert Need.objects.open().count() >= 40
    assert Capability.objects.open().count() == Capability.objects.count()


def test_every_organisation_is_verified_and_has_a_valid_code_of_its_own_and_somebody_who_speaks_for_it() -> None:
    for organisation in Organisation.objects.prefetch_related("memberships__user"):
        assert uscc.is_valid(organisation.credit_code or "")
        assert organisation.is_verified
        owners = [membership.user for membership in organisation.memberships.all() if membership.role == "owner"]
        assert owners
        assert owners[0].email.endswith("@example.com")
        assert owners[0].phone.startswith("13000000")


def test_codes_are_made_the_same_way_every_time_and_say_what_kind_of_holder_it_is() -> None:
    assert credit_code("rubber-e1", OrganisationKind.ENTERPRISE) == credit_code("rubber-e1", "enterprise")
    assert credit_code("rubber-e1", "enterprise").startswith("91370200DEM")
    assert credit_code("rubber-u1", "university").startswith("12370200DEM")


def test_the_printed_accounts_can_sign_in_and_nobody_else_can(city: City) -> None:
    for account in city.accounts:
        user = User.objects.get(email=account.email)
        assert user.check_password(account.password)
        assert user.email_confirmed_at is not None
        assert user.is_staff == (account.platform_role in {"reviewer", "administrator"})
    others = User.objects.exclude(email__in=[account.email for account in city.accounts])
    assert not any(user.has_usable_password() for user in others)


def test_needs_without_a_story_wait_for_a_worker_behind_the_people(city: City) -> None:
    storied = {event["need"] for event in city.history}
    waiting = MatchRequest.objects.filter(state=RequestState.PENDING)
    assert {request.need.external_id for request in waiting if request.need} == {
        need.external_id for need in Need.objects.all() if need.external_id not in storied or _was_declined(need)
    }
    assert set(waiting.values_list("priority", flat=True)) == {Priority.BULK}


def _was_declined(need: Need) -> bool:
    """Its list is made anew, without what was declined."""
    return need.proposals.filter(state=ProposalState.DECLINED).exists()


def test_the_history_is_there_in_all_its_kinds(city: City) -> None:
    accepted = [event for event in city.history if len(event["days"]) == 2]
    assert Engagement.objects.count() == len(accepted) >= 25
    outcomes = Counter(Outcome.objects.values_list("outcome_type__code", flat=True))
    assert min(outcomes[code] for code in ("product_upgrade", "process_change", "line_change")) >= 4
    assert set(outcomes) >= {"new_product", "talent", "patent_standard", "not_achieved"}
    states = Counter(Outcome.objects.values_list("state", flat=True))
    assert min(states[state] for state in OutcomeState) >= 2
    declined = Proposal.objects.filter(state=ProposalState.DECLINED)
    assert declined.count() >= 10
    assert set(declined.values_list("declined_side", flat=True)) == {"need", "capability"}
    assert Proposal.objects.filter(state=ProposalState.INTERESTED).exists()
    assert Need.objects.filter(state=NeedState.SOLVED).exists()


def test_cases_went_on_after_both_sides_had_accepted(city: City) -> None:
    told = {event["need"]: event["course"] for event in city.history if "course" in event}
    states = {e.proposal.need.external_id: e.state for e in Engagement.objects.select_related("proposal__need")}
    assert states == {need: course["reached"] for need, course in told.items()}
    assert Message.objects.count() == 2 * len(told)
    assert Contract.objects.count() == sum("contract" in course for course in told.values()) >= 25
    assert not Outcome.objects.exclude(engagement__state__in=LATE_STATES).exists()
    assert Engagement.objects.filter(broker__isnull=False).count() >= 3
    assert Engagement.objects.filter(due_on__gt=clock.today()).count() >= 4


def test_enterprises_have_opened_their_centres_but_not_the_one_that_visitors_sign_in_for(city: City) -> None:
    assert CloudCentre.objects.count() == len(city.centres) >= 20
    assert len(public_centres()) == len(city.centres)
    owner = next(account for account in city.accounts if account.email.startswith("qiye@"))
    assert not CloudCentre.objects.filter(organisation__memberships__user__email=owner.email).exists()


def test_what_was_delivered_long_ago_was_asked_about_and_answered(city: City) -> None:
    told = sum(len(event.get("answers", [])) for event in city.history)
    assert Answer.objects.count() == told >= 12
    assert Questionnaire.objects.count() == 2 * Engagement.objects.exclude(questionnaires=None).distinct().count()
    assert set(Answer.objects.values_list("usage", flat=True)) == set(Usage)
    assert all(row.answered_at < row.questionnaire.closes_at for row in Answer.objects.select_related("questionnaire"))


def test_successes_were_told_and_some_wait_for_somebody(city: City) -> None:
    told = [outcome["story"] for event in city.history for outcome in event.get("outcomes", []) if "story" in outcome]
    states = Counter(Story.objects.values_list("state", flat=True))
    until = Counter(row["until"] for row in told)
    assert states == {"published": until["published"], "submitted": until["submitted"], "draft": until["drafted"]}
    assert states["published"] >= 8
    named = {(row.names_need, row.names_capability) for row in Story.objects.published()}
    assert named >= {(True, True), (False, True), (False, False)}
    assert not Story.objects.published().filter(published_at__lte=F("outcome__confirmed_at")).exists()


def test_everything_happened_in_its_order_within_eight_months_and_before_today() -> None:
    now, oldest = clock.now(), clock.now() - timedelta(days=255)
    entries = AuditEntry.objects.order_by("id")
    assert all(oldest <= entry.at <= now for entry in entries)
    for engagement in Engagement.objects.select_related("proposal__need", "proposal__capability"):
        proposal, need = engagement.proposal, engagement.proposal.need
        assert proposal.capability.published_at is not None
        assert need.published_at is not None
        assert proposal.capability.published_at <= need.published_at <= proposal.proposed_at
        assert proposal.need_accepted_at is not None
        assert proposal.capability_accepted_at is not None
        assert proposal.proposed_at < min(proposal.need_accepted_at, proposal.capability_accepted_at)
        assert engagement.opened_at == max(proposal.need_accepted_at, proposal.capability_accepted_at)
        for outcome in engagement.outcomes.all():
            assert engagement.opened_at.date() <= outcome.occurred_on <= outcome.reported_at.date()
            assert outcome.confirmed_at is None or outcome.confirmed_at > outcome.reported_at


def test_stories_are_told_in_the_order_of_time() -> None:
    moves = AuditEntry.objects.filter(action__in=["proposal.accepted", "proposal.declined", "outcome.confirmed"])
    moments = list(moves.order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)


def test_proposals_of_the_history_carry_real_scores_and_reasons() -> None:
    for engagement in Engagement.objects.select_related("proposal"):
        proposal = engagement.proposal
        assert proposal.score > 30
        assert proposal.reasons
        assert sum(part["contribution"] for part in proposal.parts) == pytest.approx(proposal.score, abs=0.5)


def test_loading_again_changes_nothing(city: City) -> None:
    need = Need.objects.filter(state=NeedState.PUBLISHED).first()
    assert need is not None
    Need.objects.filter(pk=need.pk).update(title="有人改过的名称")
    before = _everything()
    report = load_city(city)
    assert set(asdict(report).values()) == {0}
    assert _everything() == before
    need.refresh_from_db()
    assert need.title == "有人改过的名称"


def test_what_is_missing_is_added(city: City) -> None:
    lost = Need.objects.filter(proposals=None).first()
    assert lost is not None
    lost.delete()
    assert load_city(city).needs == 1


def test_a_row_that_the_rules_refuse_is_named(city: City) -> None:
    key, rows = next(iter(city.needs.items()))
    broken = replace(city, needs={key: [*rows, {**rows[0], "key": "broken-n1", "tags": ["no-such-tag"]}]})
    with pytest.raises(CityError, match="broken-n1: tags"):
        load_city(broken)


def test_a_production_system_does_not_take_it_by_accident(settings: Any) -> None:
    settings.IN_PRODUCTION = True
    with pytest.raises(CommandError, match="正式环境"):
        call_command("load_demo_city", verbosity=0)
    out = io.StringIO()
    call_command("load_demo_city", "--yes-really", stdout=out)
    assert "需求 0 项" in out.getvalue()


def _everything() -> dict[str, int]:
    models = (
        *(Organisation, User, CloudCentre, Need, Capability, Proposal, MatchRequest, Engagement, Outcome),
        *(Questionnaire, Answer, Story, AuditEntry),
    )
    return {model.__name__: model.objects.count() for model in models}
