"""What a file really is, before anything reads it: its size, its kind, its encoding."""

import codecs
import os
from pathlib import Path

from django.utils.translation import gettext as _

from apps.core.tables.refusal import TableRefused

LARGEST_BYTES = 100_000_000
SUFFIXES = (".jsonl", ".csv", ".xlsx")
# How files begin that are no text, whatever their names say.
_SIGNATURES = {
    b"PK\x03\x04": ".xlsx、.docx 或 .zip",
    b"\xd0\xcf\x11\xe0": ".xls",
    b"%PDF": ".pdf",
    b"\x89PNG": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"Rar!": ".rar",
    b"7z\xbc\xaf": ".7z",
    b"\x1f\x8b": ".gz",
}
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CHUNK_BYTES = 1 << 20
_COMMON = range(0xB0, 0xD8)  # first bytes of the 3,755 characters of GB 2312's first level, in order of their use
_USED = range(0xA1, 0xF8)


def checked_suffix(path: Path) -> str:
    """The file's ending, once it is known to be a file of a bearable size and to hold something."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise TableRefused(_("只支持 .jsonl、.csv、.xlsx 文件，不支持“%(name)s”。") % {"name": path.name})
    refuse_unreadable(path)
    return suffix


def refuse_unreadable(path: Path) -> None:
    """TableRefused unless it is a file of a bearable size that holds something and may be read."""
    if not path.is_file():
        raise TableRefused(_("找不到文件“%(name)s”。") % {"name": path})
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        sizes = {"size": f"{size / 1e6:.0f}", "limit": LARGEST_BYTES // 1_000_000}
        raise TableRefused(_("文件有 %(size)s MB，超过 %(limit)d MB 的上限，请拆分后再试。") % sizes)
    if not size:
        raise TableRefused(_("文件“%(name)s”是空的。") % {"name": path.name})
    if not os.access(path, os.R_OK):
        raise TableRefused(_("没有读取文件“%(name)s”的权限。") % {"name": path.name})


def text_encoding(path: Path, *, shown_to_a_person: bool = False) -> str:
    """The encoding of a text file: UTF-8 with or without a mark, or UTF-16 with one. The whole file is decoded once.

    Raises TableRefused for what is no text or is in another encoding. GBK, as Excel in China writes it, cannot be told
    for certain: it is taken where it reads as Chinese and a person sees the text before it is used, else named.
    """
    with path.open("rb") as file:
        head = file.read(8)
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            raise TableRefused(
                _("“%(name)s”不是文本文件，内容像是 %(kind)s 文件，请确认没有改错扩展名。")
                % {"name": path.name, "kind": kind}
            )
    encoding = next((name for mark, name in _MARKS.items() if head.startswith(mark)), "utf-8")
    if _decodes(path, encoding):
        return encoding
    if encoding == "utf-8" and _decodes(path, "gb18030"):
        if shown_to_a_person and _reads_as_chinese(path):
            return "gb18030"
        raise TableRefused(
            _(
                "“%(name)s”是 GBK（GB18030）编码，无法可靠识别。"
                "请用 Excel 另存为“CSV UTF-8（逗号分隔）”，或用记事本另存为 UTF-8 后再试。"
            )
            % {"name": path.name}
        )
    raise TableRefused(_("无法识别“%(name)s”的文字编码，请另存为 UTF-8 后再试。") % {"name": path.name})


def _decodes(path: Path, encoding: str) -> bool:
    """Whether every byte is text in this encoding; NUL characters are no text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                if "\0" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _reads_as_chinese(path: Path) -> bool:
    """Whether the GBK text at the beginning is made of characters that Chinese is written with.

    Other encodings read as GBK give rare characters, half of them outside GB 2312.
    """
    with path.open("rb") as file:
        sample = file.read(_CHUNK_BYTES).decode("gb18030", errors="ignore")
    codes = [code for sign in sample if len(code := sign.encode("gb18030")) > 1]
    used = [code for code in codes if len(code) == 2 and code[0] in _USED and code[1] >= 0xA1]
    common = [code for code in used if code[0] in _COMMON or code[0] in (0xA1, 0xA3)]  # with punctuation and full width
    return bool(codes) and len(used) >= 0.9 * len(codes) and len(common) >= 0.7 * len(codes)
