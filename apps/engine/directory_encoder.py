"""A sentence-transformers model in a directory: a better encoder, for those who have the memory and the model.

`sentence-transformers` is not among the locked requirements (it brings a gigabyte along); who names a directory
installs it. The model is read from the directory only: nothing is downloaded and no code of its own is run.
"""

from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from sentence_transformers import SentenceTransformer

from apps.engine.encoder import FOR_DIRECTORIES, EncoderMissing, Vectors

WEIGHTS = ("*.safetensors", "*.bin", "*.onnx", "*.npz")


class DirectoryEncoder:
    """Wraps the model of a directory. EncoderMissing where it holds none that can be read."""

    def __init__(self, directory: Path) -> None:
        try:
            self._model: Any = SentenceTransformer(str(directory), device="cpu", local_files_only=True)
            self.dimensions = len(self._encoded(["读入模型"])[0])
        except Exception as error:  # whatever the package or its parts raise for a folder that holds no model
            raise EncoderMissing("", f"{directory} holds no model that can be read: {error!r}") from error
        self.name = f"{directory.resolve().name}-{fingerprint(directory)}-st{version(FOR_DIRECTORIES[0])}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text, zeros for an empty one."""
        found = np.zeros((len(texts), self.dimensions), np.float32)
        rows = [row for row, text in enumerate(texts) if text.strip()]
        if rows:
            found[rows] = self._encoded([texts[row] for row in rows])
        return found

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        made = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(made, dtype=np.float32)


def fingerprint(directory: Path) -> str:
    """Eight characters that change when the model does: from its configurations, and names and sizes of its weights."""
    seen = sha256()
    for path in sorted(directory.rglob("*.json")):
        seen.update(path.read_bytes())
    for path in sorted(found for pattern in WEIGHTS for found in directory.rglob(pattern)):
        seen.update(f"{path.relative_to(directory)} {path.stat().st_size}".encode())
    return seen.hexdigest()[:8]
