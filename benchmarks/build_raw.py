"""From raw texts to a lexical index in files, beside jieba and two TfidfVectorizers on the same terms.

.venv/bin/python -m benchmarks.build_raw [SIZE]
"""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from apps.engine.index.batch import Batch
from apps.engine.index.building import build_index
from benchmarks.corpus import Block, blocks
from benchmarks.figure import Figure, medians, size_asked
from benchmarks.installation import counter, scratch, segmenter
from benchmarks.peers import TextPeer
from benchmarks.prepared import LEXICAL, batch, bytes_of, new_scorer

SIZE = 50_000
PEER = "jieba + TfidfVectorizer"


def main(size: int) -> None:
    corpus, peer = list(blocks(size)), TextPeer()
    documents = [document for block in corpus for document in block.documents]
    segmenter().words("两边的词典都先读好")
    kept: list[int] = []
    ours_seconds, peer_seconds = medians(
        lambda: kept.append(built(_counted(corpus))),
        lambda: peer.build(documents),
    )
    Figure(
        figure="build_raw",
        title="从原文建立词汇索引",
        size=size,
        ours=ours_seconds,
        peer=peer_seconds,
        peer_name=PEER,
        unit="s",
        must=1.0,
        aim=0.3,
        extras={"documents_per_second": size / ours_seconds, "bytes_per_document": kept[-1] / size},
    ).report()


def built(batches: Iterable[Batch]) -> int:
    """Build an index of these and drop it; how many bytes it had."""
    with TemporaryDirectory(dir=scratch()) as folder:
        build_index(Path(folder), capabilities=batches, needs=[], scorer=new_scorer(LEXICAL))
        return bytes_of(Path(folder))


def _counted(corpus: Iterable[Block]) -> Iterable[Batch]:
    return (batch(block, counter().count(block.documents)) for block in corpus)


if __name__ == "__main__":
    main(size_asked(SIZE))
