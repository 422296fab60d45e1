"""`evaluate_matching` counts what it says it counts. No test here has a database: a query would fail."""

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from sklearn.metrics import ndcg_score

from apps.engine.blend import Parameters
from apps.matching.evaluation import report
from apps.matching.evaluation.expected import expected_rows, read_expected
from apps.matching.evaluation.judged_set import JudgedSet, read_judged_set
from apps.matching.evaluation.matchers import file_reader, matcher_maker
from apps.matching.evaluation.measuring import measure_blend
from tests.imports.command_runs import Done, run

OWN = Path(settings.BASE_DIR) / "fixtures" / "judged"
METRICS = ("ndcg@10", "recall@50", "mrr")
GAIN = {1: 0, 2: 1, 3: 3, 4: 7}


@pytest.fixture(scope="module")
def own_set() -> JudgedSet:
    files = (OWN / name for name in ("needs.jsonl", "capabilities.jsonl", "judgements.tsv"))
    return read_judged_set(*files, reader=file_reader())


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """The arguments for a few needs of the own set: enough for every figure, and quick."""
    folder = tmp_path_factory.mktemp("judged")
    needs = (OWN / "needs.jsonl").read_text(encoding="utf-8").splitlines()[::6]
    kept = {json.loads(line)["id"] for line in needs}
    header, *pairs = (OWN / "judgements.tsv").read_text(encoding="utf-8").splitlines()
    judged = [line for line in pairs if line.split("\t")[0] in kept]
    theirs = {line.split("\t")[1] for line in judged}
    offered = (OWN / "capabilities.jsonl").read_text(encoding="utf-8").splitlines()
    capabilities = [line for line in offered if json.loads(line)["id"] in theirs]
    (folder / "needs.jsonl").write_text("\n".join(needs), encoding="utf-8")
    (folder / "capabilities.jsonl").write_text("\n".join(capabilities), encoding="utf-8")
    (folder / "judgements.tsv").write_text("\n".join([header, *judged]), encoding="utf-8")
    return [
        "--needs",
        folder / "needs.jsonl",
        "--capabilities",
        folder / "capabilities.jsonl",
        "--judgements",
        folder / "judgements.tsv",
    ]


@pytest.fixture(scope="module")
def measured(some: list[object]) -> dict[str, Any]:
    done = run("evaluate_matching", *some, "--json")
    assert done.code == 0
    found: dict[str, Any] = json.loads(done.out)
    return found


def by_name(measured: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in measured["rankings"]}


def test_the_blend_is_what_rank_files_gives(measured: dict[str, Any], some: list[object], tmp_path: Path) -> None:
    run("rank_files", *some[:4], "--output", tmp_path / "run.trec", "--depth", 0)
    places: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (tmp_path / "run.trec").read_text().splitlines():
        need, _q0, capability, rank, *_rest = line.split()
        places[need][capability] = int(rank)
    levels: dict[str, dict[str, int]] = defaultdict(dict)
    for line in Path(str(some[5])).read_text(encoding="utf-8").splitlines()[1:]:
        need, capability, level = line.split("\t")
        levels[need][capability] = int(level)
    expected: dict[str, list[float]] = defaultdict(list)
    for need, given in levels.items():
        gains = [[GAIN[level] for level in given.values()]]
        expected["ndcg@10"].append(ndcg_score(gains, [[-places[need][key] for key in given]], k=10))
        relevant = [places[need][key] for key, level in given.items() if level >= 3]
        expected["recall@50"].append(float(np.mean(np.array(relevant) <= 50)))
        expected["mrr"].append(1 / min(relevant))
    blend = by_name(measured)["blend"]
    for metric in METRICS:
        assert blend[metric]["mean"] == pytest.approx(np.mean(expected[metric]), abs=1e-4)
        assert blend[metric]["needs"] == len(expected[metric])


def test_every_signal_is_measured_alone_and_left_out_beside_the_peers(measured: dict[str, Any]) -> None:
    groups = defaultdict(set)
    for row in measured["rankings"]:
        groups[row["group"]].add(row["name"])
    signals = {name for name, weight in measured["weights"].items() if weight} - set(measured["absent_signals"])
    assert signals >= {"words", "bigrams", "tags", "indicators"}
    assert groups["signal"] >= signals
    assert groups["without"] == {f"without_{name}" for name in signals}
    assert groups["peer"] == {"bm25_bigrams", "bm25_words", "tfidf_words"}
    assert groups["blend"] == {"blend"}
    assert groups["fitted"] == {"fitted"}


def test_intervals_and_leads_hold_the_means(measured: dict[str, Any]) -> None:
    blend = by_name(measured)["blend"]
    for row in measured["rankings"]:
        for metric in METRICS:
            assert row[metric]["low"] <= row[metric]["mean"] <= row[metric]["high"]
            if row["name"] != "blend":
                lead = row["blend_minus_this"][metric]
                assert lead["mean"] == pytest.approx(blend[metric]["mean"] - row[metric]["mean"], abs=2e-4)
                assert 0 < lead["p_value"] <= 1


def test_tags_alone_order_worse_than_words_alone(measured: dict[str, Any]) -> None:
    rows = by_name(measured)
    assert rows["tags"]["ndcg@10"]["mean"] < rows["words"]["ndcg@10"]["mean"]


def test_the_table_says_the_same_as_the_json(some: list[object], measured: dict[str, Any]) -> None:
    done = run("evaluate_matching", *some)
    (line,) = (line for line in done.out.splitlines() if line.startswith("| 综合（出厂权重） "))
    shown = [float(number) for number in re.findall(r"\d\.\d{3}", line)]
    blend = by_name(measured)["blend"]
    assert shown == pytest.approx(
        [blend[metric][part] for metric in METRICS for part in ("mean", "low", "high")], abs=6e-4
    )
    for label in (
        "综合（出厂权重）",
        "综合（交叉验证拟合权重）",
        "只用词语",
        "去掉标签",
        "BM25，二字串",
        "scikit-learn TF-IDF",
    ):
        assert label in done.out


def test_of_few_needs_it_warns_that_intervals_mean_little(
    some: list[object], measured: dict[str, Any], own_set: JudgedSet
) -> None:
    (warning,) = measured["warnings"]
    assert "8 项需求" in warning
    assert warning in run("evaluate_matching", *some).out
    of_all = measure_blend(own_set, matcher_maker(own_set.capabilities), Parameters())
    assert report.warnings(of_all) == []


@pytest.fixture
def one_pair(tmp_path: Path) -> Path:
    """A folder with one need, the capability it asks for, and a stranger."""
    (tmp_path / "n.jsonl").write_text(json.dumps({"id": "n", "title": "印染废水脱色"}))
    (tmp_path / "c.jsonl").write_text(
        "\n".join(json.dumps({"id": key, "title": title}) for key, title in {"a": "废水脱色", "b": "轮胎"}.items())
    )
    (tmp_path / "j.tsv").write_text("need_id\tcapability_id\tlevel\nn\ta\t4\nn\tb\t1\n")
    return tmp_path


def test_a_signal_that_no_pair_has_is_named_and_not_measured(one_pair: Path) -> None:
    done = evaluate(one_pair, "--json")
    found = json.loads(done.out)
    assert {"tags", "indicators"} <= set(found["absent_signals"])
    assert not {"tags", "without_tags", "fitted"} & set(by_name(found))
    assert by_name(found)["blend"]["mrr"] == {"mean": 1.0, "low": 1.0, "high": 1.0, "needs": 1}
    assert "没有一对可比，未计：标签、指标" in evaluate(one_pair).out


def test_needs_without_a_relevant_pair_have_no_recall(tmp_path: Path) -> None:
    (tmp_path / "n.jsonl").write_text(
        json.dumps({"id": "n", "title": "😀"}) + "\n" + json.dumps({"id": "m", "title": "1"})
    )
    (tmp_path / "c.jsonl").write_text(json.dumps({"id": "a", "title": "N"}))
    (tmp_path / "j.tsv").write_text("need_id\tcapability_id\tlevel\nn\ta\t2\nm\ta\t1\n")
    done = evaluate(tmp_path, "--json")
    blend = by_name(json.loads(done.out))["blend"]
    assert blend["ndcg@10"]["needs"] == 1
    assert blend["recall@50"] == {"mean": None, "low": None, "high": None, "needs": 0}
    assert " – " in evaluate(tmp_path).out


def evaluate(folder: Path, *more: object) -> Done:
    files = ("--needs", folder / "n.jsonl", "--capabilities", folder / "c.jsonl", "--judgements", folder / "j.tsv")
    return run("evaluate_matching", *files, *more)


def test_the_result_can_go_to_a_file(one_pair: Path) -> None:
    done = evaluate(one_pair, "--json", "--output", one_pair / "figures.json")
    assert "figures.json" in done.out
    assert json.loads((one_pair / "figures.json").read_text(encoding="utf-8")) == json.loads(
        evaluate(one_pair, "--json").out
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--needs", OWN / "needs.jsonl"], "还缺 --capabilities、--judgements"),
        (["--write-expected", "--json"], "不能与其他选项同用"),
        (["--output", OWN / "needs.jsonl"], "不能与输入文件相同"),
        (["--output", OWN], "无法写入"),
        (["--output", OWN / "absent" / "figures.json"], "无法写入"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_measured(arguments: list[object], told: str) -> None:
    done = run("evaluate_matching", *arguments)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_a_bad_judgement_ends_with_its_line(some: list[object], tmp_path: Path) -> None:
    (tmp_path / "bad.tsv").write_text("need_id\tcapability_id\tlevel\nrub-n1\trub-c1\tgood\n")
    done = run("evaluate_matching", *some[:4], "--judgements", tmp_path / "bad.tsv")
    assert done.code == 2
    assert "“bad.tsv”第 2 行" in done.err


def test_our_own_set_is_large_and_misleading_enough(own_set: JudgedSet) -> None:
    assert len(own_set.needs) >= 40
    assert min(map(len, own_set.levels.values())) >= 10
    assert len({need.id.split("-")[0] for need in own_set.needs}) >= 8
    levels = Counter(level for given in own_set.levels.values() for level in given.values())
    assert min(levels[level] for level in (2, 3, 4)) >= 30
    assert all(4 in given.values() and 1 in given.values() for given in own_set.levels.values())


def test_scores_of_our_own_set_are_those_written_down(own_set: JudgedSet) -> None:
    """After a change meant to change scores: `manage.py evaluate_matching --write-expected`, and read the diff."""
    evaluation = measure_blend(own_set, matcher_maker(own_set.capabilities), Parameters())
    (figures, *pairs), (told_figures, *told_pairs) = (
        list(expected_rows(evaluation)),
        read_expected(OWN / "expected.jsonl"),
    )
    assert figures == pytest.approx(told_figures, abs=1e-3)
    found = {(row["need"], row["capability"], row["level"]): row["score"] for row in pairs}
    told = {(row["need"], row["capability"], row["level"]): row["score"] for row in told_pairs}
    assert found.keys() == told.keys()
    changed = {pair: (told[pair], score) for pair, score in found.items() if abs(score - told[pair]) > 0.11}
    assert not changed
