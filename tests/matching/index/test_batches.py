"""Rows to batches: what the engine is told of them, in few queries, and without cutting what was cut before."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation
from apps.capabilities.models import Capability, CapabilityIndicator, CapabilityState
from apps.core import clock
from apps.engine.counted import TermCounter
from apps.engine.tokens import Segmenter
from apps.matching import made_once, vectors
from apps.matching.documents import capability_document, capability_rows, need_document, need_rows
from apps.matching.index import batches
from apps.matching.models import TextTokens, TextVector
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_need
from tests.matching.test_vectors import SmallEncoder, use

pytestmark = pytest.mark.usefixtures("no_encoder")


def term(vocabulary: str, place: int = 0) -> Term:
    return Term.objects.filter(vocabulary=vocabulary)[place]


def test_the_engine_is_told_of_a_row_what_its_document_says(need: Need, capability: Capability) -> None:
    CapabilityIndicator.objects.create(capability=capability, name="硬度", comparison="between", low=60, high=64)
    Capability.objects.update(description="本涂层耐中性盐雾 7000 小时。")
    capability.tags.set(Term.objects.filter(vocabulary="tag")[:3])
    for model, batch, whole in (
        (Need, batches.need_batch([need.pk]), need_document(need_rows(Need.objects.all()).get())),
        (
            Capability,
            batches.capability_batch([capability.pk]),
            capability_document(capability_rows(Capability.objects.all()).get()),
        ),
    ):
        (document,) = batch.documents
        assert (document.id, document.kind) == (whole.id, whole.kind), model
        assert sorted(document.tags) == sorted(whole.tags)
        assert document.indicators == tuple(replace(each, start=-1, end=-1) for each in whole.indicators)
        assert document.text == ""
    assert [each.text for each in document.indicators] == ["硬度 60~64", "耐中性盐雾 7000 h"]


def test_columns_hold_what_is_filtered_before_ranking(capability: Capability) -> None:
    capability.disclosure = Disclosure.BROKERS
    capability.save()
    (columns,) = [batches.capability_batch([capability.pk]).columns]
    assert {name: (values.dtype.name, values.tolist()) for name, values in columns.items()} == {
        "id": ("int64", [capability.pk]),
        "version": ("int32", [capability.version]),
        "organisation": ("int64", [capability.organisation_id]),
        "disclosure": ("uint8", [3]),
        "valid_until": ("int32", [capability.valid_until.toordinal()]),
        "is_open": ("bool", [True]),
    }


def test_every_disclosure_has_its_place() -> None:
    assert set(batches.DISCLOSURES) == set(Disclosure)


def test_facets_name_kind_modes_and_district(capability: Capability) -> None:
    capability.cooperation_modes.set([term("cooperation_mode"), term("cooperation_mode", 1)])
    own, organisations = term("district"), term("district", 1)
    Organisation.objects.filter(pk=capability.organisation_id).update(district=organisations)
    modes = {f"mode:{term('cooperation_mode', place).code}" for place in (0, 1)}
    assert set(batches.capability_batch([capability.pk]).facets[0]) == {
        "kind:result",
        f"district:{organisations.code}",
        *modes,
    }
    Capability.objects.update(district=own)
    assert f"district:{own.code}" in batches.capability_batch([capability.pk]).facets[0]


def test_a_row_without_any_district_has_no_such_facet(need: Need) -> None:
    assert batches.need_batch([need.pk]).facets == [("mode:entrusted",)]


def test_only_rows_that_are_compared_are_read_and_ended_needs_are_marked(need: Need, capability: Capability) -> None:
    organisation = need.organisation
    make_need(organisation=organisation, state=NeedState.DRAFT)
    make_need(organisation=organisation, valid_until=clock.today() - timedelta(days=1))
    ended = make_need(organisation=organisation, state=NeedState.EXPIRED, valid_until=clock.today() - timedelta(days=1))
    make_capability(organisation=capability.organisation, state=CapabilityState.STALE)
    keys = list(Need.objects.order_by("-pk").values_list("pk", flat=True))
    batch = batches.need_batch([*keys, 10**9])
    assert batch.columns["id"].tolist() == [need.pk, ended.pk]
    assert batch.columns["is_open"].tolist() == [True, False]
    every = Capability.objects.values_list("pk", flat=True)
    assert batches.capability_batch(every).columns["id"].tolist() == [capability.pk]


def test_no_rows_make_an_empty_batch(taxonomy: None) -> None:
    batch = batches.capability_batch([])
    assert (len(batch), len(batch.counted), batch.columns["id"].dtype.name) == (0, 0, "int64")


def test_all_rows_come_in_batches_by_key(need: Need, taxonomy: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    for number in range(4):
        make_need(organisation=need.organisation, title=f"别的需求 {number}")
    found = [batch.columns["id"].tolist() for batch in batches.batches_of(Need)]
    assert [len(keys) for keys in found] == [2, 2, 1]
    assert [*chain.from_iterable(found)] == sorted(Need.objects.values_list("pk", flat=True))


def test_kept_terms_are_not_cut_again(need: Need, capability: Capability, monkeypatch: pytest.MonkeyPatch) -> None:
    first = batches.capability_batch([capability.pk])

    def refuse(*_: Any) -> None:
        raise AssertionError("nothing is to be cut")

    monkeypatch.setattr(TermCounter, "count", refuse)
    monkeypatch.setattr(Segmenter, "words", refuse)
    again = batches.capability_batch([capability.pk])
    assert np.array_equal(again.counted.words.codes, first.counted.words.codes)


def test_a_batch_takes_the_same_few_queries_whatever_its_size(capability: Capability) -> None:
    def queries(keys: list[int]) -> int:
        batches.capability_batch(keys)  # cut and kept
        with CaptureQueriesContext(connection) as captured:
            batches.capability_batch(keys)
        return len(captured)

    one = queries([capability.pk])
    for number in range(5):
        make_capability(organisation=capability.organisation, title=f"别的成果 {number}")
    assert queries(list(Capability.objects.values_list("pk", flat=True))) == one <= 12


def test_neighbours_asked_for_together_do_not_bring_those_between(
    capability: Capability, need: Need, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_once, "FEW_KEYS", 1)
    rows = [make_capability(organisation=capability.organisation, title=f"别的成果 {number}") for number in range(5)]
    for row in rows:
        row.tags.set(Term.objects.filter(vocabulary="tag")[:2])
    wanted = [capability.pk, rows[1].pk, rows[4].pk]
    batch = batches.capability_batch(wanted)
    assert batch.columns["id"].tolist() == wanted
    assert set(TextTokens.objects.values_list("capability", flat=True)) == set(wanted)
    assert [len(document.tags) for document in batch.documents[1:]] == [3, 3]


def test_vectors_come_along_where_they_are_kept(
    need: Need, capability: Capability, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(SmallEncoder(), monkeypatch)
    assert batches.need_batch([need.pk]).documents[0].vectors is None
    vectors.ensure(Need, [need.pk])
    found = batches.need_batch([need.pk]).documents[0].vectors
    assert found is not None
    assert found.shape == (2, 3)
    TextVector.objects.update(dimensions=4)
    assert batches.need_batch([need.pk]).documents[0].vectors is None
