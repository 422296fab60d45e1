"""Files that nobody should have to fear, made when a test asks for them: none is worth keeping in a repository."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

HEADER = "id,title\n"
WORKBOOK = b"""<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"""
RELATIONS = b"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="worksheets/sheet1.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>"""
TYPES = b"""<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
SHEET_BEGIN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_END = b"</sheetData></worksheet>"


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def raw_workbook(sheet: bytes, **parts: bytes) -> bytes:
    """A workbook around a sheet's XML; `parts` adds others by name."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def plain_zip(name: str, content: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, content)
    return target.getvalue()


def _many_parts() -> bytes:
    return raw_workbook(SHEET_BEGIN + SHEET_END, **{f"xl/media/{number}.txt": b"x" for number in range(1_001)})


def _entities() -> bytes:
    laughs = b'<!DOCTYPE l [<!ENTITY a "' + b"ha" * 500 + b'">]>'
    return raw_workbook(laughs + SHEET_BEGIN + b"<row><c><v>" + b"&a;" * 500 + b"</v></c></row>" + SHEET_END)


def _wide_row() -> bytes:
    cells = b"".join(b"<c><v>%d</v></c>" % (number * 7919) for number in range(20_001))
    return raw_workbook(SHEET_BEGIN + b"<row>" + cells + b"</row>" + SHEET_END)


# name → (content, what the sentence must say)
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty.csv": (lambda: b"", "是空的"),
    "empty.jsonl": (lambda: b"", "是空的"),
    "empty.xlsx": (lambda: b"", "是空的"),
    "blank.csv": (lambda: b"\n\n  \n", "没有数据行"),
    "blank.jsonl": (lambda: b"\n \n", "没有数据行"),
    "only_a_mark.csv": (lambda: b"\xef\xbb\xbf", "没有数据行"),
    "header_only.csv": (HEADER.encode, "没有数据行"),
    "header_only.xlsx": (lambda: workbook([["id", "title"]]), "没有数据行"),
    "no_rows.xlsx": (lambda: workbook([]), "没有数据行"),
    "gbk.csv": (lambda: (HEADER + "1,激光熔覆技术\n").encode("gbk"), "UTF-8"),
    "gbk.jsonl": (lambda: '{"id": "1", "title": "激光熔覆技术"}\n'.encode("gbk"), "GBK"),
    "gb18030.csv": (lambda: (HEADER + "1,𠀀㐀激光\n").encode("gb18030"), "GBK"),
    "bytes.csv": (lambda: HEADER.encode() + bytes(range(128, 256)), "编码"),
    "nul.csv": (lambda: HEADER.encode() + b"1,a\x00b\n", "编码"),
    "utf16_without_mark.csv": (lambda: HEADER.encode("utf-16-le"), "编码"),
    "workbook.csv": (lambda: workbook([["id", "title"], [1, "a"]]), "扩展名"),
    "workbook.jsonl": (lambda: workbook([["id", "title"], [1, "a"]]), "扩展名"),
    "picture.csv": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "扩展名"),
    "table.jsonl": ((HEADER + "1,a\n").encode, "JSON"),
    "array.jsonl": (lambda: b'[{"id": "1", "title": "a"}]', "JSON"),
    "lines.csv": (lambda: b'{"id": "1", "title": "a"}\n{"id": "2", "title": "b"}\n', "缺少必需的列"),
    "no_title.csv": (lambda: b"id,name of nothing\n1,a\n", "title"),
    "no_id.jsonl": (lambda: b'{"title": "a"}\n', "id"),
    "two_titles.csv": ("id,title,名称\n1,a,b\n".encode, "含义相同"),
    "same_heading_twice.csv": (lambda: b"id,title,title\n1,a,b\n", "title"),
    "open_quote.csv": ((HEADER + '1,"激光\n2,熔覆\n').encode, "引号"),
    "long_line.jsonl": (lambda: b'{"id": "1", "title": "' + b"a" * 1_000_001 + b'"}', "第 1 行"),
    "long_cell.csv": (lambda: HEADER.encode() + b"1," + b"a" * 200_000, "过长"),
    "text.xlsx": ((HEADER + "1,a\n").encode, "Excel"),
    "old_office.xlsx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "密码"),
    "document.xlsx": (lambda: plain_zip("word/document.xml", b"<a/>"), "Excel"),
    "truncated.xlsx": (lambda: workbook([["id", "title"], [1, "a"]])[:-60], "Excel"),
    "damaged.xlsx": (lambda: raw_workbook(SHEET_BEGIN + b"<row><c>"), "损坏"),
    "nonsense_cell.xlsx": (
        lambda: raw_workbook(SHEET_BEGIN + b'<row><c t="n"><v>abc</v></c></row>' + SHEET_END),
        "损坏",
    ),
    "bomb.xlsx": (lambda: raw_workbook(SHEET_BEGIN + b" " * 30_000_000 + SHEET_END), "解压"),
    "many_parts.xlsx": (_many_parts, "解压"),
    "entities.xlsx": (_entities, "实体"),
    "wide_row.xlsx": (_wide_row, "列数"),
    "table.txt": ((HEADER + "1,a\n").encode, ".xlsx"),
    "table.xls": (lambda: workbook([["id", "title"], [1, "a"]]), ".xlsx"),
}


def write_refused(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(REFUSED[name][0]())
    return path


def write_huge(folder: Path, name: str = "huge.csv") -> Path:
    """200 MB that take no room: a file with a hole."""
    path = folder / name
    with path.open("wb") as file:
        file.write(HEADER.encode())
        file.truncate(200_000_000)
    return path
