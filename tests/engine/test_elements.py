"""Breaking a need into elements, on sentences of our own."""

import json
from pathlib import Path

import pytest

from apps.engine.elements import KINDS, MOST_OF_A_KIND, find_elements
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter
from benchmarks.quality.elements import fixture, measured

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
NEED = "轧辊表面磨损快，经常返修。想用激光熔覆42CrMo轧辊，硬度不低于55HRC，单支成本不超过3000元，不能更换轧机。"


@pytest.fixture(scope="module")
def words() -> Segmenter:
    names = [
        name
        for path in sorted((SEEDS / "taxonomy").glob("t*.jsonl"))
        for term in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        for name in (term["name"], *term.get("aliases", ()))
    ]
    return Segmenter([*(SEEDS / "dictionary" / "domain_words.txt").read_text(encoding="utf-8").split(), *names])


def kinds_of(text: str, taxonomy: Taxonomy, segmenter: Segmenter, *, is_title: bool = False) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in find_elements(text, taxonomy, segmenter, is_title=is_title):
        found.setdefault(element.kind, []).append(element.text)
    return found


def test_a_need_comes_apart_into_its_six_kinds(taxonomy: Taxonomy, words: Segmenter) -> None:
    found = kinds_of(NEED, taxonomy, words)
    assert found.keys() == set(KINDS)
    assert found["indicator"] == ["硬度不低于55HRC"]
    assert found["problem"][0] == "轧辊表面磨损快"
    assert "激光熔覆" in found["process"]
    assert "42CrMo" in found["material"]
    assert "轧辊" in "".join(found["object"])
    assert found["constraint"] == ["单支成本不超过3000元", "不能更换轧机"]


def test_an_element_is_the_text_where_it_stands(taxonomy: Taxonomy, words: Segmenter) -> None:
    text = f"\n  ①　{NEED}\r\n（２）ＰＥＥＫ齿轮噪聲太大 🙂"
    found = find_elements(text, taxonomy, words)
    assert found
    assert all(element.text == text[element.start : element.end] == element.text.strip() for element in found)
    assert all(0 < element.confidence < 1 for element in found)


def test_most_of_what_a_person_would_mark_is_found_and_little_else(taxonomy: Taxonomy, words: Segmenter) -> None:
    figures = measured(taxonomy, words)
    assert figures.precision(*KINDS) >= 0.85
    assert figures.recall(*KINDS) >= 0.85
    assert all(figures.precision(kind) >= 0.7 and figures.recall(kind) >= 0.8 for kind in KINDS)


def test_what_is_expected_stands_in_the_fixture_where_it_says() -> None:
    needs = fixture()
    assert len(needs) >= 40
    for need in needs:
        assert all(need[e["field"]][e["start"] : e["end"]] == e["text"] for e in need["expected"])


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("薄壁铝合金壳体铣削变形控制", "薄壁铝合金壳体"),
        ("茶多酚提取", "茶多酚"),
        ("一种豆腐干自动切块装盘技术的研究", "豆腐干"),
        ("采摘机器人", "采摘机器人"),
    ],
)
def test_the_object_of_a_title_is_what_the_need_is_about(
    title: str, subject: str, taxonomy: Taxonomy, words: Segmenter
) -> None:
    found = kinds_of(title, taxonomy, words, is_title=True)
    assert subject in [*found.get("object", ()), *found.get("material", ())]


@pytest.mark.parametrize(
    "wish", ["涂层不得开裂、起泡", "要求焊缝无气孔、无夹渣", "提高耐腐蚀性能", "防锈涂料", "裂纹检测装置"]
)
def test_a_wish_is_no_problem(wish: str, taxonomy: Taxonomy, words: Segmenter) -> None:
    assert "problem" not in kinds_of(wish, taxonomy, words)


def test_the_state_of_a_trade_is_no_constraint_and_a_bounded_figure_no_process(
    taxonomy: Taxonomy, words: Segmenter
) -> None:
    state = "阀座使用半年即出现点蚀，使用寿命只有6个月，全行业70%以上企业仍用进口件。"
    found = kinds_of(f"{state}涂层厚度控制在0.2~0.3mm，不换现有喷涂设备。", taxonomy, words)
    assert found["constraint"] == ["不换现有喷涂设备"]
    assert "使用寿命只有6个月" in found["problem"]
    assert any("点蚀" in problem for problem in found["problem"])
    assert "厚度控制" not in found.get("process", [])


def test_what_the_company_has_done_is_no_part_of_the_need(taxonomy: Taxonomy, words: Segmenter) -> None:
    text = "需求内容：轧辊磨损快。\n现有工作基础：\n1、公司有数控铣床\n2、投资500万元以内\n预期目标：\n齿轮不再断裂"
    found = find_elements(text, taxonomy, words)
    assert {e.text for e in found if "铣" in e.text or "投资" in e.text} == set()
    assert {"轧辊", "齿轮"} <= {e.text for e in found}


def test_bounds_on_money_are_constraints_and_no_indicators(taxonomy: Taxonomy, words: Segmenter) -> None:
    found = kinds_of("单件成本增加不超过3元，压缩永久变形≤25%", taxonomy, words)
    assert found["constraint"] == ["单件成本增加不超过3元"]
    assert found["indicator"] == ["压缩永久变形≤25%"]
    assert "problem" not in found


def test_no_more_are_proposed_than_a_person_likes_to_look_through(taxonomy: Taxonomy, words: Segmenter) -> None:
    text = "".join(
        f"{thing}易开裂，{thing}不能更换。" for thing in ("阀门", "齿轮", "轴承", "叶片", "模具", "轮胎", "电机")
    )
    found = kinds_of(text, taxonomy, words)
    assert all(len(texts) <= MOST_OF_A_KIND[kind] for kind, texts in found.items())  # type: ignore[index]  # its keys are literals
    assert len(found["object"]) == MOST_OF_A_KIND["object"]


@pytest.mark.parametrize("text", ["", "1", "🙂", "\x00\ud800", "12345 " * 2_000, "、" * 30_000, "工作基础：\n" * 3_000])
def test_odd_texts_have_no_elements(text: str, taxonomy: Taxonomy, words: Segmenter) -> None:
    assert find_elements(text, taxonomy, words) == []
