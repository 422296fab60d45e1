"""The seeded city: what its years count, and that its rows are such as the platform would have taken."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice

import pytest
from django.core.management import call_command
from django.db import models
from django.db.models import Count, F, Q
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker
from stdnum.cn import uscc

from apps.accounts.models import CloudCentre, Membership, Organisation, OrganisationKind, User
from apps.capabilities.kinds import clean_details
from apps.capabilities.models import Capability, CapabilityIndicator, CapabilityKind
from apps.capabilities.validators import publication_gaps as gaps_of_capability
from apps.core.models import AuditEntry
from apps.engagements.models import Contract, ContractCredit, Engagement, Instalment, Milestone, Outcome, OutcomeState
from apps.followups.anonymity import hidden_names_told
from apps.followups.models import Answer, Questionnaire, Story
from apps.followups.selectors import published_stories
from apps.matching.models import Ask, MatchRequest, Proposal
from apps.needs.models import Need, NeedIndicator
from apps.needs.validators import publication_gaps as gaps_of_need
from apps.notifications.models import Notification
from apps.stats.figures import FIGURES
from apps.stats.periods import Period
from apps.stats.seed_city.building import SEEDED
from apps.stats.seed_city.sizes import YEARS, Sizes, YearFigures, scaled
from tests.stats.seeded_city import SCALE, forgotten, small_city

pytestmark = pytest.mark.django_db
SAMPLE = 200
WRITTEN = (
    User, Membership, Organisation, CloudCentre, Capability, CapabilityIndicator, Need, NeedIndicator, Proposal, Ask,
    Engagement, Contract, Instalment, Milestone, ContractCredit, Outcome, Questionnaire, Answer, Story,
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Built once: each test's own transaction lies within this one."""
    with django_db_blocker.unblock(), forgotten():
        small_city()
        yield


def sample[Row: models.Model](rows: models.QuerySet[Row], most: int = SAMPLE) -> list[Row]:
    """Rows from the whole table, evenly."""
    step = max(1, rows.count() // most)
    return list(islice(rows.order_by("pk")[::step], most))


def whole_year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def test_the_year_2022_is_planned_as_it_was_published() -> None:
    (planned,) = [figures for figures in YEARS if figures.year == 2022]

    assert (planned.centres, planned.needs, planned.recommendations, planned.engagements) == (2500, 1000, 11475, 1348)
    assert planned.outcomes == {"product_upgrade": 156, "process_change": 466, "line_change": 318}
    whole = Sizes()
    assert (whole.companies, whole.suppliers, whole.experts, whole.results) == (70_000, 110, 10_000, 50_000)


@pytest.mark.parametrize(
    ("number", "scale", "expected"), [(11_475, 0.02, 230), (25, 0.02, 1), (1, 0.02, 1), (156, 3, 468)]
)
def test_a_figure_scales_to_the_nearest_number_halves_up_and_to_one_at_least(
    number: int, scale: float, expected: int
) -> None:
    assert scaled(number, scale) == expected


@pytest.mark.parametrize("planned", [figures.at(SCALE) for figures in YEARS], ids=lambda figures: str(figures.year))
def test_a_year_counts_exactly_what_was_planned(planned: YearFigures) -> None:
    year = whole_year(planned.year)
    counted = {key: FIGURES[key].rows(year).count() for key in ("centres", "needs", "proposals", "engagements")}
    types = FIGURES["outcomes"].rows(year).order_by().values_list("outcome_type__code").annotate(number=Count("pk"))

    assert counted == {
        "centres": planned.centres,
        "needs": planned.needs,
        "proposals": planned.recommendations,
        "engagements": planned.engagements,
    }
    assert dict(types) == planned.outcomes
    assert FIGURES["not_achieved"].rows(year).count() == planned.not_achieved


def test_the_city_is_as_large_as_its_scale_says() -> None:
    companies = Organisation.objects.filter(kind=OrganisationKind.ENTERPRISE).count()
    suppliers = Organisation.objects.filter(kind__in=(OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE)).count()
    kinds = dict(Capability.objects.order_by().values_list("kind").annotate(number=Count("pk")))

    assert (companies, suppliers) == (scaled(70_000, SCALE), scaled(110, SCALE))
    assert kinds[CapabilityKind.RESULT] == scaled(50_000, SCALE)
    assert kinds[CapabilityKind.EXPERT] == scaled(10_000, SCALE)


@pytest.mark.parametrize("model", WRITTEN, ids=lambda model: model.__name__)
def test_rows_pass_the_rules_of_their_model(model: type[models.Model]) -> None:
    rows = sample(model._default_manager.all())

    assert rows
    for row in rows:
        empty = [field.name for field in model._meta.fields if getattr(row, field.attname) in (None, "", [], {})]
        row.full_clean(exclude=empty)  # columns that a service fills later are not blank to a form


def test_what_is_on_offer_could_have_been_published_by_its_form() -> None:
    for capability in sample(Capability.objects.open()):
        assert gaps_of_capability(capability) == {}
        assert clean_details(capability.kind, capability.details) == capability.details


def test_needs_could_have_been_published_by_their_form_and_name_nobody() -> None:
    for need in sample(Need.objects.all()):
        assert set(gaps_of_need(need)) <= {"valid_until"}  # most ended long ago
    for need in Need.objects.open():
        assert gaps_of_need(need) == {}


def test_over_four_in_five_needs_were_answered_within_a_week() -> None:
    year = whole_year(2022)

    assert FIGURES["answered_in_week"].rows(year).count() > 0.8 * FIGURES["needs"].rows(year).count()


def test_the_first_reply_of_a_need_is_no_later_than_any_answer_of_the_supply_side() -> None:
    late = Proposal.objects.filter(capability_accepted_at__lt=F("need__first_replied_at"))
    late |= Proposal.objects.filter(declined_side="capability", declined_at__lt=F("need__first_replied_at"))
    silent = Proposal.objects.filter(Q(capability_accepted_at__isnull=False) | Q(declined_side="capability"))

    assert not late.exists()
    assert silent.exists()
    assert not silent.filter(need__first_replied_at__isnull=True).exists()


def test_moments_follow_one_another() -> None:
    assert not Proposal.objects.filter(proposed_at__lt=F("need__published_at")).exists()
    assert not Proposal.objects.filter(proposed_at__lt=F("capability__published_at")).exists()
    assert not Proposal.objects.filter(need_accepted_at__lt=F("need_viewed_at")).exists()
    assert not Proposal.objects.filter(capability_accepted_at__lt=F("capability_viewed_at")).exists()
    assert not Engagement.objects.exclude(opened_at=F("proposal__accepted_at")).exists()
    assert not Contract.objects.filter(signed_on__lt=F("engagement__opened_at__date")).exists()
    assert not Outcome.objects.filter(reported_at__date__lt=F("occurred_on")).exists()
    assert not Outcome.objects.filter(confirmed_at__lt=F("reported_at")).exists()
    assert not CloudCentre.objects.filter(opened_at__lt=F("organisation__verified_at")).exists()
    assert not Organisation.objects.filter(verified_at__lt=F("created_at")).exists()


def test_nobody_confirmed_an_outcome_of_their_own() -> None:
    assert Outcome.objects.filter(state=OutcomeState.CONFIRMED).exists()
    assert not Outcome.objects.filter(decided_by=F("reported_by")).exists()


def test_what_follows_a_delivery_is_asked_answered_and_told_in_its_time() -> None:
    assert not Questionnaire.objects.filter(opened_at__lt=F("engagement__state_since")).exists()
    answers = Answer.objects.filter(answered_at__range=(F("questionnaire__opened_at"), F("questionnaire__closes_at")))
    assert 0 < answers.count() == Answer.objects.count() < Questionnaire.objects.count()
    stories = list(published_stories())
    assert stories
    assert all(not hidden_names_told(story) for story in stories)
    in_order = Q(submitted_at__gt=F("outcome__confirmed_at"), published_at__gt=F("submitted_at"))
    assert not Story.objects.exclude(in_order).exists()
    for story in stories:
        trail = AuditEntry.objects.filter(object_type="followups.story", object_id=story.pk).order_by("at", "pk")
        actions = list(trail.values_list("action", flat=True))
        assert actions == ["story.drafted", "story.agreed", "story.agreed", "story.submitted", "story.published"]


def test_a_recommendation_is_of_the_trade_of_its_need() -> None:
    pairs = Proposal.objects.filter(need__published_at__year=2022)
    fitting = pairs.filter(capability__industries=F("need__industry_chain")).distinct().count()

    assert fitting > 0.8 * pairs.count()


def test_scores_are_the_sum_of_their_parts() -> None:
    for proposal in sample(Proposal.objects.all()):
        assert proposal.score == pytest.approx(sum(part["contribution"] for part in proposal.parts), abs=1e-4)
        assert {"for_need", "for_capability"} <= {reason["kind"] for reason in proposal.reasons}


def test_every_tier_broker_and_district_has_its_share() -> None:
    assert Organisation.objects.filter(tiers__isnull=False).exists()
    assert Organisation.objects.filter(district__isnull=False).values("district").distinct().count() == 11
    assert Engagement.objects.filter(broker__isnull=False).exists()
    assert User.objects.filter(districts__isnull=False).exists()
    assert ContractCredit.objects.confirmed().exists()


def test_names_and_addresses_are_nobodys() -> None:
    codes = Organisation.objects.values_list("credit_code", flat=True)
    emails = User.objects.values_list("email", flat=True)

    assert all(code is not None and "CTY" in code and uscc.is_valid(code) for code in codes)
    assert all(email.endswith("@example.com") for email in emails)


def test_nobody_is_written_to_and_nothing_is_asked_of_the_matcher() -> None:
    assert not Notification.objects.exists()
    assert not MatchRequest.objects.exists()


def test_the_trail_says_what_was_seeded() -> None:
    mark = AuditEntry.objects.get(action=SEEDED)
    rows = AuditEntry.objects.get(action="city.rows_seeded").changes

    assert mark.changes == {"seed": 2022, "scale": SCALE}
    assert rows["needs.need"] == Need.objects.count()


@pytest.mark.parametrize(
    "email", ["qiye@example.com", "gaoxiao@example.com", "guanli@example.com", "jingjiren@example.com"]
)
def test_the_printed_accounts_can_sign_in(email: str) -> None:
    user = User.objects.get(email=email)

    assert user.check_password("yanfa-2026")
    assert user.is_active
    assert user.email_confirmed_at is not None


def test_the_pages_of_seeded_rows_open_for_their_sides(client: Client) -> None:
    client.force_login(User.objects.get(email="qiye@example.com"))
    organisation = Organisation.objects.get(memberships__user__email="qiye@example.com")
    case = Engagement.objects.filter(proposal__need__organisation=organisation).first()
    assert case is not None
    addresses = [
        reverse("needs:detail", args=[case.proposal.need.public_id]),
        reverse("matching:proposal", args=[case.proposal.public_id]),
        reverse("engagements:detail", args=[case.public_id]),
        reverse("capabilities:detail", args=[case.proposal.capability.public_id]),
    ]

    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)


def test_city_figures_prints_the_year(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rebuild_figures", verbosity=0)
    call_command("city_figures", year=2022, json=True)

    told = json.loads(capsys.readouterr().out)
    planned = YEARS[1].at(SCALE)
    assert told["funnel"]["proposals"] == planned.recommendations
    assert told["funnel"]["centres"] == planned.centres
    assert {code: number for code, number in told["outcomes"].items() if number} == planned.outcomes
