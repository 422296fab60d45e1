"""Files at the limits: indicators in cells, too many rows, a storage of another host, and rows that are at work."""

import tracemalloc
from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.imports import staging
from apps.imports.models import Import, ImportKind, ImportState
from apps.imports.services import import_run, import_undo
from apps.matching.models import Proposal
from apps.needs.models import Need, NeedState
from apps.needs.services import need_engage
from tests.factories import make_engagement, make_proposal
from tests.imports.bad_files import raw_workbook
from tests.imports.web.steps import HEAD, brought, checked, counts, imported, mapped, rows_of, worked, xlsx

pytestmark = pytest.mark.django_db


def test_indicators_are_read_from_a_cell_as_people_write_them(professor: User) -> None:
    head, rows = [*HEAD, "主要技术指标"], rows_of(3)
    rows[0].append("盐雾≥500 h；硬度 60±2 HRC")
    rows[1].append("耐磨性很好")
    rows[2].append("")
    job = mapped(brought(professor, xlsx([head, *rows])), professor)
    assert (job.mapping["8"], counts(job)) == ("indicators", (2, 0, 0, 1))
    told = job.remarks.get()
    assert (told.line, told.field, "没有看懂“耐磨性很好”" in told.message) == (3, "主要技术指标", True)
    import_run(job=job, by=professor)
    worked(job)
    found = Capability.objects.get(external_id="R-0").indicators.values_list(
        "name", "comparison", "low", "high", "unit"
    )
    assert list(found) == [("盐雾", "ge", 500.0, None, "h"), ("硬度", "between", 58.0, 62.0, "HRC")]
    again = mapped(brought(professor, xlsx([head, *rows])), professor)
    assert counts(again) == (0, 0, 2, 1)


def test_undoing_leaves_a_need_that_is_at_work_and_closes_the_others(sme_owner: User) -> None:
    head = ["编号", "需求名称", "描述", "需求类型"]
    rows = [[f"N-{number}", "轧辊磨损快", "希望硬度达到 60 HRC 以上。", "工艺改造"] for number in range(2)]
    job = mapped(brought(sme_owner, xlsx([head, *rows]), kind=ImportKind.NEEDS), sme_owner)
    import_run(job=job, by=sme_owner)
    worked(job)
    need = Need.objects.get(external_id="N-0")
    case = make_engagement(proposal=make_proposal(need=need))
    need_engage(need=need, by=None)
    import_undo(job=job, by=sme_owner)
    assert (worked(job).state, job.left_count, job.remarks.get().line) == (ImportState.UNDONE, 1, 2)
    assert set(Need.objects.values_list("state", flat=True)) == {NeedState.ENGAGED, NeedState.CLOSED}
    case.refresh_from_db()
    assert (case.state, Proposal.objects.get(pk=case.proposal_id).need) == ("introduced", need)


def test_one_row_more_than_is_taken_is_refused_and_as_many_are_not(
    professor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "MOST_ROWS", 3)
    assert checked(professor, rows_of(3)).state == ImportState.CHECKED
    refused = checked(professor, rows_of(4))
    assert (refused.state, refused.error) == (ImportState.FAILED, "这张表超过 3 行，请拆成几个文件分别导入。")
    assert not Capability.objects.exists()


def million_rows() -> bytes:
    """A sheet of 1,000,000 rows, whose texts differ so that it is no bomb."""
    head = (
        '<row r="1">' + "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("编号", "名称")) + "</row>"
    )
    rows = (
        f'<row r="{number}"><c><v>{number * 7919 % 999983}</v></c><c><v>{number}</v></c></row>'
        for number in range(2, 1_000_001)
    )
    begin = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return raw_workbook((begin + head + "".join(rows) + "</sheetData></worksheet>").encode())


def test_a_sheet_of_a_million_rows_is_refused_in_little_memory(professor: User) -> None:
    job = brought(professor, million_rows())
    tracemalloc.start()
    mapped(job, professor)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (job.state, job.error) == (ImportState.FAILED, "这张表超过 200,000 行，请拆成几个文件分别导入。")
    assert most < 80_000_000


@deconstructible
class ElsewhereStorage(Storage):
    """As object stores are: no folders, no paths."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def _save(self, name: str, content: "File[Any]") -> str:
        self.kept[name] = b"".join(chunk if isinstance(chunk, bytes) else chunk.encode() for chunk in content.chunks())
        return name

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        return ContentFile(self.kept[name], name=name)

    def exists(self, name: str) -> bool:
        return name in self.kept

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)

    def size(self, name: str) -> int:
        return len(self.kept[name])


def test_files_may_lie_in_a_storage_without_folders(professor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = ElsewhereStorage()
    for name in ("file", "staged"):
        monkeypatch.setattr(Import._meta.get_field(name), "storage", elsewhere)
    rows = rows_of(3)
    rows[1][1] = ""
    job = imported(professor, rows)
    assert (job.state, counts(job)) == (ImportState.DONE, (2, 0, 0, 1))
    assert sorted(name.rsplit(".", 1)[1] for name in elsewhere.kept) == ["jsonl", "xlsx"]
    with pytest.raises(NotImplementedError):
        elsewhere.path("imports")
    import_undo(job=job, by=professor)
    assert worked(job).state == ImportState.UNDONE
