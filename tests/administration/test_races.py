"""Two people at the same moment in the office: real threads, real transactions, on either database."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from apps.accounts.administrators import can_spare
from apps.accounts.models import Organisation, PlatformRole, User
from apps.accounts.permissions import can_deactivate
from apps.accounts.selectors import is_administrator
from apps.accounts.services import user_deactivate, user_reactivate
from apps.administration.models import ErasureRequest
from apps.administration.services.erasure import erasure_ask, erasure_cancel, erasure_carry_out, person_erase
from apps.administration.services.mentions import mention_replace
from apps.administration.services.merging import can_merge, merged_terms_settle, term_merge, usage_of
from apps.administration.services.people import Duty, person_set_duty, state_of
from apps.core import clock
from apps.core.city_settings import city_setting_change, city_value, seen_value
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.matching.documents import engine_segmenter, engine_taxonomy
from apps.needs.models import Need, NeedState
from apps.needs.services import need_draft_save
from apps.taxonomy.models import Term
from apps.taxonomy.services import term_set_active
from tests.factories import make_need
from tests.matching.conftest import load_few_terms
from tests.matching.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def taxonomy(transactional_db: None) -> Iterator[None]:
    if not Term.objects.exists():
        load_few_terms()
    for code in ("x_old", "x_new"):
        Term.objects.get_or_create(vocabulary="tag", code=code, defaults={"name": f"词{code}"})
    yield
    engine_taxonomy.cache_clear()
    engine_segmenter.cache_clear()


def refused(results: list[object]) -> int:
    return sum(isinstance(result, Exception) for result in results)


def slowly(check: Callable[..., Any]) -> Callable[..., Any]:
    """The check, and then a pause in which the other may come in between, where nothing keeps them apart."""

    def checked(*args: Any, **kwargs: Any) -> Any:
        answer = check(*args, **kwargs)
        time.sleep(0.5)
        return answer

    return checked


@pytest.mark.parametrize("attempt", range(3))
def test_a_need_saved_with_the_old_term_during_the_merge_ends_with_the_new_one(
    attempt: int, administrator: User, sme_owner: User, enterprise: Organisation
) -> None:
    old, new = (Term.objects.get(code=code) for code in ("x_old", "x_new"))
    need = make_need(organisation=enterprise, state=NeedState.DRAFT, tags=[])
    stale = Need.objects.get(pk=need.pk)
    results = at_once(
        lambda: term_merge(term=old, into=new, by=administrator, typed=old.name),
        lambda: need_draft_save(by=sme_owner, need=stale, values={"tags": [old]}),
    )
    assert refused(results) == 0
    merged_terms_settle()
    assert usage_of(old) == []
    assert list(need.tags.all()) == [new]


def test_of_two_merges_crosswise_one_happens(administrator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.administration.services.merging.can_merge", slowly(can_merge))
    old, new = (Term.objects.get(code=code) for code in ("x_old", "x_new"))
    results = at_once(
        lambda: term_merge(term=old, into=new, by=administrator, typed=old.name),
        lambda: term_merge(term=new, into=old, by=administrator, typed=new.name),
    )
    assert [type(result) for result in results if isinstance(result, Exception)] == [StateConflict]  # and no deadlock
    assert Term.objects.filter(code__in=("x_old", "x_new"), is_active=True).count() == 1


def test_two_administrators_who_take_each_others_role_leave_one(
    administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.administration.services.people.can_spare", slowly(can_spare))
    other = User.objects.create_user(
        "second@city.example", name="副管", platform_role=PlatformRole.ADMINISTRATOR, covers_city=True
    )
    seen = {person.pk: state_of(person) for person in (administrator, other)}

    def take(person: User, by: User) -> None:
        row = User.objects.get(pk=by.pk)
        person_set_duty(person=person, by=row, duty=Duty(""), reason="", seen=seen[person.pk])

    results = at_once(lambda: take(other, administrator), lambda: take(administrator, other))
    assert [type(result) for result in results if isinstance(result, Exception)] == [NotAllowed]  # and no deadlock
    assert sum(person.is_administrator for person in User.objects.all()) == 1


def test_two_last_administrators_who_leave_at_once_leave_one(
    administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.accounts.services.people.can_deactivate", slowly(can_deactivate))
    other = User.objects.create_user(
        "second@city.example", name="副管", platform_role=PlatformRole.ADMINISTRATOR, covers_city=True
    )
    results = at_once(
        lambda: user_deactivate(user=administrator, by=administrator),
        lambda: user_deactivate(user=other, by=other),
    )
    assert refused(results) == 1
    assert sum(person.is_administrator for person in User.objects.all()) == 1


def test_a_request_taken_back_while_it_is_carried_out_ends_one_way(administrator: User, sme_owner: User) -> None:
    request = erasure_ask(person=sme_owner)
    ErasureRequest.objects.update(due_at=clock.now())
    request = ErasureRequest.objects.select_related("person").get()
    email = sme_owner.email
    results = at_once(
        lambda: erasure_carry_out(request=request, by=administrator, typed=email),
        lambda: erasure_cancel(request=ErasureRequest.objects.get(), by=sme_owner),
    )
    assert refused(results) == 1
    request.refresh_from_db()
    erased = AuditEntry.objects.filter(action="user.erased").exists()
    assert (request.state == "done") == erased
    assert User.objects.filter(email=email).exists() == (not erased)


@pytest.mark.parametrize("attempt", range(3))
def test_a_rule_changed_by_two_for_the_first_time_has_both_in_its_history(attempt: int, administrator: User) -> None:
    change = partial(city_setting_change, key="retention.drafts", by=administrator)
    assert refused(at_once(lambda: change(value=200), lambda: change(value=300))) == 0
    first, second = AuditEntry.objects.filter(action="setting.changed").order_by("id")
    assert first.changes["before"] == 365
    assert second.changes["before"] == first.changes["after"]
    assert city_value("retention.drafts") == second.changes["after"]


def test_of_two_who_saw_the_same_value_one_is_told(administrator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    change = partial(city_setting_change, key="retention.drafts", by=administrator, seen=seen_value(365))
    city_setting_change(key="retention.drafts", value=200, by=administrator)
    city_setting_change(key="retention.drafts", value=365, by=administrator)  # the row is there
    monkeypatch.setattr("apps.core.city_settings.seen_value", slowly(seen_value))
    assert refused(at_once(lambda: change(value=200), lambda: change(value=300))) == 1
    assert AuditEntry.objects.filter(action="setting.changed").count() == 3


@pytest.mark.parametrize("attempt", range(3))
def test_a_term_that_is_merged_while_it_is_brought_back_stays_retired(attempt: int, administrator: User) -> None:
    old, new = (Term.objects.get(code=code) for code in ("x_old", "x_new"))
    term_set_active(term=old, by=administrator, is_active=False)
    at_once(
        lambda: term_merge(term=old, into=new, by=administrator, typed=old.name),
        lambda: term_set_active(term=Term.objects.get(pk=old.pk), by=administrator, is_active=True),
    )
    old.refresh_from_db()
    assert (old.merged_into, old.is_active) == (new, False)


@pytest.mark.parametrize("attempt", range(3))
def test_an_account_opened_again_while_it_is_forgotten_is_not_alive(
    attempt: int, administrator: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.accounts.services.people.is_administrator", slowly(is_administrator))
    User.objects.filter(pk=stranger.pk).update(is_active=False)
    row = User.objects.get(pk=stranger.pk)
    at_once(
        lambda: person_erase(person=row, by=administrator),
        lambda: user_reactivate(user=User.objects.get(pk=stranger.pk), by=administrator),
    )
    left = User.objects.get(pk=stranger.pk)
    assert left.is_erased
    assert not left.is_active


def test_a_name_replaced_while_the_request_is_carried_out_leaves_no_half(
    administrator: User, stranger: User, enterprise: Organisation
) -> None:
    need = make_need(organisation=enterprise, goal="请联系石强确认轧辊寿命的测试方法和样件。")
    erasure_ask(person=stranger)
    ErasureRequest.objects.update(due_at=clock.now())
    request = ErasureRequest.objects.select_related("person").get()
    results = at_once(
        lambda: erasure_carry_out(request=request, by=administrator, typed=stranger.email),
        lambda: mention_replace(request=request, place="needs.need.goal", key=str(need.pk), by=administrator),
    )
    need.refresh_from_db()
    assert "石强" in need.goal if refused(results) else "已注销用户" in need.goal
    assert User.objects.get(pk=stranger.pk).is_erased
