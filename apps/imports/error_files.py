"""The rows that stayed out, as their owner wrote them, with what is wrong: to be corrected and uploaded again."""

from collections.abc import Iterator
from io import BytesIO
from itertools import groupby

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from apps.core.tables import csv_lines, write_xlsx
from apps.imports.models import Import, RemarkKind
from apps.imports.staging import all_rows

MOST_IN_A_WORKBOOK = 5_000
"""Rows; more come as .csv, line by line: a workbook is only sent when it is whole."""


def errors_response(job: Import) -> HttpResponseBase:
    """A download of the bad rows; the caller has checked that there are any and that the file is still there."""
    header, rows = _header(job), _rows(job)
    if job.bad_count <= MOST_IN_A_WORKBOOK:
        target = BytesIO()
        write_xlsx(target, header, rows, title=_("有误的行"))
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response: HttpResponseBase = HttpResponse(target.getvalue(), content_type=kind)
        suffix = "xlsx"
    else:
        response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
        suffix = "csv"
    response["Content-Disposition"] = f'attachment; filename="import-{job.public_id}-errors.{suffix}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _header(job: Import) -> list[str]:
    return [*job.headings, _("原行号"), _("错误")]


def _rows(job: Import) -> Iterator[list[str]]:
    """Staged rows and remarks are both in the order of the file: one pass over both, whatever their number."""
    remarks = job.remarks.filter(kind=RemarkKind.PROBLEM).order_by("line", "id").iterator(chunk_size=1_000)
    by_line = groupby(remarks, key=lambda remark: remark.line)
    wanted = next(by_line, None)
    width = len(job.headings)
    for row in all_rows(job):
        if wanted is None:
            return
        line, found = wanted
        if row.line == line:
            told = " ".join(f"{item.field}：{item.message}" if item.field else item.message for item in found)
            cells = (row.cells + [""] * width)[:width]
            yield [*cells, str(line), told]
            wanted = next(by_line, None)
