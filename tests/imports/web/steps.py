"""The steps of an import, as a person and a worker take them."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.imports import tasks
from apps.imports.models import Import, ImportKind
from apps.imports.services import import_map, import_run, import_upload
from apps.matching.models import MatchRequest

HEAD = ["成果编号", "成果名称", "一句话价值", "产业链", "合作方式", "成熟度", "知识产权状态", "有效期至"]

ROW = ["激光熔覆耐磨涂层", "寿命翻倍", "智能装备", "委托开发、技术转让", 6, "已授权", "2027-12-31"]


def xlsx(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def rows_of(count: int, *, title: str = "") -> list[list[Any]]:
    return [[f"R-{number}", title or f"{ROW[0]}{number}", *ROW[1:]] for number in range(count)]


def brought(by: User, content: bytes, *, name: str = "a.xlsx", kind: ImportKind = ImportKind.RESULT) -> Import:
    return import_upload(kind=kind, upload=SimpleUploadedFile(name, content), by=by)


def mapped(job: Import, by: User, **options: Any) -> Import:
    """Say that the guess is right, and let a worker check everything."""
    place = {"sheet": job.sheet, "heading_line": job.heading_line, "mapping": job.mapping}
    import_map(job=job, by=by, **place | options)
    return worked(job)


def worked(job: Import) -> Import:
    """Messages arrive until there is nothing more to do."""
    for _message in range(20):
        tasks.carry_out(job.public_id)
        job.refresh_from_db()
        if not job.is_working:
            break
    return job


def checked(by: User, rows: list[list[Any]], **options: Any) -> Import:
    return mapped(brought(by, xlsx([HEAD, *rows])), by, **options)


def imported(by: User, rows: list[list[Any]]) -> Import:
    job = checked(by, rows)
    import_run(job=job, by=by)
    return worked(job)


def counts(job: Import) -> tuple[int, int, int, int]:
    return job.created_count, job.updated_count, job.unchanged_count, job.bad_count


def everything() -> list[Any]:
    return [list(kind._default_manager.order_by("pk").values_list()) for kind in (Capability, MatchRequest)]
