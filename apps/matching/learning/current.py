"""Which weights are in use, and where the shipped ones come from."""

from django.db import IntegrityError, transaction

from apps.core import audit, clock
from apps.engine.blend import SIGNALS, Parameters
from apps.engine.matcher import ENGINE_VERSION
from apps.matching.models import Ranker, RankerSource

__all__ = ["SIGNALS", "current_parameters", "current_ranker", "next_number", "parameters_of", "shipped_weights"]


def shipped_weights() -> dict[str, float]:
    """The weights this version of the software comes with."""
    return dict(Parameters().weights)


def parameters_of(ranker: Ranker) -> Parameters:
    """The engine's knobs with a ranker's weights. A signal the ranker does not name keeps its shipped weight."""
    return Parameters().with_weights({name: ranker.weights[name] for name in SIGNALS if name in ranker.weights})


def current_parameters() -> Parameters:
    """The engine's knobs as they are to be used now."""
    return parameters_of(current_ranker())


def current_ranker() -> Ranker:
    """The ranker in use. Where none suits this version of the engine, the shipped weights take over.

    Weights learned on the values of another engine say nothing about this one's.
    """
    ranker = Ranker.objects.filter(is_current=True).first()
    return ranker if ranker is not None and _suits(ranker) else _use_shipped()


def _suits(ranker: Ranker) -> bool:
    if ranker.engine_version != ENGINE_VERSION:
        return False
    return ranker.source == RankerSource.TRAINED or ranker.weights == shipped_weights()


def _use_shipped() -> Ranker:
    """Another process may do the same at this moment: the constraints let one of them win, and both read its row."""
    try:
        with transaction.atomic():
            return _put_shipped_in_use()
    except IntegrityError:
        return Ranker.objects.get(is_current=True)


def _put_shipped_in_use() -> Ranker:
    now = clock.now()
    before = Ranker.objects.select_for_update(no_key=True).filter(is_current=True).first()
    if before is not None and _suits(before):
        return before
    Ranker.objects.filter(is_current=True).update(is_current=False, retired_at=now)
    ranker = _shipped_row()
    Ranker.objects.filter(pk=ranker.pk).update(is_current=True, promoted_at=now, retired_at=None)
    ranker.refresh_from_db()
    audit.record(ranker, "ranker.promoted", by=None, changes={"from": before, "weights": ranker.weights})
    return ranker


def _shipped_row() -> Ranker:
    """The row of the shipped weights of this engine; an upgrade that is undone finds its old row again."""
    known = Ranker.objects.filter(source=RankerSource.SHIPPED, engine_version=ENGINE_VERSION)
    row = next((ranker for ranker in known if ranker.weights == shipped_weights()), None)
    return row or Ranker.objects.create(
        number=next_number(),
        source=RankerSource.SHIPPED,
        engine_version=ENGINE_VERSION,
        weights=shipped_weights(),
    )


def next_number() -> int:
    """The shipped weights of a new installation are 0; two that take the same number at once: one is refused."""
    last = Ranker.objects.order_by("-number").values_list("number", flat=True).first()
    return 0 if last is None else last + 1
