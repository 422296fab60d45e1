"""What takes long to make and only needs reading: counted terms, indexes and matrices of a size, kept below scratch().

Each is named after everything it depends on: size, the engine, the way terms are counted, and the corpus itself.
Remove the folder var/benchmarks to have all made anew.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path

import numpy as np

from apps.engine.blend import SIGNALS, Parameters
from apps.engine.counted import Counted, TermTable
from apps.engine.fields import FIELDS
from apps.engine.index.batch import Batch
from apps.engine.index.building import build_index
from apps.engine.matcher import ENGINE_VERSION
from apps.engine.scoring import Scorer
from benchmarks.corpus import Block, blocks, capabilities, need_block
from benchmarks.figure import ROOT
from benchmarks.installation import counter, encoder, scratch, segmenter, taxonomy
from benchmarks.matrices import LexicalMatrices, TfidfMatrix
from benchmarks.meanings import with_meanings

SORTS = ("words", "bigrams")
BUILD = "build.json"
LEXICAL = Parameters().with_weights({name: 0.0 for name in SIGNALS if name not in SORTS})
"""The shipped weights of words and bigrams, and nothing else."""


def new_scorer(parameters: Parameters) -> Scorer:
    return Scorer(taxonomy(), parameters, segmenter())


def batch(block: Block, counted: Counted) -> Batch:
    return Batch(block.documents, counted, block.columns, block.facets)


def counted_blocks(size: int) -> Iterator[tuple[Block, Counted]]:
    """The corpus with its terms; they are counted once."""
    for block in blocks(size):
        kind = f"counted-{int(block.columns['id'][0])}-{len(block)}"
        folder = made(kind, _corpus_key(), partial(_count, block))
        yield block, _read(folder)


def batches(size: int, *, meanings: bool = False) -> Iterator[Batch]:
    """The corpus as an index takes it in."""
    for block, counted in counted_blocks(size):
        yield batch(with_meanings(block) if meanings else block, counted)


def need_batch(size: int, *, meanings: bool = False) -> Batch:
    block = need_block(size)
    return batch(with_meanings(block) if meanings else block, counter().count(block.documents))


def index_folder(size: int, *, meanings: bool = False) -> Path:
    """An index of the corpus and of the demo city's needs."""
    kind = f"{'all-signals' if meanings else 'lexical'}-{size}"
    return made(kind, f"{_engine_key()}-{_corpus_key()}", lambda into: build(into, size, meanings=meanings))


def build(into: Path, size: int, *, meanings: bool = False) -> None:
    """Beside the index, build.json tells how many seconds it took once the rows were there."""
    rows, asked = Waited(batches(size, meanings=meanings)), [need_batch(80, meanings=meanings)]
    began = time.perf_counter()
    build_index(
        into,
        capabilities=rows,
        needs=asked,
        scorer=new_scorer(Parameters() if meanings else LEXICAL),
        dimensions=encoder().dimensions if meanings else 0,
    )
    seconds = time.perf_counter() - began - rows.seconds
    (into / BUILD).write_text(json.dumps({"seconds": seconds}) + "\n", encoding="utf-8")


def build_seconds(folder: Path) -> float:
    """What the index in this folder took."""
    return float(json.loads((folder / BUILD).read_text(encoding="utf-8"))["seconds"])


class Waited[T]:
    """The same things, one by one; `seconds`: what it took to make them, as made-up rows must not count."""

    def __init__(self, things: Iterable[T]) -> None:
        self._things = iter(things)
        self.seconds = 0.0

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        began = time.perf_counter()
        try:
            return next(self._things)
        finally:
            self.seconds += time.perf_counter() - began


def matrices(size: int) -> LexicalMatrices:
    """The corpus as scikit-learn would hold it."""
    folder = made(f"matrices-{size}", _corpus_key(), lambda into: _write_matrices(into, size))
    return LexicalMatrices(*(TfidfMatrix.read(folder, sort) for sort in SORTS))


def made(kind: str, key: str, make: Callable[[Path], object]) -> Path:
    """The folder of this kind and key, made if it is not there; what was of another key, or half made, goes."""
    folder, begun = scratch() / f"{kind}-{key}", scratch() / f"{kind}-begun"
    if not folder.exists():
        for old in scratch().glob(f"{kind}-*"):
            shutil.rmtree(old)
        begun.mkdir()
        make(begun)
        begun.rename(folder)
    return folder


def bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@cache
def _engine_key() -> str:
    """The engine's version, and its sources: while it is worked on, files may change though scores do not."""
    sources = b"".join(path.read_bytes() for path in sorted((ROOT / "apps" / "engine").rglob("*.py")))
    return f"{ENGINE_VERSION}-{hashlib.sha256(sources).hexdigest()[:8]}"


@cache
def _corpus_key() -> str:
    """Changes with the made-up texts and with the way their terms are counted."""
    rules = (counter().method, FIELDS, [(d.id, d.text, d.tags, d.indicators) for d in capabilities(200)])
    return hashlib.sha256(repr(rules).encode()).hexdigest()[:12]


def _write_matrices(into: Path, size: int) -> None:
    for sort in SORTS:
        TfidfMatrix.of(getattr(counted, sort) for _, counted in counted_blocks(size)).write(into, sort)


def _count(block: Block, into: Path) -> None:
    _write(into, counter().count(block.documents))


def _write(into: Path, counted: Counted) -> None:
    for sort in SORTS:
        table: TermTable = getattr(counted, sort)
        np.savez(into / f"{sort}.npz", codes=table.codes, counts=table.counts, starts=table.starts)


def _read(folder: Path) -> Counted:
    words, bigrams = (_table(folder / f"{sort}.npz") for sort in SORTS)
    return Counted(words, bigrams)


def _table(path: Path) -> TermTable:
    with np.load(path, allow_pickle=False) as kept:
        return TermTable(kept["codes"], kept["counts"], kept["starts"])
