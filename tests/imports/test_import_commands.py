"""`import_needs` and `import_capabilities`: good rows come in, bad ones are told and stay out."""

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.db import models

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.core.models import AuditEntry
from apps.matching.models import MatchRequest
from apps.needs.models import Need
from tests.imports.bad_files import REFUSED, workbook, write_huge, write_refused
from tests.imports.command_runs import run

pytestmark = pytest.mark.django_db
COMMANDS: dict[str, type[models.Model]] = {"import_needs": Need, "import_capabilities": Capability}
GOOD = [
    {"id": "n-1", "title": "轧辊表面耐磨涂层", "description": "希望硬度达到 60 HRC 以上。", "tags": "激光熔覆"},
    {"id": "n-2", "title": "锂", "description": "", "tags": ""},
]


type Arguments = Callable[[tuple[User, Organisation, User]], tuple[str, ...]]


def write(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    rows = list(rows)
    if path.suffix == ".jsonl":
        path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
    elif path.suffix == ".xlsx":
        path.write_bytes(workbook([list(rows[0]), *(list(row.values()) for row in rows)]))
    else:
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return path


def everything() -> list[tuple[Any, ...]]:
    """Every row that an import could have touched."""
    kinds: list[type[models.Model]] = [Need, Capability, Organisation, MatchRequest, AuditEntry]
    return [row for kind in kinds for row in kind._default_manager.order_by("pk").values_list()]


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "xlsx"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_is_imported_and_published_and_again_changes_nothing(
    tmp_path: Path, taxonomy: None, command: str, suffix: str
) -> None:
    file = write(tmp_path / f"a.{suffix}", GOOD)
    done = run(command, file)
    assert (done.code, done.err) == (0, "")
    assert "新增 2 行，更新 0 行，未变 0 行，有误 0 行。" in done.out
    rows: Any = COMMANDS[command]._default_manager.order_by("external_id")
    assert [(row.external_id, row.title, row.state) for row in rows] == [
        ("n-1", "轧辊表面耐磨涂层", "published"),
        ("n-2", "锂", "published"),
    ]
    before = everything()
    again = run(command, file)
    assert "新增 0 行，更新 0 行，未变 2 行，有误 0 行。" in again.out
    assert everything() == before


def test_imported_needs_wait_to_be_matched(tmp_path: Path, taxonomy: None) -> None:
    run("import_needs", write(tmp_path / "a.csv", GOOD))
    assert set(MatchRequest.objects.values_list("need__external_id", "priority")) == {("n-1", "bulk"), ("n-2", "bulk")}


def test_a_changed_row_is_updated_and_matched_again(tmp_path: Path, taxonomy: None) -> None:
    run("import_needs", write(tmp_path / "a.csv", GOOD))
    MatchRequest.objects.all().delete()
    done = run("import_needs", write(tmp_path / "a.csv", [{**GOOD[0], "title": "模具表面耐磨涂层"}, GOOD[1]]))
    assert "新增 0 行，更新 1 行，未变 1 行" in done.out
    assert MatchRequest.objects.values_list("need__title", flat=True).get() == "模具表面耐磨涂层"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_bad_row_is_told_with_line_and_field_and_stays_out(tmp_path: Path, taxonomy: None, command: str) -> None:
    rows = [
        GOOD[0],
        {**GOOD[1], "id": "n-3", "title": "长" * 61},
        {**GOOD[1], "id": ""},
        {**GOOD[1], "id": "n-1"},
        GOOD[1],
    ]
    done = run(command, write(tmp_path / "a.csv", rows))
    assert done.code == 1
    told = done.err.splitlines()
    assert [line.split("：")[0] for line in told] == [
        "第 3 行 title（名称）",
        "第 4 行 external_id（编号）",
        "第 5 行 external_id（编号）",
    ]
    assert "新增 2 行，更新 0 行，未变 0 行，有误 3 行。" in done.out
    assert COMMANDS[command]._default_manager.count() == 2


def test_only_the_first_fifty_problems_are_told_and_the_rest_counted(tmp_path: Path, taxonomy: None) -> None:
    rows = [{"id": str(number), "title": ""} for number in range(120)]
    done = run("import_needs", write(tmp_path / "a.jsonl", rows))
    told = done.err.splitlines()
    assert len(told) == 51
    assert told[-1] == "另有 70 处未逐一列出。"
    assert "有误 120 行" in done.out


def test_bad_rows_can_be_mended_in_the_file_of_errors_and_imported(tmp_path: Path, taxonomy: None) -> None:
    errors = tmp_path / "errors.csv"
    rows = [GOOD[0], {**GOOD[1], "title": "", "description": '有"引号"，\n和换行'}]
    run("import_needs", write(tmp_path / "a.jsonl", rows), "--errors", errors)
    with errors.open(encoding="utf-8-sig", newline="") as file:
        [bad] = list(csv.DictReader(file))
    assert (bad["external_id"], bad["行号"], bad["description"]) == ("n-2", "2", '有"引号"，\n和换行')
    assert "title（名称）" in bad["错误"]
    done = run("import_needs", write(tmp_path / "mended.csv", [{**bad, "title": "锂"}]))
    assert (done.code, done.err) == (0, "")
    assert "没有用到的列：行号、错误。" in done.out
    assert Need.objects.get(external_id="n-2").goal == '有"引号"，\n和换行'


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_used_writes_nothing_and_ends_with_code_2(
    tmp_path: Path, command: str, name: str
) -> None:
    before = everything()
    done = run(command, write_refused(tmp_path, name))
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert everything() == before


def test_a_file_of_200_mb_writes_nothing_and_ends_with_code_2(tmp_path: Path) -> None:
    before = everything()
    done = run("import_needs", write_huge(tmp_path))
    assert (done.code, everything()) == (2, before)
    assert "超过 100 MB" in done.err


def test_rows_of_nobodys_belong_to_a_holding_organisation(tmp_path: Path, taxonomy: None) -> None:
    run("import_needs", write(tmp_path / "a.csv", GOOD))
    run("import_capabilities", write(tmp_path / "a.csv", GOOD))
    kinds = {row.organisation.name: row.organisation.kind for row in (*Need.objects.all(), *Capability.objects.all())}
    assert kinds == {"企业需求批量导入": "enterprise", "创新资源批量导入": "institute"}


def test_an_organisation_is_named_by_name_or_found_through_the_person(
    tmp_path: Path, taxonomy: None, sme_owner: User, enterprise: Organisation, other_enterprise: Organisation
) -> None:
    run("import_needs", write(tmp_path / "a.csv", GOOD[:1]), "--by", sme_owner.email.upper())
    run("import_needs", write(tmp_path / "b.csv", GOOD[1:]), "--organisation", other_enterprise.name)
    owned = {need.external_id: need for need in Need.objects.all()}
    assert owned["n-1"].organisation == enterprise
    assert (owned["n-1"].created_by, owned["n-1"].contact) == (sme_owner, sme_owner)
    assert (owned["n-2"].organisation, owned["n-2"].created_by) == (other_enterprise, None)


@pytest.mark.parametrize(
    "arguments",
    [
        lambda cast: ("--organisation", "没有这家"),
        lambda cast: ("--by", "nobody@example.com"),
        lambda cast: ("--by", cast[0].email, "--organisation", cast[1].name),
        lambda cast: ("--by", cast[2].email),
        lambda cast: ("--errors", "/no/such/folder/errors.csv"),
    ],
    ids=["no_such_organisation", "no_such_person", "not_their_organisation", "no_organisation", "errors_unwritable"],
)
def test_a_wrong_owner_or_option_writes_nothing(
    tmp_path: Path, sme_owner: User, other_enterprise: Organisation, broker: User, arguments: Arguments
) -> None:
    before = everything()
    done = run("import_needs", write(tmp_path / "a.csv", GOOD), *arguments((sme_owner, other_enterprise, broker)))
    assert done.code == 2
    assert everything() == before


def test_the_file_of_errors_may_not_be_the_imported_one(tmp_path: Path, taxonomy: None) -> None:
    file = write(tmp_path / "a.csv", GOOD)
    content = file.read_bytes()
    assert run("import_needs", file, "--errors", file).code == 2
    assert file.read_bytes() == content


def test_drafts_are_kept_off_the_board_until_an_import_publishes_them(tmp_path: Path, taxonomy: None) -> None:
    file = write(tmp_path / "a.csv", GOOD)
    run("import_needs", file, "--draft")
    assert set(Need.objects.values_list("state", flat=True)) == {"draft"}
    assert not MatchRequest.objects.exists()
    run("import_needs", file)
    assert set(Need.objects.values_list("state", flat=True)) == {"published"}


def test_unknown_tags_are_told_and_left_out(tmp_path: Path, taxonomy: None) -> None:
    done = run("import_needs", write(tmp_path / "a.csv", [{**GOOD[0], "tags": "激光熔覆；从未听说的标签"}]))
    assert done.code == 0
    assert "从未听说的标签" in done.out
    assert [tag.name for tag in Need.objects.get().tags.all()] == ["激光熔覆"]


def test_an_error_in_a_later_batch_leaves_the_others_in(tmp_path: Path, taxonomy: None) -> None:
    rows = [{"id": str(number), "title": "" if number == 150 else "锂"} for number in range(201)]
    done = run("import_needs", write(tmp_path / "a.jsonl", rows))
    assert "第 151 行" in done.err
    assert Need.objects.count() == 200
