"""An official of one district walks every list, page and file: no row of another district is among them.

What is on the public boards is everybody's; so the rows here are those that only the platform's people may see.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import OrganisationKind, OrganisationState, PlatformRole, User
from apps.capabilities.models import CapabilityState
from apps.core import clock
from apps.core.models import AccessEntry
from apps.core.tables.exported import registered_lists
from apps.engagements.desk.referrals import referral_open
from apps.engagements.models import Outcome, OutcomeState, ReferralKind
from apps.followups.models import Questionnaire, Story
from apps.imports.models import Import, ImportKind
from apps.needs.models import AttachmentVisibility, NeedState
from apps.stats.lists import LISTS
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_organisation, make_proposal

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
HERE, ELSEWHERE = "此地甲标", "他乡乙标"
LEFT_OUT = ("admin:", "accounts:sign_out", "set_language", "javascript-catalog", "healthz", "readyz")


def addresses(patterns: Any, before: str = "") -> Iterator[str]:
    """Every address that takes no argument."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, f"{before}{pattern.namespace}:" if pattern.namespace else before)
        elif pattern.name and not f"{before}{pattern.name}".startswith(LEFT_OUT):
            try:
                yield reverse(f"{before}{pattern.name}")
            except NoReverseMatch:
                continue


def everywhere() -> list[str]:
    lists = [reverse("exports:list", args=[key, "csv"]) for key in registered_lists()]
    behind = [reverse("stats:list", args=[key]) for key in LISTS]
    behind += [reverse("stats:list_export", args=[key, "csv"]) for key in LISTS]
    return sorted({*addresses(get_resolver().url_patterns), *lists, *behind})


def life_in(district: Term, mark: str, somebody: User) -> dict[str, str]:
    """Something of everything in one district, each with the mark in what its rows show; and its own pages."""
    firm = make_organisation(
        f"青岛{mark}机械有限公司", state=OrganisationState.PENDING, verified_at=None, district=district
    )
    known = make_organisation(f"青岛{district.code}厂", district=district)
    school = make_organisation(f"{district.code}学院", OrganisationKind.UNIVERSITY, district=district)
    waiting = make_need(
        organisation=known, title=f"{mark}待审需求", state=NeedState.SUBMITTED, submitted_at=clock.now()
    )
    closed = make_need(organisation=known, title=f"{mark}需求", disclosure=Disclosure.BROKERS)
    make_capability(
        organisation=school, title=f"{mark}待审成果", state=CapabilityState.SUBMITTED, submitted_at=clock.now()
    )
    resource = make_capability(organisation=school, title=f"{mark}成果", disclosure=Disclosure.BROKERS)
    case = make_engagement(proposal=make_proposal(need=closed, capability=resource))
    outcome = Outcome.objects.create(
        engagement=case,
        outcome_type=Term.objects.get(vocabulary="outcome_type", code="process_change"),
        state=OutcomeState.REPORTED,
        description=f"{mark}上线",
        occurred_on=clock.today(),
        reported_by=somebody,
        reported_side="need",
        reported_at=clock.now(),
    )
    story = Story.objects.create(outcome=outcome, title=f"{mark}案例", drafted_by=somebody)
    day = {"due_on": clock.today(), "opened_at": clock.now(), "closes_at": clock.now() + timedelta(days=9)}
    asked = Questionnaire.objects.create(engagement=case, side="need", months=3, **day)
    referral_open(kind=ReferralKind.NEED_WITHOUT_REPLY, need=closed)
    job = Import.objects.create(
        organisation=school, started_by=somebody, kind=ImportKind.RESULT, file_name=f"{mark}.xlsx", size_bytes=1
    )
    return {
        "need": reverse("needs:detail", args=[waiting.public_id]),
        "hidden need": reverse("needs:detail", args=[closed.public_id]),
        "capability": reverse("capabilities:detail", args=[resource.public_id]),
        "case": reverse("engagements:detail", args=[case.public_id]),
        "case in the API": reverse("api:engagement-detail", args=[case.public_id]),
        "story": reverse("stories:detail", args=[story.public_id]),
        "story in the API": reverse("api:story-detail", args=[story.public_id]),
        "questionnaire in the API": reverse("api:questionnaire-detail", args=[asked.public_id]),
        "import": reverse("imports:detail", args=[job.public_id]),
        "organisation": reverse("accounts:organisation_public", args=[firm.public_id]),
    }


@pytest.fixture
def districts(taxonomy: None) -> list[Term]:
    return list(Term.objects.filter(vocabulary="district", is_active=True)[:2])


@pytest.fixture(params=[PlatformRole.REVIEWER, PlatformRole.BROKER])
def official(request: pytest.FixtureRequest, districts: list[Term]) -> User:
    person = User.objects.create_user(
        "local@city.example", name="区里人", platform_role=request.param, email_confirmed_at=clock.now()
    )
    person.districts.add(districts[0])
    return person


def test_no_list_shows_a_row_of_another_district(
    official: User, districts: list[Term], stranger: User, client_of: ClientOf
) -> None:
    life_in(districts[0], HERE, stranger)
    there = life_in(districts[1], ELSEWHERE, stranger)
    client = client_of(official)
    mine, others, opened = [], [], 0
    for url in everywhere():
        answer: Any = client.get(url)
        assert answer.status_code < 500, url
        if answer.status_code != 200:
            continue
        opened += 1
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said = body.decode(errors="ignore")
        mine += [url] if HERE in said else []
        others += [url] if ELSEWHERE in said else []
    assert not others, others
    assert opened > 60
    for lists in ("/engagements/", "/desk/", "/api/v1/engagements/", "/api/v1/referrals/"):
        assert lists in mine
    assert {name: client.get(url).status_code for name, url in there.items()} == dict.fromkeys(there, 404)
    asked = there["questionnaire in the API"].rsplit("/", 2)[1]
    assert asked not in client.get(reverse("api:questionnaire-list")).content.decode()


@pytest.mark.parametrize("official", [PlatformRole.REVIEWER], indirect=True)
def test_beyond_their_districts_officials_read_what_everybody_reads(
    official: User, districts: list[Term], reviewer: User, client_of: ClientOf
) -> None:
    """No owner of an anonymous row, no contact, no exact budget, no private file; in their own district all of them."""
    said: dict[str, str] = {}
    for mark, district in zip((HERE, ELSEWHERE), districts[:2], strict=True):
        firm = make_organisation(f"{mark}厂", district=district)
        contact = User.objects.create_user(f"{district.code}@firm.example", name=f"{mark}联系人")
        columns: dict[str, Any] = {"organisation": firm, "contact": contact, "disclosure": Disclosure.PUBLIC_ANONYMOUS}
        need = make_need(budget_wan="7654.32", **columns)
        need.attachments.create(
            name=f"{mark}图纸.pdf", visibility=AttachmentVisibility.PRIVATE, size_bytes=1, uploaded_by=contact
        )
        make_capability(**columns)
        said[mark] = reverse("needs:detail", args=[need.public_id])
    lists = ("/needs/", "/capabilities/", "/stats/more/open-capabilities/", "/stats/more/open-capabilities/export.csv")
    for person, is_told in ((official, False), (reviewer, True)):
        client = client_of(person)
        assert "7,654.32 万元" in client.get(said[HERE]).content.decode()
        pages = [b"".join(client.get(url)).decode() for url in (*lists, said[ELSEWHERE])]
        assert [f"{ELSEWHERE}厂" in page for page in pages] == [is_told] * 5
        assert [f"{HERE}厂" in page for page in pages[:4]] == [True] * 4
        told = [secret in pages[-1] for secret in ("7,654.32 万元", f"{ELSEWHERE}联系人", f"{ELSEWHERE}图纸.pdf")]
        assert told == [is_told] * 3
    assert AccessEntry.objects.filter(action="owner.seen", actor=official).count() == 1


def test_the_whole_city_sees_both(reviewer: User, districts: list[Term], stranger: User, client_of: ClientOf) -> None:
    """What the walk would find if regions did not count."""
    life_in(districts[1], ELSEWHERE, stranger)
    client = client_of(reviewer)
    for url in ("/engagements/", "/desk/", "/api/v1/engagements/"):
        assert ELSEWHERE in client.get(url).content.decode(), url
