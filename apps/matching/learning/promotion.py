"""Rankers change places: a new one is put in use, or the one before it again. Open needs are then matched anew."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit, clock
from apps.core.errors import StateConflict
from apps.engine.matcher import ENGINE_VERSION
from apps.matching.learning.current import current_ranker, next_number
from apps.matching.models import Ranker, RankerSource
from apps.matching.rematches.services import rematch_after_new_weights

REPLACED_MEANWHILE = _("现用的排序模型刚刚被更换，请重新运行。")


def ranker_keep(
    *, weights: dict[str, float], labels: dict[str, Any], evaluation: dict[str, Any], by: User | None = None
) -> Ranker:
    """A trained ranker that is not in use (yet), kept with the figures it was judged on."""
    try:
        with transaction.atomic():
            ranker = Ranker.objects.create(
                number=next_number(),
                source=RankerSource.TRAINED,
                engine_version=ENGINE_VERSION,
                weights=weights,
                labels=labels,
                evaluation=evaluation,
                trained_by=by,
            )
            audit.record(ranker, "ranker.trained", by=by, changes={"weights": weights})
    except IntegrityError as error:
        raise StateConflict(REPLACED_MEANWHILE) from error
    return ranker


@transaction.atomic
def ranker_promote(*, ranker: Ranker, instead_of: Ranker, by: User | None = None) -> Ranker:
    """Put `ranker` in use instead of the one it was compared with, and match every open need again.

    Raises StateConflict where that one is not in use any more: the comparison then says nothing.
    """
    return _exchange(instead_of, ranker, "ranker.promoted", by, predecessor=instead_of)


@transaction.atomic
def ranker_rollback(*, by: User | None = None) -> Ranker:
    """Put the ranker in use again that was so before the present one, and match every open need again.

    Raises StateConflict where there is none, or where it belongs to another version of the engine.
    """
    present = current_ranker()
    former = present.predecessor
    if former is None or former.engine_version != ENGINE_VERSION:
        raise StateConflict(_("没有可以回退的排序模型：现用的就是本版本软件的初始权重。"))
    return _exchange(present, former, "ranker.rolled_back", by)


def _exchange(present: Ranker, coming: Ranker, action: str, by: User | None, **fields: Any) -> Ranker:
    """The row of the present one is the lock; the constraint that one ranker is in use is the last word."""
    now = clock.now()
    held = Ranker.objects.select_for_update(no_key=True).filter(pk=present.pk, is_current=True).first()
    if held is None:
        raise StateConflict(REPLACED_MEANWHILE)
    Ranker.objects.filter(pk=held.pk).update(is_current=False, retired_at=now)
    Ranker.objects.filter(pk=coming.pk).update(is_current=True, promoted_at=now, retired_at=None, **fields)
    coming.refresh_from_db()
    audit.record(coming, action, by=by, changes={"from": present, "weights": coming.weights})
    rematch_after_new_weights(by=by)
    return coming
