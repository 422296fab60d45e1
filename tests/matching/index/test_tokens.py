"""Counted terms in the database: cut once per version, and never again for an index."""

from collections.abc import Sequence

import numpy as np
import pytest
from django.db.models import F

from apps.capabilities.models import Capability
from apps.engine.counted import Counted, TermCounter
from apps.engine.documents import Document, Indicator
from apps.engine.offered_figures import READING
from apps.matching import documents
from apps.matching.documents import capability_document, capability_rows, engine_counter
from apps.matching.index import tokens
from apps.matching.models import TextTokens
from apps.needs.models import Need, NeedState
from tests.factories import make_need

pytestmark = pytest.mark.usefixtures("no_encoder")


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the documents that were cut."""
    seen: list[str] = []
    count = TermCounter.count

    def watched(counter: TermCounter, documents: Sequence[Document]) -> Counted:
        seen.extend(document.id for document in documents)
        return count(counter, documents)

    monkeypatch.setattr(TermCounter, "count", watched)
    return seen


def same(one: Counted, other: Counted) -> bool:
    pairs = [(getattr(one, name), getattr(other, name)) for name in ("words", "bigrams")]
    return all(
        np.array_equal(getattr(a, part), getattr(b, part)) for a, b in pairs for part in ("codes", "counts", "starts")
    )


def test_kept_terms_are_those_that_are_counted(capability: Capability) -> None:
    kept = tokens.counted(Capability, {capability.pk: capability.version})
    document = capability_document(capability_rows(Capability.objects.all()).get())
    assert kept.pks == [capability.pk]
    assert same(kept.counted, engine_counter().count([document]))


def test_a_text_is_cut_once_per_version(need: Need, cut: list[str]) -> None:
    for _ in range(2):
        tokens.counted(Need, {need.pk: need.version})
    assert len(cut) == 1
    Need.objects.filter(pk=need.pk).update(title="换了的题目", version=F("version") + 1)
    kept = tokens.counted(Need, {need.pk: need.version + 1})
    assert (len(cut), kept.pks) == (2, [need.pk])
    assert TextTokens.objects.get().version == need.version + 1


def test_a_row_that_changes_while_it_is_read_is_left_to_its_change(need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(version=F("version") + 1)
    assert tokens.counted(Need, {need.pk: need.version}).pks == []


def test_another_method_cuts_anew(need: Need, cut: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    tokens.ensure(Need, [need.pk])
    monkeypatch.setattr(engine_counter(), "method", "terms-of-tomorrow")
    tokens.counted(Need, {need.pk: need.version})
    assert len(cut) == 2
    assert TextTokens.objects.get().method == f"terms-of-tomorrow/{READING}"


def test_figures_of_the_text_are_kept_with_its_terms(
    capability: Capability, cut: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Capability.objects.filter(pk=capability.pk).update(
        description="本涂层耐中性盐雾 7000 小时。", version=F("version") + 1
    )
    versions = {capability.pk: capability.version + 1}
    assert tokens.counted(Capability, versions).figures == [(Indicator("耐中性盐雾", 7000, 7000, "h"),)]
    monkeypatch.setattr(documents, "offered_figures", lambda *_: pytest.fail("read again"))
    assert tokens.counted(Capability, versions).figures == [(Indicator("耐中性盐雾", 7000, 7000, "h"),)]


def test_what_reads_figures_otherwise_reads_anew(
    capability: Capability, cut: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.ensure(Capability, [capability.pk])
    monkeypatch.setattr(tokens, "READING", "figures-of-tomorrow")
    tokens.counted(Capability, {capability.pk: capability.version})
    assert len(cut) == 2


@pytest.mark.parametrize("damage", [b"", b"short", b"\x00" * 500])
def test_damaged_terms_are_cut_anew(need: Need, capability: Capability, damage: bytes) -> None:
    other = make_need(organisation=need.organisation, title="另一条需求")
    versions = {row.pk: row.version for row in (need, other)}
    whole = tokens.counted(Need, versions)
    TextTokens.objects.filter(need=need).update(data=damage)
    again = tokens.counted(Need, versions)
    assert again.pks == whole.pks
    assert same(again.counted, whole.counted)


def test_one_wrong_bit_is_noticed(need: Need, cut: list[str]) -> None:
    tokens.ensure(Need, [need.pk])
    kept = TextTokens.objects.get()
    data = bytearray(kept.data)
    data[len(data) // 2] ^= 1
    TextTokens.objects.update(data=bytes(data))
    tokens.counted(Need, {need.pk: need.version})
    assert len(cut) == 2


def test_the_background_catches_up_with_what_is_compared(need: Need, capability: Capability) -> None:
    make_need(organisation=need.organisation, state=NeedState.DRAFT)
    ended = make_need(organisation=need.organisation, state=NeedState.EXPIRED)
    assert tokens.catch_up(100) == 3
    assert set(TextTokens.objects.values_list("need", "capability")) == {
        (need.pk, None),
        (ended.pk, None),
        (None, capability.pk),
    }
    assert tokens.catch_up(100) == 0


def test_two_workers_at_once_leave_one_row(need: Need) -> None:
    for _ in range(2):
        tokens._keeping().renew(Need, [need.pk])
    assert TextTokens.objects.count() == 1
