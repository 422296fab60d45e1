"""What an answer of the site says, whatever it is packed in: pages, JSON, spreadsheets, documents, calendars, PDFs.

A name inside a compressed file, a folded line or an escape is as readable to its reader as on a page.
"""

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

from django.http.response import HttpResponseBase

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_PDF_STRING = re.compile(rb"\(((?:[^()\\]|\\.)*)\)", re.DOTALL)
_PDF_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


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
    """Title and other strings as they stand, and the strings of each stream; Chinese in both is UTF-16."""
    yield content.decode("latin-1")
    plain = [content, *(_unpacked(found[1].strip()) for found in _PDF_STREAM.finditer(content))]
    for part in plain:
        yield "".join(_text_of(found[1]) for found in _PDF_STRING.finditer(part))


def _unpacked(stream: bytes) -> bytes:
    """As ReportLab packs it: deflated, then in ASCII 85."""
    if stream.endswith(b"~>"):
        stream = base64.a85decode(stream.removeprefix(b"<~").removesuffix(b"~>"))
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _text_of(string: bytes) -> str:
    raw = _PDF_ESCAPED.sub(lambda found: _unescaped(found[1]), string)
    return raw.removeprefix(b"\xfe\xff").decode("utf-16-be", "replace")


def _unescaped(code: bytes) -> bytes:
    """`\\9` is no number but the character itself."""
    return bytes([int(code, 8) & 0xFF]) if code[:1] in b"01234567" else _NAMED.get(code, code)
