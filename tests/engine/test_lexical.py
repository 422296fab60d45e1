import math

import numpy as np
import pytest

from apps.engine.documents import Document
from apps.engine.lexical import LexicalSignal
from apps.engine.store import TermLog

SHARE = {"the": 0.05}
DOCUMENTS = [
    Document("1", "laser weld", "the weld the seam"),
    Document("2", "the pump", "seal wear"),
    Document("3", "the", ""),
    Document("4", "", ""),
]


def fitted() -> LexicalSignal:
    return LexicalSignal(
        TermLog(str.split, 100),
        texts_of=lambda document: (document.title, document.body),
        shares=(0.4, 0.6),
        evidence=5.0,
        imagined_documents=200.0,
        share_of_language=lambda term: SHARE.get(term, 0.0),
    ).fit(DOCUMENTS)


def plain_idf(term: str) -> float:
    containing = sum(term in f"{d.title} {d.body}".split() for d in DOCUMENTS)
    chance = 1 - math.exp(-100 * SHARE.get(term, 0.0))
    return max(0.0, math.log((len(DOCUMENTS) + 200) / (containing + 200 * chance + 0.5)))


def plain_vector(document: Document, terms: list[str]) -> np.ndarray:
    def unit(text: str) -> np.ndarray:
        counts = [text.split().count(term) for term in terms]
        raw = np.array([(1 + math.log(n)) * plain_idf(t) if n else 0.0 for n, t in zip(counts, terms, strict=True)])
        return raw / (np.linalg.norm(raw) or 1)

    vector = 0.4 * unit(document.title) + 0.6 * unit(document.body)
    evidence = sum(plain_idf(term) ** 2 for term in set(f"{document.title} {document.body}".split()))
    return vector / (np.linalg.norm(vector) or 1) * math.sqrt(evidence / (evidence + 25))


def test_vectors_and_cosines_equal_a_plain_computation() -> None:
    signal = fitted()
    query = Document("q", "laser seam", "unheard the the")
    rows = signal.vectors(DOCUMENTS)
    got = signal.cosines(signal.vectors([query]), rows.tocsc())
    terms = [*signal.log.terms]
    expected = [plain_vector(document, terms) for document in DOCUMENTS]
    np.testing.assert_allclose(rows.toarray(), [row[: rows.shape[1]] for row in expected], atol=1e-12)
    np.testing.assert_allclose(got, [row @ plain_vector(query, terms) for row in expected], atol=1e-12)


def test_a_word_of_everyday_chinese_weighs_less_even_in_a_corpus_that_lacks_it() -> None:
    signal = fitted()
    signal.vectors([Document("q", "unheard")])
    weight = dict(zip(signal.log.terms, signal.weights(), strict=True))
    assert weight["the"] < weight["weld"] < weight["unheard"]


def test_terms_met_after_fitting_do_not_change_the_weights_of_known_ones() -> None:
    signal = fitted()
    before = signal.weights().copy()
    signal.vectors([Document("q", "many new words")])
    assert signal.weights()[: len(before)].tolist() == before.tolist()


def test_a_document_that_says_little_fits_nothing_well() -> None:
    signal = fitted()
    thin, rich = signal.vectors([DOCUMENTS[2], DOCUMENTS[0]]).toarray()
    assert np.linalg.norm(thin) < 0.6 < np.linalg.norm(rich) < 1
    assert signal.vectors([DOCUMENTS[3]]).nnz == 0


def test_a_long_body_does_not_drown_its_title() -> None:
    signal = fitted()
    long_body = Document("x", "laser weld", " ".join(f"w{i}" for i in range(500)))
    cosine = signal.cosines(signal.vectors([Document("q", "laser weld")]), signal.vectors([long_body]).tocsc())
    assert cosine[0] == pytest.approx(0.5, abs=0.1)
