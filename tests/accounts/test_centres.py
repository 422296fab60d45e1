"""Cloud R&D centres: opening one, keeping it up to date, and the city's list."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import CloudCentre, Organisation, OrganisationState, User
from apps.accounts.services import cloud_centre_change, cloud_centre_open
from apps.core import clock
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.taxonomy.models import Term
from tests.factories import make_organisation

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("taxonomy")


def chain(number: int = 0) -> Term:
    return Term.objects.filter(vocabulary="industry_chain", is_active=True)[number]


def values(**fields: Any) -> dict[str, Any]:
    return {"industry_chain": chain(), "products": "离心泵、潜水泵", "research_staff": 8} | fields


@pytest.fixture
def centre(enterprise: Organisation, sme_owner: User) -> CloudCentre:
    return cloud_centre_open(organisation=enterprise, by=sme_owner, values=values())


def make_centre(name: str, **fields: Any) -> CloudCentre:
    columns = {"industry_chain": chain(), "products": "阀门", "opened_at": clock.now()}
    return CloudCentre.objects.create(organisation=make_organisation(name), **columns | fields)


def test_an_owner_opens_the_centre_on_one_page(client_of: ClientOf, sme_owner: User, enterprise: Organisation) -> None:
    client = client_of(sme_owner)
    assert "一分钟开通" in client.get("/accounts/centre/").content.decode()
    client.post("/accounts/centre/", {"industry_chain": chain().pk, "products": "离心泵", "equipment": ""})
    centre = CloudCentre.objects.get(organisation=enterprise)
    assert centre.opened_by == sme_owner
    assert AuditEntry.objects.filter(action="centre.opened", actor=sme_owner).exists()
    assert "离心泵" in client.get("/accounts/organisation/").content.decode()


def test_what_is_missing_is_said_beside_the_field(client_of: ClientOf, sme_owner: User) -> None:
    answer = client_of(sme_owner).post("/accounts/centre/", {"equipment": "车床"})
    assert {"industry_chain", "products"} <= answer.context["form"].errors.keys()
    assert not CloudCentre.objects.exists()


def test_there_is_one_centre_for_each_enterprise(
    centre: CloudCentre, enterprise: Organisation, sme_owner: User
) -> None:
    with pytest.raises(StateConflict, match="已经开通"):
        cloud_centre_open(organisation=enterprise, by=sme_owner, values=values())


def test_an_enterprise_that_waits_for_verification_may_open_one(enterprise: Organisation, sme_owner: User) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(state=OrganisationState.PENDING)
    assert cloud_centre_open(organisation=enterprise, by=sme_owner, values=values()).pk


def test_a_refused_one_may_not(enterprise: Organisation, sme_owner: User, client_of: ClientOf) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(state=OrganisationState.REJECTED)
    with pytest.raises(NotAllowed, match="未通过"):
        cloud_centre_open(organisation=enterprise, by=sme_owner, values=values())
    assert "未通过" in client_of(sme_owner).get("/accounts/centre/").content.decode()


def test_only_its_owners_open_and_change_it(
    enterprise: Organisation, sme_owner: User, colleague: User, stranger: User, administrator: User, broker: User
) -> None:
    others = (colleague, stranger, administrator, broker)
    for person in others:
        with pytest.raises(NotAllowed):
            cloud_centre_open(organisation=enterprise, by=person, values=values())
    centre = cloud_centre_open(organisation=enterprise, by=sme_owner, values=values())
    for person in others:
        with pytest.raises(NotAllowed):
            cloud_centre_change(centre=centre, by=person, values=values(products="x"), seen=1)


def test_a_university_has_none(professor: User, university: Organisation, client_of: ClientOf) -> None:
    assert client_of(professor).get("/accounts/centre/").status_code == 404
    with pytest.raises(NotAllowed, match="企业"):
        cloud_centre_open(organisation=university, by=professor, values=values())


def test_a_change_on_top_of_a_colleagues_is_refused(centre: CloudCentre, sme_owner: User, client_of: ClientOf) -> None:
    cloud_centre_change(centre=centre, by=sme_owner, values=values(products="磁力泵"), seen=1)
    with pytest.raises(StateConflict):
        cloud_centre_change(centre=centre, by=sme_owner, values=values(products="齿轮泵"), seen=1)
    form = {"industry_chain": chain().pk, "products": "齿轮泵", "seen": 1}
    page = client_of(sme_owner).post("/accounts/centre/", form).content.decode()
    centre.refresh_from_db()
    assert centre.products == "磁力泵"
    assert "保存过同一份内容" in page
    assert 'value="齿轮泵"' in page
    assert 'name="seen" value="2"' in page


def test_a_change_without_content_changes_nothing(centre: CloudCentre, sme_owner: User) -> None:
    assert cloud_centre_change(centre=centre, by=sme_owner, values=values(), seen=1).revision == 1
    with pytest.raises(ValidationError):
        cloud_centre_change(centre=centre, by=sme_owner, values=values(products=""), seen=1)


def test_a_colleague_reads_it(centre: CloudCentre, colleague: User, client_of: ClientOf) -> None:
    page = client_of(colleague).get("/accounts/centre/").content.decode()
    assert "潜水泵" in page
    assert '<button class="btn btn-primary btn-lg"' not in page


def test_the_city_sees_the_centres_of_verified_enterprises_only(centre: CloudCentre, enterprise: Organisation) -> None:
    make_centre("青岛待核验阀门有限公司")
    Organisation.objects.filter(name="青岛待核验阀门有限公司").update(state=OrganisationState.PENDING)
    page = Client().get("/accounts/centres/").content.decode()
    assert enterprise.name in page
    assert "待核验阀门" not in page
    assert "潜水泵" in Client().get(f"/accounts/organisations/{enterprise.public_id}/").content.decode()


def test_the_list_is_narrowed_by_chain_district_and_words(centre: CloudCentre, enterprise: Organisation) -> None:
    district = Term.objects.get(vocabulary="district", code="shinan")
    other = make_centre("青岛石岭阀门有限公司", industry_chain=chain(5))
    Organisation.objects.filter(pk=other.organisation_id).update(district=district)

    def found(**query: str) -> set[str]:
        return {row.organisation.name for row in Client().get("/accounts/centres/", query).context["page"]}

    assert found() == {enterprise.name, other.organisation.name}
    assert found(chain=chain(5).code) == {other.organisation.name}
    assert found(district="shinan") == {other.organisation.name}
    assert found(q="潜水泵") == {enterprise.name}
    assert found(chain="no-such", q="\x00") == {enterprise.name, other.organisation.name}


def test_each_filter_offers_its_own_vocabulary(centre: CloudCentre) -> None:
    page = Client().get("/accounts/centres/").content.decode()
    assert page.count("<option") == 2 + Term.objects.filter(vocabulary__in=("industry_chain", "district")).count()


def test_a_longer_list_costs_no_more_queries(centre: CloudCentre) -> None:
    counts = []
    for names in (("甲",), ("乙", "丙", "丁")):
        for name in names:
            make_centre(f"青岛{name}阀门有限公司")
        with CaptureQueriesContext(connection) as queries:
            Client().get("/accounts/centres/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_home_page_asks_owners_of_an_enterprise_to_open_one(
    sme_owner: User, colleague: User, professor: User, client_of: ClientOf, enterprise: Organisation
) -> None:
    assert "开通云上研发中心" in client_of(sme_owner).get("/").content.decode()
    for person in (colleague, professor):
        assert "开通云上研发中心" not in client_of(person).get("/").content.decode()
    cloud_centre_open(organisation=enterprise, by=sme_owner, values=values())
    assert "开通云上研发中心" not in client_of(sme_owner).get("/").content.decode()
