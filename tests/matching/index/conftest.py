"""What the tests of the index share."""

from collections.abc import Iterator

import pytest

from apps.matching import encoders, vectors
from apps.matching.documents import engine_counter, engine_segmenter, engine_taxonomy


@pytest.fixture
def no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the meaning of texts, whose encoder takes a second to read."""
    for module in (vectors, encoders):
        monkeypatch.setattr(module, "current_encoder", lambda: None)


@pytest.fixture
def own_taxonomy() -> Iterator[None]:
    """What this process learnt of the terms is forgotten before and after: some tests have few of them."""
    for learnt in (engine_taxonomy, engine_segmenter, engine_counter):
        learnt.cache_clear()
    yield
    for learnt in (engine_taxonomy, engine_segmenter, engine_counter):
        learnt.cache_clear()
