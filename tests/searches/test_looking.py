"""News of saved searches: told once, to who may see them now."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Membership, Organisation, OrganisationState, User
from apps.core import clock
from apps.matching.worker import CLOCKWORK
from apps.needs.models import Need, NeedState
from apps.needs.services import need_renew
from apps.notifications.models import Notification
from apps.notifications.services import notifications_prune
from apps.searches.models import Hit, SavedSearch
from apps.searches.services import look_for_news, search_pause, search_resume
from apps.searches.services.looking import MOST_TOLD
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_organisation, make_proposal
from tests.searches.conftest import Keep, told

pytestmark = pytest.mark.usefixtures("taxonomy")


def test_a_new_need_that_fits_is_told_once(keep: Keep, professor: User) -> None:
    keep(professor, name="轧辊涂层", q="轧辊")
    need = make_need()
    make_need(title="废水处理", goal="膜污染", background="出水不达标")
    assert look_for_news() == 1
    [row] = told(professor)
    assert row.text.title == f"“轧辊涂层”有新内容：{need.title}"
    assert row.target == f"/needs/{need.public_id}/"
    assert look_for_news() == 0
    assert len(told(professor)) == 1


def test_several_new_ones_in_one_look_are_one_message(keep: Keep, professor: User) -> None:
    search = keep(professor, q="轧辊")
    for _number in range(3):
        make_need()
    look_for_news()
    [row] = told(professor)
    assert "3 项" in row.text.title
    assert row.target == f"/searches/{search.public_id}/open/"
    search.refresh_from_db()
    assert search.found_count == Hit.objects.count() == 3


def test_what_was_on_the_list_is_no_news(keep: Keep, professor: User) -> None:
    with clock.at(clock.now() - timedelta(hours=2)):
        need = make_need(published_at=clock.now())
    keep(professor, q="轧辊")
    Need.objects.filter(pk=need.pk).update(updated_at=clock.now())
    assert look_for_news() == 0


def test_neither_renewal_nor_pruning_tells_again(
    keep: Keep, professor: User, sme_owner: User, enterprise: Organisation
) -> None:
    keep(professor, q="轧辊")
    need = make_need(organisation=enterprise)
    look_for_news()
    Notification.objects.update(read_at=clock.now() - timedelta(days=4000))
    assert notifications_prune() >= 1
    need_renew(need=need, by=sme_owner)
    assert look_for_news() == 0
    assert not told(professor)


def test_an_edit_that_makes_a_new_need_fit_is_news(keep: Keep, professor: User) -> None:
    keep(professor, q="激光清洗")
    need = make_need()
    assert look_for_news() == 0
    need.goal += "也可以用激光清洗。"
    need.save()
    assert look_for_news() == 1


def test_ones_own_organisations_rows_are_no_news(keep: Keep, sme_owner: User, enterprise: Organisation) -> None:
    keep(sme_owner, q="轧辊")
    make_need(organisation=enterprise)
    assert look_for_news() == 0


def test_what_somebody_may_not_see_now_is_not_told(
    keep: Keep, professor: User, stranger: User, broker: User, university: Organisation
) -> None:
    for person in (professor, stranger, broker):
        keep(person, q="轧辊")
    Organisation.objects.filter(pk=university.pk).update(state=OrganisationState.PENDING)
    make_need(disclosure="members")
    look_for_news()
    assert [len(told(person)) for person in (professor, stranger, broker)] == [0, 1, 1]
    make_need(disclosure="brokers")
    look_for_news()
    assert [len(told(person)) for person in (professor, stranger, broker)] == [0, 1, 2]


def test_what_is_disclosed_later_is_told_then(keep: Keep, professor: User) -> None:
    keep(professor, q="轧辊")
    need = make_need(disclosure="brokers")
    assert look_for_news() == 0
    need.disclosure = "public_anonymous"
    need.save()
    assert look_for_news() == 1


def test_an_anonymous_need_is_told_by_its_title_only(
    keep: Keep, professor: User, enterprise: Organisation, sme_owner: User
) -> None:
    keep(professor, q="轧辊")
    make_need(organisation=enterprise, contact=sme_owner, disclosure="public_anonymous")
    look_for_news()
    [row] = told(professor)
    said = f"{row.text} {row.parameters} {row.event_key} {row.url_args}"
    for secret in (enterprise.name, enterprise.short_name, sme_owner.name, sme_owner.email):
        assert secret not in said


def test_expired_and_withdrawn_needs_are_not_told(keep: Keep, professor: User) -> None:
    keep(professor, q="轧辊")
    make_need(valid_until=clock.today() - timedelta(days=1))
    make_need(state=NeedState.CLOSED, published_at=clock.now())
    assert look_for_news() == 0


def test_a_paused_search_is_quiet_and_takes_up_from_now(keep: Keep, professor: User) -> None:
    search = keep(professor, q="轧辊")
    search_pause(search=search, by=professor)
    make_need()
    assert look_for_news() == 0
    search_resume(search=search, by=professor)
    assert look_for_news() == 0
    make_need()
    assert look_for_news() == 1


def test_a_filter_that_became_invalid_is_told_once_and_works_again_with_its_term(keep: Keep, professor: User) -> None:
    chain = Term.objects.filter(vocabulary="industry_chain", is_active=True)[0]
    search = keep(professor, chain=chain.code)
    Term.objects.filter(pk=chain.pk).update(is_active=False)
    make_need(industry_chain=chain)
    look_for_news()
    look_for_news()
    assert [row.kind for row in told(professor)] == ["searches.invalid"]
    search.refresh_from_db()
    assert search.invalid_since is not None
    Term.objects.filter(pk=chain.pk).update(is_active=True)
    assert look_for_news() == 1
    search.refresh_from_db()
    assert search.invalid_since is None


def test_a_list_that_is_gone_harms_nobody_else(keep: Keep, professor: User, stranger: User) -> None:
    SavedSearch.objects.filter(pk=keep(professor, q="甲").pk).update(list_key="gone.list", digest="0" * 64)
    keep(stranger, q="轧辊")
    make_need()
    assert look_for_news() == 1
    assert [row.kind for row in told(professor)] == ["searches.invalid"]


def test_a_search_that_fails_harms_nobody_else(
    keep: Keep, professor: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(professor, q="轧辊")
    broken = keep(stranger, "capabilities.catalogue", q="轧辊")
    monkeypatch.setattr("apps.capabilities.saved_lists.narrowed", lambda *_arguments: 1 / 0)
    make_need()
    assert look_for_news() == 1
    before, turn = broken.looked_at, broken.tried_at
    broken.refresh_from_db()
    assert broken.looked_at == before
    assert broken.tried_at > turn  # it does not stay at the head of the queue


def test_an_account_that_was_closed_hears_nothing(keep: Keep, professor: User) -> None:
    keep(professor, q="轧辊")
    User.objects.filter(pk=professor.pk).update(is_active=False)
    make_need()
    assert look_for_news() == 0


def test_the_catalogue_is_watched(keep: Keep, sme_owner: User) -> None:
    keep(sme_owner, "capabilities.catalogue", kind="result", trl="7")
    make_capability(trl=5)
    capability = make_capability(title="冻干机在线检测")
    look_for_news()
    [row] = told(sme_owner)
    assert row.target == f"/capabilities/{capability.public_id}/"


def test_a_fitting_need_is_told_once_whatever_it_fits(keep: Keep, professor: User, university: Organisation) -> None:
    capabilities = [make_capability(organisation=university) for _number in range(2)]
    need_type = Term.objects.get(vocabulary="need_type", code="process_change")
    keep(professor, "matching.fitting", need_type=need_type.code)
    need = make_need(need_type=need_type)
    make_proposal(need=need, capability=capabilities[0])
    look_for_news()
    make_proposal(need=need, capability=capabilities[1])
    look_for_news()
    assert [row.target for row in told(professor)] == [f"/needs/{need.public_id}/"]


def test_fitting_needs_are_those_of_ones_own_organisation(
    keep: Keep, professor: User, university: Organisation
) -> None:
    capability = make_capability(organisation=university)
    search = keep(professor, "matching.fitting", capability=capability.public_id)
    Membership.objects.filter(user=professor).delete()
    make_proposal(capability=capability)
    look_for_news()
    assert [row.kind for row in told(professor)] == ["searches.invalid"]
    search.refresh_from_db()
    assert search.found_count == 0


def test_new_cases_are_watched(
    keep: Keep, sme_owner: User, stranger: User, enterprise: Organisation, university: Organisation
) -> None:
    for person in (sme_owner, stranger):
        keep(person, "engagements.cases", state="introduced")
    need, capability = make_need(organisation=enterprise), make_capability(organisation=university)
    engagement = make_engagement(
        proposal=make_proposal(need=need, capability=capability), opened_at=clock.now() - timedelta(minutes=5)
    )
    look_for_news()
    assert [row.target for row in told(sme_owner)] == [f"/engagements/{engagement.public_id}/"]
    assert not told(stranger)


def test_a_flood_is_told_by_its_number_and_known_afterwards(keep: Keep, professor: User) -> None:
    keep(professor, q="轧辊")
    organisation = make_organisation("青岛工厂有限公司")
    columns = {"organisation": organisation, "title": "轧辊", "state": "published", "published_at": clock.now()}
    Need.objects.bulk_create([Need(**columns) for _number in range(MOST_TOLD + 5)])
    look_for_news()
    [row] = told(professor)
    assert f"{MOST_TOLD + 5} 项" in row.text.title
    Need.objects.update(updated_at=clock.now())
    assert look_for_news() == 0


def test_equal_filters_are_asked_once_for_everybody(keep: Keep, university: Organisation) -> None:
    def queries(people: int) -> int:
        for _number in range(people):
            keep(User.objects.create_user(f"u{User.objects.count()}@city.example", name="某人"), q="轧辊", type="")
        with CaptureQueriesContext(connection) as captured:
            look_for_news()
        return len(captured)

    assert queries(1) == queries(9)


def test_each_run_is_bounded_and_the_next_goes_on(keep: Keep, professor: User) -> None:
    searches = [keep(professor, q=f"轧辊 {number}") for number in range(4)]
    look_for_news(most=3)
    looked = SavedSearch.objects.filter(looked_at__gt=searches[3].looked_at + timedelta(minutes=9))
    assert looked.count() == 3
    look_for_news(most=3)
    assert looked.count() == 4


def test_the_clockwork_looks() -> None:
    assert CLOCKWORK["searches.look"] <= 600
