"""Two libraries for full-text search, given the terms that the engine compares: each ranks by BM25."""

import logging
from collections.abc import Sequence
from typing import Protocol

import bm25s
import tantivy

logging.getLogger("bm25s").setLevel(logging.WARNING)

type Terms = Sequence[str]


class Library(Protocol):
    def index(self, documents: Sequence[Terms]) -> None: ...

    def best(self, query: Terms, depth: int) -> list[int]:
        """The rows of the best documents, best first."""
        ...


class Bm25s:
    """bm25s with its defaults: Lucene's BM25 on sparse NumPy arrays."""

    def index(self, documents: Sequence[Terms]) -> None:
        self._index = bm25s.BM25()
        self._count = len(documents)
        self._index.index([list(terms) for terms in documents], show_progress=False)

    def best(self, query: Terms, depth: int) -> list[int]:
        found, _ = self._index.retrieve([list(query)], k=min(depth, self._count), show_progress=False)
        return [int(row) for row in found[0]]


class Tantivy:
    """tantivy, a search engine in Rust, in memory and with one thread; a document may hold any of the terms."""

    def __init__(self) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("terms", stored=False, tokenizer_name="whitespace")
        builder.add_integer_field("row", stored=True)
        self._schema = builder.build()

    def index(self, documents: Sequence[Terms]) -> None:
        index = tantivy.Index(self._schema)
        writer = index.writer(num_threads=1)
        for row, terms in enumerate(documents):
            writer.add_document(tantivy.Document(terms=" ".join(terms), row=row))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def best(self, query: Terms, depth: int) -> list[int]:
        wanted = [tantivy.Query.term_query(self._schema, "terms", term) for term in dict.fromkeys(query)]
        any_of_them = tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in wanted])
        hits = self._searcher.search(any_of_them, depth).hits
        return [self._searcher.doc(address)["row"][0] for _, address in hits]
