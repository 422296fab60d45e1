"""`explain_match`: what a pair comes to, and whether what was proposed still holds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from apps.capabilities.models import Capability
from apps.engine.matcher import ENGINE_VERSION
from apps.matching.models import MatchRequest, Proposal
from apps.needs.models import Need
from tests.imports.command_runs import run

Match = Callable[..., MatchRequest]


def explained(need: Need, capability: Capability) -> dict[str, Any]:
    done = run("explain_match", need.public_id, capability.public_id, "--json")
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_it_prints_what_a_broker_would_ask_for(need: Need, capability: Capability) -> None:
    done = run("explain_match", need.public_id, capability.public_id)
    assert done.code == 0
    for part in (
        "匹配度：",
        "对需求方说：",
        "对供给方说：",
        "得分构成",
        "合计",
        "指标比对",
        "双方都涉及：",
        ENGINE_VERSION,
    ):
        assert part in done.out
    assert "平台没有推荐过这一对" in done.out


def test_the_points_it_prints_add_up_to_the_score_it_prints(need: Need, capability: Capability) -> None:
    lines = run("explain_match", need.public_id, capability.public_id).out.splitlines()
    table = lines[lines.index("得分构成") + 2 : lines.index("", lines.index("得分构成"))]
    *parts, total = [line.split()[-1] for line in table]
    points = [float(part) for part in parts if part != "未参与"]
    assert round(sum(points), 2) == float(total)
    assert f"匹配度：{total} 分" in lines[2]


def test_as_json_it_says_the_same(need: Need, capability: Capability) -> None:
    told = explained(need, capability)
    text = run("explain_match", need.public_id, capability.public_id).out
    assert told["for_need"] in text
    assert told["for_capability"] in text
    assert sum(part["points"] for part in told["parts"]) == pytest.approx(told["score"], abs=1e-4)
    assert told["need"] == {"id": need.public_id, "title": need.title}
    assert told["proposal"] is None


def test_a_proposal_that_still_holds_is_said_to_hold(need: Need, capability: Capability, match: Match) -> None:
    match(need=need)
    stored = Proposal.objects.get()
    told = explained(need, capability)
    assert told["score"] == stored.score
    assert told["ranker"] == told["proposal"]["ranker"] == str(stored.ranker) == "r0"
    assert told["for_need"] == stored.reasons[0]["text"]
    assert told["proposal"]["differences"] == []
    out = run("explain_match", need.public_id, capability.public_id).out
    assert "与已推荐的内容一致" in out
    assert "排序模型 r0" in out


def test_a_proposal_that_holds_no_longer_is_told_of_with_the_cause(
    need: Need, capability: Capability, match: Match
) -> None:
    match(need=need)
    Proposal.objects.update(score=12.5, engine_version="older")
    Need.objects.update(version=need.version + 1)
    difference, *causes = explained(need, capability)["proposal"]["differences"]
    assert "12.50 分" in difference
    assert causes == ["需求在推荐之后修改过", "匹配引擎换过版本"]
    assert "不一致" in run("explain_match", need.public_id, capability.public_id).out


def test_reasons_that_were_written_otherwise_are_a_difference(need: Need, capability: Capability, match: Match) -> None:
    match(need=need)
    Proposal.objects.update(reasons=[])
    assert explained(need, capability)["proposal"]["differences"][0] == "分数相同，推荐理由有变化"


def test_a_wrong_number_is_explained(need: Need, capability: Capability) -> None:
    with pytest.raises(CommandError, match="没有编号为“zzz”的需求"):
        run("explain_match", "zzz", capability.public_id)
    with pytest.raises(CommandError, match="没有编号为“zzz”的资源"):
        run("explain_match", need.public_id, "zzz")
    with pytest.raises(CommandError, match="先写需求编号"):
        run("explain_match", capability.public_id, need.public_id)


def test_a_draft_can_be_explained_before_anybody_proposes_it(need: Need, capability: Capability) -> None:
    Need.objects.update(state="draft")
    Capability.objects.update(state="draft")
    assert explained(need, capability)["score"] > 0


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, ...]:
    """A need and two capabilities in files."""
    rows = {
        "needs": [{"id": "n1", "title": "轧辊表面耐磨涂层", "description": "涂层硬度不低于60HRC。"}],
        "capabilities": [
            {"id": "c1", "title": "激光熔覆耐磨涂层", "description": "涂层硬度62HRC。"},
            {"id": "c2", "title": "海参育苗"},
        ],
    }
    for name, found in rows.items():
        (tmp_path / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in found))
    return ("--needs", str(tmp_path / "needs.jsonl"), "--capabilities", str(tmp_path / "capabilities.jsonl"))


def test_a_pair_of_two_files_is_scored_as_rank_files_scores_it(files: tuple[str, ...], tmp_path: Path) -> None:
    told = json.loads(run("explain_match", "n1", "c1", *files, "--json").out)
    assert run("rank_files", *files, "--output", tmp_path / "run.jsonl").code == 0
    ranked = json.loads((tmp_path / "run.jsonl").read_text().splitlines()[0])
    assert (ranked["need_id"], ranked["capability_id"]) == ("n1", "c1")
    assert told["score"] == ranked["score"]
    assert [told["for_need"], told["for_capability"], *told["reasons"]] == ranked["reasons"]
    assert told["ranker"] is None
    assert "推荐过" not in run("explain_match", "n1", "c1", *files).out


def test_files_are_given_together_and_hold_the_rows(files: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="要一起给出"):
        run("explain_match", "n1", "c1", *files[:2])
    with pytest.raises(CommandError, match="没有编号为“c9”的行"):
        run("explain_match", "n1", "c9", *files)
