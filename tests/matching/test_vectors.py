"""Vectors of meaning in the database: made once, made anew when text or encoder change, checked when read."""

from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db.models import F

from apps.capabilities.models import Capability
from apps.engine.encoder import Vectors
from apps.engine.index.segment import Filter
from apps.matching import checks, encoders, vectors, worker
from apps.matching.documents import capability_rows, need_rows
from apps.matching.index.live import current_index
from apps.matching.models import MatchRequest, TextVector
from apps.matching.tasks import encode
from apps.needs.models import Need, NeedState
from tests.factories import make_capability, make_need

Match = Callable[..., MatchRequest]


class SmallEncoder:
    """Three numbers per text, and a count of the texts it was given."""

    dimensions = 3

    def __init__(self, name: str = "small-1") -> None:
        self.name = name
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        rows = np.array([[1, len(text), text.count("轧")] for text in texts], np.float32).reshape(-1, 3)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> SmallEncoder:
    encoder = SmallEncoder()
    use(encoder, monkeypatch)
    return encoder


def use(encoder: SmallEncoder | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (vectors, encoders):
        monkeypatch.setattr(module, "current_encoder", lambda: encoder)


@pytest.fixture
def fresh_encoder() -> Iterator[None]:
    """What a process learnt of its encoder is forgotten before and after."""
    encoders.current_encoder.cache_clear()
    yield
    encoders.current_encoder.cache_clear()


def parts(need: Need) -> dict[str, float]:
    return {part["name"]: part["weight"] for part in need.proposals.get().parts}


def test_a_match_encodes_both_sides_once(need: Need, capability: Capability, match: Match, small: SmallEncoder) -> None:
    match(need=need)
    assert parts(need)["semantics"] > 0
    kept = set(TextVector.objects.values_list("need", "capability", "encoder", "dimensions"))
    assert kept == {(need.pk, None, "small-1", 3), (None, capability.pk, "small-1", 3)}
    small.texts.clear()
    match(need=need)
    match(capability=capability)
    assert small.texts == []


def test_a_changed_text_is_encoded_anew(need: Need, small: SmallEncoder) -> None:
    vectors.ensure(Need, [need.pk])
    Need.objects.filter(pk=need.pk).update(title="换了的题目", version=F("version") + 1)
    assert vectors.stored(Need, {need.pk: need.version + 1}) == {}
    assert vectors.ensure(Need, [need.pk]) == 1
    kept = TextVector.objects.get()
    assert kept.version == need.version + 1
    assert "换了的题目" in small.texts


def test_another_encoder_makes_its_own_vectors_and_matching_goes_on_meanwhile(
    need: Need, capability: Capability, match: Match, small: SmallEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    match(need=need)
    use(SmallEncoder("small-2"), monkeypatch)
    monkeypatch.setattr(vectors, "MOST_WHILE_WAITING", 0)
    monkeypatch.setattr("apps.matching.index.live._live", None)
    match(need=need)
    assert parts(need)["semantics"] == 0
    encode()
    match(need=need)
    assert parts(need)["semantics"] > 0
    assert vectors.forget_other_encoders() == 2
    assert set(TextVector.objects.values_list("encoder", flat=True)) == {"small-2"}


def test_vectors_are_small_endian_floats_and_come_back_as_they_were(
    capability: Capability, small: SmallEncoder
) -> None:
    vectors.ensure(Capability, [capability.pk])
    kept = TextVector.objects.get()
    assert len(kept.data) == 2 * 3 * 4
    (document,) = vectors.documents_of(list(capability_rows(Capability.objects.all())))
    assert document.vectors is not None
    assert document.vectors.tolist() == np.frombuffer(kept.data, "<f4").reshape(2, 3).tolist()
    np.testing.assert_allclose(document.vectors, small.encode([document.title, document.text.replace("\n", " ")]))


@pytest.mark.parametrize(
    "damage",
    [
        {"data": b"short"},
        {"data": np.full(6, np.nan, "<f4").tobytes()},
        {"data": np.full(6, np.inf, "<f4").tobytes()},
        {"data": np.full(6, 9.0, "<f4").tobytes()},
        {"dimensions": 4},
    ],
)
def test_damaged_vectors_are_made_anew(capability: Capability, small: SmallEncoder, damage: dict[str, object]) -> None:
    vectors.ensure(Capability, [capability.pk])
    good = bytes(TextVector.objects.get().data)
    TextVector.objects.update(**damage)
    versions = {capability.pk: capability.version}
    assert vectors.stored(Capability, versions) == {}
    assert vectors.ensure(Capability, [capability.pk]) == 1
    assert bytes(TextVector.objects.get().data) == good
    assert capability.pk in vectors.stored(Capability, versions)


def test_two_workers_at_once_leave_one_row(need: Need, small: SmallEncoder) -> None:
    """Both found it missing; the second writes where the first has written."""
    vectors._encode(Need, [need.pk], small)
    vectors._encode(Need, [need.pk], small)
    assert TextVector.objects.filter(need=need).count() == 1


def test_a_text_that_changed_while_it_was_encoded_is_not_stored_as_encoded(need: Need, small: SmallEncoder) -> None:
    def change_meanwhile(texts: Sequence[str]) -> Vectors:
        Need.objects.filter(pk=need.pk).update(version=F("version") + 1)
        return SmallEncoder().encode(texts)

    small.encode = change_meanwhile  # type: ignore[method-assign]  # of this one object
    vectors.ensure(Need, [need.pk])
    assert not TextVector.objects.exists()


def test_only_open_rows_are_encoded(need: Need, small: SmallEncoder) -> None:
    draft = make_need(organisation=need.organisation, state=NeedState.DRAFT)
    assert vectors.catch_up(100) == 1
    assert list(TextVector.objects.values_list("need", flat=True)) == [need.pk]
    assert vectors.document_now(need_rows(Need.objects.filter(pk=draft.pk)).get()).vectors is not None
    assert TextVector.objects.count() == 1


def test_while_somebody_waits_only_some_are_encoded_and_the_task_makes_the_rest(
    capability: Capability, small: SmallEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "MOST_WHILE_WAITING", 2)
    for number in range(4):
        make_capability(organisation=capability.organisation, title=f"别的成果 {number}")
    index = current_index()
    assert TextVector.objects.count() == 2
    encode()
    assert TextVector.objects.count() == 5
    assert current_index() is index
    need = vectors.document_now(need_rows(Need.objects.filter(pk=make_need().pk)).get())
    hits = index.rank(need, Filter())
    assert len(hits) == 5
    assert all(part.weight > 0 for hit in hits for part in hit.parts if part.name == "semantics")


def test_a_capability_is_matched_by_its_own_vectors_though_others_wait_for_theirs(
    need: Need, capability: Capability, match: Match, small: SmallEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "MOST_WHILE_WAITING", 0)
    vectors.ensure(Need, [need.pk])
    match(capability=capability)
    assert parts(need)["semantics"] > 0


def test_without_an_encoder_matching_goes_on(
    need: Need, capability: Capability, match: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(None, monkeypatch)
    assert match(need=need).proposals_count == 1
    assert parts(need)["semantics"] == 0
    assert not TextVector.objects.exists()


@pytest.mark.usefixtures("fresh_encoder", "db")
def test_a_missing_encoder_is_told_by_check_worker_and_command(
    settings: LazySettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MATCHING_ENCODER = str(tmp_path / "nothing")
    (warning,) = checks.encoder_is_there()
    assert warning.id == "matching.W001"
    assert str(tmp_path / "nothing") in warning.msg
    assert encoders.current_encoder() is None
    assert "Matching goes on without comparing meanings" in caplog.text
    assert "本次排序未比较语义" in encoders.without_meaning()
    with pytest.raises(CommandError, match="nothing"):
        call_command("encode_texts")


@pytest.mark.usefixtures("fresh_encoder")
def test_an_encoder_that_was_switched_off_is_no_warning_but_is_told(settings: LazySettings) -> None:
    settings.MATCHING_ENCODER = "off"
    assert checks.encoder_is_there() == []
    assert encoders.current_encoder() is None
    assert "off" in encoders.without_meaning()


def test_every_worker_catches_up_from_time_to_time() -> None:
    assert worker.CLOCKWORK["matching.encode"] <= 300


def test_the_command_encodes_what_is_open_and_forgets_other_encoders(
    need: Need, capability: Capability, small: SmallEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors.catch_up(10)
    newer = SmallEncoder("small-2")
    use(newer, monkeypatch)
    monkeypatch.setattr("apps.matching.management.commands.encode_texts.current_encoder", lambda: newer)
    out = StringIO()
    call_command("encode_texts", stdout=out, stderr=StringIO())
    assert out.getvalue().strip() == "small-2：新编码需求 1 条，资源 1 条；删除其他编码器的向量 2 条。"
    newer.texts.clear()
    call_command("encode_texts", stdout=out, stderr=StringIO())
    assert newer.texts == []
    call_command("encode_texts", again=True, stdout=out, stderr=StringIO())
    assert newer.texts
