"""The later life of a need: renewed, closed, reopened, engaged, solved, expired."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import NotAllowed, StateConflict
from apps.needs import signals
from apps.needs.lifecycle import NEED_LIFECYCLE
from apps.needs.models import Need, NeedState
from apps.needs.services import need_close, need_engage, need_expire, need_renew, need_reopen, need_solve
from apps.needs.tasks import expire

pytestmark = pytest.mark.django_db


def put(need: Need, **fields: Any) -> Need:
    Need.objects.filter(pk=need.pk).update(**fields)
    return Need.objects.get(pk=need.pk)


def close(need: Need, user: User) -> Need:
    return need_close(need=need, by=user)


def reopen(need: Need, user: User) -> Need:
    return need_reopen(need=need, by=user)


def renew(need: Need, user: User) -> Need:
    return need_renew(need=need, by=user)


def solve(need: Need, user: User) -> Need:
    return need_solve(need=need, by=user)


Act = Callable[[Need, User], Need]


@pytest.mark.parametrize("who", ["professor", "stranger", "broker", "reviewer"])
@pytest.mark.parametrize("act", [close, reopen, renew, solve])
def test_others_may_not_touch_a_need(published: Need, act: Act, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        act(published, request.getfixturevalue(who))


ALLOWED_FROM: dict[Act, set[str]] = {
    close: {"draft", "returned", "published", "engaged", "unmatched", "expired"},
    reopen: {"closed", "unmatched"},
    renew: {"published", "engaged", "expired"},
    solve: {"engaged"},
}


@pytest.mark.parametrize("state", NeedState.values)
@pytest.mark.parametrize("act", ALLOWED_FROM)
def test_an_action_starts_from_its_states_only(published: Need, sme_owner: User, act: Act, state: str) -> None:
    need = put(published, state=state)
    if state in ALLOWED_FROM[act]:
        assert act(need, sme_owner).state == Need.objects.get(pk=need.pk).state
    else:
        with pytest.raises(StateConflict):
            act(need, sme_owner)
        assert Need.objects.get(pk=need.pk).state == state


def test_the_table_of_moves_names_every_state() -> None:
    assert set(NEED_LIFECYCLE.moves) == set(NeedState)


def test_an_administrator_may_close_any_need(published: Need, administrator: User) -> None:
    assert need_close(need=published, by=administrator).state == NeedState.CLOSED


def test_closing_takes_a_need_off_the_board_and_says_so(published: Need, sme_owner: User, hearing: Any) -> None:
    with hearing(signals.need_withdrawn) as calls:
        need_close(need=published, by=sme_owner)
    assert Need.objects.open().count() == 0
    assert [call["need"] for call in calls] == [published]


def test_giving_up_a_draft_withdraws_nothing(draft: Need, sme_owner: User, hearing: Any) -> None:
    with hearing(signals.need_withdrawn) as calls:
        need_close(need=draft, by=sme_owner)
    assert calls == []


def test_renewing_adds_ninety_days_and_has_the_need_matched_again(
    published: Need, sme_owner: User, hearing: Any
) -> None:
    before = published.valid_until
    with hearing(signals.need_published) as calls:
        need_renew(need=published, by=sme_owner)
    stored = Need.objects.get(pk=published.pk)
    assert stored.valid_until == before + timedelta(days=90)
    assert [call["need"].version for call in calls] == [stored.version] == [2]


def test_a_need_past_its_day_is_renewed_from_today(published: Need, sme_owner: User) -> None:
    need = put(published, state=NeedState.EXPIRED, valid_until=clock.today() - timedelta(days=30))
    need_renew(need=need, by=sme_owner)
    stored = Need.objects.get(pk=need.pk)
    assert (stored.state, stored.valid_until) == (NeedState.PUBLISHED, clock.today() + timedelta(days=90))


def test_validity_never_reaches_beyond_a_year(published: Need, sme_owner: User) -> None:
    need = put(published, valid_until=clock.today() + timedelta(days=300))
    assert need_renew(need=need, by=sme_owner).valid_until == clock.today() + timedelta(days=365)
    version = need.version
    assert need_renew(need=need, by=sme_owner).version == version  # already as long as may be


def test_a_closed_need_that_was_on_the_board_returns_to_it(published: Need, sme_owner: User, hearing: Any) -> None:
    need = put(published, state=NeedState.CLOSED, valid_until=clock.today() - timedelta(days=1))
    with hearing(signals.need_published) as calls:
        need_reopen(need=need, by=sme_owner)
    stored = Need.objects.get(pk=need.pk)
    assert (stored.state, stored.is_open, len(calls)) == (NeedState.PUBLISHED, True, 1)


def test_a_closed_draft_becomes_a_draft_again(draft: Need, sme_owner: User) -> None:
    need = need_close(need=draft, by=sme_owner)
    assert need_reopen(need=need, by=sme_owner).state == NeedState.DRAFT


def test_engaging_twice_is_engaging_once(published: Need, professor: User) -> None:
    need_engage(need=published, by=professor)
    assert need_engage(need=published, by=professor).state == NeedState.ENGAGED


def test_a_need_expires_after_its_last_day_not_on_it(published: Need) -> None:
    need = put(published, valid_until=clock.today())
    with pytest.raises(StateConflict):
        need_expire(need=need)
    with clock.at(clock.now() + timedelta(days=1)):
        assert need_expire(need=need).state == NeedState.EXPIRED


def test_the_task_expires_what_is_due_once_and_leaves_work_in_progress_alone(published: Need, hearing: Any) -> None:
    past = clock.today() - timedelta(days=1)
    put(published, valid_until=past)
    engaged = put(Need.objects.create(organisation=published.organisation, title="在谈"), valid_until=past)
    engaged = put(engaged, state=NeedState.ENGAGED, published_at=clock.now())
    with hearing(signals.need_withdrawn) as calls:
        expire()
        expire()
    assert Need.objects.get(pk=published.pk).state == NeedState.EXPIRED
    assert Need.objects.get(pk=engaged.pk).state == NeedState.ENGAGED
    assert [call["need"] for call in calls] == [published]
