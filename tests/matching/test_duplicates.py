"""Near-duplicates: who belongs together, what happens when one leaves, and one place for all of them."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.matching.duplicates import fold
from apps.matching.fingerprints import catch_up, refresh
from apps.matching.models import Fingerprint, MatchRequest
from apps.needs.models import Need
from apps.needs.services import need_close
from tests.factories import make_capability, make_need

pytestmark = pytest.mark.django_db

type Match = Callable[..., MatchRequest]

ROLL = "在旧轧辊表面熔覆铁基合金粉末，涂层与基体冶金结合，硬度 58 HRC。"
DUST = "纤维针刺成毡，耐温 260 ℃，用于水泥窑尾的布袋除尘，寿命四年以上。"
PUMP = "叶轮改为后掠叶型，气蚀余量下降，输送含砂海水时寿命延长一倍。"
# Five in a row resemble their neighbour by two thirds (4 of 6), the one after it by three sevenths: too little.
PIECES = (
    "熔覆铁基合金粉末，",
    "涂层与基体冶金结合，",
    "硬度五十八度不开裂，",
    "磨削留量只有半毫米，",
    "三家带钢厂上机试过，",
    "交货期五天连夜可修，",
    "比新辊便宜六成左右，",
)


def make(title: str, description: str, **fields: Any) -> Capability:
    return make_capability(title=title, value="", description=description, details={}, **fields)


@pytest.fixture
def offers(taxonomy: None, university: Organisation) -> list[Capability]:
    """A listing, the same listing again, and another one."""
    return [
        make("轧辊激光熔覆耐磨涂层", ROLL, organisation=university),
        make("轧辊的激光熔覆耐磨涂层技术", ROLL + "欢迎企业来人来样。", organisation=university),
        make("水泥窑尾除尘滤袋", DUST, organisation=university),
    ]


def compare(rows: list[Capability]) -> list[str | None]:
    refresh(Capability, [row.pk for row in rows])
    return [Fingerprint.objects.get(capability=row).group for row in rows]


def test_a_result_listed_twice_is_one_group(offers: list[Capability]) -> None:
    first, second, third = compare(offers)
    assert first == second is not None
    assert third is None


def test_the_order_in_which_rows_are_compared_does_not_matter(offers: list[Capability]) -> None:
    for row in reversed(offers):
        refresh(Capability, [row.pk])
    first, second, third = (row.fingerprint.group for row in Capability.objects.order_by("pk"))
    assert first == second is not None
    assert third is None


def test_a_need_and_a_capability_of_the_same_words_are_no_duplicates(offers: list[Capability]) -> None:
    need = make_need(title=offers[0].title, goal=offers[0].description, background="")
    refresh(Need, [need.pk])
    compare(offers[:1])
    assert need.fingerprint.group is None


def test_comparing_again_writes_nothing(offers: list[Capability]) -> None:
    compare(offers)
    with CaptureQueriesContext(connection) as queries:
        assert refresh(Capability, [row.pk for row in offers]) == 0
    assert not [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]


def test_a_row_that_says_something_else_now_leaves_its_group(offers: list[Capability]) -> None:
    compare(offers)
    changed = offers[1]
    Capability.objects.filter(pk=changed.pk).update(title="海水泵叶轮", description=PUMP, version=changed.version + 1)
    assert compare(offers) == [None, None, None]


def test_those_alike_only_through_one_that_left_the_board_part(taxonomy: None, university: Organisation) -> None:
    rows = [make("旧轧辊", "".join(PIECES[n : n + 5]), organisation=university) for n in (0, 1, 2)]
    groups = compare(rows)
    assert len(set(groups)) == 1
    assert groups[0] is not None
    Capability.objects.filter(pk=rows[1].pk).update(state="archived")
    assert catch_up(100) == 1
    assert [row.fingerprint.group for row in Capability.objects.open()] == [None, None]
    assert not Fingerprint.objects.filter(capability=rows[1]).exists()


def test_two_groups_become_one_when_a_row_joins_them(taxonomy: None, university: Organisation) -> None:
    rows = [make("旧轧辊", "".join(PIECES[n : n + 5]), organisation=university) for n in (0, 0, 2, 2)]
    apart = compare(rows)
    assert apart[0] == apart[1] != apart[2] == apart[3]
    joining = make("旧轧辊", "".join(PIECES[1:6]), organisation=university)
    assert len(set(compare([*rows, joining]))) == 1


def test_a_row_whose_days_ran_out_is_noticed(offers: list[Capability]) -> None:
    compare(offers)
    Capability.objects.filter(pk=offers[0].pk).update(valid_until=clock.today() - timedelta(days=1))
    catch_up(100)
    assert set(Fingerprint.objects.values_list("capability", "group")) == {(offers[1].pk, None), (offers[2].pk, None)}


def test_rows_that_no_match_has_compared_are_taken_in(offers: list[Capability]) -> None:
    make_need()
    assert catch_up(2) == 3
    assert catch_up(2) == 1
    assert catch_up(2) == 0
    assert Fingerprint.objects.exclude(group=None).count() == 2


def test_a_match_compares_its_row(need: Need, sme_owner: User, match: Match) -> None:
    twin = make_need(organisation=need.organisation)
    match(need=need)
    match(need=twin)
    assert need.fingerprint.group == twin.fingerprint.group is not None
    need_close(need=need, by=sme_owner)
    catch_up(100)
    assert Fingerprint.objects.get(need=twin).group is None


def test_of_a_group_the_best_has_the_place_and_the_others_stand_behind_it(offers: list[Capability]) -> None:
    compare(offers)
    first, twin, other = (row.pk for row in offers)
    folded = fold([twin, other, first], Capability, lambda pk: pk)
    assert (folded.places, folded.followers) == ([twin, other], [first])


def test_what_has_no_place_has_no_followers(offers: list[Capability]) -> None:
    compare(offers)
    first, twin, other = (row.pk for row in offers)
    folded = fold([other, first, twin], Capability, lambda pk: pk, depth=1)
    assert (folded.places, folded.followers) == ([other], [])


def test_a_need_posted_again_takes_no_second_place_in_a_supplier_s_list(
    capability: Capability, enterprise: Organisation, match: Match, settings: LazySettings
) -> None:
    settings.MATCHING_NEEDS_PER_CAPABILITY = 2
    twins = [make_need(organisation=enterprise) for _ in range(3)]
    other = make_need(
        organisation=enterprise,
        title="模具型腔激光熔覆修复",
        background="压铸模具型腔开裂，换一副要两个月。",
        goal="想用激光熔覆修补模具型腔，修后还能压铸五万模次以上。",
    )
    refresh(Need, [need.pk for need in (*twins, other)])
    match(capability=capability)
    assert set(capability.proposals.values_list("need_id", flat=True)) == {*(twin.pk for twin in twins), other.pk}


def test_find_duplicates_compares_all_and_lists_the_groups(offers: list[Capability]) -> None:
    told = StringIO()
    call_command("find_duplicates", "--list", "5", stdout=told, stderr=StringIO())
    assert "资源：1 组内容相近，共 2 条。" in told.getvalue()
    assert f"{offers[0].public_id}  轧辊激光熔覆耐磨涂层" in told.getvalue()
    before = list(Fingerprint.objects.values_list("pk", flat=True))
    call_command("find_duplicates", stdout=told, stderr=StringIO())
    assert list(Fingerprint.objects.values_list("pk", flat=True)) == before
    call_command("find_duplicates", "--again", stdout=told, stderr=StringIO())
    assert Fingerprint.objects.exclude(group=None).count() == 2
