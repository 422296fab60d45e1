import math
from collections.abc import Sequence

import numpy as np
import pytest

from apps.engine.counted import TermTable
from apps.engine.fields import FIELDS
from apps.engine.grid import GRID
from apps.engine.lexical import LexicalSignal, NumberedTerms, TermVectors
from apps.engine.postings import Postings, cosines
from apps.engine.terms import TermShares, Vocabulary, codes_of

SHARE = {"the": 0.05}
type Texts = tuple[str, str]
DOCUMENTS: list[Texts] = [
    ("laser weld", "the weld the seam"),
    ("the pump", "seal wear"),
    ("the", ""),
    ("", ""),
]


def counted(documents: Sequence[Texts]) -> TermTable:
    """Titles and bodies as tables; the other fields are empty."""
    codes, counts, lengths = [], [], []
    for title, body in documents:
        for text in (title, "", body, "", ""):
            found = sorted((int(codes_of([word])[0]), text.split().count(word)) for word in set(text.split()))
            codes += [code for code, _ in found]
            counts += [count for _, count in found]
            lengths.append(len(found))
    assert len(lengths) == len(FIELDS) * len(documents)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return TermTable(np.array(codes, np.uint64), np.array(counts, np.uint16), starts)


def fitted() -> LexicalSignal:
    vocabulary = Vocabulary()
    return LexicalSignal(
        shares=(0.4, 0.0, 0.6, 0.0, 0.0), evidence=5.0, imagined_documents=200.0, general=TermShares.of(SHARE.items())
    ).fit([NumberedTerms.of(counted(part), vocabulary) for part in (DOCUMENTS[:2], DOCUMENTS[2:])], vocabulary)


def vectors_of(signal: LexicalSignal, documents: Sequence[Texts]) -> TermVectors:
    vocabulary = Vocabulary()
    return signal.vectors(NumberedTerms.of(counted(documents), vocabulary), vocabulary.codes)


def plain_idf(term: str) -> float:
    containing = sum(term in f"{title} {body}".split() for title, body in DOCUMENTS)
    chance = 1 - math.exp(-100 * SHARE.get(term, 0.0))
    return max(0.0, math.log((len(DOCUMENTS) + 200) / (containing + 200 * chance + 0.5)))


def plain_vector(document: Texts, terms: list[str]) -> np.ndarray:
    def unit(text: str) -> np.ndarray:
        counts = [text.split().count(term) for term in terms]
        raw = np.array([(1 + math.log(n)) * plain_idf(t) if n else 0.0 for n, t in zip(counts, terms, strict=True)])
        return raw / (np.linalg.norm(raw) or 1)

    vector = 0.4 * unit(document[0]) + 0.6 * unit(document[1])
    evidence = sum(plain_idf(term) ** 2 for term in set(" ".join(document).split()))
    return vector / (np.linalg.norm(vector) or 1) * math.sqrt(evidence / (evidence + 25))


def weights(vectors: TermVectors, row: int) -> dict[int, float]:
    codes, numbers = vectors.row(row)
    return {int(code): number / GRID for code, number in zip(codes, numbers.tolist(), strict=True)}


def cosine(a: TermVectors, b: TermVectors) -> np.ndarray:
    return cosines(Postings.of(b).raw(a.row(0)))


def test_vectors_and_cosines_equal_a_plain_computation() -> None:
    signal = fitted()
    query = ("laser seam", "unheard the the")
    terms = sorted({word for text in (*DOCUMENTS, query) for word in " ".join(text).split()})
    expected = [plain_vector(document, terms) for document in DOCUMENTS]
    vectors = vectors_of(signal, DOCUMENTS)
    for row, vector in enumerate(expected):
        found = weights(vectors, row)
        shown = [found.get(int(code), 0.0) for code in codes_of(terms)]
        np.testing.assert_allclose(shown, vector, atol=0.51 / GRID)
    got = cosine(vectors_of(signal, [query]), vectors)
    np.testing.assert_allclose(got, [row @ plain_vector(query, terms) for row in expected], atol=3e-4)


def test_a_word_of_everyday_chinese_weighs_less_even_in_a_corpus_that_lacks_it() -> None:
    the, weld, unheard = fitted().weights(codes_of(["the", "weld", "unheard"]))
    assert the < weld < unheard


def test_a_document_that_says_little_fits_nothing_well() -> None:
    vectors = vectors_of(fitted(), [DOCUMENTS[2], DOCUMENTS[0], DOCUMENTS[3]])
    thin, rich, silent = (math.hypot(*weights(vectors, row).values()) for row in range(3))
    assert silent == 0 < thin < 0.6 < rich < 1


def test_a_long_body_does_not_drown_its_title() -> None:
    signal = fitted()
    long_body = ("laser weld", " ".join(f"w{i}" for i in range(500)))
    found = cosine(vectors_of(signal, [("laser weld", "")]), vectors_of(signal, [long_body]))
    assert found[0] == pytest.approx(0.5, abs=0.1)


def test_a_pair_has_the_very_same_cosine_in_any_company() -> None:
    signal = fitted()
    chance = np.random.default_rng(3)
    words = [f"w{i}" for i in range(300)]
    texts = [(" ".join(chance.choice(words, 4)), " ".join(chance.choice(words, 60))) for _ in range(50)]
    together = vectors_of(signal, texts)
    among_all = cosine(together, together)
    alone = [cosine(vectors_of(signal, [text]), vectors_of(signal, [texts[0]]))[0] for text in texts]
    assert among_all.tolist() == alone
