"""One spelling for one word: what every text goes through before it is compared."""

import re
import unicodedata

from apps.engine.simplified import simplified

LONGEST_TEXT = 20_000
"""Characters of a text that are read. Nobody describes a need in more; a pasted book must not stop a worker."""

_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff]+")
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """The text in half width (NFKC), lower case and simplified characters; control characters and runs of space as
    one space.

    Only the first LONGEST_TEXT characters are read. Positions change: spans are found in the raw text.
    """
    folded = simplified(unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).lower())
    return _SPACES.sub(" ", _NOT_TEXT.sub(" ", folded)).strip()[:LONGEST_TEXT]
