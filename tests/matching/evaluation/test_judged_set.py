"""A judged set is read whole, or refused with the file and the line that is wrong."""

from pathlib import Path

import pytest

from apps.core.tables import TableRefused
from apps.engine.taxonomy import Taxonomy
from apps.matching.evaluation.judged_set import JudgedSet, read_judged_set
from apps.matching.file_documents import FileDocuments

HEADER = "need_id\tcapability_id\tlevel\n"
NEEDS = '{"id": "n1", "title": "防锈油"}\n{"id": "n2", "title": "切削液"}\n{"id": "n3", "title": "没人判定"}\n'
CAPABILITIES = '{"id": "c2", "title": "气相防锈"}\n{"id": "c1", "title": "水基切削液"}\n'


def read(folder: Path, judgements: str | bytes, *, needs: str = NEEDS, capabilities: str = CAPABILITIES) -> JudgedSet:
    paths = [folder / "needs.jsonl", folder / "capabilities.jsonl", folder / "judgements.tsv"]
    for path, text in zip(paths, (needs, capabilities, judgements), strict=True):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_judged_set(*paths, reader=FileDocuments(Taxonomy([]), ids_without_space=False))


def test_needs_come_as_judged_and_capabilities_as_in_their_file(tmp_path: Path) -> None:
    judged = read(tmp_path, f"{HEADER}n2\tc1\t4\nn1\tc2\t3\nn2\tc2\t1\n")
    assert [need.id for need in judged.needs] == ["n2", "n1"]
    assert [capability.id for capability in judged.capabilities] == ["c2", "c1"]
    assert judged.levels == {"n2": {"c1": 4, "c2": 1}, "n1": {"c2": 3}}
    assert judged.pair_count == 3


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}n1\tc2\t3",
        f"\ufeff{HEADER}n1\tc2\t3\n".encode(),
        f"{HEADER}n1\tc2\t3\r\n\r\n".encode(),
        f"{HEADER}n1\tc2\t3\n".encode("utf-16"),
    ],
    ids=["no last line end", "mark", "Windows", "UTF-16"],
)
def test_files_of_other_programs_are_read_too(tmp_path: Path, text: str | bytes) -> None:
    assert read(tmp_path, text).levels == {"n1": {"c2": 3}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{HEADER}n1\tc2\t3\nn9\tc2\t3\n", "“judgements.tsv”第 3 行：需求文件里没有编号“n9”。"),
        (f"{HEADER}n1\tc9\t3\n", "第 2 行：能力文件里没有编号“c9”。"),
        (f"{HEADER}n1\tc2\t5\n", "第 2 行：相关程度应为 1、2、3 或 4，而不是“5”。"),
        (f"{HEADER}n1\tc2\t\n", "第 2 行：相关程度应为 1、2、3 或 4，而不是“”。"),
        (f"{HEADER}n1\tc2\t3\nn1\tc2\t4\n", "第 3 行：“n1”与“c2”已经判定过。"),
        (f"{HEADER}n1\tc2\n", "第 2 行：应有 3 列"),
        ("need_id,capability_id,level\nn1,c2,3\n", "第 1 行：应有 3 列，以制表符分隔"),
        ("n1\tc2\t3\n", "第 1 行：第一行应为列名：need_id、capability_id、level。"),
        (f"{HEADER}n1\tc2\t1\n", "没有一对相关"),
        (HEADER, "没有一对相关"),
        ("", "是空的"),
        (f"{HEADER}防锈\tc2\t3\n".encode("gbk"), "GBK"),
    ],
)
def test_a_bad_judgement_is_told_with_its_line(tmp_path: Path, text: str | bytes, told: str) -> None:
    with pytest.raises(TableRefused) as refused:
        read(tmp_path, text)
    assert told in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    read(tmp_path, f"{HEADER}n1\tc2\t3\n")
    reader = FileDocuments(Taxonomy([]), ids_without_space=False)
    with pytest.raises(TableRefused, match=r"找不到文件.*absent\.tsv"):
        read_judged_set(
            tmp_path / "needs.jsonl", tmp_path / "capabilities.jsonl", tmp_path / "absent.tsv", reader=reader
        )


def test_a_bad_row_of_the_needs_stops_the_evaluation(tmp_path: Path) -> None:
    with pytest.raises(TableRefused) as refused:
        read(tmp_path, f"{HEADER}n1\tc2\t3\n", needs=f'{NEEDS}{{"id": "n4", "title": ""}}\n')
    assert "needs.jsonl" in str(refused.value)
    assert "第 4 行" in str(refused.value)
