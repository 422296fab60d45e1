"""Loading the vocabularies from seeds/taxonomy."""

import json
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.taxonomy.models import Alias, PainPoint, Term, Vocabulary
from apps.taxonomy.seed_files import SeedError, read_pain_points, read_terms
from apps.taxonomy.services import LoadReport, taxonomy_load

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small taxonomy: one term in each vocabulary, and two tags in two files."""
    for vocabulary in Vocabulary.values:
        write(tmp_path / f"{vocabulary}.jsonl", {"code": f"x_{vocabulary}", "name": f"词{vocabulary}"})
    write(tmp_path / "tag.jsonl", {"code": "x_child", "name": "下级", "parent": "x_parent", "aliases": ["别名"]})
    write(tmp_path / "tag.more.jsonl", {"code": "x_parent", "name": "上级", "parent": "x_tech_field"})
    return tmp_path


def write(file: Path, *rows: Mapping[str, object]) -> None:
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")


def load(folder: Path) -> LoadReport:
    return taxonomy_load(terms=read_terms(folder), pain_points=read_pain_points(folder))


def tag(code: str) -> Term:
    return Term.objects.get(vocabulary="tag", code=code)


def test_the_shipped_taxonomy_is_loaded_and_loading_it_again_changes_nothing() -> None:
    before = list(Term.objects.order_by("pk").values())
    assert {row["vocabulary"] for row in before} == set(Vocabulary.values)
    report = load(Path(settings.SEEDS_DIR) / "taxonomy")
    assert (report.created, report.updated) == (0, 0)
    assert list(Term.objects.order_by("pk").values()) == before


def test_a_parent_may_stand_later_in_another_file_or_in_another_vocabulary(folder: Path) -> None:
    load(folder)
    assert tag("x_child").parent == tag("x_parent")
    assert tag("x_parent").parent == Term.objects.get(vocabulary="tech_field", code="x_tech_field")


def test_a_changed_line_updates_its_term(folder: Path) -> None:
    load(folder)
    write(folder / "tag.jsonl", {"code": "x_child", "name": "新名", "aliases": ["别名", "又名"]})
    report = load(folder)
    assert (report.created, report.updated) == (0, 1)
    assert tag("x_child").name == "新名"
    assert tag("x_child").parent is None
    assert set(tag("x_child").aliases.values_list("text", flat=True)) == {"别名", "又名"}


def test_what_an_administrator_retired_or_added_stays(folder: Path) -> None:
    load(folder)
    Term.objects.filter(code="x_child").update(is_active=False)
    Alias.objects.create(term=tag("x_child"), text="管理员加的")
    write(folder / "tag.jsonl", {"code": "x_child", "name": "改名"})
    load(folder)
    assert tag("x_child").is_active is False
    assert tag("x_child").aliases.filter(text="管理员加的").exists()


def test_pain_points_are_loaded_once_and_updated(folder: Path) -> None:
    row = {
        "code": "x_pain",
        "chain": "x_industry_chain",
        "title": "次品多",
        "symptom": "每班都要挑拣",
        "need_title": "降低次品率",
        "need_goal": "把次品率降到百分之一以内",
        "need_type": "x_need_type",
        "tags": ["x_child"],
    }
    write(folder / "pain_points.jsonl", row)
    load(folder)
    assert load(folder).updated == 0
    write(folder / "pain_points.jsonl", row | {"title": "废品多", "tags": ["x_parent"]})
    assert load(folder).updated == 1
    point = PainPoint.objects.get(code="x_pain")
    assert (point.title, [term.code for term in point.tags.all()]) == ("废品多", ["x_parent"])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"code": "x_child", "name": "下级", "parent": "nowhere"}, "tag.jsonl:1: parent nowhere"),
        ({"code": "x_child", "name": ""}, "tag.jsonl:1"),
        ({"code": "x_child", "name": "字" * 61}, "tag.jsonl:1"),
        ({"code": "x_child", "name": "下级", "aliases": ["坏\x00字"]}, "tag.jsonl:1"),
        ({"code": "x_child", "name": "下级", "colour": "red"}, "tag.jsonl:1"),
        ({"name": "没有代码"}, "tag.jsonl:1"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_loaded(folder: Path, row: dict[str, object], said: str) -> None:
    write(folder / "tag.jsonl", row)
    with pytest.raises(SeedError, match=said):
        load(folder)
    assert not Term.objects.filter(code__startswith="x_").exists()


def test_a_repeated_code_is_refused_with_both_places(folder: Path) -> None:
    write(folder / "tag.more.jsonl", {"code": "x_child", "name": "又一个"})
    with pytest.raises(SeedError, match=r"tag.more.jsonl:1: x_child is already in tag.jsonl:1"):
        read_terms(folder)


@pytest.mark.parametrize("content", ["{", '"text"', "[1]"])
def test_a_line_that_is_no_object_is_named(folder: Path, content: str) -> None:
    (folder / "tag.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(SeedError, match=r"tag.jsonl:1: not"):
        read_terms(folder)


def test_the_command_reports_counts_and_refuses_a_folder_without_vocabularies(folder: Path, tmp_path: Path) -> None:
    out = StringIO()
    call_command("load_taxonomy", folder=folder, stdout=out)
    assert f"新增 {len(Vocabulary.values) + 1} 条" in out.getvalue()
    (folder / "tag.jsonl").unlink()
    (folder / "tag.more.jsonl").unlink()
    with pytest.raises(CommandError, match=r"tag\.jsonl is missing"):
        call_command("load_taxonomy", folder=folder)
