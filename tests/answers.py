"""What an answer of the site says, whatever it is packed in: pages, JSON, spreadsheets, documents, calendars, PDFs.

A name inside a compressed file, a folded line or an escape is as readable to its reader as on a page.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from django.http.response import HttpResponseBase
from pypdf import PdfReader

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def said_by(response: HttpResponseBase) -> str:
    """Headers and content, in every reading that somebody could make of them."""
    parts = response.streaming_content if response.streaming else [response.content]  # type: ignore[attr-defined]  # the base has neither
    headers = str(response.headers)
    return "\n".join([headers, unquote(headers), *readings(b"".join(parts))])


def readings(content: bytes) -> Iterator[str]:
    if content.startswith(b"PK\x03\x04"):
        yield from _of_archive(content)
    elif content.startswith(b"%PDF"):
        yield from _of_pdf(content)
    else:
        text = content.decode("utf-8", "replace")
        yield text
        if text.startswith("BEGIN:VCALENDAR"):
            yield re.sub(r"\r\n[ \t]", "", text)  # a long line goes on with a space (RFC 5545, 3.1)
        if "\\u" in text:
            yield _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _of_archive(content: bytes) -> Iterator[str]:
    """XLSX and DOCX: each part, and their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield f"{name}\n{archive.read(name).decode('utf-8', 'replace')}"


def _of_pdf(content: bytes) -> Iterator[str]:
    """What stands beside the pages, as their title does, and the text of each, lines joined: a name may be broken."""
    document = PdfReader(io.BytesIO(content))
    yield "\n".join(str(value) for value in (document.metadata or {}).values())
    for page in document.pages:
        yield page.extract_text().replace("\n", "")
