"""`manage.py rematch`: the same from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.capabilities.models import Capability
from apps.matching.models import Rematch, RematchState
from apps.needs.models import Need
from tests.factories import make_need


def rematch(*words: str) -> str:
    out = StringIO()
    call_command("rematch", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_it_does_the_work_here_where_asked(need: Need, capability: Capability) -> None:
    make_need(title="轧辊耐磨涂层")
    told = rematch("--here")
    assert "全部在榜需求：已完成，已匹配 2/2" in told
    assert need.proposals.count() == 1


def test_it_is_started_paused_continued_and_given_up(need: Need, hints: list[str]) -> None:
    assert "进行中，已匹配 0/1" in rematch()
    row = Rematch.objects.get()
    assert "已暂停" in rematch("--pause", row.public_id)
    assert row.public_id in rematch("--list")
    assert "进行中" in rematch("--resume", row.public_id)
    assert "已取消" in rematch("--cancel", row.public_id)
    assert rematch("--list") == ""


def test_what_was_paused_is_finished_here(need: Need, capability: Capability) -> None:
    rematch()
    row = Rematch.objects.get()
    rematch("--pause", row.public_id)
    assert "已完成，已匹配 1/1" in rematch("--resume", row.public_id, "--here")


def test_waiting_for_what_is_over_ends_at_once(need: Need) -> None:
    rematch()
    row = Rematch.objects.get()
    assert "已取消" in rematch("--cancel", row.public_id, "--wait")
    assert row.state == RematchState.RUNNING  # as it was read


@pytest.mark.parametrize(
    "words",
    [
        ["--scope", "chain"],
        ["--scope", "chain", "--chain", "nosuch"],
        ["--chain", "chain_equipment"],
        ["--scope", "since", "--district", "laoshan"],
        ["--resume", "nosuchrematc"],
    ],
)
def test_what_makes_no_sense_is_refused(taxonomy: None, words: list[str]) -> None:
    with pytest.raises(CommandError):
        rematch(*words)
    assert not Rematch.objects.exists()


def test_the_same_twice_is_refused_in_words(need: Need) -> None:
    rematch()
    with pytest.raises(CommandError, match="这个范围已有一项重新匹配"):
        rematch()


def test_parts_of_the_city_have_their_own_words(need: Need) -> None:
    chain = need.industry_chain
    assert chain is not None
    assert f"产业链“{chain.name}”的在榜需求：进行中，已匹配 0/1" in rematch("--scope", "chain", "--chain", chain.code)
    assert "2030-01-01 以来发布的需求：进行中，已匹配 0/0" in rematch("--scope", "since", "--since", "2030-01-01")
