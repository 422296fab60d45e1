"""From kept terms to a lexical index in files: what a rebuild costs, beside what it costs to start from texts.

The terms are read from the bytes that the database keeps of each row; the peer is that of build_raw, as scikit-learn
keeps no such thing.

    .venv/bin/python -m benchmarks.build_kept [SIZE]
"""

from collections.abc import Iterable, Sequence

from apps.engine.counted import pack, unpack
from apps.engine.index.batch import Batch
from benchmarks.build_raw import PEER, built
from benchmarks.corpus import Block
from benchmarks.figure import Figure, medians, size_asked
from benchmarks.peers import TextPeer
from benchmarks.prepared import batch, counted_blocks

SIZE = 50_000


def main(size: int) -> None:
    corpus = [(block, pack(counted)) for block, counted in counted_blocks(size)]
    documents, peer = [document for block, _ in corpus for document in block.documents], TextPeer()
    ours_seconds, peer_seconds = medians(
        lambda: built(_unpacked(corpus)),
        lambda: peer.build(documents),
    )
    packed = sum(len(blob) for _, blobs in corpus for blob in blobs)
    Figure(
        figure="build_kept",
        title="用保留的词项重建索引",
        size=size,
        ours=ours_seconds,
        peer=peer_seconds,
        peer_name=PEER,
        unit="s",
        must=0.15,
        aim=0.05,
        extras={"documents_per_second": size / ours_seconds, "kept_bytes_per_document": packed / size},
    ).report()


def _unpacked(corpus: Iterable[tuple[Block, Sequence[bytes]]]) -> Iterable[Batch]:
    return (batch(block, unpack(blobs)) for block, blobs in corpus)


if __name__ == "__main__":
    main(size_asked(SIZE))
