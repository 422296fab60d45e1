"""A table as a download: CSV is streamed line by line, a workbook is written to a file that ends with the answer."""

import tempfile
from collections.abc import Iterable, Sequence

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from apps.core.tables.writing import Cell, csv_lines, write_xlsx

FORMATS = ("csv", "xlsx")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, kind: str, name: str, title: str = ""
) -> HttpResponseBase:
    """`kind` is one of FORMATS; `name` lacks the ending and may hold what people typed."""
    filename = f"{name.replace('/', '-')}.{kind}"
    if kind == "csv":
        headers = {"Content-Disposition": content_disposition_header(True, filename) or "attachment"}
        return StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8", headers=headers)
    book = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it when it is sent)
    write_xlsx(book, header, rows, title=title or name)
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=filename, content_type=XLSX_TYPE)
