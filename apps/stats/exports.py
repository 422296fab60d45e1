"""The rows behind a figure as a file, read from the database in pieces."""

import tempfile
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from apps.core.tables import csv_lines, write_xlsx
from apps.core.tables.writing import Cell
from apps.stats.figures import Figure

FORMATS = ("csv", "xlsx")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(figure: Figure, rows: QuerySet[Any], *, kind: str, name: str) -> HttpResponseBase:
    """A download of the rows under the columns of the figure; `kind` is one of FORMATS, `name` lacks the ending."""
    header = [str(column.label) for column in figure.columns]
    filename = f"{name}.{kind}"
    if kind == "csv":
        lines = csv_lines(header, _cells(figure, rows))
        disposition = {"Content-Disposition": content_disposition_header(True, filename) or "attachment"}
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=disposition)
    book = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it when it is sent)
    write_xlsx(book, header, _cells(figure, rows), title=str(figure.label))
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=filename, content_type=XLSX_TYPE)


def _cells(figure: Figure, rows: QuerySet[Any]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=2000):
        yield [column.cell(row) for column in figure.columns]
