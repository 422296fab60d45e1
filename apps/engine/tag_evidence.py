"""What speaks for each tag of a text: its name in it, words of its name, and the tags of texts like it."""

from collections.abc import Sequence
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from apps.engine.documents import Document
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import bigrams

OPENING = 60
"""Characters at the beginning of a text, title and first sentence, that count twice."""
NEIGHBOURS = 10
EVIDENCE = (
    "surface",
    "opening",
    "name",
    "near",
    "nearest",
    "centre",
    "known",
    "covered",
    "surface_nearest",
    "surface_name",
)
"""The columns of `TagEvidence.of`."""


class TagEvidence:
    """Compares a text with the names of the taxonomy's terms and with texts whose tags are known.

    Vectors are TF-IDF over bigrams: words beside them were no better (docs/matching.md), and cutting takes its time.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self.codes = tuple(taxonomy.terms)

    def fit(self, examples: Sequence[Document] = ()) -> Self:
        """Learn from documents with tags; tags that the taxonomy does not know are passed over."""
        names = [" ".join((term.name, *term.aliases)) for term in self.taxonomy.terms.values()]
        texts = [opened(f"{example.title}\n{example.body}") for example in examples]
        self._vectorizer = TfidfVectorizer(analyzer=list, sublinear_tf=True, norm=None)
        named, told = [[bigrams(text) for text in group] for group in (names, texts)]
        self._vectorizer.fit([*named, *told, ["-"]])  # never empty
        self.names_ = self._vectors(named)
        self.texts_ = self._vectors(told)
        shares = self._vectors([bigrams(term.name) for term in self.taxonomy.terms.values()])
        self._name_shares = sp.csr_array(shares.multiply(shares))
        self.bears_ = self._bears(examples)
        self._lengths = self._centre_lengths()
        return self

    def _vectors(self, texts: Sequence[Sequence[str]]) -> sp.csr_array:
        """Rows of length 1 at most for lists of terms: one never seen makes the others count less (西瓜采摘机器人 where
        only 机器人 is known is no welding robot), as much as if it had been seen once."""
        if not texts:
            return sp.csr_array((0, len(self._vectorizer.vocabulary_)))
        known = sp.csr_array(self._vectorizer.transform(texts))
        rarest = float(self._vectorizer.idf_.max())
        unseen = [len(set(terms) - self._vectorizer.vocabulary_.keys()) for terms in texts]
        squares = np.asarray(known.multiply(known).sum(axis=1)).ravel() + rarest**2 * np.array(unseen)
        return sp.csr_array(known.multiply(1.0 / np.sqrt(np.maximum(squares, 1e-9))[:, None]))

    def _bears(self, examples: Sequence[Document]) -> sp.csc_array:
        """Examples × terms, 1 where the example bears the tag."""
        column = {code: at for at, code in enumerate(self.codes)}
        pairs = [(row, column[tag]) for row, e in enumerate(examples) for tag in set(e.tags) if tag in column]
        rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
        shape = (len(examples), len(self.codes))
        return sp.csc_array((np.ones(len(pairs)), (np.array(rows, int), np.array(columns, int))), shape=shape)

    def _centre_lengths(self, counted: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """How long the sum of each tag's examples is, of those that count."""
        bears = self.bears_ if counted is None else self.bears_.multiply(counted[:, None])
        sums = sp.csr_array(bears.T @ self.texts_)
        return np.sqrt(np.asarray(sums.multiply(sums).sum(axis=1)).ravel())

    def of(
        self,
        text: str,
        surfaces: NDArray[np.float64],
        openings: NDArray[np.float64],
        counted: NDArray[np.float64] | None = None,
    ) -> NDArray[np.float64]:
        """Terms × EVIDENCE for a text.

        `surfaces` and `openings`: 1 for terms that stand in the text and in its opening. `counted`: 1 for the examples
        that may be looked at, all where it is None (an evaluation hides some).

        name: cosine with the term's name and aliases. near: the cosines of the NEIGHBOURS most alike examples that
        bear the tag, added up. nearest: the cosine of the most alike example that bears it. centre: the cosine with the
        sum of all that bear it. known: ln(1 + how many do). covered: the share of
        the name (by weight) that stands in the text.
        """
        vector = self._vectors([bigrams(opened(text))])
        name = (self.names_ @ vector.T).toarray()[:, 0]
        present = sp.csr_array((np.ones(vector.nnz), vector.indices, vector.indptr), shape=vector.shape)
        covered = (self._name_shares @ present.T).toarray()[:, 0]
        alike = (self.texts_ @ vector.T).toarray()[:, 0]
        lengths = self._lengths
        if counted is not None:
            alike, lengths = alike * counted, self._centre_lengths(counted)
        near, nearest, centre, known = self._examples(alike, lengths, counted)
        columns = (surfaces, openings, name, near, nearest, centre, known, covered, surfaces * nearest, surfaces * name)
        return np.stack(columns, axis=1)

    def _examples(
        self, alike: NDArray[np.float64], lengths: NDArray[np.float64], counted: NDArray[np.float64] | None
    ) -> tuple[NDArray[np.float64], ...]:
        if not len(alike):
            nothing = np.zeros(len(self.codes))
            return nothing, nothing, nothing, nothing
        closest = np.zeros(len(alike))
        at = np.argsort(-alike, kind="stable")[:NEIGHBOURS]
        closest[at] = alike[at]
        nearest = self.bears_.multiply(alike[:, None]).max(axis=0).toarray().ravel()
        centre = (self.bears_.T @ alike) / np.maximum(lengths, 1e-9)
        bearers = self.bears_.T @ (np.ones(len(alike)) if counted is None else counted)
        return self.bears_.T @ closest, nearest, np.where(lengths > 0, centre, 0.0), np.log1p(bearers)


def opened(text: str) -> str:
    """The text with its opening twice."""
    return f"{text[:OPENING]}\n{text}"
